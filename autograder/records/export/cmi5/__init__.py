"""A module of the built book as a cmi5 package: course structure, pages, and a script that speaks xAPI."""

from __future__ import annotations

from pathlib import Path

from autograder.records.export.cmi5 import structure
from autograder.records.export.module import Package, gather, zipped

__all__ = ["Package", "pack"]

STRUCTURE = "cmi5.xml"


def pack(wanted: Package) -> bytes:
    """Make the zip; a Fault says what the folder lacks."""
    content = gather(wanted, Path(__file__).parent / "front" / "cmi5.js", connects=True)
    text = structure.write(
        name=wanted.name,
        title=content.title,
        mastery=wanted.pass_mark if content.has_quiz else None,
    )
    return zipped({**content.files, STRUCTURE: text}, STRUCTURE)
