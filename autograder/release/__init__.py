"""Release: from an exercise's text to nbgrader's source, the learners' version and their variants."""
