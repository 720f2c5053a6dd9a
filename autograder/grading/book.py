"""The gradebook as grading writes it: nbgrader's rows in few statements, many submissions in one transaction.

nbgrader's own interface costs 15 to 23 ms a submission and a second of imports; these rows are the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, insert, select, update

from autograder.course import Course
from autograder.decisions import give, store
from autograder.decisions import late as lateness
from autograder.gradebook import NO_ANSWER, engine, exists, usable
from autograder.grading import answers
from autograder.grading import tables as t
from autograder.grading.master import Master
from autograder.grading.record import Graded

__all__ = ["Book", "Entry"]


@dataclass
class Entry:
    """What one learner's submission adds to the gradebook."""

    learner: str
    received: datetime | None
    notebooks: list[Graded]


@dataclass
class _Sheet:
    """The cells of one notebook: ids of those with a grade and of those with a comment, by name."""

    id: str
    graded: dict[str, str] = field(default_factory=dict)
    commented: dict[str, str] = field(default_factory=dict)


@dataclass
class _Exercise:
    id: str
    due: datetime | None
    sheets: dict[str, _Sheet]


class Book:
    """The gradebook's part on one exercise, open for one run."""

    def __init__(self, course: Course, exercise: str) -> None:
        self.course = course
        self.exercise = exercise
        self._engine = engine(course)
        self._known: _Exercise | None = None
        self._decides = False

    def close(self) -> None:
        """Give the connection back."""
        self._engine.dispose()

    def knows(self, masters: list[Master]) -> bool:
        """Tell whether the gradebook has these notebooks' cells as they are now."""
        if not exists(self.course, self._engine):
            return False
        with usable(self.course), self._engine.begin() as db:
            names = {master.name for master in masters}
            kept = {
                (row.notebook, row.name): row.checksum
                for row in db.execute(_of_exercise(t.source_cell, t.source_cell.c.checksum, self.exercise))
                if row.notebook in names
            }
            points = {}
            for cells in (t.grade_cells, t.task_cells):
                asked = _of_exercise(t.base_cell, cells.c.max_score, self.exercise)
                for row in db.execute(asked.join(cells, cells.c.id == t.base_cell.c.id)):
                    if row.notebook in names:
                        points[row.notebook, row.name] = row.max_score
        return kept == _checksums(masters) and points == _points(masters)

    def scores(self) -> dict[tuple[str, str, str], float | None]:
        """Read every automatic score: learner, notebook and cell name to score."""
        if not exists(self.course, self._engine):
            return {}
        asked = (
            select(
                t.submitted_assignment.c.student_id,
                t.notebook.c.name,
                t.base_cell.c.name,
                t.grade.c.auto_score,
            )
            .join(t.submitted_notebook, t.submitted_notebook.c.id == t.grade.c.notebook_id)
            .join(t.submitted_assignment, t.submitted_assignment.c.id == t.submitted_notebook.c.assignment_id)
            .join(t.assignment, t.assignment.c.id == t.submitted_assignment.c.assignment_id)
            .join(t.notebook, t.notebook.c.id == t.submitted_notebook.c.notebook_id)
            .join(t.base_cell, t.base_cell.c.id == t.grade.c.cell_id)
            .where(t.assignment.c.name == self.exercise)
        )
        with usable(self.course), self._engine.begin() as db:
            return {(learner, name, cell): score for learner, name, cell, score in db.execute(asked)}

    def write(self, entries: list[Entry]) -> list[str]:
        """Write scores and comments in one transaction; marks that people gave stay.

        Return who was late, for a plugin to decide what that costs; nobody where `late` has decided it.
        """
        with usable(self.course), self._engine.begin() as db:
            answers.ensure(db)
            decided = store.read(db, self.exercise)
            self._decides = bool(store.in_force(decided, "give"))
            if self._known is None:
                self._known = _read_exercise(db, self.exercise)
            self._add_students(db, [entry.learner for entry in entries])
            submissions, late = self._submissions(db, self._known, entries)
            papers = self._papers(db, self._known, submissions)
            self._grades(db, self._known, entries, papers)
            self._comments(db, self._known, entries, papers)
            if any(one.kind == "late" for one in decided):
                lateness.apply(db, self.exercise, [entry.learner for entry in entries])
                return []
        return late

    def _add_students(self, db: Connection, learners: list[str]) -> None:
        there = set(db.scalars(select(t.student.c.id).where(t.student.c.id.in_(learners))))
        missing = [{"id": learner} for learner in learners if learner not in there]
        if missing:
            # Another run, over another exercise, may add the same learner at this moment.
            make: Any = import_module(f"sqlalchemy.dialects.{db.dialect.name}").insert
            db.execute(make(t.student).on_conflict_do_nothing(), missing)

    def _submissions(
        self, db: Connection, known: _Exercise, entries: list[Entry]
    ) -> tuple[dict[str, str], list[str]]:
        """Find or add each learner's submission; return their ids, and who handed in late."""
        table = t.submitted_assignment
        asked = select(table).where(
            table.c.assignment_id == known.id, table.c.student_id.in_([entry.learner for entry in entries])
        )
        there = {row.student_id: row for row in db.execute(asked)}
        fresh: list[dict[str, Any]] = []
        moved: list[dict[str, Any]] = []
        ids: dict[str, str] = {}
        late: list[str] = []
        for entry in entries:
            row = there.get(entry.learner)
            when = entry.received.replace(tzinfo=None) if entry.received else None
            ids[entry.learner] = row.id if row else uuid4().hex
            if row is None:
                fresh.append(
                    {
                        "id": ids[entry.learner],
                        "assignment_id": known.id,
                        "student_id": entry.learner,
                        "timestamp": when,
                        "extension": None,
                    }
                )
            elif when is not None and when != row.timestamp:
                moved.append({"key": row.id, "when": when})
            when = when or (row.timestamp if row else None)
            if _is_late(when, known.due, row.extension if row else None):
                late.append(entry.learner)
        _add(db, table, fresh)
        if moved:
            db.execute(
                update(table).where(table.c.id == bindparam("key")).values(timestamp=bindparam("when")), moved
            )
        return ids, late

    def _papers(
        self, db: Connection, known: _Exercise, submissions: dict[str, str]
    ) -> dict[tuple[str, str], str]:
        """Find or add the row of each notebook of each submission; return their ids."""
        table = t.submitted_notebook
        asked = select(table.c.id, table.c.assignment_id, table.c.notebook_id).where(
            table.c.assignment_id.in_(list(submissions.values()))
        )
        there = {(row.assignment_id, row.notebook_id): row.id for row in db.execute(asked)}
        if there:
            again = table.c.id.in_(list(there.values()))
            db.execute(update(table).where(again).values(late_submission_penalty=None))
        fresh: list[dict[str, Any]] = []
        papers: dict[tuple[str, str], str] = {}
        for learner, submission in submissions.items():
            for name, sheet in known.sheets.items():
                paper = there.get((submission, sheet.id))
                if paper is None:
                    paper = uuid4().hex
                    fresh.append(
                        {
                            "id": paper,
                            "assignment_id": submission,
                            "notebook_id": sheet.id,
                            "flagged": False,
                            "late_submission_penalty": None,
                        }
                    )
                papers[learner, name] = paper
        _add(db, table, fresh)
        return papers

    def _grades(
        self,
        db: Connection,
        known: _Exercise,
        entries: list[Entry],
        papers: dict[tuple[str, str], str],
    ) -> None:
        table = t.grade
        columns = (table.c.id, table.c.notebook_id, table.c.cell_id)
        asked = select(*columns, table.c.manual_score, table.c.needs_manual_grade).where(
            table.c.notebook_id.in_(list(papers.values()))
        )
        there = {(row.notebook_id, row.cell_id): row for row in db.execute(asked)}
        standing = answers.Standing(db, self.exercise, [row.id for row in there.values()])
        fresh: list[dict[str, Any]] = []
        again: list[dict[str, Any]] = []
        for learner, notebook, sheet, one in _each(known, entries):
            scores = {cell.grade_id: cell.score for cell in one.cells} if one else {}
            for name, cell in sheet.graded.items():
                paper = papers[learner, notebook]
                row = there.get((paper, cell))
                score = scores.get(name, 0.0) if one else None
                pending, words = score is None, one.words.get(name) if one else None
                if row is None:
                    values = {"auto_score": score, "manual_score": None, "extra_credit": None}
                    row_id = _new(paper, cell)
                    fresh.append({**row_id, **values, "needs_manual_grade": pending})
                    standing.note(row_id["id"], words)
                elif one:
                    if row.manual_score is not None:
                        pending = standing.waits((learner, notebook, name), row, words)
                    again.append({"key": row.id, "score": score, "pending": pending})
                    standing.note(row.id, words)
        _add(db, table, fresh)
        standing.write()
        if self._decides:
            give.apply(db, self.exercise, papers.values())
        if again:
            now: dict[str, Any] = {
                "auto_score": bindparam("score"),
                "needs_manual_grade": bindparam("pending"),
            }
            db.execute(update(table).where(table.c.id == bindparam("key")).values(now), again)

    def _comments(
        self,
        db: Connection,
        known: _Exercise,
        entries: list[Entry],
        papers: dict[tuple[str, str], str],
    ) -> None:
        table = t.comment
        asked = select(table.c.id, table.c.notebook_id, table.c.cell_id, table.c.auto_comment).where(
            table.c.notebook_id.in_(list(papers.values()))
        )
        there = {(row.notebook_id, row.cell_id): row for row in db.execute(asked)}
        fresh: list[dict[str, Any]] = []
        again: list[dict[str, Any]] = []
        for learner, notebook, sheet, one in _each(known, entries):
            for name, cell in sheet.commented.items():
                paper = papers[learner, notebook]
                row = there.get((paper, cell))
                text = None if one is None or name in one.answered else NO_ANSWER
                if row is None:
                    fresh.append({**_new(paper, cell), "auto_comment": text, "manual_comment": None})
                elif one and row.auto_comment != text:
                    again.append({"key": row.id, "text": text})
        _add(db, table, fresh)
        if again:
            changed = update(table).where(table.c.id == bindparam("key"))
            db.execute(changed.values(auto_comment=bindparam("text")), again)


