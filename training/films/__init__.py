"""Building the films: from a chapter's storyboard and drawings to film, captions, chapters, transcript and poster."""
