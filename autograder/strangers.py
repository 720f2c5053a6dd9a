"""Text from strangers: notebooks, names of files, manifests, transcripts, stamps.

A learner chooses every word of a hand-in. What cannot be stored (half a character, a year that no calendar
has) or shown (what moves a terminal's cursor or turns a line around) is replaced or refused here, so that no
command has to think of it again, and no hand-in stops the others.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

__all__ = ["TooMuch", "clean_json", "moment", "parsed", "shown", "storable", "within"]

# Controls, halves of characters, and what turns the direction of a line or breaks it.
_UNSHOWN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")
# Before computers kept time for learners, and after any course.
_YEARS = range(1970, 3000)
# Each part of a JSON text becomes an object of some 60 bytes; a notebook of 50 MB with figures has thousands.
_MOST_GROUPS = 1_000_000
_MOST_PARTS = 4_000_000
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


class TooMuch(ValueError):
    """JSON of more parts than a grader should hold."""


def storable(text: str) -> str:
    """Give text that UTF-8 can write: half a character becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def shown(text: str, most: int = 300) -> str:
    """Give text for one line of a terminal or a sentence: no control, no direction, no half a character."""
    clean = _UNSHOWN.sub("?", _ESCAPES.sub("?", text))
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def clean_json(data: Any, *, indent: int | None = 1) -> str:
    """Write JSON whose strings can be stored and shown: what cannot is written as an escape, or replaced."""
    text = storable(json.dumps(data, indent=indent, ensure_ascii=False))
    # Line ends outside of strings are ours; those inside json has escaped already.
    return _UNSHOWN.sub(lambda found: found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1], text)


def moment(text: object) -> datetime | None:
    """Read a moment that a stranger wrote; None for what is none, or lies outside of any course."""
    try:
        return within(datetime.fromisoformat(text)) if isinstance(text, str) else None
    except (ValueError, OverflowError, OSError):
        return None


def within(found: datetime) -> datetime | None:
    """Give a moment in UTC, or None when it lies outside of any course; without a zone it is UTC."""
    if found.year not in _YEARS:
        return None
    try:
        there = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return there if there.year in _YEARS else None


def parsed(data: bytes) -> Any:
    """Read JSON of a learner's; raise ValueError for what is none, and TooMuch before it fills the memory."""
    if _parts(data):
        raise TooMuch
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _parts(data: bytes) -> bool:
    """Tell whether a JSON text has more parts than may be; what stands in its strings is no part."""
    if not _many(data):
        return False
    return _many(_STRING.sub(b'""', data))


def _many(data: bytes) -> bool:
    groups = data.count(b"[") + data.count(b"{")
    return groups > _MOST_GROUPS or data.count(b",") > _MOST_PARTS
