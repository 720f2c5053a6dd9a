"""The table `course_decision`, in the gradebook beside nbgrader's own; rows are only ever added.

column     what it holds
exercise   which
learner    whom it is about; empty for everybody
notebook, cell   which part, for points; else empty
kind       give: everybody has at least so many points. accept: a doubt of the program is settled. excuse:
           need not hand in. extend: has more time. late: what lateness costs. attempt: which hand-in
           counts. viva: the outcome of a talk. Each with `taken_back` set ends an earlier one.
points     of a give; else null
details    JSON. give: the marks that it took the place of. accept: what was settled, by notebook. extend:
           until when. late: the policy (`late`). attempt: its number and digests. viva: see
           autograder/viva/outcome.py
decided_by, decided_at, reason   who, when and why
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Boolean, Column, Connection, Float, String, Text, insert

from autograder import own_tables
from autograder.course import Course
from autograder.gradebook import reading

__all__ = ["Decision", "Kind", "add", "ensure", "in_force", "of_course", "read"]

Kind = Literal["give", "accept", "excuse", "extend", "late", "attempt", "viva"]

_TABLE = own_tables.table_about_parts(
    "course_decision",
    Column("kind", String(16), nullable=False),
    Column("taken_back", Boolean, nullable=False),
    Column("points", Float),
    Column("details", Text, nullable=False),
    Column("decided_by", String(128), nullable=False),
    Column("decided_at", String(32), nullable=False),
    Column("reason", Text, nullable=False),
)


@dataclass(frozen=True)
class Decision:
    """One row; the module says what each field holds."""

    exercise: str
    kind: Kind
    decided_by: str
    decided_at: str
    reason: str
    learner: str = ""
    notebook: str = ""
    cell: str = ""
    taken_back: bool = False
    points: float | None = None
    details: dict[str, Any] | None = None

    @property
    def about(self) -> tuple[str, str, str, str]:
        """What it decides: of two decisions about the same, the newer counts."""
        return self.kind, self.learner, self.notebook, self.cell

    @property
    def words(self) -> str:
        """Who, when and why, for people."""
        return f"{self.reason} ({self.decided_by}, {self.decided_at[:10]})"


def ensure(db: Connection) -> None:
    """Make the table where a gradebook has none."""
    own_tables.ensure(db, _TABLE)


def add(db: Connection, decision: Decision) -> None:
    """Add a row in the caller's transaction; the table must be there."""
    row = {name: value for name, value in vars(decision).items() if name != "details"}
    db.execute(insert(_TABLE), [{**row, "details": json.dumps(decision.details or {}, sort_keys=True)}])


def read(db: Connection, exercise: str) -> list[Decision]:
    """Read every decision about an exercise, oldest first."""
    return [
        Decision(**{**row, "details": json.loads(row["details"])})
        for row in own_tables.rows(db, _TABLE, exercise)
        if row.pop("id") is not None
    ]


def in_force(decisions: Iterable[Decision], *kinds: Kind) -> list[Decision]:
    """Find the decisions that hold: the newest about each thing, unless it takes the earlier one back."""
    newest = {one.about: one for one in decisions if one.kind in kinds}
    return [one for one in newest.values() if not one.taken_back]


def of_course(course: Course, exercise: str) -> list[Decision]:
    """Read every decision about an exercise; none where there is no gradebook yet."""
    with reading(course) as db:
        return [] if db is None else read(db, exercise)
