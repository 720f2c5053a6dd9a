"""Choose where notebooks are run."""

from __future__ import annotations

from pathlib import Path

from autograder.course import Course
from autograder.grading.master import Master
from autograder.grading.room import Room

__all__ = ["room_for"]


def room_for(
    course: Course, exercise: str, masters: list[Master], *, jobs: int, without_isolation: bool, home: Path
) -> Room:
    """Make the room for one exercise's notebooks, `jobs` at a time; isolated unless told otherwise."""
    if without_isolation:
        from autograder.grading.stock import StockRoom

        return StockRoom(jobs, home)
    from autograder.grading.two_rooms import TwoRooms

    return TwoRooms(course.source(exercise), jobs)
