"""In the examiner's room: the text that was handed in, for `inspect.getsource`; no room's word for it."""

from __future__ import annotations

import ast
import linecache
from typing import Any

__all__ = ["Sources"]

_LONGEST = 500_000  # no cell that a person wrote; a parser's time and depth have their limits


class Sources:
    """The texts of the cells run in the learner's room, the latest last."""

    def __init__(self) -> None:
        self._texts: list[tuple[str, str]] = []
        self._trees: dict[str, ast.Module | None] = {}

    def add(self, text: str) -> None:
        """Keep one more."""
        name = f"<cell {len(self._texts) + 1}>"
        self._texts.append((name, text))
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)

    def place(self, qualname: str, line: Any) -> tuple[str, int] | None:
        """Where a function of this name was defined last: the cell, and the line of its first decorator or
        `def`.
        """
        path = [one for one in qualname.split(".") if one != "<locals>"]
        for name, text in reversed(self._texts):
            if path[-1] != "<lambda>" and path[0] not in text:
                continue
            quick = _at_once(text, path)
            if quick is not None:
                return name, quick
            tree = self._tree(name, text)
            if tree is None:
                continue
            found = _lambda(tree, line) if path[-1] == "<lambda>" else _inside(tree, path)
            if found is not None:
                return name, found
        return None

    def _tree(self, name: str, text: str) -> ast.Module | None:
        """What a cell says, or None for a cell of magics or a broken one."""
        if name not in self._trees:
            try:
                self._trees[name] = ast.parse(text) if len(text) < _LONGEST else None
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                self._trees[name] = None
        return self._trees[name]


def _at_once(text: str, path: list[str]) -> int | None:
    """Where a function is defined, found without a tree of the whole cell; None where that is not certain.

    A line that begins with `def` is a definition, unless it lies in a text of several lines.
    """
    if len(path) != 1 or len(text) >= _LONGEST or any(one in text for one in ("@", "\\", '"""', "'''")):
        return None
    head = f"def {path[0]}"
    before, _, after = text.partition(head)
    if text.count(head) != 1 or f"class {path[0]}" in text or after.lstrip(" \t")[:1] != "(":
        return None
    if before.rpartition("\n")[2].strip() not in ("", "async"):
        return None
    try:
        compile(text, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return before.count("\n") + 1


def _inside(tree: ast.AST, path: list[str]) -> int | None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = [one for one in ast.walk(tree) if isinstance(one, kinds) and one.name == path[0]]
    for one in reversed(found):
        if len(path) == 1:
            return min([one.lineno, *(each.lineno for each in one.decorator_list)])
        inner = _inside(one, path[1:])
        if inner is not None:
            return inner
    return None


def _lambda(tree: ast.AST, line: Any) -> int | None:
    lines = [one.lineno for one in ast.walk(tree) if isinstance(one, ast.Lambda)]
    return line if line in lines else None
