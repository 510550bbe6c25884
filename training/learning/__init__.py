"""The learner's room: chapter, film, quiz, progress. Milestones are settled in the transaction of each act."""
