"""What may be shown beside a package: the data that its code names by its own place, and no more.

A module often says `Path(__file__).parents[2] / "facts"`. Such expressions are worked out without running
anything. A single file or a folder of plain data is shown; a checkout, a course, a notebook, code, a database
is not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

__all__ = ["is_data", "is_package", "named"]

# What a folder holds that is more than a package or its data.
_COURSE = ("gradebook.db", "nbgrader_config.py", "submitted", "autograded", "release", "source")
_CHECKOUT = (".git", "pyproject.toml", "setup.py")
_TABLES = (".csv", ".dat", ".mat", ".npy", ".npz", ".parquet", ".tsv")
_TEXTS = (".json", ".jsonl", ".md", ".qasm", ".qpy", ".toml", ".txt", ".yaml", ".yml")
_DATA = frozenset((*_TABLES, *_TEXTS, ".png", ".svg"))
_MOST = 5000


def is_package(place: Path, closed: Iterable[Path]) -> bool:
    """Whether this is a package's folder or a module's file, and not a course or a checkout beside one."""
    if any(one.is_relative_to(place) for one in closed):
        return False
    if place.is_file():
        return True
    if (place / "__init__.py").is_file():
        return not any((place / name).exists() for name in (".git", "gradebook.db", "nbgrader_config.py"))
    # Without it every folder on the import path is a package by its mere name.
    return _is_plain(place) and any([*place.glob("*.py"), *place.glob("*/__init__.py")])


def is_data(place: Path, shown: Iterable[Path], closed: Iterable[Path]) -> bool:
    """Whether this is data that may be shown: apart from what is shown already, and nothing of a course."""
    closed = list(closed)
    if any(place.is_relative_to(one) or one.is_relative_to(place) for one in shown):
        return False
    if any(place.is_relative_to(one) or one.is_relative_to(place) for one in closed):
        return False
    if place.is_file():
        return place.suffix.lower() in _DATA
    if not place.is_dir() or not _is_plain(place):
        return False
    files = [one for one in islice(place.rglob("*"), _MOST) if one.is_file()]
    return len(files) < _MOST and all(one.suffix.lower() in _DATA for one in files)


def _is_plain(folder: Path) -> bool:
    if any((folder / name).exists() for name in (*_COURSE, *_CHECKOUT)):
        return False
    return not any(one.suffix == ".ipynb" for one in islice(folder.rglob("*"), _MOST))


def named(source: str, file: Path) -> list[Path]:
    """The existing places outside its own folder that a module's text names starting from `__file__`."""
    if "__file__" not in source:
        return []
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    finder = _Finder(file)
    finder.visit(tree)
    return [one for one in finder.found if one.exists() and not file.parent.is_relative_to(one)]


class _Finder(ast.NodeVisitor):
    """Work out the longest path expressions, and remember names that stand for one."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.names: dict[str, Path] = {}
        self.found: list[Path] = []

    def visit(self, node: ast.AST) -> None:
        """Note what is a path as a whole; look inside what is not."""
        place = self._place(node) if isinstance(node, ast.expr) else None
        if place is not None:
            self.found.append(place.resolve())
            return
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            self._assigned(node)
        super().generic_visit(node)

    def _assigned(self, node: ast.Assign | ast.AnnAssign) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        place = self._place(node.value) if node.value is not None else None
        for target in targets:
            if isinstance(target, ast.Name) and place is not None:
                self.names[target.id] = place

    def _place(self, node: ast.AST) -> Path | None:
        if isinstance(node, ast.Name):
            return self.file if node.id == "__file__" else self.names.get(node.id)
        if isinstance(node, ast.Attribute) and node.attr == "parent":
            return self._up(node.value, 0)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
            number = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if node.value.attr == "parents" and isinstance(number, int):
                return self._up(node.value.value, number)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return self._below(self._place(node.left), [node.right])
        return self._called(node) if isinstance(node, ast.Call) else None

    def _up(self, node: ast.AST, number: int) -> Path | None:
        place = self._place(node)
        return place.parents[number] if place and 0 <= number < len(place.parents) else None

    def _below(self, place: Path | None, parts: list[ast.expr]) -> Path | None:
        for part in parts:
            if place is None or not isinstance(part, ast.Constant) or not isinstance(part.value, str):
                return None
            place = place / part.value
        return place

    def _called(self, node: ast.Call) -> Path | None:
        """Path(x), x.resolve(), x.joinpath(…), os.path.dirname(x), os.path.join(x, …)."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if isinstance(node.func, ast.Attribute) and name in ("resolve", "absolute", "joinpath"):
            return self._below(self._place(node.func.value), node.args)
        if not node.args:
            return None
        first, *rest = node.args
        if name == "dirname":
            return self._up(first, 0)
        if name in ("Path", "str", "abspath", "realpath", "join"):
            return self._below(self._place(first), rest)
        return None
