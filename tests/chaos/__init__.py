"""No acknowledged answer is lost, none is doubled, whatever breaks: cut connections, killed servers, repeats, two tabs."""
