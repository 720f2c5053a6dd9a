"""Hand out: each learner's own notebooks with the token in place, as an instructor or an LMS gives them."""
