"""When an exercise is due for whom: nbgrader's due time, and its extension for one learner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from autograder.course import Course
from autograder.gradebook import reading
from autograder.grading import tables as t

__all__ = ["Due", "read_due"]


@dataclass
class Due:
    """When an exercise is due, in UTC, and until when for those who have more time."""

    common: datetime
    own: dict[str, datetime]

    def of(self, learner: str) -> datetime:
        """Tell when it is due for one learner."""
        return max(self.common, self.own.get(learner, self.common))


def read_due(course: Course, exercises: Iterable[str]) -> dict[str, Due]:
    """Read when exercises are due; one without a due time, or a course without a gradebook, has no entry."""
    with reading(course) as db:
        if db is None:
            return {}
        asked: Any = select(t.assignment.c.name, t.assignment.c.duedate)
        common = {row.name: row.duedate for row in db.execute(asked)}
        due = {
            name: Due(common[name].replace(tzinfo=UTC), {})
            for name in exercises
            if common.get(name) is not None
        }
        mine = t.submitted_assignment.c
        longer: Any = (
            select(t.assignment.c.name, mine.student_id, mine.extension)
            .join(t.assignment, t.assignment.c.id == mine.assignment_id)
            .where(mine.extension.is_not(None))
        )
        for row in db.execute(longer):
            if row.name in due:
                due[row.name].own[row.student_id] = due[row.name].common + row.extension
        return due
