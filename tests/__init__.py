"""What users would notice if it broke. The folders mirror the package; `contract` holds what spans features."""
