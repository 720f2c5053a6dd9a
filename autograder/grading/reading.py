"""Read a submitted notebook for its words alone: nothing in it is believed but cell texts and their names."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import strangers
from autograder.grading.outputs import said

__all__ = [
    "LARGEST",
    "SubmittedCell",
    "Unreadable",
    "cells_of",
    "plain",
    "raw_cells",
    "read_submission",
    "source_of",
]

# A notebook with a hundred figures has some ten megabytes; what is larger is an accident or an attack.
LARGEST = 50 * 2**20
MOST_CELLS = 5000
_IMAGES = {"image/png", "image/jpeg"}


class Unreadable(Exception):
    """A submission that cannot be scored; its text is the reason."""


@dataclass
class SubmittedCell:
    """One cell as handed in.

    kind: code, markdown or raw.
    text: its source with plain line ends.
    grade_id, cell_id: what it calls itself, or None.
    attachments: pictures in a written answer.
    shown: a digest of the outputs that it was saved with.
    answer: whether it says that it is one for the learner's words.
    """

    kind: str
    text: str
    grade_id: str | None = None
    cell_id: str | None = None
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)
    shown: str = ""
    answer: bool = False


def read_submission(path: Path) -> list[SubmittedCell]:
    """Read the cells of a notebook file; raise Unreadable with the reason when there are none to read."""
    if path.is_symlink() or not path.is_file():
        raise Unreadable("the notebook is not a file")
    _check_size(path.stat().st_size)
    return cells_of(path.read_bytes())


def _check_size(size: int) -> None:
    if size > LARGEST:
        raise Unreadable(f"the notebook has {size / 2**20:.0f} MB, the limit is {LARGEST // 2**20} MB")
    if size == 0:
        raise Unreadable("the notebook is empty")


def cells_of(notebook: bytes) -> list[SubmittedCell]:
    """Read the cells of a notebook; raise Unreadable with the reason when there are none to read."""
    return [cell for cell in (_cell(item) for item in raw_cells(notebook)) if cell is not None]


def raw_cells(notebook: bytes) -> list[Any]:
    """Give a notebook's cells as they stand there, each of which may be anything."""
    _check_size(len(notebook))
    try:
        data = strangers.parsed(notebook)
    except strangers.TooMuch:
        raise Unreadable("the notebook has more parts than a notebook can have") from None
    except ValueError:
        raise Unreadable("the notebook is not JSON") from None
    if not isinstance(data, dict):
        raise Unreadable("the file is JSON but no notebook")
    cells = data.get("cells")
    if cells is None and isinstance(data.get("worksheets"), list):
        cells = [
            cell
            for sheet in data["worksheets"]
            if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)
            for cell in sheet["cells"]
        ]
    if not isinstance(cells, list):
        raise Unreadable("the file is JSON but no notebook")
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"the notebook has {len(cells)} cells, the limit is {MOST_CELLS}")
    return cells


def source_of(item: Any) -> str | None:
    """Give the text of a cell as it stands there; None for what is no cell."""
    if not isinstance(item, dict) or item.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    # nbformat 3 kept code under another name.
    source = item.get("source", item.get("input", ""))
    if isinstance(source, list):
        source = "".join([part for part in source if isinstance(part, str)])
    return source if isinstance(source, str) else None


def _cell(item: Any) -> SubmittedCell | None:
    source = source_of(item)
    if source is None:
        return None
    kind = item["cell_type"]
    metadata = item.get("metadata")
    own = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = own.get("grade_id") if isinstance(own, dict) else None
    cell_id = item.get("id")
    return SubmittedCell(
        kind,
        plain(source),
        plain(grade_id) if isinstance(grade_id, str) else None,
        plain(cell_id) if isinstance(cell_id, str) else None,
        _attachments(item.get("attachments")),
        said(item.get("outputs")) if kind == "code" else "",
        isinstance(own, dict) and own.get("solution") is True,
    )


def plain(text: str) -> str:
    """Give text one kind of line end, and nothing that UTF-8 cannot write."""
    return strangers.storable(text.replace("\r\n", "\n").replace("\r", "\n"))


def _attachments(found: Any) -> dict[str, dict[str, str]]:
    if not isinstance(found, dict):
        return {}
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in found.items():
        if isinstance(bundle, dict):
            pictures = {
                kind: plain(data)
                for kind, data in bundle.items()
                if kind in _IMAGES and isinstance(data, str)
            }
            if pictures:
                kept[plain(str(name))] = pictures
    return kept
