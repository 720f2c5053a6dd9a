"""Folders of this machine that rooms may read, because the instructor says so; and those that none may.

Data that a course names by an absolute path, as on a hub with a shared folder, lie outside what a room sees.
What is shown is read-only there and is the same to every learner's code, so it must hold nothing of the
course's own: no notebook, no gradebook, no secret, no hand-in.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from coursefacts.errors import InputFault

from autograder import secret
from autograder.course import Course

__all__ = ["checked"]

_MOST = 20_000  # entries that are looked at; a data folder of more holds nothing else, as a rule
_SYSTEM = ("/boot", "/dev", "/etc", "/proc", "/root", "/run", "/sys", "/var/lib", "/var/log", "/var/run")
_NEVER = {secret.FILE, "gradebook.db", "nbgrader_config.py", "results.jsonl", ".git", ".ssh", ".gnupg"}
_REMEDY = "put the data into a folder of their own outside the course, and show that one"


def checked(folders: Iterable[Path], course: Course) -> list[Path]:
    """Refuse what must not be shown; the others, by their real places."""
    return [_checked(folder, course) for folder in folders]


def _checked(folder: Path, course: Course) -> Path:
    place = folder.resolve()
    if not place.is_dir():
        raise InputFault("no such folder to show", path=folder, remedy="check the path after --show")
    for closed in (course.root, Path.home().resolve()):
        if closed.is_relative_to(place):
            raise InputFault(f"holds {closed}, which no room may read", path=folder, remedy=_REMEDY)
    if place.is_relative_to(course.root):
        raise InputFault("lies in the course, beside what no learner may read", path=folder, remedy=_REMEDY)
    if any(place.is_relative_to(one) for one in _SYSTEM):
        raise InputFault("belongs to this machine's system", path=folder, remedy=_REMEDY)
    found = next(_closed(place), None)
    if found is not None:
        raise InputFault(f"holds {found}, which no room may read", path=folder, remedy=_REMEDY)
    return place


def _closed(folder: Path) -> Iterator[Path]:
    entries = (Path(where, name) for where, folders, files in os.walk(folder) for name in [*folders, *files])
    return (one for one in islice(entries, _MOST) if one.name in _NEVER or one.suffix == ".ipynb")
