"""Feedback: what a learner gets back, without hidden tests, solutions or anything that could run."""
