"""The e-learning platform of the LIAISE programme.

Reading the folders aloud tells the product: local actors take the course (`learning`), in which they answer
(`quizzes`) and watch (`watching`) and so make `progress`; trainers run groups (`cohorts`) and look at `reports`;
administrators look after `people` and issue `certificates`. What may import what is held by import-linter
(`.importlinter`): a floor imports only the floors below it.
"""
