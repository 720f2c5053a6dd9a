"""Marking the written part: a page that runs nothing of a learner's, and what keeps nbgrader's own harmless.

The modules:

settings  the lines of nbgrader_config.py that make formgrader harmless, and which of them a course lacks
caught    nbgrader's own `autograde`, refused before it runs anything
store     who marked what, when, part by part: one table beside nbgrader's own
rubric    parts, anchors and sample answers of an exercise
letters   the written parts of a class, each with how it stands
order     by chance, but the same chance at every start; even shares
desk      what one marker has before them
save      a mark into the gradebook and the table: both or neither
sheet     marks out and in as CSV
signin    one sign-in, one session
pages     what the pages say (templates, script and style in front/)
app       the addresses; serve runs them; cli is the command `autograder mark`
"""
