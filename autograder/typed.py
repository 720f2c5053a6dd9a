"""What a notebook says of its learner: LEARNER = "…" and TOKEN = "…", read without running anything."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from autograder.grading.reading import SubmittedCell

__all__ = ["asks_for_token", "names_someone", "typed"]

_NAMES = {"learner", "token"}
# Python is slow to read, so only what may set one of them is read.
_NAMED = [re.compile(rf"{name}[\s\\)]*=(?!=)") for name in sorted(_NAMES)]
# What nearly everybody writes is read without Python's help, which is dear for a large class.
_PLAIN = re.compile(
    r"""^(learner|token)[ \t]*=[ \t]*(?:"([^"\\\n]*)"|'([^'\\\n]*)')[ \t]*(?:\#.*)?$""",
    re.IGNORECASE | re.MULTILINE,
)
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
        if cell.kind == "code" and len(cell.text) <= left and names_someone(cell.text):
            left -= len(cell.text)
            found |= {name: text.strip() for name, text in _assigned(cell.text) if text}
    return found


def names_someone(text: str) -> bool:
    """Tell quickly whether code may say who its learner is; most cells do not."""
    low = text.lower()
    return any(pattern.search(low) for pattern in _NAMED)


def asks_for_token(texts: Iterable[str]) -> bool:
    """Tell whether an exercise's own code cells have a TOKEN for the learner to fill in."""
    return any(name == "token" for text in texts for name, _ in _assigned(text))


def _assigned(text: str) -> Iterator[tuple[str, str]]:
    low = text.lower()
    plain = list(_PLAIN.finditer(text))
    if len(plain) == sum(len(pattern.findall(low)) for pattern in _NAMED) and not _quoted(text):
        return ((hit[1].lower(), hit[2] or hit[3] or "") for hit in plain)
    found = list(_in_python(text))
    if not any(name == "token" for name, _ in found):
        found += [("token", hit[1]) for hit in _LOOSE.finditer(text)]
    return iter(found)


def _quoted(text: str) -> bool:
    """Tell whether a line may lie within a text of several lines."""
    return '"""' in text or "'''" in text


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
