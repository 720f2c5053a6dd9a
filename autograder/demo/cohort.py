"""Twelve invented learners and the notebooks that they hand in."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["COHORT", "Invented", "notebook_of", "wrong_answers"]

_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Invented:
    """One invented learner.

    way: how the hand-in comes: zip, late, folder, moodle or canvas.
    written: the share of the written points that the invented instructor gives; None leaves them unmarked.
    plays: whether the case and the quiz are played too.
    """

    id: str
    name: str
    kind: str
    does: str
    way: str
    written: float | None = 1.0
    plays: bool = True


COHORT = (
    Invented("ada", "Ada Example", "honest", "all right", "zip", 0.9),
    Invented(
        "ben", "Ben Beispiel", "noisy", "all right, with warnings and cells of their own", "moodle", 0.8
    ),
    Invented("chloe", "Chloé Exemple", "honest", "all right, file renamed by the LMS", "canvas", 1.0),
    Invented("dan", "Dan Ejemplo", "honest", "all right, handed in late", "late", 0.8),
    Invented("eva", "Eva Esempio", "wrong-0", "a named wrong answer", "zip", 0.5),
    Invented("femi", "Femi Example", "wrong-1", "a named wrong answer", "zip", 0.6),
    Invented("grace", "Grace Example", "wrong-2", "a named wrong answer", "zip", 0.7),
    Invented("hiro", "Hiro Example", "wrong-3", "a named wrong answer", "zip", 0.4),
    Invented("iris", "Iris Example", "blank", "nothing changed", "zip", 0.0, plays=False),
    Invented("jon", "Jon Example", "broken", "a file that is not JSON", "folder", None, plays=False),
    Invented("kim", "Kim Example", "doubled", "a cell copied with its name, tests deleted", "folder", None),
    Invented("lea", "Lea Example", "empty", "a notebook without cells", "folder", None, plays=False),
)


def notebook_of(
    kind: str, source: Any, released: Any, wrong: list[dict[str, str]], right: dict[str, str] | None = None
) -> str:
    """Make the notebook file that a learner of this kind hands in.

    right: what this learner's own variant needs in place of the author's solution, by grade_id.
    """
    if kind == "broken":
        return json.dumps(released)[: len(json.dumps(released)) // 2]
    notebook = copy.deepcopy(released)
    if kind == "empty":
        notebook["cells"] = []
    elif kind != "blank":
        changed = wrong[int(kind[-1]) % len(wrong)] if kind.startswith("wrong") and wrong else {}
        _answer(notebook, source, (right or {}) | changed)
        if kind == "noisy":
            _add_noise(notebook)
        elif kind == "doubled":
            _double(notebook)
    return json.dumps(notebook, indent=1)


def _own(cell: Any) -> dict[str, Any]:
    found: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return found


def _answer(notebook: Any, source: Any, changed: dict[str, str]) -> None:
    """Fill in the author's solution, but for the cells that a wrong answer changes."""
    solved = {
        _own(cell)["grade_id"]: cell["source"] for cell in source["cells"] if _own(cell).get("solution")
    }
    for cell in notebook["cells"]:
        name = _own(cell).get("grade_id")
        if name in changed:
            cell["source"] = _given(solved.get(name, "")) + changed[name]
        elif name in solved:
            kept = [line for line in solved[name].split("\n") if line.strip() not in {_BEGIN, _END}]
            cell["source"] = "\n".join(kept)


def _given(solution: str) -> str:
    """Give the lines before a solution, unless they begin a function: an answer may rest on them."""
    before, found, _ = f"\n{solution}".partition(f"\n{_BEGIN}")
    return f"{before[1:]}\n" if found and before else ""


def _code(text: str, ident: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": ident,
        "metadata": {},
        "source": text,
        "outputs": [],
        "execution_count": None,
    }


def _add_noise(notebook: Any) -> None:
    noise = "import sys, warnings\nwarnings.warn('only noise')\nprint('more noise', file=sys.stderr)"
    notebook["cells"].insert(1, _code(noise, "noise"))
    notebook["cells"].append(_code("2 + 2", "scratch"))


def _double(notebook: Any) -> None:
    cells = notebook["cells"]
    first = next(
        at for at, cell in enumerate(cells) if _own(cell).get("solution") and cell["cell_type"] == "code"
    )
    draft = copy.deepcopy(cells[first])
    draft["id"] = "draft"
    draft["source"] = "# a first draft\n" + draft["source"]
    cells.insert(first, draft)
    tests = [cell for cell in cells if _own(cell).get("grade") and not _own(cell).get("solution")]
    cells.remove(tests[-1])


def wrong_answers(folder: Path) -> list[dict[str, str]]:
    """Read an exercise's named wrong answers: cells by grade id."""
    return [_cells(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("wrong/*.py"))]


def _cells(text: str) -> dict[str, str]:
    parts = re.split(r"^# %% +([A-Za-z0-9_-]+).*\n", text, flags=re.MULTILINE)
    return {name: body.strip("\n") for name, body in zip(parts[1::2], parts[2::2], strict=True)}
