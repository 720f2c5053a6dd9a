"""When a hand-in came: by what its platform says, else by what the instructor says; late is never a guess.

A class is collected after the deadline, so the time of collection would make everybody late.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from coursefacts.errors import InputFault

from autograder.collecting.due import read_due
from autograder.collecting.handins import HandedIn
from autograder.collecting.platforms import is_late, moment_of
from autograder.course import Course
from autograder.files import iso, now

__all__ = ["Arrivals", "note"]


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
        self.due = read_due(course, exercises)

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
