"""Find and read exercises as authors keep them: one folder each, `exercise.py` and `meta.yml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursefacts import yamltext
from coursefacts.errors import InputFault

from autograder.files import is_safe_name
from autograder.grading.played import Unasked, asked
from autograder.release.convert import stable_ids, to_notebook
from autograder.release.student import read_notebook

__all__ = ["Exercise", "find", "read"]

# What an author keeps beside the notebook, as all YAML there, and no learner gets.
_KEPT = {"meta.yml", "exercise.py", "wrong", "samples", "README.md", "__pycache__", ".ipynb_checkpoints"}


@dataclass
class Exercise:
    """One exercise, read and ready for release.

    id: the folder's name.
    notebooks: file name to notebook.
    files: other files that the learner gets, relative path to bytes.
    meta: meta.yml as plain data; empty where there is none.
    """

    id: str
    notebooks: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)


def find(source: Path, names: tuple[str, ...]) -> list[Path]:
    """Find the folders of the named exercises, or of all."""
    if not source.is_dir():
        raise InputFault("no such folder of exercises", path=source, remedy="name one with --source")
    have = {
        folder.name: folder
        for folder in sorted(source.iterdir())
        if folder.is_dir() and ((folder / "exercise.py").exists() or any(folder.glob("*.ipynb")))
    }
    if not names:
        if not have:
            raise InputFault(
                "holds no exercise", path=source, remedy="an exercise is a folder with exercise.py"
            )
        names = tuple(have)
    for name in names:
        if name not in have:
            raise InputFault(
                f"has no exercise '{name}' (it has: {', '.join(have) or 'none'})",
                path=source,
                remedy="check the name",
            )
    return [have[name] for name in names]


def read(folder: Path) -> Exercise:
    """Read one exercise whole."""
    if not is_safe_name(folder.name) or "+" in folder.name:
        raise InputFault("cannot be an exercise's id", path=folder, remedy="use letters, digits and dashes")
    text = folder / "exercise.py"
    if text.exists():
        notebooks = {"exercise.ipynb": to_notebook(text)}
    else:
        notebooks = {path.name: read_notebook(path) for path in sorted(folder.glob("*.ipynb"))}
        for notebook in notebooks.values():
            notebook.nbformat_minor = max(5, notebook.nbformat_minor)
            stable_ids(notebook)
    meta = _meta(folder, notebooks)
    return Exercise(folder.name, notebooks, _files(folder), meta)


def _points(notebook: Any) -> float:
    cells = (cell.metadata.get("nbgrader", {}) for cell in notebook.cells)
    return sum(float(data.get("points", 0)) for data in cells if data.get("grade") or data.get("task"))


def _meta(folder: Path, notebooks: dict[str, Any]) -> dict[str, Any]:
    path = folder / "meta.yml"
    if not path.exists():
        return {}
    document = yamltext.read(path)
    if not isinstance(document.data, dict):
        raise InputFault("is not a table of keys", path=path, line=1, remedy="begin with: id: " + folder.name)
    for key in ("id", "title"):
        if not isinstance(document.data.get(key), str):
            raise document.fault(f"lacks '{key}'", remedy=f"add {key}")
    if document.data["id"] != folder.name:
        raise document.fault(f"the id is not the folder's name '{folder.name}'", ["id"], "make them equal")
    points = sum(_points(notebook) for notebook in notebooks.values())
    stated = document.data.get("points")
    if stated is not None and (not isinstance(stated, int | float) or float(stated) != points):
        raise document.fault(
            f"points say {stated}, the cells add up to {points:g}", ["points"], "make them agree"
        )
    tests = _tests(notebooks)
    _asked(document, tests)
    _meant(document, tests)
    return document.data


def _tests(notebooks: dict[str, Any]) -> set[str]:
    """The names of the graded cells that are no answers."""
    return {
        data["grade_id"]
        for notebook in notebooks.values()
        for cell in notebook.cells
        if (data := cell.metadata.get("nbgrader", {})).get("grade") and not data.get("solution")
    }


def _meant(document: yamltext.Document, tests: set[str]) -> None:
    """Check that each test that may give points without an answer is one, and has a reason."""
    told = document.data.get("meant_to_pass", [])
    remedy = "write - {cell: GRADE_ID, why: the reason}"
    if not isinstance(told, list):
        raise document.fault("'meant_to_pass' is not a list", ["meant_to_pass"], remedy)
    for at, one in enumerate(told):
        where: list[str | int] = ["meant_to_pass", at]
        good = isinstance(one, dict) and set(one) == {"cell", "why"}
        if not good or not all(isinstance(word, str) and word.strip() for word in one.values()):
            raise document.fault("an entry of 'meant_to_pass' lacks its cell or its reason", where, remedy)
        if one["cell"] not in tests:
            remedy = f"name one of the cells with tests: {', '.join(sorted(tests))}"
            raise document.fault(f"there is no test cell '{one['cell']}'", where, remedy)


def _asked(document: yamltext.Document, tests: set[str]) -> None:
    """Check that each case that meta.yml asks for earns the points of a cell of its own."""
    try:
        wanted = asked(document.data)
    except Unasked as fault:
        where: list[str | int] = ["transcripts"] if fault.at is None else ["transcripts", fault.at]
        raise document.fault(fault.what, where, fault.remedy) from None
    for at, one in enumerate(wanted):
        if one.cell not in tests:
            remedy = f"name one of the cells with tests: {', '.join(sorted(tests))}"
            what = f"no graded cell '{one.cell}' stands for the case '{one.case}'"
            raise document.fault(what, ["transcripts", at], remedy)


def _files(folder: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") or part in _KEPT for part in relative.parts)
        if hidden or path.suffix in {".ipynb", ".pyc", ".yml"} or not path.is_file():
            continue
        if path.is_symlink():
            raise InputFault("is a link", path=path, remedy="put the file itself into the exercise")
        found[relative.as_posix()] = path.read_bytes()
    return found
