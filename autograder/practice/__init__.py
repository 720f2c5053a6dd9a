"""Practice: grade a learner's own notebook, on the learner's own machine, and show what is right.

The modules:

own      which notebook, and whether it is one to practise on
scratch  a course directory of its own, so that nothing lands where an instructor grades
grade    the same rooms, tests and scores as for a class, for one notebook
told     `workspace/practice/EXERCISE.json` (practice/1) and the page of feedback beside it

Nothing of it can be certified: whoever practises holds the tests, the solution and the result.
"""
