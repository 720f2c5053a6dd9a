"""Which packages a course's notebooks use that lie outside the interpreter, so that rooms can be shown them.

    outside(["from mytools import plots"])     # [PosixPath('/home/ada/course/tools/mytools')]

That is so for a package installed with `pip install -e`: its code stays where its author works, beside what
no room may see. Nothing is imported to find out; files are read. Only give texts that an instructor wrote.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.machinery import PathFinder
from pathlib import Path

from autograder.rooms import beside, view

__all__ = ["entries", "imported", "outside"]

_MAGIC = re.compile(r"^(\s*)[%!?].*$|^(\s*)\S+\?+\s*$", re.MULTILINE)
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([A-Za-z_]\w*)[\w.]*[ \t]+import\b|import[ \t]+([^#;\n(]+))", re.MULTILINE
)
_MOST_FILES = 2000  # of one package that are read; beyond it something else than a package was found


def outside(sources: Iterable[str], *, never: Iterable[Path] = ()) -> list[Path]:
    """Say what must be shown to rooms for the imports of these texts, and of what they import in turn.

    The packages' folders, and the files and folders that their code names by their place beside it.
    never: folders of a course; none is shown, nor a folder that holds one, nor data from within one.
    """
    closed = [one.resolve() for one in never]
    trees = view.readable_trees()
    shown: list[Path] = []
    data: list[Path] = []
    seen: set[str] = {*sys.stdlib_module_names, *view.HIDDEN}
    waiting = [name for source in sources for name in imported(source)]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for place in _places(name):
            if any(place.is_relative_to(one) for one in [*trees, *shown]):
                continue
            if not beside.is_package(place, closed):
                continue
            shown.append(place)
            for file in _modules(place):
                text = _read(file)
                waiting += _listed(text)
                data += beside.named(text, file)
    for one in sorted(set(data), key=lambda place: len(place.parts)):
        if beside.is_data(one, [*trees, *shown], closed):
            shown.append(one)
    return sorted(shown)


def entries(shown: Iterable[Path]) -> list[str]:
    """The entries of the import path under which what is shown can be imported."""
    folders = {str(one.parent) for one in shown}
    return [one for one in _search() if str(Path(one).resolve()) in folders]


def imported(source: str) -> list[str]:
    """The first names of everything that a text imports; a notebook's magic commands may stand in it."""
    try:
        tree = ast.parse(_MAGIC.sub(r"\1\2pass", source))
    except (SyntaxError, ValueError, RecursionError):
        return _listed(source)
    return list(dict.fromkeys(name.partition(".")[0] for node in ast.walk(tree) for name in _names(node)))


def _listed(source: str) -> list[str]:
    """The same by its lines alone: quicker, for packages of many files, and for a text that is no Python."""
    found: list[str] = []
    for module, several in _IMPORT.findall(source):
        found += [module] if module else [re.split(r"[.\s]", one.strip())[0] for one in several.split(",")]
    return [one for one in dict.fromkeys(found) if one.isidentifier()]


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module] if node.module and not node.level else []
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in ("import_module", "__import__") and isinstance(node.args[0].value, str):
            return [node.args[0].value]
    return []


def _search() -> list[str]:
    """The import path without the folder in which the grader was started: rooms are not started there."""
    here = os.path.realpath(os.curdir)
    installed = {line for line in _lines_of_pth() if line}
    return [one for one in sys.path if one and (os.path.realpath(one) != here or one in installed)]


def _lines_of_pth() -> Iterator[str]:
    for folder in sys.path:
        if folder and Path(folder).name in ("site-packages", "dist-packages"):
            for file in Path(folder).glob("*.pth"):
                yield from map(str.strip, _read(file).splitlines())


def _places(name: str) -> list[Path]:
    """Where a package or module of this name lies; a namespace may have several folders."""
    path = _search()
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        if find is None:
            continue
        try:
            spec = find(name, path) if finder is PathFinder else find(name, None)
        # An installed finder is anybody's code.
        except Exception:  # noqa: BLE001
            continue
        if spec is None:
            continue
        if spec.submodule_search_locations is not None:
            return [Path(one).resolve() for one in spec.submodule_search_locations if Path(one).is_dir()]
        return [Path(spec.origin).resolve()] if spec.origin and Path(spec.origin).is_file() else []
    return []


def _modules(place: Path) -> list[Path]:
    if place.is_file():
        return [place] if place.suffix == ".py" else []
    found = (one for one in sorted(place.rglob("*.py")) if one.is_file())
    return [one for one, _ in zip(found, range(_MOST_FILES), strict=False)]


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
