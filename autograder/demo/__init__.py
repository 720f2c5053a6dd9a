"""An invented class of twelve, taken from release to verified record by the real commands.

python -m autograder.demo
"""
