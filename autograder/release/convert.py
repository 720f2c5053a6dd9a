"""One way from `py:percent` text to a notebook whose cell ids never change by themselves."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault, ManyFaults

__all__ = ["stable_ids", "to_notebook"]

_CELL = re.compile(r"^# %%(.*)$", re.MULTILINE)
_FIELDS = ("grade", "grade_id", "locked", "schema_version", "solution", "task")
_LIKE = (
    '# %% nbgrader={"grade": true, "grade_id": "test-a", "locked": true, "points": 2, '
    '"schema_version": 3, "solution": false, "task": false}'
)
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def to_notebook(path: Path) -> Any:
    """Convert a `py:percent` file; two runs give the same bytes."""
    import jupytext
    import nbformat

    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputFault("no such file", path=path, remedy="check the name") from None
    except (OSError, UnicodeDecodeError):
        raise InputFault("cannot be read", path=path, remedy="save it as UTF-8 text") from None
    if not _CELL.search(text):
        raise InputFault("has no cell", path=path, line=1, remedy="begin each cell with a line '# %%'")
    try:
        notebook = jupytext.reads(text, fmt="py:percent")
    except Exception as error:  # noqa: BLE001 - jupytext raises what its parsers raise
        raise InputFault(f"is not py:percent ({error})", path=path, remedy="mend the cell headers") from None
    _check_headers(path, text)
    _check(notebook, path, text)
    notebook.metadata = nbformat.from_dict({"kernelspec": _KERNEL, "language_info": {"name": "python"}})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        cell.metadata.pop("lines_to_next_cell", None)
    stable_ids(notebook)
    nbformat.validate(notebook)
    return notebook


def stable_ids(notebook: Any) -> None:
    """Name each cell by its grade id, else by its position; jupytext names them at random."""
    taken: set[str] = set()
    for position, cell in enumerate(notebook.cells):
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell-{position:03d}"
        ident = re.sub(r"[^A-Za-z0-9_-]", "-", name)[:60]
        while ident in taken:
            ident = f"{ident[:56]}-{position:03d}"
        taken.add(ident)
        cell["id"] = ident


def _check_headers(path: Path, text: str) -> None:
    """Tell every header that speaks of nbgrader and cannot be read: jupytext takes it for a title."""
    import jupytext

    faults: list[InputFault] = []
    for mark in _CELL.finditer(text):
        if "nbgrader" not in mark[1]:
            continue
        alone = jupytext.reads(f"{mark[0]}\npass\n", fmt="py:percent")
        if "nbgrader" in alone.cells[-1].metadata:
            continue
        line = text.count("\n", 0, mark.start()) + 1
        what = f"the cell's nbgrader header cannot be read{_where(mark[0])}"
        faults.append(InputFault(what, path=path, line=line, remedy=f"write it like: {_LIKE}"))
    if faults:
        raise ManyFaults(faults)


def _where(header: str) -> str:
    """Say what is no JSON in a header, and at which column."""
    begin = header.find("{", header.find("nbgrader"))
    try:
        json.JSONDecoder().raw_decode(header, max(0, begin))
    except json.JSONDecodeError as error:
        return f" ({error.msg} at column {error.colno})"
    return ""


def _check(notebook: Any, path: Path, text: str) -> None:
    """Tell every cell whose nbgrader metadata nbgrader would refuse, with its line."""
    lines = _header_lines(text, len(notebook.cells))
    seen: dict[str, int | None] = {}
    faults: list[InputFault] = []
    for cell, line in zip(notebook.cells, lines, strict=True):
        data = cell.metadata.get("nbgrader")
        if data is None:
            continue
        fault = _fault(data, seen)
        if fault is None:
            seen[data["grade_id"]] = line
            continue
        faults.append(InputFault(fault[0], path=path, line=line, remedy=fault[1]))
    if faults:
        raise ManyFaults(faults)


def _fault(data: Any, seen: dict[str, int | None]) -> tuple[str, str] | None:
    if not isinstance(data, dict):
        return "nbgrader metadata is not a table", "write it as JSON"
    lacking = [field for field in _FIELDS if field not in data]
    if lacking:
        return f"nbgrader metadata lacks {', '.join(lacking)}", "write all of: " + ", ".join(_FIELDS)
    name = data["grade_id"]
    if not isinstance(name, str) or not re.fullmatch(r"[a-zA-Z0-9_\-]+", name):
        return f"the grade_id '{name}' is not usable", "use letters, digits, dash and underscore"
    if name in seen:
        return f"the grade_id '{name}' stands already on line {seen[name]}", "give each cell its own"
    if (data["grade"] or data["task"]) and not isinstance(data.get("points"), int | float):
        return f"the cell '{name}' is graded but has no points", "add points"
    return None


def _header_lines(text: str, cells: int) -> list[int | None]:
    """Find the line of each cell's header; unknown when text stands before the first one."""
    found = [text.count("\n", 0, mark.start()) + 1 for mark in _CELL.finditer(text)]
    if len(found) == cells:
        return list(found)
    if len(found) + 1 == cells:
        return [1, *found]
    return [None] * cells
