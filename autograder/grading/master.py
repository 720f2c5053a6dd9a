"""The instructor's notebook, three times: as it was written, as it is graded, as it was released."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.files import sha256, write_text
from autograder.grading import helper
from autograder.grading.lock import FOLDER

__all__ = ["Master", "Masters", "folder_digest", "load", "source_digest"]


@dataclass
class Master:
    """One source notebook.

    name: file name without ending.
    graded: no solutions, hidden tests in place.
    released: the same cells as the learner got them.
    solution: the same cells as the instructor wrote them, solutions in place.
    """

    name: str
    graded: Any
    released: Any
    solution: Any

    @cached_property
    def texts(self) -> dict[str, str]:
        """The named cells as learners got them."""
        named = (
            (cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source) for cell in self.released.cells
        )
        return {name: source for name, source in named if name}

    @property
    def max_score(self) -> float:
        """All points of its graded cells."""
        cells = (cell.metadata.get("nbgrader", {}) for cell in self.graded.cells)
        return float(
            sum(float(data.get("points", 0)) for data in cells if data.get("grade") or data.get("task"))
        )


class Masters:
    """An exercise's masters on their way: kept ones are there at once, others are made in another process."""

    def __init__(self, course: Course, exercise: str, source: str) -> None:
        course.notebooks(exercise)
        self._course, self._exercise = course, exercise
        self._kept = _Kept(course, exercise, source)
        self._data = self._kept.read()
        self._helper: helper.Helper | None = None

    @property
    def late(self) -> bool:
        """Whether they have to be made anew, which takes a second."""
        return self._data is None

    def begin(self) -> None:
        """Begin to make them, beside this process."""
        self._helper = helper.begin(self._course, self._exercise)

    def get(self) -> list[Master]:
        """Wait for the masters; the gradebook knows their cells then."""
        from autograder.grading.book import Book

        if self._data is not None:
            masters = [_master(one) for one in self._data]
            book = Book(self._course, self._exercise)
            try:
                if book.knows(masters):
                    return masters
            finally:
                book.close()
        if self._helper is None:
            self.begin()
        self._data = self._answer()
        self._kept.write(self._data)
        return [_master(one) for one in self._data]

    def _answer(self) -> list[dict[str, Any]]:
        assert self._helper is not None
        try:
            answer = self._helper.answer()
        except ValueError:
            answer = {"fault": {"what": "the source could not be prepared by nbgrader", "path": None}}
        if "fault" in answer:
            fault = answer["fault"]
            where = fault.get("path") or str(self._course.source(self._exercise))
            raise InputFault(fault["what"], path=where, line=fault.get("line"), remedy=fault.get("remedy"))
        masters: list[dict[str, Any]] = answer["masters"]
        return masters

    def stop(self) -> None:
        """End what was begun, if nobody waited for it."""
        if self._helper is not None:
            self._helper.stop()


def load(course: Course, exercise: str) -> list[Master]:
    """Load an exercise's notebooks, and let the gradebook know their cells if it does not."""
    return Masters(course, exercise, source_digest(course, exercise)).get()


def _master(data: dict[str, Any]) -> Master:
    from nbformat import from_dict

    return Master(data["name"], *(from_dict(data[key]) for key in ("graded", "released", "solution")))


class _Kept:
    """What was made last time, as long as nothing has changed that it was made from."""

    def __init__(self, course: Course, exercise: str, source: str) -> None:
        self._path = course.root / FOLDER / f"{exercise}.masters.json"
        config = course.root / "nbgrader_config.py"
        parts = [
            source,
            version("nbgrader"),
            version("open-by-default"),
            sha256(config.read_bytes()) if config.exists() else "",
            json.dumps(course.config, sort_keys=True, default=repr),
        ]
        self._key = sha256("\0".join(parts).encode("utf-8", "replace"))

    def read(self) -> list[dict[str, Any]] | None:
        """Read it, if nobody but its owner could have written it."""
        try:
            with self._path.open("rb") as stream:
                about = os.fstat(stream.fileno())
                if about.st_mode & 0o022 or (_me() not in {None, about.st_uid}):
                    return None
                found = json.loads(stream.read())
            if found["key"] != self._key:
                return None
            masters: list[dict[str, Any]] = found["masters"]
            return masters
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, masters: list[dict[str, Any]]) -> None:
        """Keep it for the next run, which can do without."""
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            write_text(self._path, json.dumps({"key": self._key, "masters": masters}), 0o600)


def _me() -> int | None:
    return os.getuid() if hasattr(os, "getuid") else None


def source_digest(course: Course, exercise: str) -> str:
    """Digest everything that decides a score: the source folder's files, and what the course adds to them."""
    digest = folder_digest(course.source(exercise))
    beside = course.beside_source()
    if not beside:
        return digest
    return sha256("\0".join([digest, *(sha256(one.read_bytes()) for one in beside)]).encode())


def folder_digest(folder: Path) -> str:
    """Digest names and bytes of a folder's files, without hidden ones."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not any(
            part.startswith(".") or part == "__pycache__" for part in relative.parts
        ):
            digest.update(f"{relative.as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
