"""What a platform called a hand-in when it was downloaded: the same name takes feedback and marks back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.grading.times import COLLECTED

__all__ = ["Origin", "origins"]

# Moodle reads the number alone; older versions end the folder's name with an underscore.
_MOODLE = re.compile(r"(?P<folder>[^/]+_(?P<number>\d+)_assignsubmission_file_?)(?P<rest>.*)")
# Canvas reads the two numbers: of the person and of the file that was handed in.
_CANVAS = re.compile(r"(?P<before>[^/_]+(?:_LATE)?_\d+_\d+)_[^/]+")
_ANONYMOUS = re.compile(r"(?P<before>anon(?:_LATE)?_[A-Za-z0-9]{5}_\d+)_[^/]+")


@dataclass(frozen=True)
class Origin:
    """The names of one learner's newest hand-in.

    moodle: the folder in a download of Moodle's, and number the one in it.
    canvas: what stands before the learner's own file name in one of Canvas'.
    """

    moodle: str = ""
    number: str = ""
    canvas: str = ""


def origins(course: Course, exercise: str) -> dict[str, Origin]:
    """Read the course's list of what was collected, by learner."""
    path = course.root / COLLECTED
    if not path.exists():
        return {}
    try:
        items = json.loads(path.read_text(encoding="utf-8"))["items"]
        mine = [item for item in items if item["exercise"] == exercise]
        return {item["learner"]: _origin(item) for item in mine}
    except (OSError, ValueError, KeyError, TypeError):
        raise InputFault(
            "is not a list of collected files", path=path, remedy="restore it from your copy"
        ) from None


def _origin(item: dict[str, Any]) -> Origin:
    for part in str(item["origin"]).split("/"):
        if found := _MOODLE.fullmatch(part):
            return Origin(moodle=found["folder"], number=found["number"])
        if found := _CANVAS.fullmatch(part) or _ANONYMOUS.fullmatch(part):
            return Origin(canvas=found["before"])
    return Origin()
