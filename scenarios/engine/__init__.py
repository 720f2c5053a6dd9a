"""Read, prove, play, compile and replay branching cases.

>>> from pathlib import Path
>>> from scenarios.engine import load
>>> case = load(Path("scenarios/cases/visitor-and-chip"))   # doctest: +SKIP
"""

from __future__ import annotations

from pathlib import Path

from scenarios.engine.build import build as _build
from scenarios.engine.model import Case
from scenarios.engine.parse import parse as _parse
from scenarios.engine.parse import read_text as _read_text

__all__ = ["Case", "load", "loads"]


def load(path: Path) -> Case:
    """Read a case from its file, or from its folder; raise InputFault with every slip found."""
    file = path / "case.md" if path.is_dir() else path
    return loads(_read_text(file), file)


def loads(text: str, path: Path | None = None) -> Case:
    """Read a case from its text."""
    # Folder and file only: a compiled case must be the same on every machine.
    return _build(_parse(text, path), f"{path.resolve().parent.name}/{path.name}" if path else "case.md")
