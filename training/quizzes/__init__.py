"""Attempts at a chapter's quiz: which questions are drawn, what was answered, how it is marked."""
