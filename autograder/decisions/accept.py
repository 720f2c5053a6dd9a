"""Settle what the program left to a person, so that it no longer stops a record; the results stay as told."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.course import Course
from autograder.decisions.chosen import of_learners
from autograder.decisions.store import Decision, add, ensure, in_force, of_course
from autograder.files import iso, now
from autograder.gradebook import writing
from autograder.grading.ledger import Ledger
from autograder.grading.model import Result

__all__ = ["accept", "accepted", "doubted"]


def doubted(course: Course, exercise: str) -> list[tuple[Result, Decision | None]]:
    """Find every result that needs a person's look, each with the decision that settled it, or None."""
    decisions = of_course(course, exercise)
    found = [one for one in Ledger(course.root).latest(exercise).values() if one.status == "needs-review"]
    return [(one, accepted(one, decisions)) for one in sorted(found, key=lambda one: one.learner)]


def accepted(result: Result, decisions: Iterable[Decision]) -> Decision | None:
    """Find the decision that settled a result: about these very bytes, with no reason that is new since."""
    for one in in_force(decisions, "accept"):
        told = one.details or {}
        same = (one.learner, one.notebook) == (result.learner, result.notebook)
        if same and told.get("submission_sha256") == result.submission_sha256:
            return one if set(result.reasons) <= set(told.get("reasons", [])) else None
    return None


def accept(course: Course, exercise: str, learners: Iterable[str], who: str, why: str) -> list[Result]:
    """Settle what is doubted in these learners' results; give them."""
    open_ = [one for one, settled in doubted(course, exercise) if settled is None]
    remedy = f"see what does: autograder marks review {exercise}"
    found = of_learners(
        open_,
        lambda one: one.learner,
        learners,
        f"nothing of '{{}}' waits for a look in '{exercise}'",
        course.root,
        remedy,
    )
    with writing(course, exercise) as db:
        ensure(db)
        for one in found:
            details = {"submission_sha256": one.submission_sha256, "reasons": one.reasons}
            add(
                db,
                Decision(
                    exercise, "accept", who, iso(now()), why, one.learner, one.notebook, details=details
                ),
            )  # fmt: skip
    return found
