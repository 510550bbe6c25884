"""Whom to turn to: what a country offers, what a town adds, and the page that tells both and keeps nothing."""
