"""The front end as it is sent: the modules in `front/` joined into one file for each kind of page.

The sources are plain ES modules that a browser loads as they are.
They are joined because a notebook gets its script as one text, and because a page that holds one address,
with the digest of all in it, can never meet half of an old version and half of a new one.

    script("case.js")     # the player of cases and quizzes
    script("prompt.js")   # questions inside lessons
    script("review.js")   # the review page
    script("due.js")      # the line on the first page that says what is due
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parent / "front"
"""Folder of the sources: ES modules and `case.css`."""
ENTRIES = ("case.js", "prompt.js", "review.js", "due.js")
"""What a page may ask for."""
SHEET = "case.css"

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z]+\.js)";\n', re.MULTILINE)


@cache
def script(entry: str) -> str:
    """Give one of the scripts of cases and reviews."""
    return join(entry, (ASSETS,))


def join(entry: str, folders: tuple[Path, ...]) -> str:
    """Join a module with all that it imports, each once and before its users; the first folder counts."""
    order: list[Path] = []
    _visit(entry, folders, order)
    parts = [_IMPORT.sub("", path.read_text(encoding="utf-8")).strip() for path in order]
    return "\n\n".join(parts) + "\n"


def _visit(name: str, folders: tuple[Path, ...], order: list[Path]) -> None:
    path = next(folder / name for folder in folders if (folder / name).is_file())
    for used in _IMPORT.findall(path.read_text(encoding="utf-8")):
        if all(used != known.name for known in order):
            _visit(used, folders, order)
    order.append(path)


def sheet() -> str:
    """Give the style sheet."""
    return (ASSETS / SHEET).read_text(encoding="utf-8")


def files() -> dict[str, str]:
    """Give every file that a book needs beside its pages, by name."""
    return {entry: script(entry) for entry in ENTRIES} | {SHEET: sheet()}


@cache
def address(name: str) -> str:
    """Name a file with a digest of its content, so that a copy that a browser kept is never out of date."""
    return f"{name}?v={hashlib.sha256(files()[name].encode()).hexdigest()[:10]}"


def write(folder: Path) -> None:
    """Write the files into a folder of a book."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        file = folder / name
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
