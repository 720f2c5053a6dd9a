"""Which answers were left as they were handed out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.marks import Submission

__all__ = ["Blanks"]

Key = tuple[str, str]


class Blanks:
    """Tells which items a learner never began.

    A written part is blank when its own cell is. A check is blank when the answers right before it are: those
    between the check before and itself, or, for a second check of the same answer, those of the first.
    """

    def __init__(self, course: Course, exercise: str, marks: list[Submission]) -> None:
        self._answers: dict[Key, list[Key]] = {}
        for path in course.notebooks(exercise):
            self._answers |= _answers(path)
        self._blank = {one.learner: one.blank for one in marks}

    def left(self, learner: str, item: Key) -> bool:
        """Tell whether all answers behind an item are as they were handed out."""
        answers = self._answers.get(item, [])
        return bool(answers) and self._blank.get(learner, set()).issuperset(answers)


def _answers(path: Path) -> dict[Key, list[Key]]:
    """Find the answer cells that each graded cell of a source notebook looks at."""
    found: dict[Key, list[Key]] = {}
    before: list[Key] = []
    begun = False
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        data: dict[str, Any] = cell.get("metadata", {}).get("nbgrader", {})
        key = (path.stem, str(data.get("grade_id")))
        if data.get("grade") and not data.get("solution"):
            found[key] = list(before)
            begun = False
        elif data.get("grade") or data.get("task"):
            found[key] = [key]
        elif data.get("solution"):
            # The first answer after a check begins a new group.
            before = [*before, key] if begun else [key]
            begun = True
    return found
