"""The course secret: the one thing that makes a learner's variant theirs. It is never printed.

A period (a year, a term) beside it makes fresh variants of the same secret, for whoever does the course anew.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
from pathlib import Path

from coursefacts.errors import InputFault

from autograder.tokens import PRACTICE, make

__all__ = ["FILE", "PERIOD", "begin_period", "create", "load", "variant"]

FILE = "secret.key"
PERIOD = "period.txt"
_BYTES = 32


def create(course: Path) -> Path:
    """Create the course's secret, readable by its owner alone; keep one that is there."""
    path = course / FILE
    if path.exists():
        load(course)
        return path
    course.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(_BYTES) + "\n")
    return path


def begin_period(course: Path, period: str) -> None:
    """Name the period of a course, once and for all: another one would change every variant in it."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", period):
        raise InputFault(f"--period {period!r} is no name of a period", remedy="write a year or a term: 2027")
    before = _period(course)
    if before == period:
        return
    # A secret alone may have been brought here from another period; after a release it is too late.
    if before or any((course / name).exists() for name in ("variants", "release", "submitted")):
        named = f"the period {before}" if before else "no period"
        raise InputFault(
            f"this course has {named}, on which its variants rest",
            path=course,
            remedy="release the new period into a folder of its own: --course DIR",
        )
    course.mkdir(parents=True, exist_ok=True)
    (course / PERIOD).write_text(f"{period}\n", encoding="ascii")


def _period(course: Path) -> str:
    path = course / PERIOD
    try:
        return path.read_text(encoding="ascii").strip() if path.exists() else ""
    except (OSError, UnicodeDecodeError):
        raise InputFault("is not the name of a period", path=path, remedy="restore it from a copy") from None


def variant(course: Path, exercise: str, learner: str) -> str | None:
    """Name the variant that a learner works on, telling nothing of it; None in practice."""
    key = load(course)
    if key == PRACTICE:
        return None
    return hashlib.sha256(f"variant\n{make(key, exercise, learner)}".encode()).hexdigest()


def load(course: Path) -> bytes:
    """Load the course's secret, as its period has it; without one, the public practice secret."""
    path = course / FILE
    if not path.exists():
        return PRACTICE
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise InputFault("others can read the course secret", path=path, remedy=f"run: chmod 600 {path}")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise InputFault(
            "is not a course secret",
            path=path,
            remedy="restore it from your copy; a new one changes every variant",
        ) from None
    if len(key) < 16:
        raise InputFault("is too short to be a course secret", path=path, remedy="restore it from your copy")
    period = _period(course)
    return hmac.new(key, f"period\n{period}".encode(), hashlib.sha256).digest() if period else key
