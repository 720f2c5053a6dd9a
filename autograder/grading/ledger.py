"""results.jsonl: every result ever given in a course, one a line, only ever added to."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from coursefacts.errors import InputFault
from pydantic import ValidationError

from autograder.grading.model import Result

__all__ = ["FILE", "Ledger"]

FILE = "results.jsonl"


class Ledger:
    """The results of a course, or of trials in a file of another name."""

    def __init__(self, root: Path, name: str = FILE) -> None:
        self.path = root / name

    def read(self) -> Iterator[Result]:
        """Read every result, oldest first."""
        if not self.path.exists():
            return
        with self.path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if not line.endswith(b"\n"):
                    # A run was killed while it wrote: that was never a result, and it is graded again.
                    return
                try:
                    yield Result.model_validate_json(line)
                except ValidationError:
                    raise InputFault(
                        "is not a result",
                        path=self.path,
                        line=number,
                        remedy="restore the file from your copy",
                    ) from None

    def latest(self, exercise: str | None = None) -> dict[tuple[str, str, str], Result]:
        """Find the last result of each (exercise, learner, notebook)."""
        found: dict[tuple[str, str, str], Result] = {}
        for result in self.read():
            if exercise is None or result.exercise == exercise:
                found[result.exercise, result.learner, result.notebook] = result
        return found

    def add(self, results: Sequence[Result]) -> None:
        """Add results, and be sure that they are on the disk; all of them or none."""
        if not results:
            return
        text = b"".join(result.model_dump_json().encode("utf-8") + b"\n" for result in results)
        try:
            with self.path.open("ab+", buffering=0) as stream:
                # Runs over other exercises of the course write here too.
                _alone(stream.fileno())
                end = _cut_torn_tail(stream.fileno())
                try:
                    written = stream.write(text)
                    if written != len(text):
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                    os.fsync(stream.fileno())
                except OSError:
                    os.ftruncate(stream.fileno(), end)
                    raise
        except OSError as error:
            raise InputFault(
                f"cannot be written ({error.strerror})",
                path=self.path,
                remedy="make room and run the command again; what is graded stays graded",
            ) from None


def _alone(handle: int) -> None:
    """Wait until nobody else writes; the system lets go when the file is closed."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)


def _cut_torn_tail(handle: int) -> int:
    """Cut what a killed run left of a line; return where the file ends then."""
    size = os.fstat(handle).st_size
    at = size
    while at and os.pread(handle, 1, at - 1) != b"\n":
        at -= 1
    if at < size:
        os.ftruncate(handle, at)
    return at
