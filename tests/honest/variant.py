"""Variants: one honest learner each, who has done something of their own with the released notebook."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from nbformat import v4

from tests.honest import notebooks

COURSE = Path(__file__).with_name("course")
MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")


class Hand:
    """A released notebook in a learner's hands, answered rightly, ready to be edited."""

    def __init__(self, released: Any, answers: dict[str, str]) -> None:
        self.notebook = copy.deepcopy(released)
        for name, text in answers.items():
            self.answer(name, text)

    @property
    def cells(self) -> list[Any]:
        """Its cells."""
        cells: list[Any] = self.notebook.cells
        return cells

    def at(self, name: str) -> int:
        """Find a cell by its grade id."""
        return next(
            place
            for place, cell in enumerate(self.cells)
            if cell.metadata.get("nbgrader", {}).get("grade_id") == name
        )

    def cell(self, name: str) -> Any:
        """Take a cell by its grade id."""
        return self.cells[self.at(name)]

    def answer(self, name: str, text: str) -> None:
        """Write an answer."""
        self.cell(name).source = dedent(text).strip("\n")

    def add(self, text: str, *, before: str | None = None, after: str | None = None) -> None:
        """Add a code cell; at the end, unless a place is named."""
        made = v4.new_code_cell(dedent(text).strip("\n"))
        place = len(self.cells)
        if before is not None:
            place = self.at(before)
        if after is not None:
            place = self.at(after) + 1
        self.cells.insert(place, made)

    def first(self, text: str) -> None:
        """Add a code cell before everything else."""
        self.cells.insert(0, v4.new_code_cell(dedent(text).strip("\n")))

    def move(self, name: str, place: int) -> None:
        """Put a cell elsewhere."""
        self.cells.insert(place, self.cells.pop(self.at(name)))

    def drop(self, name: str) -> None:
        """Delete a cell."""
        del self.cells[self.at(name)]

    def bytes(self) -> bytes:
        """Write the notebook as Jupyter does."""
        return json.dumps(self.notebook, indent=1, ensure_ascii=False).encode()


Edit = Callable[[Hand], None]


@dataclass(frozen=True)
class Variant:
    """One honest submission.

    answers: cells (by grade id) that are answered in this one's own way.
    edit: what else was done to the notebook.
    raw: what was done to the file.
    saved_as: the file's name, where it is not the notebook's own.
    files: what lies beside the notebook, by name.
    earned: points of test cells that this one does not earn in full.
    """

    name: str
    reason: str
    notebook: str = "signals"
    answers: dict[str, str] = field(default_factory=dict)
    edit: Edit | None = None
    raw: Callable[[bytes], bytes] | None = None
    saved_as: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    earned: dict[str, float] = field(default_factory=dict)

    def hand_in(self, released: Any, right: dict[str, str], folder: Path) -> None:
        """Write this submission into its folder."""
        hand = Hand(released, {**right, **self.answers})
        if self.edit is not None:
            self.edit(hand)
        if isinstance(hand.notebook.get("metadata"), dict):
            # Two people's files are never the same bytes.
            hand.notebook["metadata"]["saved_by"] = self.name
        body = hand.bytes()
        folder.mkdir(parents=True)
        (folder / f"{self.saved_as or self.notebook}.ipynb").write_bytes(self.raw(body) if self.raw else body)
        for name, text in self.files.items():
            (folder / name).write_text(text, encoding="utf-8")

    def expected(self, points: dict[str, float]) -> dict[str, float]:
        """Tell what each test cell of its notebook is worth to this one."""
        return {**points, **self.earned}


def variant(name: str, reason: str, edit: Edit | None = None, **answers: str) -> Variant:
    """Make the usual kind: some answers to the notebook of signals written otherwise, or something edited."""
    return Variant(name, reason, answers=answers, edit=edit)


def qubits(name: str, reason: str, edit: Edit | None = None, **answers: str) -> Variant:
    """Make a variant of the notebook of qubits."""
    return Variant(name, reason, "qubits", answers, edit)


def sources() -> dict[str, Any]:
    """Make the instructor's notebooks."""
    return {path.stem: notebooks.read_notebook(path) for path in sorted((COURSE / "ps1").glob("*.py"))}


def right_answers(source: Any) -> dict[str, str]:
    """Take the instructor's own answers, without the markers."""
    found = {}
    for cell in source.cells:
        data = cell.metadata.get("nbgrader", {})
        if data.get("solution"):
            lines = [line for line in cell.source.split("\n") if line.strip() not in MARKERS]
            found[data["grade_id"]] = "\n".join(lines)
    return found


def points_of(source: Any) -> dict[str, float]:
    """Tell how much each cell that a program scores is worth."""
    data = [cell.metadata.get("nbgrader", {}) for cell in source.cells]
    return {one["grade_id"]: one["points"] for one in data if one.get("grade") and not one.get("solution")}
