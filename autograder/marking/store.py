"""Who marked what, when, part by part: the table `course_mark`, in the gradebook beside nbgrader's own.

nbgrader keeps of a mark the number and the comment alone. A row here is written in the same transaction as
that number, so that neither stands without the other, however the program ends. Rows are only ever added.

column     what it holds
exercise, learner, notebook, cell   what was marked; learner and notebook are empty for a sample answer
role       first: the mark that counts. second: an independent one, of somebody who had not seen the first.
           settled: agreed after the two, and counts from then on. sample: a sample answer, for practice
marker     a name as the marker gave it
marked_at  UTC, as 2026-11-30T13:00:00Z
score      points in all
parts      JSON object of the rubric's parts and their points; null where the exercise has no rubric
comment    what the learner is told; empty for none
answer     SHA-256 of what was marked (`digest`): a mark stands as long as the learner's words do
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Column, Connection, Float, String, Text, insert

from autograder import own_tables
from autograder.course import Course
from autograder.gradebook import reading
from autograder.strangers import storable

__all__ = [
    "COUNTING",
    "TABLE",
    "Key",
    "Mark",
    "Role",
    "add",
    "digest",
    "ensure",
    "latest",
    "marks_of_course",
    "read",
]

Role = Literal["first", "second", "settled", "sample"]
Key = tuple[str, str, str]
"""Learner, notebook and cell."""
COUNTING = ("first", "settled")
"""Roles whose newest row is the mark that counts."""

TABLE = own_tables.table_about_parts(
    "course_mark",
    Column("role", String(16), nullable=False),
    Column("marker", String(128), nullable=False),
    Column("marked_at", String(32), nullable=False),
    Column("score", Float, nullable=False),
    Column("parts", Text),
    Column("comment", Text, nullable=False),
    Column("answer", String(64), nullable=False),
)


@dataclass(frozen=True)
class Mark:
    """One row; see the table above for what each field holds. id is None until it is written."""

    exercise: str
    learner: str
    notebook: str
    cell: str
    role: Role
    marker: str
    marked_at: str
    score: float
    parts: dict[str, float] | None
    comment: str
    answer: str
    id: int | None = None

    @property
    def key(self) -> Key:
        """What was marked."""
        return self.learner, self.notebook, self.cell


def digest(source: str, attachments: Any = None) -> str:
    """Digest a written answer: its text without blanks around it, and the pictures pasted into it."""
    pictures = json.dumps(attachments, sort_keys=True) if attachments else ""
    return hashlib.sha256(storable(f"{source.strip()}\n{pictures}").encode()).hexdigest()


def ensure(db: Connection) -> None:
    """Make the table where a gradebook has none."""
    own_tables.ensure(db, TABLE)


def add(db: Connection, mark: Mark) -> None:
    """Add a row in the caller's transaction; the table must be there."""
    row = {column.name: getattr(mark, column.name) for column in TABLE.columns if column.name != "id"}
    row["parts"] = None if mark.parts is None else json.dumps(mark.parts, ensure_ascii=False)
    db.execute(insert(TABLE), [row])


def read(db: Connection, exercise: str) -> list[Mark]:
    """Read every row of an exercise, oldest first; none where nobody has marked on the page yet."""
    return [_mark(row) for row in own_tables.rows(db, TABLE, exercise)]


def marks_of_course(course: Course, exercise: str) -> list[Mark]:
    """Read every row of an exercise; none where there is no gradebook yet."""
    with reading(course) as db:
        return [] if db is None else read(db, exercise)


def latest(marks: Iterable[Mark], *roles: str) -> dict[Key, Mark]:
    """Find the newest row in one of these roles for everything that was marked."""
    return {mark.key: mark for mark in marks if mark.role in roles}


def _mark(row: dict[str, Any]) -> Mark:
    return Mark(**{**row, "parts": None if row["parts"] is None else json.loads(row["parts"])})
