"""The outputs that a learner's own copy holds: showing them again tells the learner nothing new.

A cell that runs after a hidden test may print what that test called the learner's functions with. Whatever it
put out in the grader is therefore kept from the page, and what the learner saw at home is shown in its place.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from autograder.files import sha256_file
from autograder.grading.reading import LARGEST, Unreadable, plain, read_submission
from autograder.strangers import parsed
from autograder.typed import typed

__all__ = ["came_late", "saved_outputs", "saved_token", "with_token"]

_TOKEN = re.compile(r"""^TOKEN = (["']).*?\1""", re.MULTILINE)


def came_late(cell: Any) -> bool:
    """Tell whether a cell ran after a hidden test had."""
    return bool(cell.metadata.get("autograder", {}).get("after_hidden"))


def saved_outputs(folder: Path, digest: str | None) -> dict[str, list[Any]]:
    """Read the outputs in the graded notebook as it was handed in, by the text of their cell.

    folder: where the submission lies.
    digest: SHA-256 of the notebook that was graded; another one is not read.
    """
    path = _graded(folder, digest)
    return {} if path is None else _outputs(path)


def saved_token(folder: Path, digest: str | None) -> str | None:
    """Read the token that the learner typed into the graded notebook; None where there is none."""
    path = _graded(folder, digest)
    if path is None:
        return None
    try:
        return typed(read_submission(path)).get("token")
    except Unreadable:
        return None


def with_token(source: str, token: str | None) -> str:
    """Show a cell of the course's own with the token that the learner had in it."""
    line = f"TOKEN = {json.dumps(token, ensure_ascii=False)}"
    return source if token is None else _TOKEN.sub(lambda _: line, source, count=1)


def _graded(folder: Path, digest: str | None) -> Path | None:
    """Find the notebook that was graded, among those that were handed in."""
    for path in sorted(folder.glob("*.ipynb")):
        if not path.is_symlink() and path.stat().st_size <= LARGEST and sha256_file(path) == digest:
            return path
    return None


def _outputs(path: Path) -> dict[str, list[Any]]:
    try:
        cells = parsed(path.read_bytes())["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        return {_text(cell["source"]): _known(cell.get("outputs", [])) for cell in code}
    # It is the learner's file: whatever is wrong with it, the page goes without.
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _text(source: Any) -> str:
    return plain("".join(source) if isinstance(source, list) else str(source)).strip()


def _known(outputs: Any) -> list[Any]:
    """Keep what has the shape of an output, with its data as a mapping."""
    found = [one for one in outputs if isinstance(one, dict)]
    return [one for one in found if isinstance(one.get("data", {}), dict)]
