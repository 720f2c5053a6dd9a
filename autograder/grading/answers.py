"""Which words a mark was given for: the table `course_answer`, in the gradebook beside nbgrader's own.

nbgrader asks a person for every mark anew whenever a notebook is graded again. A mark stands as long as the
words that it was given for; so the gradebook keeps a digest of them beside each grade, in the transaction
that writes the grade.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, select
from sqlalchemy.schema import CreateTable

from autograder.marking.store import COUNTING, Key, Mark, digest, latest, read

__all__ = ["TABLE", "Standing", "answers", "ensure"]

TABLE = Table(
    "course_answer",
    MetaData(),
    Column("grade", String(32), primary_key=True),
    Column("answer", String(64), nullable=False),
)


def ensure(db: Connection) -> None:
    """Make the table where a gradebook has none."""
    db.execute(CreateTable(TABLE, if_not_exists=True))


def answers(notebook: Any) -> dict[str, str]:
    """Digest what each graded cell's mark rests on: its own words, or for a test all answers of the notebook.

    notebook: as it is written to autograded/, or None when none was handed in.
    """
    if notebook is None:
        return {}
    named = [(cell, cell["metadata"].get("nbgrader", {})) for cell in notebook["cells"]]
    own = {
        data["grade_id"]: digest(cell["source"], cell.get("attachments"))
        for cell, data in named
        if data.get("grade_id") and (data.get("solution") or data.get("task"))
    }
    everything = hashlib.sha256("\n".join(f"{name} {own[name]}" for name in sorted(own)).encode()).hexdigest()
    tests = {data["grade_id"]: everything for _, data in named if data.get("grade") and data.get("grade_id")}
    return tests | own


class Standing:
    """What the marks of some submissions were given for, read before their grades are written again."""

    def __init__(self, db: Connection, exercise: str, grades: list[str]) -> None:
        self._db = db
        asked = select(TABLE).where(TABLE.c.grade.in_(grades))
        self._before: dict[str, str] = {row.grade: row.answer for row in db.execute(asked)}
        marks = read(db, exercise)
        self._marked: dict[Key, Mark] = latest(marks, *COUNTING)
        self._second: dict[Key, Mark] = latest(marks, "second")
        self._now: dict[str, str] = {}

    def waits(self, key: Key, row: Any, answer: str | None) -> bool:
        """Tell whether a person has to look at their mark again, since it was given for other words.

        row: the grade as it stands, with a person's mark. answer: the digest of the words as they are now.
        """
        mark = self._marked.get(key)
        if mark is not None and mark.answer == answer and mark.score == row.manual_score:
            # Given for these very words: only a difference of two markers keeps it open.
            second = self._second.get(key)
            differing = self._before.get(row.id) == answer or (second is not None and second.answer == answer)
            return bool(row.needs_manual_grade) and differing
        if answer is None or self._before.get(row.id) != answer:
            return True
        return bool(row.needs_manual_grade)

    def note(self, grade: str, answer: str | None) -> None:
        """Remember what a grade is now written for."""
        self._now[grade] = answer or ""

    def write(self) -> None:
        """Write what was noted."""
        if self._now:
            self._db.execute(delete(TABLE).where(TABLE.c.grade.in_(list(self._now))))
            rows = [{"grade": grade, "answer": answer} for grade, answer in self._now.items()]
            self._db.execute(insert(TABLE), rows)
