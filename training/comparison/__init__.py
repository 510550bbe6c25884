"""Before and after: the two parallel forms that people may answer, or skip, so that the course can be judged."""
