"""The written parts of an exercise, each with what the gradebook and the marks so far say of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from coursefacts.errors import InputFault
from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from autograder.course import Course
from autograder.gradebook import engine, exists, usable
from autograder.grading import tables as t
from autograder.marking.store import COUNTING, Key, Mark, digest, latest, read
from autograder.strangers import parsed

__all__ = ["Letter", "Letters", "State", "Words", "differs", "version"]

State = Literal["open", "changed", "marked", "differs", "blank", "gone"]
"""open: nobody has marked it. changed: the learner's words are others than those that were marked. differs:
two marks lie apart, and nobody has settled it. blank: nothing was written, so the program gave 0. gone: it
was not graded, or its notebook is not there."""


@dataclass(frozen=True)
class Words:
    """A written answer as it was graded, of the shape that the page relies on.

    code: whether it is a code cell. pictures: name to MIME bundle. outputs: of a code cell.
    """

    code: bool
    source: str
    pictures: dict[str, dict[str, str]]
    outputs: list[dict[str, Any]]


@dataclass(frozen=True)
class Letter:
    """One written part of one learner.

    most: its points. auto, manual, pending, comment: as the gradebook has them.
    words: None where they are gone. answer: their digest, or the empty text.
    first, second: the mark that counts, and an independent one of the same words, where there are any; a
        number that was given in formgrader counts, and has no row here.
    """

    key: Key
    most: float
    auto: float | None
    manual: float | None
    pending: bool
    comment: str
    words: Words | None
    answer: str
    first: Mark | None
    second: Mark | None
    state: State
    version: str


def version(
    manual: float | None, pending: bool, comment: str | None, answer: str, marks: Iterable[Mark]
) -> str:
    """Name the state of a letter: whoever saves says which one was on the screen, so that none is lost."""
    newest = max((mark.id or 0 for mark in marks), default=0)
    said = f"{newest}\0{manual}\0{bool(pending)}\0{comment or ''}\0{answer}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def differs(marks: Iterable[Mark], most: float) -> bool:
    """Tell whether the two marks of a letter lie more than `most` apart and nobody has settled it.

    marks: every row of one letter. Marks of other words, and one that was settled after the second, are no
    difference any more.
    """
    found = list(marks)
    first, second, settled = _newest(found, *COUNTING), _newest(found, "second"), _newest(found, "settled")
    if first is None or second is None or first.answer != second.answer:
        return False
    if settled is not None and settled.answer == second.answer and _number(settled) > _number(second):
        return False
    return abs(first.score - second.score) > most + 1e-9


def _newest(marks: list[Mark], *roles: str) -> Mark | None:
    return max((one for one in marks if one.role in roles), key=_number, default=None)


def _number(mark: Mark) -> int:
    return mark.id or 0


class Letters:
    """The written parts of one exercise; notebooks are read again only where they have changed.

    apart: how far two marks may lie apart before somebody has to settle them.
    """

    def __init__(self, course: Course, exercise: str, apart: float) -> None:
        self.course, self.exercise, self.apart = course, exercise, apart
        self._engine = engine(course)
        self._notebooks: dict[Path, tuple[tuple[int, int], dict[str, Words]]] = {}

    def close(self) -> None:
        """Give the connection back."""
        self._engine.dispose()

    def all(self) -> dict[Key, Letter]:
        """Read every written part that the gradebook has a row for."""
        if not exists(self.course, self._engine):
            raise InputFault(
                f"nothing of '{self.exercise}' is graded yet",
                path=self.course.root,
                remedy=f"run: autograder grade {self.exercise}",
            )
        with usable(self.course), self._engine.connect() as db:
            marks = read(db, self.exercise)
            return {row.key: row for row in self._rows(db, marks)}

    def marks(self) -> list[Mark]:
        """Read every mark that the page's table has of this exercise."""
        with usable(self.course), self._engine.connect() as db:
            return read(db, self.exercise)

    def _rows(self, db: Connection, marks: list[Mark]) -> Iterable[Letter]:
        first, second = latest(marks, *COUNTING), latest(marks, "second")
        by_key: dict[Key, list[Mark]] = {}
        for mark in marks:
            by_key.setdefault(mark.key, []).append(mark)
        for row in db.execute(_asked(self.exercise)):
            key = (row.student_id, row.notebook, row.cell)
            words = self._words(key)
            answer = digest(words.source, words.pictures) if words else ""
            one, two = first.get(key), second.get(key)
            two = two if two and two.answer == answer else None
            mine = by_key.get(key, [])
            # Whoever gives a number in formgrader settles it there, too.
            apart = bool(row.needs_manual_grade) and differs(mine, self.apart)
            state = _state(row, answer, words, one, apart)
            if one is not None and row.manual_score != one.score:
                one = None
            seen = version(row.manual_score, row.needs_manual_grade, row.manual_comment, answer, mine)
            yield Letter(
                key, row.most, row.auto_score, row.manual_score, bool(row.needs_manual_grade),
                row.manual_comment or "", words, answer, one, two, state, seen,
            )  # fmt: skip

    def _words(self, key: Key) -> Words | None:
        learner, notebook, cell = key
        path = self.course.autograded(learner, self.exercise) / f"{notebook}.ipynb"
        try:
            found = path.stat()
        except OSError:
            return None
        stamp = (found.st_mtime_ns, found.st_size)
        kept = self._notebooks.get(path)
        if kept is None or kept[0] != stamp:
            kept = self._notebooks[path] = (stamp, _answers(path))
        return kept[1].get(cell)


