"""The outputs that a learner's own copy holds: showing them again tells the learner nothing new.

A cell that runs after a hidden test may print what that test called the learner's functions with. Whatever it
put out in the grader is therefore kept from the page, and what the learner saw at home is shown in its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.files import sha256_file
from autograder.grading.reading import LARGEST, plain
from autograder.strangers import parsed

__all__ = ["came_late", "saved_outputs"]


def came_late(cell: Any) -> bool:
    """Tell whether a cell ran after a hidden test had."""
    return bool(cell.metadata.get("autograder", {}).get("after_hidden"))


def saved_outputs(folder: Path, digest: str | None) -> dict[str, list[Any]]:
    """Read the outputs in the graded notebook as it was handed in, by the text of their cell.

    folder: where the submission lies.
    digest: SHA-256 of the notebook that was graded; another one is not read.
    """
    for path in sorted(folder.glob("*.ipynb")):
        if path.is_symlink() or path.stat().st_size > LARGEST or sha256_file(path) != digest:
            continue
        return _outputs(path)
    return {}


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
