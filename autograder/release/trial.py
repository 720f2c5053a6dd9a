"""Try exercises before a class meets them: does the solution pass, and does anything else?"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import nbformat

from autograder.course import Course
from autograder.files import write_bytes
from autograder.gradebook import private_jupyter
from autograder.grading.weak import Weak
from autograder.release.sources import Exercise
from autograder.sheets import Drawer

__all__ = ["Tried", "trial"]


@dataclass
class Tried:
    """What came of one exercise.

    weak: tests that give points without the answer, and are not meant to.
    notes: what else its author should know, a sentence each.
    why_not: why nothing could be tried, or None.
    """

    exercise: str
    weak: list[Weak] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    why_not: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether everything could be tried and nothing was found."""
        return not self.weak and not self.notes and self.why_not is None

    def lines(self) -> list[str]:
        """What to say, a line each."""
        told = [f"weak test in '{self.exercise}': {one}" for one in self.weak]
        told += [f"note on '{self.exercise}': {one}" for one in self.notes]
        if self.why_not is not None:
            told.append(f"the tests of '{self.exercise}' were not tried: {self.why_not}")
        return told

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def trial(exercises: list[Exercise], stage: Callable[[str], None] = lambda _: None) -> list[Tried]:
    """Try each exercise in rooms of its own, in a course that is gone afterwards.

    stage: called with what is being done.
    """
    with private_jupyter() as home:
        course = Course(home / "trial" / "nbgrader")
        course.root.mkdir(parents=True)
        course.write_config()
        return [_one(course, exercise, stage) for exercise in exercises]


def _one(course: Course, exercise: Exercise, stage: Callable[[str], None]) -> Tried:
    from autograder.grading.chain import make
    from autograder.grading.master import Master

    meant = set(_meant(exercise))
    _write(course.source(exercise.id), exercise)
    stage(f"{exercise.id}: reading the exercise")
    masters = [
        Master(one["name"], one["graded"], one["released"], one["solution"])
        for one in make(course, exercise.id)
    ]
    if sys.platform != "linux":
        return Tried(exercise.id, why_not="closed rooms need Linux")
    told = _in_rooms(course, exercise.id, masters, stage)
    told.weak = [one for one in told.weak if one.cell not in meant]
    return told


def _in_rooms(course: Course, exercise: str, masters: list[Any], stage: Callable[[str], None]) -> Tried:
    from autograder.grading.choose import seconds
    from autograder.grading.plan import language
    from autograder.grading.two_rooms import TwoRooms
    from autograder.rooms.findings import NoIsolation

    told = Tried(exercise)
    mine = [one for one in masters if language(one.graded) == "python"]
    cell, whole = seconds(course)
    drawer = Drawer()
    rooms = TwoRooms(
        course.source(exercise),
        1,
        timeout=cell,
        whole=whole,
        rehearsal=partial(drawer.rehearsal, exercise),
    )
    try:
        stage(f"{exercise}: its own solution goes first")
        rooms.prepare(mine, for_class=False)
        told.notes += rooms.notes
        for master in mine:
            stage(f"{exercise}: its tests meet empty answers")
            found = rooms.weak(master)
            told.weak += found.weak
            if found.untried:
                told.notes.append(f"{', '.join(found.untried)}: not tried, for lack of time")
    except NoIsolation as problem:
        told.why_not = f"{problem} (`autograder doctor` says what is lacking)"
    finally:
        rooms.close()
        drawer.close()
        stage("")
    return told


def _write(folder: Path, exercise: Exercise) -> None:
    folder.mkdir(parents=True)
    for name, notebook in exercise.notebooks.items():
        (folder / name).write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    for name, data in exercise.files.items():
        write_bytes(folder / name, data)


def _meant(exercise: Exercise) -> list[str]:
    """The cells that meta.yml says are meant to give points to everybody, or to whoever played a case."""
    return [one["cell"] for key in ("meant_to_pass", "transcripts") for one in exercise.meta.get(key, [])]
