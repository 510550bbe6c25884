"""How far a person is: enrolments, milestones, the completion rule, and what is still open."""
