"""Marks that wait for their marker's yes: the learner's words are others than those that were marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from autograder.course import Course
from autograder.decisions.chosen import of_learners
from autograder.files import iso, now
from autograder.gradebook import reading, writing
from autograder.grading import tables as t
from autograder.grading.answers import answers
from autograder.marking.letters import differs
from autograder.marking.store import COUNTING, Key, Mark, add, ensure, latest, read
from autograder.release.student import read_notebook

__all__ = ["APART", "Waiting", "confirm", "waiting"]

APART = 2.0
"""Points that two marks of one letter may lie apart before somebody has to settle them."""


@dataclass(frozen=True)
class Waiting:
    """A person's mark that has to be confirmed.

    grade: nbgrader's row. answer: the digest of the words that lie there now; empty where there are none.
    apart: the second mark, where the two lie so far apart that somebody has to settle them.
    """

    key: Key
    score: float
    most: float
    marker: str
    marked_at: str
    grade: str
    answer: str
    apart: Mark | None = None


def waiting(course: Course, exercise: str) -> list[Waiting]:
    """Find marks that were given for other words than lie there now, or that two markers differ on."""
    with reading(course) as db:
        return [] if db is None else _waiting(db, course, exercise)


def confirm(course: Course, exercise: str, chosen: Iterable[str] | None, marker: str) -> list[Waiting]:
    """Let marks stand for the words that lie there now, and write down who said so; give what was confirmed.

    chosen: ids of learners; None for everybody.
    """
    with writing(course, exercise) as db:
        ensure(db)
        open_ = [one for one in _waiting(db, course, exercise) if not one.apart]
        remedy = f"see who does: autograder marks waiting {exercise}"
        what = f"no mark of '{{}}' waits to be confirmed in '{exercise}'"
        found = of_learners(open_, lambda one: one.key[0], chosen, what, course.root, remedy)
        _confirm(db, exercise, found, marker)
        return found


def _confirm(db: Connection, exercise: str, found: list[Waiting], marker: str) -> None:
    before = latest(read(db, exercise), *COUNTING)
    for one in found:
        last = before.get(one.key)
        same = last is not None and last.score == one.score
        add(
            db,
            Mark(
                exercise, *one.key, "first", marker, iso(now()), one.score,
                last.parts if last and same else None, last.comment if last and same else "", one.answer,
            ),
        )  # fmt: skip
        db.execute(update(t.grade).where(t.grade.c.id == one.grade).values(needs_manual_grade=False))


def _waiting(db: Connection, course: Course, exercise: str) -> list[Waiting]:
    marks = read(db, exercise)
    last, seconds = latest(marks, *COUNTING), latest(marks, "second")
    by_key: dict[Key, list[Mark]] = {}
    for mark in marks:
        by_key.setdefault(mark.key, []).append(mark)
    found = []
    for row in db.execute(_asked(exercise)):
        key = (row.student_id, row.notebook, row.cell)
        mine, second = last.get(key), seconds.get(key)
        # Two markers have to agree first; no word of one alone settles that.
        apart = second if differs(by_key.get(key, []), APART) else None
        found.append(
            Waiting(
                key, row.manual_score, row.most, mine.marker if mine else "", mine.marked_at if mine else "",
                row.id, _words(course, exercise, key), apart,
            )
        )  # fmt: skip
    return found


def _words(course: Course, exercise: str, key: Key) -> str:
    learner, notebook, cell = key
    path = course.autograded(learner, exercise) / f"{notebook}.ipynb"
    return answers(read_notebook(path)).get(cell, "") if path.is_file() else ""


def _asked(exercise: str) -> Any:
    most = select(t.grade_cells).union_all(select(t.task_cells)).subquery()
    return (
        select(
            t.grade.c.id,
            t.submitted_assignment.c.student_id,
            t.notebook.c.name.label("notebook"),
            t.base_cell.c.name.label("cell"),
            t.grade.c.manual_score,
            most.c.max_score.label("most"),
        )
        .join(t.base_cell, t.base_cell.c.id == t.grade.c.cell_id)
        .join(most, most.c.id == t.base_cell.c.id)
        .join(t.submitted_notebook, t.submitted_notebook.c.id == t.grade.c.notebook_id)
        .join(t.notebook, t.notebook.c.id == t.submitted_notebook.c.notebook_id)
        .join(t.submitted_assignment, t.submitted_assignment.c.id == t.submitted_notebook.c.assignment_id)
        .join(t.assignment, t.assignment.c.id == t.submitted_assignment.c.assignment_id)
        .where(t.assignment.c.name == exercise)
        .where(t.grade.c.manual_score.is_not(None), t.grade.c.needs_manual_grade)
        .order_by(t.submitted_assignment.c.student_id, t.notebook.c.name, t.base_cell.c.name)
    )
