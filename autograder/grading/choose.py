"""Choose where notebooks are run."""

from __future__ import annotations

from pathlib import Path

from autograder.course import Course
from autograder.grading.master import Master
from autograder.grading.room import Room

__all__ = ["room_for"]


def room_for(
    course: Course,
    exercise: str,
    masters: list[Master],
    *,
    jobs: int,
    without_isolation: bool,
    home: Path,
    scheduler: str | None = None,
) -> Room:
    """Make the room for one exercise's notebooks, `jobs` at a time; isolated unless told otherwise.

    scheduler: the address of a Dask cluster whose workers run them, or None to run them here.
    """
    if scheduler:
        from autograder.cluster.room import ClusterRoom

        return ClusterRoom(scheduler, course.source(exercise))
    if without_isolation:
        from autograder.grading.stock import StockRoom

        return StockRoom(jobs, home)
    from autograder.grading.two_rooms import TwoRooms

    rooms = TwoRooms(course.source(exercise), jobs)
    rooms.begin()
    return rooms
