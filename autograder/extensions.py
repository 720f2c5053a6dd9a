"""More time for one learner: nbgrader's own extension, which its pages and our grading go by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from coursefacts.errors import InputFault

from autograder import roster
from autograder.course import Course
from autograder.decisions.late import apply
from autograder.decisions.store import Decision, add, ensure
from autograder.files import iso, now
from autograder.gradebook import gradebook, private_jupyter, writing
from autograder.marks import read_marks

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


def extend(
    course: Course, exercise: str, learners: tuple[str, ...], until: datetime, who: str, why: str
) -> list[Extended]:
    """Let learners hand in until another time; the exercise's own due time takes an extension back.

    All learners are known, or nothing is changed. Points that lateness cost are given back where the hand-in
    is not late any more, or costs less by the course's own policy. Who, when and why are kept.
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
        done = [_extend(course, exercise, learner, due, until) for learner in learners]
        with writing(course, exercise) as db:
            ensure(db)
            for learner in learners:
                details, back = {"until": iso(until)}, until == due
                add(
                    db,
                    Decision(
                        exercise, "extend", who, iso(now()), why, learner, taken_back=back, details=details
                    ),
                )  # fmt: skip
            apply(db, exercise, learners)
        left = {one.learner: one.penalty for one in read_marks(course, exercise)}
        return [
            replace(one, freed=max(0.0, one.freed - left.get(one.learner, 0.0)) if one.freed else 0.0)
            for one in done
        ]


def _extend(course: Course, exercise: str, learner: str, due: datetime, until: datetime) -> Extended:
    with gradebook(course) as book:
        book.update_or_create_student(learner)
        found = book.update_or_create_submission(exercise, learner, extension=(until - due) or None)
        late = None if found.timestamp is None else found.total_seconds_late > 0
        before = 0.0
        for one in found.notebooks:
            if one.grades:
                before += one.late_submission_penalty or 0.0
                if late is False:
                    one.late_submission_penalty = None
        book.db.commit()
        return Extended(learner, until, late, before)
