"""Notebooks as text: blocks that begin with `# %% kind words`, made into nbgrader notebooks and back.

Kinds of a course's notebook: given, solution NAME, test POINTS NAME, manual POINTS NAME (code that a person
marks), written POINTS NAME, task POINTS NAME, markdown. Prose stands in comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import v4, writes

_BLOCK = re.compile(r"^# %% *(\S+) *(.*)$", re.MULTILINE)
_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


@dataclass(frozen=True)
class Block:
    """A piece of text under one heading."""

    kind: str
    words: str
    text: str


def blocks(path: Path) -> list[Block]:
    """Split a file at its headings; what stands before the first is for people and linters."""
    parts = _BLOCK.split(path.read_text(encoding="utf-8"))[1:]
    return [
        Block(kind, words.strip(), text.strip("\n"))
        for kind, words, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]


def part(kind: str, text: str, name: str, **data: Any) -> Any:
    """Make one of nbgrader's cells."""
    make = v4.new_code_cell if kind == "code" else v4.new_markdown_cell
    full = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    cell = make(text, metadata={"nbgrader": {**full, "grade_id": name, **data}})
    cell["id"] = name
    return cell


def solution(name: str, text: str) -> Any:
    """Make a cell that the learner fills in."""
    return part("code", text, name, solution=True)


def test(name: str, text: str, points: float) -> Any:
    """Make a cell that is run and scored."""
    return part("code", text, name, grade=True, locked=True, points=points)


def _prose(text: str) -> str:
    return re.sub(r"(?m)^# ?", "", text)


def _cell(block: Block, number: int) -> Any:
    points, _, name = block.words.partition(" ")
    if block.kind == "given":
        cell = v4.new_code_cell(block.text)
    elif block.kind == "markdown":
        cell = v4.new_markdown_cell(_prose(block.text))
    elif block.kind == "solution":
        return solution(block.words, block.text)
    elif block.kind == "test":
        return test(name, block.text, float(points))
    elif block.kind == "manual":
        return part("code", block.text, name, grade=True, solution=True, points=float(points))
    elif block.kind == "written":
        return part("markdown", _prose(block.text), name, grade=True, solution=True, points=float(points))
    elif block.kind == "task":
        return part("markdown", _prose(block.text), name, task=True, locked=True, points=float(points))
    else:
        raise ValueError(f"no such kind of block: {block.kind}")
    cell["id"] = f"plain-{number}"
    return cell


def notebook(cells: list[Any]) -> Any:
    """Make a notebook of cells."""
    made = v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = dict(_KERNEL)
    return made


def read_notebook(path: Path) -> Any:
    """Make the instructor's notebook from its text."""
    return notebook([_cell(block, number) for number, block in enumerate(blocks(path))])


def save(made: Any, path: Path) -> None:
    """Write a notebook file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(writes(made), encoding="utf-8")
