"""Every hand-in that is collected is kept as an attempt; which one counts, `counting` says.

attempts/<learner>/<exercise>/<digest>/ in nbgrader's folder of the course holds each attempt as it came; the
course's own list says when. submitted/ holds the one that counts, where nbgrader and the grader look for it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder.course import ATTEMPTS, Course
from autograder.files import new_folder, sha256, sha256_file, write_bytes, write_text
from autograder.grading.reading import Unreadable, read_submission
from autograder.grading.times import COLLECTED

__all__ = [
    "Attempt",
    "attempts_of",
    "in_place",
    "is_another_there",
    "keep",
    "keep_unlisted",
    "put_in_place",
    "read_attempts",
    "read_list",
]

_STAMP = "timestamp.txt"


@dataclass(frozen=True)
class Attempt:
    """One hand-in of a learner for an exercise; the same files again are the same attempt.

    number: 1 for the first that came.
    received: when it came.
    sha256: digest of its notebook. content: digest of all that came with it.
    origin: what the file was called.
    folder: where it is kept.
    """

    learner: str
    exercise: str
    number: int
    received: datetime
    sha256: str
    content: str
    origin: str
    folder: Path

    @property
    def is_kept(self) -> bool:
        """Whether its files are there; versions before 0.2.0 kept the newest alone."""
        return self.folder.is_dir()

    @property
    def is_readable(self) -> bool:
        """Whether a notebook of it can be read at all."""
        for path in self.folder.glob("*.ipynb"):
            try:
                read_submission(path)
            except Unreadable:
                continue
            return True
        return False


def read_list(course: Course) -> dict[str, Any]:
    """Read the course's list of what was collected; an empty one where nothing was."""
    path = course.root / COLLECTED
    if not path.exists():
        return {"schema": "collected/1", "items": []}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        assert found["schema"] == "collected/1" and isinstance(found["items"], list)
    except (OSError, ValueError, KeyError, TypeError, AssertionError):
        raise _spoilt(course) from None
    return dict(found)


def _spoilt(course: Course) -> InputFault:
    path = course.root / COLLECTED
    return InputFault("is not a list of collected files", path=path, remedy="restore it from your copy")


def read_attempts(course: Course, exercise: str) -> dict[str, list[Attempt]]:
    """Read everybody's attempts at an exercise, of each learner the newest last."""
    mine: dict[str, list[dict[str, Any]]] = {}
    try:
        for item in read_list(course)["items"]:
            if item["exercise"] == exercise:
                mine.setdefault(item["learner"], []).append(item)
        return {learner: attempts_of(course, items) for learner, items in mine.items()}
    except (KeyError, TypeError, ValueError):
        raise _spoilt(course) from None


def attempts_of(course: Course, items: list[dict[str, Any]]) -> list[Attempt]:
    """Make the attempts of one learner at one exercise out of the list's items, newest last.

    A notebook that came before came then, whatever is handed in with it later.
    """
    first: dict[str, int] = {}
    newest: dict[str, dict[str, Any]] = {}
    came: dict[str, datetime] = {}
    for item in items:
        content, notebook = item["content"], item["sha256"]
        received = datetime.fromisoformat(item["received"])
        first.setdefault(content, len(first) + 1)
        newest.pop(content, None)
        newest[content] = item
        came[notebook] = min(received, came.get(notebook, received))
    return [
        Attempt(
            item["learner"], item["exercise"], first[content], came[item["sha256"]], item["sha256"], content,
            str(item["origin"]), _place(course, item["learner"], item["exercise"], content),
        )
        for content, item in newest.items()
    ]  # fmt: skip


def keep(course: Course, learner: str, exercise: str, content: str, files: Mapping[str, bytes]) -> None:
    """Keep an attempt's files, whole or not at all."""
    target = _place(course, learner, exercise, content)
    if target.is_dir():
        return
    with new_folder(target) as folder:
        for name, data in files.items():
            write_bytes(folder / name, data)


def keep_unlisted(course: Course, learner: str, exercise: str) -> None:
    """Keep what lies in submitted/ and was never kept: an older version's, or what somebody laid there."""
    content = in_place(course, learner, exercise)
    if content is None or _place(course, learner, exercise, content).exists():
        return
    with new_folder(_place(course, learner, exercise, content)) as folder:
        shutil.copytree(course.submitted(learner, exercise), folder, symlinks=True, dirs_exist_ok=True)


def put_in_place(course: Course, one: Attempt) -> None:
    """Let an attempt be what lies in submitted/."""
    with new_folder(course.submitted(one.learner, one.exercise)) as folder:
        shutil.copytree(one.folder, folder, dirs_exist_ok=True)
        write_text(folder / _STAMP, one.received.strftime("%Y-%m-%d %H:%M:%S.%f") + " UTC\n")


def is_another_there(course: Course, chosen: Attempt, attempts: Iterable[Attempt]) -> bool:
    """Tell whether another attempt of this learner lies in submitted/ than the chosen one."""
    there = in_place(course, chosen.learner, chosen.exercise)
    return there != chosen.content and there in {one.content for one in attempts}


def in_place(course: Course, learner: str, exercise: str) -> str | None:
    """Digest what lies in submitted/, as the list does; None where nothing lies."""
    folder = course.submitted(learner, exercise)
    if not folder.is_dir():
        return None
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    digests = sorted(sha256_file(path) for path in files if path.name != _STAMP)
    return sha256("".join(digests).encode()) if digests else None


def _place(course: Course, learner: str, exercise: str, content: str) -> Path:
    return course.root / ATTEMPTS / learner / exercise / content[:16]
