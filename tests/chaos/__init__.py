"""No acknowledged answer is lost, none is doubled: cut connections, killed servers, repeats, two tabs."""
