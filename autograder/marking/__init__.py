"""Marking the written part: a page that runs nothing of a learner's, and what keeps nbgrader's own harmless.

The modules:

settings  the lines of nbgrader_config.py that make formgrader harmless, and which of them a course lacks
caught    nbgrader's own `autograde`, refused before it runs anything
store     who marked what, when, part by part: one table beside nbgrader's own
"""
