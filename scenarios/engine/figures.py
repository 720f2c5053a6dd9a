"""Figures: `![what it shows](plan.svg "caption")`, pictures that lie beside the case file."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenarios.engine.model import Figure, Prose

if TYPE_CHECKING:
    from scenarios.engine.parse import Draft

TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
MAX_BYTES = 500_000
_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(\s*<?(?P<file>[^\s)>]*)>?(?:\s+\"(?P<caption>[^\"]*)\")?\s*\)")
_NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class Shown:
    """One figure in some prose: the lines before it, its file, its alternative text and its caption."""

    before: int
    file: str
    alt: str
    caption: str


def find(source: str) -> Iterator[Shown]:
    """Find the figures of some MyST source."""
    for match in _IMAGE.finditer(source):
        alt = " ".join(match["alt"].split())
        before = source.count("\n", 0, match.start())
        yield Shown(before, match["file"], alt, match["caption"] or "")


def fault(file: str, folder: Path | None) -> str | None:
    """Tell what keeps a file from being shown; None when nothing does."""
    if not _NAME.fullmatch(file) or file.startswith("."):
        return f"'{file}' is not the name of a file beside the case"
    if Path(file).suffix.lower() not in TYPES:
        return f"'{file}' is no picture of a known kind"
    if folder is None:
        return None
    path = folder / file
    if not path.is_file() or path.is_symlink():
        return f"no picture '{file}' beside the case"
    if path.stat().st_size > MAX_BYTES:
        return f"the picture '{file}' is larger than {MAX_BYTES // 1000} kB"
    return None


def shown(draft: Draft) -> list[Figure]:
    """List the pictures that a draft shows, with their digests; those that cannot be read are left out."""
    folder = draft.path.parent if draft.path else None
    names = {each.file for prose in _texts(draft) for each in find(prose.source)}
    found = []
    for name in sorted(names):
        if folder is not None and fault(name, folder) is None:
            found.append(Figure(file=name, sha256=hashlib.sha256((folder / name).read_bytes()).hexdigest()))
    return found


def _texts(draft: Draft) -> Iterator[Prose]:
    yield from (*draft.intro, *draft.notes)
    for scene in draft.scenes:
        yield from (*(scene.debrief or ()), *scene.notes)
        yield from (*scene.prose, *(prose for form in scene.forms for prose in form.prose))
        for choice in (*scene.choices, *(choice for form in scene.forms for choice in form.choices)):
            yield from choice.feedback


def data_uri(path: Path) -> str:
    """Write a picture into an address of its own, for a notebook that cannot reach the file."""
    kind = TYPES[path.suffix.lower()]
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def all_of(proses: Iterable[Prose]) -> Iterator[tuple[int, Shown]]:
    """Give each figure of some prose with its line in the case file."""
    for prose in proses:
        for each in find(prose.source):
            yield prose.line + each.before, each
