"""A talk about a hand-in: questions from the learner's own work, a sheet to mark it, and its outcome kept."""
