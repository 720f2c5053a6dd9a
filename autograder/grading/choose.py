"""Choose where notebooks are run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from autograder.course import Course
from autograder.grading.master import Master
from autograder.grading.room import Room
from autograder.rooms.launched import Launched
from autograder.rooms.pair import EXAMINER, LEARNER
from autograder.sheets import Sealed

__all__ = ["CELL_SECONDS", "launch", "room_for", "seconds"]

# nbgrader's 30 s cost honest work its marks on a busy machine; a course may set Execute.timeout itself.
CELL_SECONDS = 120
_WHOLE_SECONDS = 900


def seconds(course: Course) -> tuple[int, int]:
    """How long a cell may take in this course, and a whole notebook."""
    told = course.config.get("Execute", {}).get("timeout", CELL_SECONDS)
    cell = told if isinstance(told, int) and told > 0 else CELL_SECONDS
    return cell, max(_WHOLE_SECONDS, 2 * cell)


def launch(*, without_isolation: bool, scheduler: str | None) -> Launched | None:
    """Start the process of a warm parent, where notebooks will run in rooms of this machine."""
    if scheduler or without_isolation or sys.platform != "linux":
        return None
    return Launched([LEARNER, EXAMINER])


def room_for(
    course: Course,
    exercise: str,
    masters: list[Master],
    *,
    jobs: int,
    without_isolation: bool,
    home: Path,
    scheduler: str | None = None,
    launched: Launched | None = None,
    shown: Iterable[Path] = (),
    rehearsal: Callable[[], Sealed | None] = lambda: None,
) -> Room:
    """Make the room for one exercise's notebooks, `jobs` at a time; isolated unless told otherwise.

    scheduler: the address of a Dask cluster whose workers run them, or None to run them here.
    launched: the process of a warm parent, where one has been started already.
    shown: folders of this machine that its rooms may read.
    rehearsal: gives the sheet on which the instructor's own solution runs, of an exercise with sheets.
    """
    if scheduler:
        from autograder.cluster.room import ClusterRoom

        return ClusterRoom(scheduler, course.source(exercise), rehearsal)
    if without_isolation:
        from autograder.grading.stock import StockRoom

        return StockRoom(jobs, home)
    from autograder.grading.two_rooms import TwoRooms

    cell, whole = seconds(course)
    # The solution goes first while everything is cold; a class must not pay for that.
    rooms = TwoRooms(
        course.source(exercise),
        jobs,
        timeout=max(CELL_SECONDS, cell),
        whole=whole,
        shown=shown,
        rehearsal=rehearsal,
    )
    rooms.begin(launched=launched)
    return rooms
