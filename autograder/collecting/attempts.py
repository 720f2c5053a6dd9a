"""Every hand-in that is collected is kept as an attempt, and a setting of the course says which one counts.

attempts/<learner>/<exercise>/<digest>/ in nbgrader's folder of the course holds each attempt as it came; the
course's own list says when. submitted/ holds the one that counts, where nbgrader and the grader look for it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from coursefacts.errors import InputFault

from autograder.collecting.due import read_due
from autograder.course import ATTEMPTS, Course
from autograder.decisions.late import policy
from autograder.decisions.store import of_course
from autograder.files import new_folder, sha256, sha256_file, write_bytes, write_text
from autograder.grading.reading import Unreadable, read_submission
from autograder.grading.times import COLLECTED

__all__ = [
    "Attempt",
    "Rule",
    "attempts_of",
    "counting",
    "in_place",
    "in_time",
    "is_another_there",
    "keep",
    "keep_unlisted",
    "lateness",
    "put_in_place",
    "put_where_it_counts",
    "read_attempts",
    "read_list",
    "rule_of",
]

Rule = Literal["newest-in-time", "newest", "best"]
_RULES: tuple[Rule, ...] = get_args(Rule)
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


def rule_of(course: Course) -> Rule:
    """Read the course's setting; raise InputFault for one that does not exist."""
    found = course.config.get("Autograder", {}).get("attempts", _RULES[0])
    for rule in _RULES:
        if found == rule:
            return rule
    raise InputFault(
        f"c.Autograder.attempts is {found!r}",
        path=course.root / "nbgrader_config.py",
        remedy=f"write one of: {', '.join(_RULES)}",
    )


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


def counting(
    attempts: Iterable[Attempt], rule: Rule, is_in_time: Callable[[Attempt], bool]
) -> Attempt | None:
    """Choose which of one learner's attempts counts, newest last; None where none is kept.

    What cannot be read never takes the place of what can. Of the best nothing is known before all are graded,
    so until then it is the newest in time. Where none is in time, the newest counts.
    """
    kept = [one for one in attempts if one.is_kept]
    if len(kept) > 1:
        kept = [one for one in kept if one.is_readable] or kept
    if len(kept) > 1 and rule != "newest":
        kept = [one for one in kept if is_in_time(one)] or kept
    return kept[-1] if kept else None


def in_time(course: Course, exercise: str) -> Callable[[Attempt], bool]:
    """Give the test whether an attempt came in time: by due time, extension and the late policy's grace."""
    late = lateness(course, exercise)
    held = policy(of_course(course, exercise))
    grace = timedelta(minutes=held.grace) if held is not None else timedelta()

    def is_in_time(one: Attempt) -> bool:
        return late(one) <= grace

    return is_in_time


def lateness(course: Course, exercise: str) -> Callable[[Attempt], timedelta]:
    """Give what tells how late an attempt came; zero for one in time."""
    due = read_due(course, [exercise]).get(exercise)

    def late(one: Attempt) -> timedelta:
        return timedelta() if due is None else max(timedelta(), one.received - due.of(one.learner))

    return late


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


def put_where_it_counts(course: Course, exercise: str, learners: Iterable[str] = ()) -> list[Attempt]:
    """Put the attempt that counts in place wherever another one lies; give those that were put.

    learners: only these; empty for all. What somebody laid or mended there by hand is no attempt and stays.
    """
    rule, wanted = rule_of(course), set(learners)
    if rule == "best":
        return []
    is_in_time, put = in_time(course, exercise), []
    for learner, mine in read_attempts(course, exercise).items():
        if len(mine) < 2 or (wanted and learner not in wanted):
            continue
        chosen = counting(mine, rule, is_in_time)
        if chosen is not None and is_another_there(course, chosen, mine):
            put_in_place(course, chosen)
            put.append(chosen)
    return put


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
