"""The course secret: the one thing that makes a learner's variant theirs. It is never printed."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from coursefacts.errors import InputFault

from autograder.tokens import PRACTICE

__all__ = ["FILE", "create", "load"]

FILE = "secret.key"
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


def load(course: Path) -> bytes:
    """Load the course's secret; without one, the public practice secret."""
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
    return key
