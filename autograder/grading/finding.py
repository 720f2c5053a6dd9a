"""Find what lies in submitted/: which file is which notebook, and when it came."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.files import sha256_file
from autograder.grading.master import Master
from autograder.grading.reading import LARGEST

__all__ = ["COLLECTED", "Handed", "find", "received_at"]

COLLECTED = "collected.json"


@dataclass
class Handed:
    """One notebook of one submission, found on disk.

    path: the file, or None when none answers to the name.
    digest: its SHA-256.
    reasons: what is odd about it.
    received: when it came, and whether that is proved by the course's own list.
    """

    learner: str
    master: Master
    path: Path | None
    digest: str | None
    reasons: list[str] = field(default_factory=list)
    received: datetime | None = None
    proved: bool = False


def find(course: Course, exercise: str, learner: str, masters: list[Master]) -> list[Handed]:
    """Find a learner's notebooks: by name, else by elimination."""
    folder = course.submitted(learner, exercise)
    files = {
        path.stem: path for path in sorted(folder.glob("*.ipynb")) if path.is_file() and not path.is_symlink()
    }
    named = {master.name: files.pop(master.name) for master in masters if master.name in files}
    found: list[Handed] = []
    for master in masters:
        path, reasons = named.get(master.name), []
        if path is None and files:
            path = _likeliest(files, master)
            del files[path.stem]
            reasons.append(f"the notebook was called '{path.name}'; it was taken for {master.name}.ipynb")
        one = Handed(learner, master, path, sha256_file(path) if path else None, reasons)
        one.received, one.proved = received_at(course, exercise, learner, one.digest)
        found.append(one)
    for path in files.values():
        found[0].reasons.append(f"'{path.name}' was handed in too and not used")
    _tell_other_files(course, exercise, folder, found[0])
    return found


def _likeliest(files: dict[str, Path], master: Master) -> Path:
    """Choose the file that speaks of most of this notebook's cells; the last by name among equals."""
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in master.graded.cells]
    keys = [f'"{name}"'.encode() for name in names if name]

    def spoken(path: Path) -> int:
        if path.stat().st_size > LARGEST:
            return -1
        data = path.read_bytes()
        return sum(key in data for key in keys)

    return max(files.values(), key=lambda path: (spoken(path), path.name))


def _tell_other_files(course: Course, exercise: str, folder: Path, one: Handed) -> None:
    """Say which files of the learner's the run did not see: it sees what the exercise ships."""
    shipped = {path.name for path in course.source(exercise).rglob("*") if path.is_file()}
    others = sorted(
        path.name
        for path in folder.iterdir()
        if path.name not in {"timestamp.txt", "transcripts", "manifest.json"} | shipped
        and path.suffix != ".ipynb"
        and not path.name.startswith(".")
    )
    if others:
        one.reasons.append(f"files not used: {', '.join(others[:5])}{' …' if len(others) > 5 else ''}"[:300])


def received_at(
    course: Course, exercise: str, learner: str, digest: str | None
) -> tuple[datetime | None, bool]:
    """Tell when a notebook came: by the course's own list, else by timestamp.txt, which proves nothing."""
    for item in reversed(_collected(course)):
        if (item.get("learner"), item.get("exercise"), item.get("sha256")) == (learner, exercise, digest):
            return datetime.fromisoformat(item["received"]), True
    try:
        text = (course.submitted(learner, exercise) / "timestamp.txt").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None, False
    return _parse(text), False


def _collected(course: Course) -> list[dict[str, Any]]:
    path = course.root / COLLECTED
    if not path.exists():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    return list(found["items"])


def _parse(text: str) -> datetime | None:
    """Read nbgrader's time format; what is not a time is no time."""
    from nbgrader.utils import parse_utc

    try:
        moment = parse_utc(text)
    except (ValueError, OverflowError, TypeError):
        return None
    return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else None
