"""Idioms: each a small exercise with its test, other honest solutions, and a wrong one.

A file of `idioms/` is one notebook. Its blocks: `given`, and for each idiom `idiom NAME`, then `solution`,
`test`, `other` (one or more) and `wrong`.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.honest import notebooks

FOLDER = Path(__file__).with_name("idioms")
POINTS = 2.0
LEARNERS = ("own", "other", "another", "wrong")
CLASS = ("own", "other", "wrong")
ASSIGNMENTS = Path(__file__).with_name("assignments")  # what real courses ask, in other words


@dataclass
class Idiom:
    """One way in which a test asks for something.

    name: the grade id of its test cell.
    before: what is given in the notebook before it.
    """

    theme: str
    name: str
    before: list[str] = field(default_factory=list)
    solution: str = ""
    test: str = ""
    others: list[str] = field(default_factory=list)
    wrong: str = ""

    def answer(self, learner: str) -> str:
        """Tell what this learner of the class writes."""
        if learner == "wrong":
            return self.wrong
        place = LEARNERS.index(learner) - 1
        return self.others[place] if 0 <= place < len(self.others) else self.solution


def read(path: Path) -> list[Idiom]:
    """Read the idioms of one notebook."""
    found: list[Idiom] = []
    given: list[str] = []
    for block in notebooks.blocks(path):
        if block.kind == "idiom":
            found.append(Idiom(path.stem, block.words, given))
            given = []
        elif block.kind == "given":
            given.append(block.text)
        elif block.kind == "other":
            found[-1].others.append(block.text)
        else:
            setattr(found[-1], block.kind, block.text)
    return found


def everything(folder: Path = FOLDER) -> dict[str, list[Idiom]]:
    """Read all notebooks of a corpus, by name."""
    return {path.stem: read(path) for path in sorted(folder.glob("*.py"))}


def source(idioms: list[Idiom]) -> Any:
    """Make the instructor's notebook."""
    cells = []
    for idiom in idioms:
        for number, text in enumerate(idiom.before):
            cell = notebooks.v4.new_code_cell(text)
            cell["id"] = f"given-{idiom.name}-{number}"
            cells.append(cell)
        inside = f"### BEGIN SOLUTION\n{idiom.solution}\n### END SOLUTION"
        cells.append(notebooks.solution(f"{idiom.name}-answer", inside))
        cells.append(notebooks.test(idiom.name, idiom.test, POINTS))
    return notebooks.notebook(cells)


def handed_in(released: Any, idioms: list[Idiom], learner: str) -> Any:
    """Fill in a released notebook as one learner would."""
    made = copy.deepcopy(released)
    answers = {f"{idiom.name}-answer": idiom.answer(learner) for idiom in idioms}
    for cell in made.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
    return made
