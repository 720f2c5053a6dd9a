"""A course directory for practice alone, beside the course that the exercise was released into."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.files import new_folder, sha256, swept, write_json
from autograder.grading.lock import FOLDER
from autograder.grading.master import folder_digest

__all__ = ["Shown", "scratch"]

_PROGRAMS = ("open-by-default", "nbgrader", "numpy", "scipy", "qiskit", "qiskit-aer", "ipython", "matplotlib")


def scratch(course: Course, exercise: str) -> Course:
    """Bring the exercise's source to a course that has no secret, no roster and no learners."""
    mine = Course(course.root.with_name(f"{course.root.name}-practice"))
    mine.root.mkdir(parents=True, exist_ok=True)
    mine.write_config()
    theirs, own = course.source(exercise), mine.source(exercise)
    if not own.is_dir() or folder_digest(own) != folder_digest(theirs):
        swept(own)
        with new_folder(own) as folder:
            shutil.copytree(theirs, folder, dirs_exist_ok=True)
    write_json(mine.root / "exercises" / f"{exercise}.json", course.meta(exercise))
    return mine


class Shown:
    """What the course's own solution has shown, kept as long as exercise and programs stay as they are."""

    def __init__(self, course: Course, exercise: str, source: str) -> None:
        self._path = course.root / FOLDER / f"{exercise}.shown.json"
        self._key = [source, _code(), *(f"{name} {_version(name)}" for name in _PROGRAMS)]

    def read(self) -> list[dict[str, Any]] | None:
        """Give what was kept, or None."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            found = json.loads(self._path.read_text(encoding="utf-8"))
            if found["key"] == self._key:
                shown: list[dict[str, Any]] = found["shown"]
                return shown
        return None

    def write(self, shown: list[dict[str, Any]]) -> None:
        """Keep it for the next time, which can do without."""
        with suppress(OSError):
            write_json(self._path, {"key": self._key, "shown": shown}, 0o600)


def _code() -> str:
    """Digest names, sizes and times of the grader's own files: a clone is renewed without a new version."""
    home = Path(__file__).resolve().parents[1]
    states = ((path, path.stat()) for path in sorted(home.rglob("*.py")))
    lines = [f"{path.relative_to(home)} {about.st_size} {about.st_mtime_ns}" for path, about in states]
    return sha256("\n".join(lines).encode())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"
