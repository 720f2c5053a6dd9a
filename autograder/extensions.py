"""More time for one learner: nbgrader's own extension, which its pages and our grading go by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from coursefacts.errors import InputFault

from autograder import roster
from autograder.course import Course
from autograder.gradebook import gradebook, private_jupyter

__all__ = ["Extended", "due_times", "extend"]


@dataclass(frozen=True)
class Extended:
    """What holds for one learner now.

    until: when the hand-in becomes late.
    late: whether the one that lies there is late by that; None where nothing has been graded yet.
    freed: points that lateness had cost and that are given back.
    """

    learner: str
    until: datetime
    late: bool | None
    freed: float = 0.0


def due_times(course: Course, exercise: str) -> tuple[datetime | None, dict[str, timedelta]]:
    """Read when an exercise is due, and what was added to that for whom."""
    from nbgrader.api import MissingEntry

    with gradebook(course) as book:
        try:
            found = book.find_assignment(exercise)
        except MissingEntry:
            return None, {}
        more = {
            one.student.id: one.extension for one in book.assignment_submissions(exercise) if one.extension
        }
        return found.duedate.replace(tzinfo=UTC) if found.duedate else None, more


def extend(course: Course, exercise: str, learners: tuple[str, ...], until: datetime) -> list[Extended]:
    """Let learners hand in until another time; the exercise's own due time takes an extension back.

    All learners are known, or nothing is changed. Points that lateness cost are given back where the hand-in
    is not late any more; where it still is, they stay until it is graded again.
    """
    course.must_exist()
    course.notebooks(exercise)
    with private_jupyter():
        due, _ = due_times(course, exercise)
        if due is None:
            raise InputFault(
                f"'{exercise}' has no due time, so nobody needs more",
                path=course.root,
                remedy=f"set one: autograder release {exercise} --due TIME",
            )
        if until < due:
            raise InputFault(
                "nobody's time can end before the exercise is due",
                path=course.root,
                remedy=f"give a time from {due:%Y-%m-%dT%H:%M}Z on",
            )
        known = {one.id for one in roster.of_course(course.root)} | set(course.learners(exercise))
        for learner in learners:
            if learner not in known:
                raise InputFault(f"'{learner}' is not on the roster", path=course.root, remedy="check the id")
        return [_extend(course, exercise, learner, due, until) for learner in learners]


def _extend(course: Course, exercise: str, learner: str, due: datetime, until: datetime) -> Extended:
    with gradebook(course) as book:
        book.update_or_create_student(learner)
        found = book.update_or_create_submission(exercise, learner, extension=(until - due) or None)
        graded = [one for one in found.notebooks if one.grades]
        late = None if found.timestamp is None else found.total_seconds_late > 0
        freed = 0.0
        if late is False:
            for one in graded:
                freed += one.late_submission_penalty or 0.0
                one.late_submission_penalty = None
            book.db.commit()
        return Extended(learner, until, late, freed)
