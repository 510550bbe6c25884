"""The content: files read once, checked as a whole, and held immutable in memory."""
