"""Begin to grade a class: what takes longest is started before the rest of the program is even imported."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coursefacts.errors import InputFault

from autograder.course import ATTEMPTS, Course
from autograder.gradebook import private_jupyter
from autograder.grading.choose import launch, room_for
from autograder.grading.lock import only_run
from autograder.grading.master import Masters, source_digest
from autograder.grading.shown import checked
from autograder.sheets import Drawer

if TYPE_CHECKING:
    from autograder.grading.model import Result
    from autograder.grading.played import Played
    from autograder.grading.whole_class import WholeClass

__all__ = ["Order", "grade"]

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}


@dataclass
class Order:
    """What to grade and how.

    learners: only these; empty for all.
    jobs: how many at a time.
    force: also what is graded already.
    without_isolation: run learner code with the grader's own rights; nothing can be certified then.
    scheduler: the address of a Dask cluster that runs the notebooks, or None to run them here.
    progress: called with (done, all) after each notebook.
    stage: called with what is done before the first notebook.
    note: called with what the instructor should know of the course's own solution.
    cases: where the cases lie that exercises ask for; None for those of this course.
    show: folders of this machine that rooms may read.
    """

    exercise: str
    learners: tuple[str, ...] = ()
    jobs: int = 1
    force: bool = False
    without_isolation: bool = False
    scheduler: str | None = None
    progress: Callable[[int, int], None] = lambda done, all_: None
    stage: Callable[[str], None] = lambda text: None
    note: Callable[[str], None] = lambda text: None
    cases: Path | None = None
    show: tuple[Path, ...] = ()


def grade(course: Course, order: Order) -> list[Result]:
    """Grade an exercise; return one result for every submission found, graded now or before.

    The instructor's own solution goes first through the same rooms. Raises NoIsolation, and has graded
    nothing, where learner code cannot be walled off and the order does not say to do without.
    """
    course.must_exist()
    course.notebooks(order.exercise)
    if next(course.learners(order.exercise), None) is None and not course.unnamed(order.exercise):
        raise InputFault(
            f"nobody has handed in '{order.exercise}' yet",
            path=course.root,
            remedy="take the hand-ins first: autograder collect FOLDER",
        )
    order.show = tuple(checked(order.show, course))
    try:
        with private_jupyter() as home, only_run(course.root, order.exercise), ExitStack() as ends:
            if (course.root / ATTEMPTS).is_dir():
                # Late, because it costs the start of every run an import of what speaks to databases.
                from autograder.collecting.counting import put_where_it_counts

                put_where_it_counts(course, order.exercise, order.learners)
            return _begun(course, order, home, ends).grade()
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise InputFault(
            f"cannot be written ({error.strerror})",
            path=error.filename or course.root,
            remedy="make room and run the command again; what is graded stays graded",
        ) from None


def _begun(course: Course, order: Order, home: Path, ends: ExitStack) -> WholeClass:
    """Start nbgrader's chain and the warm parent where both are sure to be needed, then import the rest."""
    # Before anything is started: a case that is asked for and not here ends the command.
    played = _played(course, order)
    source = source_digest(course, order.exercise)
    making = Masters(course, order.exercise, source)
    ends.callback(making.stop)
    drawer = ends.enter_context(Drawer())
    early = None
    if making.late:
        # Of a new source everybody is graded, and the rooms get warm while nbgrader prepares it.
        launched = launch(without_isolation=order.without_isolation, scheduler=order.scheduler)
        if launched is not None:
            ends.callback(launched.close)
        # Before there is a second thread, so that it can be a fork.
        making.begin()
        early = room_for(
            course,
            order.exercise,
            [],
            jobs=order.jobs,
            without_isolation=order.without_isolation,
            home=home,
            scheduler=order.scheduler,
            launched=launched,
            shown=order.show,
            rehearsal=partial(drawer.rehearsal, order.exercise),
        )
        ends.callback(early.close)
    from autograder.grading.whole_class import WholeClass

    found = WholeClass(course, order, home, source, early, drawer)
    found.played = played
    ends.callback(found.close)
    found.prepare(making)
    return found


def _played(course: Course, order: Order) -> Played | None:
    """Make ready to score cases, where the exercise asks for any."""
    if not course.meta(order.exercise).get("transcripts"):
        return None
    from autograder.grading.played import Played

    return Played(course, order.exercise, order.cases)
