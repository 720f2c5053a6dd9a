"""The exercise under attack, as its author wrote it, as it was handed out, and as it is answered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = [
    "CELLS",
    "MOST",
    "SOLUTIONS",
    "TESTED_BY",
    "Cell",
    "filled",
    "notebook",
    "released",
    "right",
    "source",
]

TEXT = Path(__file__).with_name("assignment") / "pset.txt"
BLANK = "# YOUR CODE HERE\nraise NotImplementedError()"
_HEAD = re.compile(r"# %% \[(code|markdown)\] (\S+)(?: (given|solution|test|written|task))?(?: (\d+))?")
_SOLUTION = re.compile(r"(?m)^([ ]*)### BEGIN SOLUTION\n(?:.*\n)*?\1### END SOLUTION(?:\n|$)")
_FUNCTION = re.compile(r"(?m)^def (\w+)")
_WRONG = {
    "vector": """\
class Vector:
    def __init__(self, x, y):
        self.x = self.y = 0

    def length(self):
        return 0

    def __add__(self, other):
        return self
""",
    "recorder": """\
class Recorder:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def note(self, text):
        return None

    def count(self):
        return 0
""",
}
_HIDDEN = re.compile(r"(?m)^### BEGIN HIDDEN TESTS\n(?:.*\n)*?### END HIDDEN TESTS(?:\n|$)")


@dataclass
class Cell:
    """One cell of the exercise.

    kind: code or markdown.
    role: given, solution, test, written or task; None for prose.
    """

    kind: str
    name: str
    role: str | None
    points: int
    text: str

    @property
    def metadata(self) -> dict[str, Any]:
        """What nbgrader knows of it."""
        if self.role is None or self.role == "given":
            return {}
        own: dict[str, Any] = {
            "grade": self.role in ("test", "written"),
            "solution": self.role in ("solution", "written"),
            "task": self.role == "task",
            "locked": self.role in ("test", "task"),
            "grade_id": self.name,
            "schema_version": 3,
        }
        if self.role in ("test", "written", "task"):
            own["points"] = self.points
        return {"nbgrader": own}


def _read() -> list[Cell]:
    cells: list[Cell] = []
    lines: list[list[str]] = []
    for line in TEXT.read_text(encoding="utf-8").splitlines():
        if head := _HEAD.fullmatch(line):
            cells.append(Cell(head[1], head[2], head[3], int(head[4] or 0), ""))
            lines.append([])
        else:
            lines[-1].append(line)
    for cell, text in zip(cells, lines, strict=True):
        cell.text = "\n".join(text)
    return cells


CELLS = _read()
SOLUTIONS = [cell.name for cell in CELLS if cell.role == "solution"]
_TESTS = [cell for cell in CELLS if cell.role == "test"]
TESTED_BY = {name: f"test-{name}" for name in SOLUTIONS}
MOST = {cell.name: float(cell.points) for cell in _TESTS}


def filled(text: str, words: dict[str, str]) -> str:
    """Put in what is known only when the course is built: secrets, paths and ports."""
    return re.sub(r"@([A-Z]+)@", lambda found: words.get(found[1], found[0]), text)


def right(name: str) -> str:
    """Give the author's own answer, without its markers."""
    text = next(cell.text for cell in CELLS if cell.name == name)
    return "\n".join(line for line in text.splitlines() if not line.strip().startswith("### "))


def wrong(name: str) -> str:
    """Give an answer that can be called and is wrong: it earns something only where nothing is compared."""
    return _WRONG.get(name) or f"def {_FUNCTION.search(right(name))[1]}(*_, **__):\n    return None\n"


def source(words: dict[str, str]) -> dict[str, Any]:
    """Make the instructor's notebook."""
    return notebook([_made(cell, filled(cell.text, words)) for cell in CELLS])


def released() -> list[dict[str, Any]]:
    """Make the cells that the learners got."""
    made = []
    for cell in CELLS:
        text = _SOLUTION.sub(lambda found: found[1] + BLANK.replace("\n", "\n" + found[1]) + "\n", cell.text)
        made.append(_made(cell, _HIDDEN.sub("", text).rstrip("\n")))
    return made


def _made(cell: Cell, text: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": cell.name,
        "metadata": cell.metadata,
        "source": text,
    }
    if cell.kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    """Make a notebook of cells."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
