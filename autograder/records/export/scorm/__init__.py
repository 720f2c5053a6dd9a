"""A module of the built book as a SCORM 1.2 package."""

from __future__ import annotations

from pathlib import Path

from autograder.records.export.module import Package, gather, zipped
from autograder.records.export.scorm import manifest

__all__ = ["Package", "pack"]

MANIFEST = "imsmanifest.xml"


def pack(wanted: Package) -> bytes:
    """Make the zip; a Fault says what the folder lacks."""
    content = gather(wanted, Path(__file__).parent / "front" / "scorm.js")
    text = manifest.write(
        identity=f"open-by-default-{wanted.name}",
        title=content.title,
        version=wanted.version,
        mastery=wanted.pass_mark if content.has_quiz else None,
        files=sorted(content.files),
    )
    return zipped({**content.files, MANIFEST: text}, MANIFEST)
