"""How written answers did by the parts of their rubric, from the marks that people gave part by part."""

from __future__ import annotations

from autograder.course import Course
from autograder.marking import rubric
from autograder.marking.store import COUNTING, latest, marks_of_course
from autograder.marks import Submission

__all__ = ["Marked", "marked_parts"]

Marked = tuple[str, str, float, list[float]]
"""Cell, part, the part's points, and what each learner was given."""


def marked_parts(course: Course, exercise: str, marks: list[Submission]) -> list[Marked]:
    """Gather the points of each part, over the marks that count now."""
    counting = {
        (one.learner, mark.notebook, mark.cell): mark
        for one in marks
        for mark in one.marks
        if mark.manual is not None and not mark.pending
    }
    given = [
        one
        for key, one in latest(marks_of_course(course, exercise), *COUNTING).items()
        # A number that somebody has changed elsewhere since is no sum of these parts.
        if key in counting and one.parts and counting[key].manual == one.score
    ]
    found: list[Marked] = []
    for cell in dict.fromkeys(one.cell for one in given):
        own = [one for one in given if one.cell == cell]
        most = max(counting[one.key].max_score for one in own)
        for part in rubric.read(course, exercise, cell, most).parts:
            points = [one.parts[part.name] for one in own if one.parts and part.name in one.parts]
            found.append((cell, part.name, part.points, points))
    return found
