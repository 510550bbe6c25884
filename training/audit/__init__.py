"""What administrators and trainers did: append-only, one chain of hashes for each local authority."""
