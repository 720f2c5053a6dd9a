"""What lateness costs: points for each day or hour that has begun, after a grace, up to a most.

A policy is a decision like others: it says who, when and why, and the newest counts. Without one lateness
costs what a plugin in nbgrader_config.py says, which is nothing by default. What it takes stands where
nbgrader keeps it, so that formgrader, exports and marks show the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from autograder.course import Course
from autograder.decisions.store import Decision, add, ensure, in_force, read
from autograder.files import iso, now
from autograder.gradebook import writing
from autograder.grading import tables as t

__all__ = ["UNITS", "Policy", "apply", "policy", "set_policy"]

UNITS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


@dataclass(frozen=True)
class Policy:
    """What lateness costs in one exercise.

    points: for each unit that has begun since the due time.
    per: the unit, hour or day.
    grace: minutes after the due time that cost nothing; what comes later is counted from the due time.
    at_most: points that lateness can cost in all; None for all.
    """

    points: float
    per: str
    grace: float = 0.0
    at_most: float | None = None

    def cost(self, late: timedelta) -> float:
        """Tell how many points so much lateness costs.

        >>> Policy(2, "day", grace=10, at_most=5).cost(timedelta(days=1, minutes=1))
        4.0
        """
        if late <= timedelta(minutes=self.grace):
            return 0.0
        most = math.inf if self.at_most is None else self.at_most
        return float(min(most, self.points * math.ceil(late / UNITS[self.per])))

    @property
    def words(self) -> str:
        """The policy in words."""
        told = f"{self.points:g} points for each {self.per} that has begun"
        told += f", after {self.grace:g} minutes of grace" if self.grace else ""
        return told + (f", {self.at_most:g} at most" if self.at_most is not None else "")


def policy(decisions: Iterable[Decision]) -> Policy | None:
    """Find the policy that is in force among the decisions about an exercise."""
    found = in_force(decisions, "late")
    return Policy(**(found[0].details or {})) if found else None


def set_policy(course: Course, exercise: str, new: Policy | None, who: str, why: str) -> int:
    """Let a policy hold from now on, or none; give how many submissions lateness costs another score now."""
    with writing(course, exercise) as db:
        ensure(db)
        details = vars(new) if new is not None else None
        add(db, Decision(exercise, "late", who, iso(now()), why, taken_back=new is None, details=details))
        return apply(db, exercise)


def apply(db: Connection, exercise: str, learners: Iterable[str] | None = None) -> int:
    """Write what lateness costs into graded submissions; give how many of them changed.

    learners: only theirs; None for everybody's. Where no policy was ever set, nbgrader's plugin decides.
    """
    decisions = [one for one in read(db, exercise) if one.kind == "late"]
    if not decisions:
        return 0
    held, changed = policy(decisions), 0
    papers: dict[str, list[Any]] = {}
    for row in db.execute(_papers(exercise, None if learners is None else list(learners))):
        papers.setdefault(row.learner, []).append(row)
    for mine in papers.values():
        cost = _cost(held, mine[0])
        # All of it stands with one notebook: nbgrader adds up those of a submission.
        wanted = {row.id: cost if at == 0 and cost else None for at, row in enumerate(mine)}
        different = [row for row in mine if (row.penalty or None) != wanted[row.id]]
        for row in different:
            paper = t.submitted_notebook
            statement = update(paper).where(paper.c.id == row.id)
            db.execute(statement.values(late_submission_penalty=wanted[row.id]))
        changed += bool(different)
    return changed


def _cost(held: Policy | None, row: Any) -> float:
    came, due, more = row.timestamp, row.duedate, row.extension
    if held is None or came is None or due is None:
        return 0.0
    late: timedelta = came - (due + (more or timedelta()))
    return held.cost(late)


def _papers(exercise: str, learners: list[str] | None) -> Any:
    asked = (
        select(
            t.submitted_notebook.c.id,
            t.submitted_notebook.c.late_submission_penalty.label("penalty"),
            t.submitted_assignment.c.student_id.label("learner"),
            t.submitted_assignment.c.timestamp,
            t.submitted_assignment.c.extension,
            t.assignment.c.duedate,
        )
        .join(t.submitted_assignment, t.submitted_assignment.c.id == t.submitted_notebook.c.assignment_id)
        .join(t.assignment, t.assignment.c.id == t.submitted_assignment.c.assignment_id)
        .join(t.notebook, t.notebook.c.id == t.submitted_notebook.c.notebook_id)
        .where(t.assignment.c.name == exercise)
        .order_by(t.submitted_assignment.c.student_id, t.notebook.c.name)
    )
    return asked if learners is None else asked.where(t.submitted_assignment.c.student_id.in_(learners))
