"""The outcome of a talk, kept in the gradebook beside the other decisions of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.decisions.store import Decision, add, ensure, in_force
from autograder.files import iso, now, sha256_file
from autograder.gradebook import writing
from autograder.grading.ledger import Ledger
from autograder.grading.model import Result

__all__ = ["Outcome", "keep", "of"]

Outcome = Literal["passed", "not-passed"]


def keep(
    course: Course,
    exercise: str,
    learner: str,
    outcome: Outcome,
    examiner: str,
    on: date,
    by: str,
    words: str,
) -> None:
    """Keep the outcome for the hand-in that lies there and was graded; a later talk takes its place.

    examiner: who led the talk. by: who writes it down.
    """
    if on > now().date():
        raise InputFault(f"--on {on} is still to come", remedy="give the day of the talk")
    digests = _graded(course, exercise, learner)
    details = {"outcome": outcome, "examiner": examiner, "on": on.isoformat(), "digests": sorted(digests)}
    decision = Decision(exercise, "viva", by, iso(now()), words, learner, details=details)
    with writing(course, exercise) as db:
        ensure(db)
        add(db, decision)


def _graded(course: Course, exercise: str, learner: str) -> set[str]:
    """The digests of the hand-in's notebooks, each of which was graded as it lies there."""
    folder = course.submitted(learner, exercise)
    lying = {sha256_file(one) for one in folder.glob("*.ipynb") if one.is_file() and not one.is_symlink()}
    latest = Ledger(course.root).latest(exercise)
    graded = {
        one.submission_sha256
        for (_, who, _), one in latest.items()
        if who == learner and one.submission_sha256 in lying
    }
    found = {one for one in graded if one is not None}
    if not found:
        raise InputFault(
            f"no hand-in of '{learner}' that was graded lies there",
            path=folder,
            remedy=f"collect it, and run: autograder grade {exercise}",
        )
    return found


def of(learner: str, graded: Iterable[Result], decided: Iterable[Decision]) -> tuple[Outcome, str] | None:
    """The outcome of the newest talk about these very hand-ins, with who and when; None without one."""
    digests = {one.submission_sha256 for one in graded}
    for one in in_force(decided, "viva"):
        told = one.details or {}
        if one.learner == learner and digests <= set(told.get("digests", ())):
            return told["outcome"], f"{told['examiner']}, {told['on']}"
    return None
