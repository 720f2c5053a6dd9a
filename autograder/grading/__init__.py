"""Grade what was handed in: rebuild from the source, run, score, note in the gradebook and in the results."""