def _answers(path: Path) -> dict[str, Words]:
    """Read the cells of a graded notebook by name; nbformat would take a tenth of a second for each.

    Whatever has not the shape of a cell is left out: the notebook is ours, what lies in it a learner's.
    """
    try:
        cells = parsed(path.read_bytes())["cells"]
        return {cell["metadata"]["nbgrader"]["grade_id"]: _read(cell) for cell in cells if _named(cell)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _named(cell: Any) -> bool:
    return isinstance(cell["metadata"].get("nbgrader", {}).get("grade_id"), str)


def _read(cell: Any) -> Words:
    source = cell["source"]
    bundles = {name: _texts(bundle) for name, bundle in cell.get("attachments", {}).items()}
    outputs = [one for one in cell.get("outputs", []) if isinstance(one.get("data", {}), dict)]
    text = source if isinstance(source, str) else "".join(source)
    return Words(cell["cell_type"] == "code", text, bundles, outputs)


def _texts(bundle: dict[str, Any]) -> dict[str, str]:
    return {kind: data if isinstance(data, str) else "".join(data) for kind, data in bundle.items()}


def _state(row: Any, answer: str, words: Words | None, first: Mark | None, apart: bool) -> State:
    if words is None:
        return "gone"
    if first is not None and first.answer != answer:
        return "changed"
    if apart:
        return "differs"
    if row.needs_manual_grade or (row.auto_score is None and row.manual_score is None):
        return "open"
    return "marked" if row.manual_score is not None else "blank"


def _asked(exercise: str) -> Any:
    """Every grade of a cell that is answered in words: nbgrader has a row of two kinds, or a task, for it."""
    graded, answered = aliased(t.base_cell), aliased(t.base_cell)
    most = select(t.grade_cells).union_all(select(t.task_cells)).subquery()
    return (
        select(
            t.submitted_assignment.c.student_id,
            t.notebook.c.name.label("notebook"),
            graded.c.name.label("cell"),
            most.c.max_score.label("most"),
            t.grade.c.auto_score,
            t.grade.c.manual_score,
            t.grade.c.needs_manual_grade,
            t.comment.c.manual_comment,
        )
        .select_from(t.grade)
        .join(graded, graded.c.id == t.grade.c.cell_id)
        .join(most, most.c.id == graded.c.id)
        .join(t.submitted_notebook, t.submitted_notebook.c.id == t.grade.c.notebook_id)
        .join(t.notebook, t.notebook.c.id == t.submitted_notebook.c.notebook_id)
        .join(t.submitted_assignment, t.submitted_assignment.c.id == t.submitted_notebook.c.assignment_id)
        .join(t.assignment, t.assignment.c.id == t.submitted_assignment.c.assignment_id)
        .join(
            answered,
            (answered.c.notebook_id == graded.c.notebook_id)
            & (answered.c.name == graded.c.name)
            & answered.c.type.in_(["SolutionCell", "TaskCell"]),
        )
        .outerjoin(
            t.comment,
            (t.comment.c.notebook_id == t.submitted_notebook.c.id) & (t.comment.c.cell_id == answered.c.id),
        )
        .where(t.assignment.c.name == exercise)
        .order_by(t.submitted_assignment.c.student_id, t.notebook.c.name, graded.c.name)
    )
