"""A learner's progress, outside the browser: what lies in the workspace, and the unsigned report.

The modules:

state      the shape of `course-progress/1`, read strictly, and how two states become one
workspace  what its folders tell: labs opened, cases finished, exercises practised and handed in
standing   of each part whether it is done, of each award what is left
report     the report as one page of HTML without a script
__main__   the command: python -m coursebook.progress --root .

Everything here is self-reported: the learner's own computer says it, and nobody has checked it.
"""
