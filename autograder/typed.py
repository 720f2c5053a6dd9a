"""What a notebook says of its learner: LEARNER = "…" and TOKEN = "…", read without running anything."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from autograder.grading.reading import SubmittedCell

__all__ = ["asks_for_token", "typed"]

_NAMES = {"learner", "token"}
# Python is slow to read, so only what may set one of them is read.
_NAMED = re.compile(r"(?:learner|token)[\s\\)]*=(?!=)", re.IGNORECASE)
# Between quotes that a word processor made, or none: Python takes that for an error, a person does not.
_LOOSE = re.compile(
    r"^[ \t]*TOKEN[ \t]*=[ \t]*['\"`´‘’‚“”„«»‹›]*([0-9A-Z][0-9A-Z \t\u2010-\u2015\u2212*~$=-]{15,40}?)"
    r"[ \t]*['\"`´‘’‚“”„«»‹›]*[ \t]*(?:\#.*)?$",
    re.IGNORECASE | re.MULTILINE,
)
# Characters of a notebook that are read as Python, which takes a hundred times their memory.
_LONGEST = 200_000


def typed(cells: Iterable[SubmittedCell]) -> dict[str, str]:
    """Give the last text that stands for each name, as it would be when the notebook has run."""
    found: dict[str, str] = {}
    left = _LONGEST
    for cell in cells:
        if cell.kind == "code" and _NAMED.search(cell.text) and len(cell.text) <= left:
            left -= len(cell.text)
            found |= {name: text.strip() for name, text in _assigned(cell.text) if text}
    return found


def asks_for_token(texts: Iterable[str]) -> bool:
    """Tell whether an exercise's own code cells have a TOKEN for the learner to fill in."""
    return any(name == "token" for text in texts for name, _ in _assigned(text))


def _assigned(text: str) -> Iterator[tuple[str, str]]:
    found = list(_in_python(text))
    if not any(name == "token" for name, _ in found):
        found += [("token", hit[1]) for hit in _LOOSE.finditer(text)]
    return iter(found)


def _in_python(text: str) -> Iterator[tuple[str, str]]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign) else None
        if not (isinstance(node, ast.Assign) and isinstance(value, ast.Constant)):
            continue
        for name in node.targets:
            if isinstance(name, ast.Name) and name.id.lower() in _NAMES and isinstance(value.value, str):
                yield name.id.lower(), value.value
