"""The book: a Sphinx extension, and the local server for learners."""