def _of_exercise(cells: Any, column: Any, exercise: str) -> Any:
    return (
        select(t.notebook.c.name.label("notebook"), cells.c.name, column)
        .select_from(cells)
        .join(t.notebook, t.notebook.c.id == cells.c.notebook_id)
        .join(t.assignment, t.assignment.c.id == t.notebook.c.assignment_id)
        .where(t.assignment.c.name == exercise)
    )


def _named(masters: list[Master]) -> Iterable[tuple[str, dict[str, Any]]]:
    for master in masters:
        for cell in master.graded.cells:
            data = cell.metadata.get("nbgrader", {})
            if data.get("grade_id"):
                yield master.name, data


def _checksums(masters: list[Master]) -> dict[tuple[str, str], str | None]:
    """As nbgrader keeps them: of every cell that is graded, answered in, locked or a task."""
    return {
        (name, data["grade_id"]): data.get("checksum")
        for name, data in _named(masters)
        if any(data.get(key) for key in ("grade", "solution", "locked", "task"))
    }


def _points(masters: list[Master]) -> dict[tuple[str, str], float]:
    return {
        (name, data["grade_id"]): float(data["points"])
        for name, data in _named(masters)
        if data.get("grade") or data.get("task")
    }


def _read_exercise(db: Connection, exercise: str) -> _Exercise:
    row = db.execute(select(t.assignment).where(t.assignment.c.name == exercise)).one()
    sheets = {
        one.id: (one.name, _Sheet(one.id))
        for one in db.execute(select(t.notebook).where(t.notebook.c.assignment_id == row.id))
    }
    for cell in db.execute(select(t.base_cell).where(t.base_cell.c.notebook_id.in_(list(sheets)))):
        sheet = sheets[cell.notebook_id][1]
        if cell.type in {"GradeCell", "TaskCell"}:
            sheet.graded[cell.name] = cell.id
        if cell.type in {"SolutionCell", "TaskCell"}:
            sheet.commented[cell.name] = cell.id
    return _Exercise(row.id, row.duedate, dict(sheets.values()))


def _each(known: _Exercise, entries: list[Entry]) -> Iterable[tuple[str, str, _Sheet, Graded | None]]:
    """Go through all notebooks of all submissions by learner and name, those too that the source lost."""
    for entry in entries:
        scored = {one.name: one for one in entry.notebooks}
        for name, sheet in known.sheets.items():
            yield entry.learner, name, sheet, scored.get(name)


def _new(paper: str, cell: str) -> dict[str, Any]:
    return {"id": uuid4().hex, "notebook_id": paper, "cell_id": cell}


def _add(db: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.execute(insert(table), rows)


def _is_late(when: datetime | None, due: datetime | None, extension: timedelta | None) -> bool:
    return when is not None and due is not None and when > due + (extension or timedelta())
