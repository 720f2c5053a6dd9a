"""What one learner gets for one exercise: the released files, with the own token in the notebook."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.sheets import Sealed

__all__ = ["Exercise"]

# Stands in for id and token until they are known; no notebook has them.
_LEARNER, _TOKEN = "learner-7d1b5c3e", "token-7d1b5c3e"


class Exercise:
    """An exercise as it was released, ready to be made out to many learners."""

    def __init__(self, course: Course, name: str) -> None:
        self.course, self.name = course, name
        course.notebooks(name)  # a fault for a name that is none

    @cached_property
    def _files(self) -> dict[str, bytes]:
        folder = self.course.release(self.name)
        paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        if not any(path.suffix == ".ipynb" for path in paths):
            raise InputFault(
                f"'{self.name}' was not released", path=folder, remedy=f"run: autograder release {self.name}"
            )
        return {
            path.relative_to(folder).as_posix(): _marked(path.read_bytes())
            if path.suffix == ".ipynb"
            else path.read_bytes()
            for path in paths
        }

    @property
    def asks_for_token(self) -> bool:
        """Whether a notebook has a place for the token."""
        return any(_TOKEN.encode() in data for data in self._files.values())

    def personal(self, learner: str, token: str, sheet: Sealed | None = None) -> dict[str, bytes]:
        """Give the files for one learner, by their paths.

        sheet: the learner's, of an exercise with sheets.

        Every way of handing out goes through here; what else is one learner's alone belongs beside these.
        """
        swaps = ((_LEARNER.encode(), learner.encode()), (_TOKEN.encode(), token.encode()))
        made = {}
        for name, data in self._files.items():
            for old, new in swaps if name.endswith(".ipynb") else ():
                data = data.replace(old, new)
            made[name] = data
        return made if sheet is None else made | sheet.unpacked()


def _marked(notebook: bytes) -> bytes:
    """Put marks where a notebook of ours says LEARNER = "…" and TOKEN = "…"."""
    content: dict[str, Any] = json.loads(notebook)
    for cell in content["cells"]:
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        if cell["cell_type"] == "code" and (marked := _with_marks(source)) != source:
            cell["source"] = marked.splitlines(keepends=True)
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def _with_marks(source: str) -> str:
    lines = source.encode().splitlines(keepends=True)
    for node, name in reversed(list(_literals(source))):
        if node.end_lineno == node.lineno:
            line = lines[node.lineno - 1]
            mark = json.dumps({"learner": _LEARNER, "token": _TOKEN}[name]).encode()
            lines[node.lineno - 1] = line[: node.col_offset] + mark + line[node.end_col_offset :]
    return b"".join(lines).decode()


def _literals(source: str) -> Iterator[tuple[ast.Constant, str]]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # IPython's own lines; no cell of ours with a token has them
        return
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = [one.id.lower() for one in node.targets if isinstance(one, ast.Name)]
            for name in set(names) & {"learner", "token"} if isinstance(node.value.value, str) else ():
                yield node.value, name
