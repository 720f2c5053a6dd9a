"""One run at a time over one exercise: a second one would grade and write the same things."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coursefacts.errors import InputFault

__all__ = ["FOLDER", "only_run"]

FOLDER = ".autograder"


@contextmanager
def only_run(root: Path, exercise: str) -> Iterator[None]:
    """Hold an exercise's lock; the system gives it back however the run ends."""
    path = root / FOLDER / f"{exercise}.lock"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _take(handle):
            who = os.pread(handle, 64, 0).decode("ascii", "replace").strip()
            raise InputFault(
                f"another run is grading '{exercise}' (process {who or 'unknown'})",
                path=root,
                remedy="wait until it has ended, or end it; what it has graded stays",
            )
        with suppress(OSError):  # on a full disk the lock holds without the number
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
