"""From an attack to the folder that is handed in."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.hostile.corpus import Attack
from tests.hostile.exercise import SOLUTIONS, filled, notebook, released, right, wrong

__all__ = ["TWISTS", "cells_of", "hand_in"]

WHY = "The second gate acts only where the first qubit is 1, and the first gate made it both."
Cells = list[dict[str, Any]]


def cells_of(attack: Attack | None, words: dict[str, str]) -> Cells:
    """Make the cells of a submission; without an attack those of honest work."""
    cells = released()
    for cell in cells:
        name = cell["id"]
        if name in SOLUTIONS and (attack is None or name not in attack.aims):
            cell["source"] = right(name)
        if name == "why":
            cell["source"] = WHY
        if attack is not None and name in attack.aims:
            cell["source"] = wrong(name)
        if attack is not None and name in attack.answers:
            before = wrong(name) + "\n\n" if name in attack.aims else ""
            cell["source"] = before + filled(attack.answers[name], words)
    for after, text in attack.added if attack is not None else ():
        place = next(at for at, cell in enumerate(cells) if cell["id"] == after)
        cells.insert(place + 1, _code(filled(text, words), f"mine-{place}"))
    return cells


def hand_in(folder: Path, attack: Attack | None, words: dict[str, str]) -> None:
    """Lay a submission into its folder."""
    folder.mkdir(parents=True)
    cells = cells_of(attack, words)
    made = notebook(cells)
    # Two people's files are never the same bytes.
    made["metadata"]["saved_by"] = folder.parent.name
    if attack is not None and "attachment" in attack.heads:
        script = "<svg xmlns='http://www.w3.org/2000/svg' onload='window.owned=1'/>"
        why = next(cell for cell in cells if cell["id"] == "why")
        why["attachments"] = {"picture.svg": dict.fromkeys(attack.heads["attachment"], script)}
    body: str | None = None
    if attack is not None and attack.twist is not None:
        body = TWISTS[attack.twist](made, folder, words)
    path = folder / "pset.ipynb"
    if not path.is_symlink():
        path.write_text(json.dumps(made) if body is None else body, encoding="utf-8", errors="surrogatepass")
    for name, content in attack.files.items() if attack is not None else ():
        (folder / name).write_text(content, encoding="utf-8")


def _code(text: str, ident: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": ident,
        "metadata": {},
        "source": text,
        "outputs": [],
        "execution_count": 1,
    }


def _checks(made: dict[str, Any]) -> Cells:
    return [cell for cell in made["cells"] if cell["id"].startswith("test-")]


def skip_tags(made: dict[str, Any], *_: Any) -> None:
    for cell in made["cells"]:
        cell["metadata"] |= {"tags": ["skip-execution", "remove-cell"], "deletable": True, "editable": True}
        cell["metadata"] |= {
            "init_cell": False,
            "jupyter": {"source_hidden": True},
            "run_through_control": {},
        }


def raises_tags(made: dict[str, Any], *_: Any) -> None:
    for cell in made["cells"]:
        cell["metadata"] |= {"tags": ["raises-exception", "nbval-ignore"], "allow_errors": True}
    made["metadata"]["execution"] = {"allow_errors": True}


def edited_checks(made: dict[str, Any], *_: Any) -> None:
    for cell in _checks(made):
        cell["source"] = "points = 3\npoints"


def no_checks(made: dict[str, Any], *_: Any) -> None:
    made["cells"] = [cell for cell in made["cells"] if not cell["id"].startswith("test-")]


def checks_as_prose(made: dict[str, Any], *_: Any) -> None:
    for number, cell in enumerate(_checks(made)):
        cell["cell_type"] = ("markdown", "raw", "code", "nothing")[number % 4]
        cell["source"] = "passed"


def checks_first(made: dict[str, Any], *_: Any) -> None:
    made["cells"].sort(key=lambda cell: not cell["id"].startswith("test-"))


def checks_twice(made: dict[str, Any], *_: Any) -> None:
    for cell in _checks(made):
        empty = copy.deepcopy(cell)
        empty["source"] = "points = 3\npoints"
        made["cells"] += [empty, copy.deepcopy(empty)]
        made["cells"].insert(0, copy.deepcopy(empty))


def exchanged_ids(made: dict[str, Any], *_: Any) -> None:
    for cell in made["cells"]:
        own = cell["metadata"].get("nbgrader")
        if own and cell["cell_type"] == "code":
            name = own["grade_id"]
            own["grade_id"] = name.removeprefix("test-") if name.startswith("test-") else f"test-{name}"
            cell["id"] = own["grade_id"]


def renamed_checks(made: dict[str, Any], *_: Any) -> None:
    for cell in _checks(made):
        cell["metadata"]["nbgrader"]["grade_id"] = "x" + cell["id"]
        cell["id"], cell["source"] = "x" + cell["id"], "pass"


def more_points(made: dict[str, Any], *_: Any) -> None:
    for cell in _checks(made):
        cell["metadata"]["nbgrader"]["points"] = 1000
    made["cells"].append(_graded("bonus", 1e6))


def flags_exchanged(made: dict[str, Any], *_: Any) -> None:
    for cell in made["cells"]:
        own = cell["metadata"].get("nbgrader")
        if own:
            own["grade"], own["solution"] = not own["grade"], not own["solution"]
            own["points"] = 50


def another_kernel(made: dict[str, Any], folder: Path, words: dict[str, str]) -> None:
    made["metadata"]["kernelspec"] = {"name": "../../evil", "display_name": "x", "language": "bash"}
    made["metadata"]["language_info"] = {"name": "bash", "file_extension": ".sh"}
    made["metadata"]["kernelspec"]["argv"] = ["sh", "-c", f"touch {words['OPEN']}/kernel"]


def _graded(name: str, points: float) -> dict[str, Any]:
    cell = _code("3", name)
    own = {"grade": True, "solution": False, "task": False, "locked": True, "schema_version": 3}
    cell["metadata"]["nbgrader"] = {**own, "grade_id": name, "points": points}
    return cell


def own_check(made: dict[str, Any], *_: Any) -> None:
    made["cells"].insert(1, _graded("first", 100))
    made["cells"] += [_graded("test-", 100), _graded("test-number ", 100), _graded("TEST-NUMBER", 100)]


def marked_already(made: dict[str, Any], *_: Any) -> None:
    for cell in made["cells"]:
        if cell["id"] in ("why", "drawing"):
            cell["metadata"]["nbgrader"] |= {"score": 99, "auto_score": 99, "manual_score": 99, "grade": True}
            cell["metadata"]["nbgrader"] |= {"needs_manual_grade": False, "max_score": 99}
    drawing = next(cell for cell in made["cells"] if cell["id"] == "drawing")
    drawing["source"] = "Full marks: 3 of 3."


def odd_ids(made: dict[str, Any], *_: Any) -> None:
    odd: list[Any] = [
        "../../x",
        "'; drop table grade; --",
        {"$ne": 1},
        ["test-number"],
        None,
        "a\nb" * 999,
        3,
    ]
    for number, cell in enumerate(made["cells"]):
        if cell["id"] in ("why", "drawing"):
            continue
        cell["id"] = odd[number % len(odd)]
        if cell["metadata"].get("nbgrader"):
            cell["metadata"]["nbgrader"]["grade_id"] = odd[(number + 1) % len(odd)]


def odd_texts(made: dict[str, Any], *_: Any) -> None:
    odd = [
        "\x00",
        "\ud800\udfff\ud800",
        "\u202e" * 100,
        "x" * 2**20,
        "\ufeff",
        "# -*- coding: rot13 -*-\ncevag(1)",
    ]
    for number, cell in enumerate(made["cells"]):
        if cell["id"] in SOLUTIONS:
            cell["source"] = odd[number // 2 % len(odd)]
    made["cells"] += [None, 3, "cell", [], {"cell_type": "code"}, {"cell_type": 3, "source": {}}]
    made["cells"].append({"cell_type": "code", "source": [1, None, "x = 1"], "metadata": [], "outputs": 3})


def trusted(made: dict[str, Any], *_: Any) -> None:
    made["metadata"] |= {"signature": "sha256:0", "trusted": True, "nbgrader": {"grade": 19}}
    made["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"a": {}}}}
    for cell in made["cells"]:
        cell["metadata"] |= {"trusted": True, "collapsed": True, "scrolled": "auto", "name": "x"}
        cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "3"}, "metadata": {}}]


def link_to_source(_: dict[str, Any], folder: Path, words: dict[str, str]) -> None:
    (folder / "pset.ipynb").symlink_to(f"{words['COURSE']}/source/pset/pset.ipynb")


def folder_of_links(_: dict[str, Any], folder: Path, words: dict[str, str]) -> None:
    for name, target in (
        ("others", f"{words['COURSE']}/submitted"),
        ("counts.json", f"{words['HOME']}/notes.txt"),
        ("notes.txt", f"{words['HOME']}/notes.txt"),
        ("root", "/"),
        ("itself", "."),
        ("gradebook.db", f"{words['COURSE']}/gradebook.db"),
    ):
        (folder / name).symlink_to(target)


def sixty_megabytes(made: dict[str, Any], *_: Any) -> str:
    made["cells"].append(_code("#" * 60 * 2**20, "large"))
    return json.dumps(made)


def hundred_thousand_cells(made: dict[str, Any], *_: Any) -> str:
    made["cells"] += [_code("x = 1", f"c{number}") for number in range(100_000)]
    return json.dumps(made)


def bottomless(made: dict[str, Any], *_: Any) -> str:
    depth = 100_000
    made["metadata"]["deep"] = "@"
    return json.dumps(made).replace('"@"', "[" * depth + "]" * depth)


def endless_numbers(made: dict[str, Any], *_: Any) -> str:
    made["metadata"]["long"] = "@"
    digits = "9" * 1_000_000
    return (
        json.dumps(made).replace('"@"', digits).replace('"nbformat": 4', f'"nbformat": {digits}, "cells": []')
    )


def four_thousand_cells(made: dict[str, Any], *_: Any) -> None:
    made["cells"] += [_code("print(" + "'x' * 999)", f"c{number}") for number in range(4000)]


_ALL = [
    skip_tags, raises_tags, edited_checks, no_checks, checks_as_prose, checks_first, checks_twice,
    exchanged_ids, renamed_checks, more_points, flags_exchanged, another_kernel, own_check, marked_already,
    odd_ids, odd_texts, trusted, link_to_source, folder_of_links, sixty_megabytes, hundred_thousand_cells,
    bottomless,
    endless_numbers, four_thousand_cells,
]  # fmt: skip
TWISTS: dict[str, Callable[[dict[str, Any], Path, dict[str, str]], str | None]] = {
    one.__name__: one for one in _ALL
}
