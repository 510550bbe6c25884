"""Watched intervals of a film and their union, on a timeline that no language owns."""
