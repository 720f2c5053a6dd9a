"""When a hand-in came: by what its learner cannot set before by what they can.

First the course's own list of what was collected; then the exchange's inbound folder, where the system
itself notes when a file last changed; last timestamp.txt, which lies in the hand-in and proves nothing.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.files import iso, sha256_file
from autograder.grading.reading import LARGEST
from autograder.strangers import within

__all__ = ["COLLECTED", "Received", "Times"]

COLLECTED = "collected.json"
_EXCHANGE = "/usr/local/share/nbgrader/exchange"
_OFFSET = re.compile(r"[+-]\d{4}")
# nbgrader's own stamp is made a moment before the files are.
_SAME = timedelta(minutes=2)


@dataclass
class Received:
    """When a notebook came, whether that is proved, and what a person should know of it."""

    moment: datetime | None
    proved: bool
    reasons: list[str] = field(default_factory=list)


class Times:
    """The times of one exercise's hand-ins."""

    def __init__(self, course: Course, exercise: str) -> None:
        self._course = course
        self._exercise = exercise

    def of(self, learner: str, digest: str | None) -> Received:
        """Tell when this notebook of this learner came."""
        stated = self._stated(learner)
        listed = self._collected.get((learner, digest)) if digest else None
        if listed is not None:
            return Received(listed, True, _differing(stated, listed, "the course's own list"))
        seen = self._seen(learner, digest) if digest else None
        if seen is not None:
            return Received(seen, True, _differing(stated, seen, "the exchange"))
        return Received(stated, False)

    def _stated(self, learner: str) -> datetime | None:
        """Read timestamp.txt as somebody's word: a small regular file, or nothing."""
        path = self._course.submitted(learner, self._exercise) / "timestamp.txt"
        try:
            if not stat.S_ISREG(path.lstat().st_mode):
                return None
            with path.open("rb") as stream:
                return _parse(stream.read(100).decode("utf-8").strip())
        except (OSError, UnicodeDecodeError):
            return None

    @cached_property
    def _collected(self) -> dict[tuple[str, str], datetime]:
        """Read the course's list; where it names a notebook twice the last entry counts."""
        path = self._course.root / COLLECTED
        if not path.exists():
            return {}
        try:
            items = json.loads(path.read_bytes())["items"]
            return {
                (item["learner"], item["sha256"]): datetime.fromisoformat(item["received"]).astimezone(UTC)
                for item in items
                if item["exercise"] == self._exercise
            }
        except (OSError, ValueError, KeyError, TypeError):
            raise InputFault(
                "is not a list of collected files", path=path, remedy="restore it from your copy"
            ) from None

    @cached_property
    def _inbound(self) -> dict[str, list[Path]]:
        """Find this exercise's folders in the exchange: learner+exercise+time, or with a random part."""
        config: Any = self._course.config.get("Exchange", {})
        root = config.get("root", _EXCHANGE)
        inbound = Path(root if isinstance(root, str) else _EXCHANGE) / self._course.course_id / "inbound"
        found: dict[str, list[Path]] = defaultdict(list)
        try:
            if not _is_ours(inbound):
                return {}
            for folder in inbound.iterdir():
                parts = folder.name.split("+")
                if len(parts) in {3, 4} and parts[1] == self._exercise:
                    found[parts[0]].append(folder)
        except OSError:
            return {}
        return dict(found)

    def _seen(self, learner: str, digest: str) -> datetime | None:
        """Tell since when this very notebook has lain in the exchange.

        Its own time of change can be set to anything. The time at which the system noted that change cannot:
        a file that was touched later shows a later one.
        """
        times: list[float] = []
        for folder in self._inbound.get(learner, []):
            for path in folder.glob("*.ipynb"):
                try:
                    about = path.lstat()
                    regular = stat.S_ISREG(about.st_mode) and about.st_size <= LARGEST
                    if regular and sha256_file(path) == digest:
                        times.append(about.st_ctime)
                except OSError:
                    continue
        return datetime.fromtimestamp(min(times), UTC).replace(microsecond=0) if times else None


def _is_ours(folder: Path) -> bool:
    """Tell whether learners could not have made or replaced this folder."""
    about = folder.lstat()
    mine = {0, os.getuid()} if hasattr(os, "getuid") else {about.st_uid}
    return stat.S_ISDIR(about.st_mode) and about.st_uid in mine


def _differing(stated: datetime | None, counts: datetime, where: str) -> list[str]:
    if stated is None or abs(stated - counts) <= _SAME:
        return []
    return [f"timestamp.txt says {iso(stated)}, {where} {iso(counts)}; the latter counts"]


def _parse(text: str) -> datetime | None:
    """Read nbgrader's time format; what is not a time is no time."""
    date, _, zone = text.rpartition(" ")
    try:
        if text.count(" ") < 2:
            found = datetime.fromisoformat(text)
        elif _OFFSET.fullmatch(zone):
            found = datetime.fromisoformat(f"{date}{zone}")
        else:
            found = datetime.fromisoformat(date).replace(tzinfo=_zone(zone))
        return within(found)
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> tzinfo:
    """Find a time zone by its name; one that nobody knows counts as UTC, as in nbgrader."""
    try:
        return ZoneInfo(name) if len(name) < 40 else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
