"""The first page of everyone, and the addresses that say whether the platform works."""
