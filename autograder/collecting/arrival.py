"""When a hand-in came: by what its platform says, else by what the instructor says; late is never a guess.

A class is collected after the deadline, so the time of collection would make everybody late.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from coursefacts.errors import InputFault
from sqlalchemy import select

from autograder.collecting.handins import HandedIn
from autograder.collecting.platforms import is_late, moment_of
from autograder.course import Course
from autograder.files import iso, now
from autograder.gradebook import engine, exists, usable
from autograder.grading import tables as t

__all__ = ["Arrivals", "Due", "note"]


@dataclass
class Due:
    """When an exercise is due for whom; None for an exercise without a due time. All UTC."""

    common: datetime | None
    own: dict[str, datetime]

    def of(self, learner: str) -> datetime | None:
        """Tell when it is due for one learner."""
        own = self.own.get(learner)
        return self.common if own is None or self.common is None else max(self.common, own)


def note(one: HandedIn, parts: list[str], stamped: datetime | None) -> None:
    """Note what the platform says of a file's coming: by a name that it gave, or by its archive's entry."""
    for part in parts:
        one.late = is_late(part) if one.late is None else one.late
    one.came = next((said for part in parts if (said := moment_of(part)) is not None), stamped)


class Arrivals:
    """Tells when each hand-in of a collection came.

    received: for every file, as the instructor says; file_times: each file's own time. None and False: as the
    platform says, else now.
    """

    def __init__(
        self, course: Course, exercises: Iterable[str], received: datetime | None, file_times: bool
    ) -> None:
        self.received, self.file_times = received, file_times
        self._now = now()
        self.due = _read_due(course, exercises)

    def of(self, one: HandedIn) -> datetime:
        """Tell when a hand-in came."""
        if self.received is not None:
            return self.received
        if self.file_times:
            return min(one.came or one.changed, self._now)
        if one.came is not None:
            return min(one.came, self._now)
        due = self.due[one.exercise].of(one.learner) if one.exercise in self.due else None
        return due if one.late is False and due is not None and due < self._now else self._now

    def ask(self, found: Iterable[HandedIn]) -> None:
        """Refuse to make people late by the time of collection alone; say what can be said instead."""
        if self.received is not None or self.file_times:
            return
        doubtful = [one for one in found if one.came is None and one.late is None and self._is_late(one)]
        if not doubtful:
            return
        first = doubtful[0]
        early = sum(one.changed <= self._due(first) for one in doubtful)
        many = "1 file would count" if len(doubtful) == 1 else f"{len(doubtful)} files would count"
        raise InputFault(
            f"{many} as late, for '{first.exercise}' was due at {iso(self._due(first))} and nothing says "
            "when they came; nothing was taken",
            remedy=f"say it: --file-times takes each file's own time ({early} of {len(doubtful)} in time), "
            "--received TIME one time for all, --received now if they came now",
        )

    def is_in_time(self, learner: str, exercise: str, moment: datetime) -> bool:
        """Tell whether a moment is before the learner's due time; everything is, where there is none."""
        due = self.due[exercise].of(learner) if exercise in self.due else None
        return due is None or moment <= due

    def _due(self, one: HandedIn) -> datetime:
        due = self.due[one.exercise].of(one.learner)
        assert due is not None
        return due

    def _is_late(self, one: HandedIn) -> bool:
        return not self.is_in_time(one.learner, one.exercise, self._now - timedelta(minutes=1))


def _read_due(course: Course, exercises: Iterable[str]) -> dict[str, Due]:
    made = engine(course)
    try:
        if not exists(course, made):
            return {}
        with usable(course), made.connect() as db:
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
                if row.name in due and due[row.name].common is not None:
                    due[row.name].own[row.student_id] = due[row.name].common + row.extension
            return due
    finally:
        made.dispose()
