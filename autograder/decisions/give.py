"""Give everybody the points of a part, for a test that was wrong; whoever hands in later has them, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from coursefacts.errors import InputFault
from sqlalchemy import Connection, bindparam, or_, select, update

from autograder.course import Course
from autograder.decisions.store import Decision, add, ensure, in_force, read
from autograder.files import iso, now
from autograder.gradebook import engine, exists, usable
from autograder.grading import tables as t
from autograder.strangers import shown

__all__ = ["apply", "give", "take_back"]


def give(
    course: Course, exercise: str, cell: str, points: float | None, who: str, why: str
) -> tuple[float, int]:
    """Let everybody have at least so many points in a part; give them and how many learners gained.

    points: None for all that the part has. Whoever has more keeps it.
    """
    with _part(course, exercise, cell) as part:
        wanted = part.most if points is None else points
        if not 0 < wanted <= part.most:
            raise InputFault(f"'{cell}' has {part.most:g} points", remedy="give some of them with --points")
        earlier = part.standing()
        if earlier is not None:
            raise InputFault(
                f"everybody was given '{cell}' already: {shown(earlier.words, 300)}",
                remedy="take that back first, with --take-back",
            )
        before = {
            row.learner: row.manual_score
            for row in part.rows()
            if (row.manual_score if row.manual_score is not None else row.auto_score or 0.0) < wanted
            or row.needs_manual_grade
        }
        ids = [row.id for row in part.rows() if row.learner in before]
        changed = update(t.grade).where(t.grade.c.id.in_(ids))
        part.db.execute(changed.values(manual_score=wanted, needs_manual_grade=False))
        add(
            part.db,
            Decision(
                exercise, "give", who, iso(now()), why, notebook=part.notebook, cell=cell, points=wanted,
                details={"before": before},
            ),
        )  # fmt: skip
        return wanted, len(before)


def take_back(course: Course, exercise: str, cell: str, who: str, why: str) -> int:
    """Let the marks count again that stood before everybody was given a part; give how many changed."""
    with _part(course, exercise, cell) as part:
        given = part.standing()
        if given is None:
            raise InputFault(f"nobody was given '{cell}'", remedy="check the name of the part")
        before = (given.details or {}).get("before", {})
        changed = [
            {"key": row.id, "score": before.get(row.learner), "open": row.auto_score is None}
            for row in part.rows()
            if row.manual_score == given.points
        ]
        if changed:
            now_open = [{**one, "open": one["open"] and one["score"] is None} for one in changed]
            values: dict[str, Any] = {
                "manual_score": bindparam("score"),
                "needs_manual_grade": bindparam("open"),
            }
            part.db.execute(update(t.grade).where(t.grade.c.id == bindparam("key")).values(values), now_open)
        back = Decision(
            exercise, "give", who, iso(now()), why, notebook=part.notebook, cell=cell, taken_back=True
        )
        add(part.db, back)
        return len(changed)


def apply(db: Connection, exercise: str, papers: Iterable[str]) -> None:
    """Give what everybody was given to submissions whose grades were just written, by nbgrader's row ids."""
    mine = list(papers)
    for one in in_force(read(db, exercise), "give"):
        cells = (
            select(t.base_cell.c.id)
            .join(t.notebook, t.notebook.c.id == t.base_cell.c.notebook_id)
            .join(t.assignment, t.assignment.c.id == t.notebook.c.assignment_id)
            .where(t.assignment.c.name == exercise, t.notebook.c.name == one.notebook)
            .where(t.base_cell.c.name == one.cell, t.base_cell.c.type.in_(["GradeCell", "TaskCell"]))
        )
        grade = t.grade.c
        less = or_(grade.auto_score.is_(None), grade.auto_score < one.points)
        given = or_(grade.manual_score.is_(None) & less, grade.manual_score <= one.points)
        changed = update(t.grade).where(grade.notebook_id.in_(mine), grade.cell_id.in_(cells), given)
        db.execute(changed.values(manual_score=one.points, needs_manual_grade=False))


@contextmanager
def _part(course: Course, exercise: str, cell: str) -> Iterator[_Part]:
    """Find one part of an exercise in the gradebook; what is done with it is one transaction."""
    made = engine(course)
    nothing = InputFault(
        f"nothing of '{exercise}' is graded yet", path=course.root, remedy=f"run: autograder grade {exercise}"
    )
    try:
        if not exists(course, made):
            raise nothing
        with usable(course), made.begin() as db:
            ensure(db)
            parts = list(db.execute(_parts(exercise)))
            if not parts:
                raise nothing
            found = [one for one in parts if one.name == cell]
            if len(found) != 1:
                many = "stands in several notebooks" if found else "is no part of this exercise"
                names = ", ".join(sorted({one.name for one in parts}))
                raise InputFault(f"'{shown(cell, 60)}' {many}", path=course.root, remedy=f"parts: {names}")
            yield _Part(db, exercise, cell, found[0].id, found[0].notebook, float(found[0].max_score))
    finally:
        made.dispose()


def _parts(exercise: str) -> Any:
    most = select(t.grade_cells).union_all(select(t.task_cells)).subquery()
    return (
        select(t.base_cell.c.id, t.base_cell.c.name, t.notebook.c.name.label("notebook"), most.c.max_score)
        .join(most, most.c.id == t.base_cell.c.id)
        .join(t.notebook, t.notebook.c.id == t.base_cell.c.notebook_id)
        .join(t.assignment, t.assignment.c.id == t.notebook.c.assignment_id)
        .where(t.assignment.c.name == exercise)
    )


@dataclass
class _Part:
    """One part of an exercise: nbgrader's row of it, its notebook and its points."""

    db: Connection
    exercise: str
    cell: str
    id: str
    notebook: str
    most: float

    def standing(self) -> Decision | None:
        """Find the decision that gave this part to everybody, if one is in force."""
        given = in_force(read(self.db, self.exercise), "give")
        return next((one for one in given if (one.notebook, one.cell) == (self.notebook, self.cell)), None)

    def rows(self) -> list[Any]:
        """Read everybody's grade of this part."""
        asked = (
            select(t.grade, t.submitted_assignment.c.student_id.label("learner"))
            .join(t.submitted_notebook, t.submitted_notebook.c.id == t.grade.c.notebook_id)
            .join(t.submitted_assignment, t.submitted_assignment.c.id == t.submitted_notebook.c.assignment_id)
            .where(t.grade.c.cell_id == self.id)
        )
        return list(self.db.execute(asked))
