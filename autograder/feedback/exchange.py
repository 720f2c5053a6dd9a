"""What nbgrader's exchange wants beside a page of feedback, so that `nbgrader release_feedback` works.

It reads when the hand-in came from timestamp.txt, and names the released page by submission_secret.txt, which
`nbgrader submit` made and which only the learner's machine and the hand-in hold.
"""

from __future__ import annotations

import secrets
import stat
from pathlib import Path

from autograder.course import Course
from autograder.files import write_bytes

__all__ = ["SECRET", "TIME", "for_exchange"]

TIME, SECRET = "timestamp.txt", "submission_secret.txt"
# nbgrader's own has 64 letters, its times have some thirty.
_LONGEST = 1000


def for_exchange(course: Course, learner: str, exercise: str, folder: Path, came: str) -> None:
    """Lay both files into a folder of feedback that is being written.

    came: the time to write where none is known otherwise.
    """
    handed = course.submitted(learner, exercise)
    time = _small(course.autograded(learner, exercise) / TIME) or _small(handed / TIME) or came.encode()
    # Who handed in elsewhere has none, and nbgrader would stop the whole class for it: theirs opens nothing,
    # and stays what it was, so that a page released twice is one.
    key = _small(handed / SECRET) or _small(course.feedback(learner, exercise) / SECRET)
    write_bytes(folder / TIME, time)
    write_bytes(folder / SECRET, key or secrets.token_hex(32).encode())


def _small(path: Path) -> bytes:
    """Read a small regular file; nothing where it is none, because it lies in what a learner handed in."""
    try:
        about = path.lstat()
        return path.read_bytes() if stat.S_ISREG(about.st_mode) and about.st_size <= _LONGEST else b""
    except OSError:
        return b""
