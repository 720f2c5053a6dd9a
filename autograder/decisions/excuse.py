"""Learners who need not hand in an exercise."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.course import Course
from autograder.decisions.store import Decision, add, ensure
from autograder.files import iso, now
from autograder.gradebook import writing

__all__ = ["excuse"]


def excuse(
    course: Course, exercise: str, learners: Iterable[str], who: str, why: str, *, taken_back: bool = False
) -> None:
    """Note that learners need not hand in an exercise, or, with taken_back, that they need after all."""
    with writing(course, exercise) as db:
        ensure(db)
        for name in dict.fromkeys(learners):
            add(db, Decision(exercise, "excuse", who, iso(now()), why, name, taken_back=taken_back))
