"""The learner's own notebook: read now, while whatever is wrong with it can still be mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from coursefacts.errors import InputFault

from autograder import tokens
from autograder.course import Course
from autograder.files import sha256
from autograder.grading.reading import SubmittedCell, Unreadable, read_submission
from autograder.typed import asks_for_token, typed
from autograder.workspace import choose

__all__ = ["Own", "read_cells", "read_own"]


@dataclass
class Own:
    """A notebook to practise on.

    others: the names of the notebooks beside it.
    name: whom the practice token names; None where the exercise has no variants.
    token: in its normal form, or None likewise.
    saved: when it was last saved.
    """

    path: Path
    others: list[str]
    cells: list[SubmittedCell]
    digest: str
    name: str | None
    token: str | None
    saved: datetime


def read_cells(path: Path) -> list[SubmittedCell]:
    """Read a notebook's cells, or say what to do with the file."""
    try:
        cells = read_submission(path)
    except Unreadable as reason:
        raise InputFault(str(reason), path=path, remedy="save it again from JupyterLab") from None
    if not cells:
        raise InputFault("the notebook has no cells", path=path, remedy="save it again from JupyterLab")
    return cells


def read_own(course: Course, workspace: Path, exercise: str, notebook: str | None) -> Own:
    """Read the notebook that is meant; refuse one that names nobody, and one with a token of a course."""
    chosen = choose(workspace, exercise, notebook)
    cells = read_cells(chosen.path)
    asked = asks_for_token(
        cell.text for path in course.notebooks(exercise) for cell in read_cells(path) if cell.kind == "code"
    )
    found = _token(exercise, cells, chosen.path) if asked else None
    return Own(
        chosen.path,
        chosen.others,
        cells,
        sha256(chosen.path.read_bytes()),
        found.name if found else None,
        found.token if found else None,
        datetime.fromtimestamp(chosen.path.stat().st_mtime, UTC).replace(microsecond=0),
    )


def _token(exercise: str, cells: list[SubmittedCell], path: Path) -> tokens.Typed:
    try:
        found = tokens.typed(exercise, typed(cells).get("token", ""))
    except InputFault as fault:
        raise InputFault(fault.what, path=path, remedy=fault.remedy) from None
    if found.name is None:
        # Else a graded exercise could be tried against its hidden tests until it is right.
        raise InputFault(
            "it carries the token of a course, and that variant is graded when you hand it in",
            path=path,
            remedy='to practise, write "practice: " and your name into a copy, and name the copy here',
        )
    return found
