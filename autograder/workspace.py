"""A learner's workspace: where it lies, and which notebook of an exercise is meant.

>>> begun(Path("/nowhere"))
[]
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from coursefacts.errors import InputFault
from coursefacts.suggest import nearest

from autograder.files import is_safe_name

__all__ = ["HOME", "RELEASED", "Chosen", "begun", "choose", "home"]

RELEASED = Path("_build", "practice")
"""Where `make start` releases the exercises that a reader practises with; never an instructor's course."""

HOME = "COURSE_HOME"
"""The variable by which the learner's server tells its terminals where the course lies."""


@dataclass(frozen=True)
class Chosen:
    """The notebook that is meant.

    others: the names of those that lie beside it.
    """

    path: Path
    others: list[str]


def home() -> Path:
    """Find the course's folder: the server says where, else it is this one or one above it."""
    told = os.environ.get(HOME)
    if told:
        return Path(told)
    here = Path.cwd()
    above = (one for one in (here, *here.parents) if (one / "workspace" / "exercises").is_dir())
    return next(above, here)


def begun(workspace: Path) -> list[str]:
    """Name the exercises that the learner has opened."""
    return sorted({path.parent.name for path in (workspace / "exercises").glob("*/*.ipynb")})


def choose(workspace: Path, exercise: str, name: str | None = None) -> Chosen:
    """Choose an exercise's notebook: the one named, else the one that was handed out, else the only one."""
    folder = workspace / "exercises" / exercise
    found = sorted(folder.glob("*.ipynb")) if is_safe_name(exercise) else []
    if not found:
        raise _not_begun(workspace, exercise)
    path = _named(found, name) if name is not None else _usual(found, exercise)
    if path is None:
        names = ", ".join(f"'{one.name}'" for one in found)
        if name is not None:
            raise InputFault(f"no notebook '{name}' here", path=folder, remedy=f"name one of {names}")
        raise InputFault(
            f"several notebooks here: {names}",
            path=folder,
            remedy="write the name of yours behind the exercise",
        )
    return Chosen(path, [one.name for one in found if one != path])


def _named(found: list[Path], name: str) -> Path | None:
    """Find it by its name, with or without the ending, or by a path that leads there."""
    last = Path(name).name
    return next((one for one in found if last in (one.name, one.stem)), None)


def _usual(found: list[Path], exercise: str) -> Path | None:
    for stem in ("exercise", exercise):
        for one in found:
            if one.stem == stem:
                return one
    return found[0] if len(found) == 1 else None


def _not_begun(workspace: Path, exercise: str) -> InputFault:
    names = begun(workspace)
    shown = exercise if exercise.isprintable() else "?"
    if not names:
        return InputFault(
            f"no exercise '{shown}' here, and none is begun",
            path=workspace,
            remedy="open the exercise from its page first",
        )
    return InputFault(
        f"no exercise '{shown}' is begun here (begun: {', '.join(names)})",
        path=workspace,
        remedy=nearest(exercise, names, "name one of these, or open it from its page first:"),
    )
