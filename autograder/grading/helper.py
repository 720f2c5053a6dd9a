"""A process beside the grader that makes masters with nbgrader, which the grader itself does not import.

Where it is safe it is a fork, made when the grader has imported what both need: a fifth of a second that is
spent once. A process with several threads is not forked, nor one on another system than Linux; there the
helper is started afresh.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any, Protocol

from autograder.course import Course

__all__ = ["Helper", "begin"]


class Helper(Protocol):
    """A process that is to answer once."""

    def answer(self) -> dict[str, Any]:
        """Wait for the answer; one that cannot be read raises ValueError."""
        ...

    def stop(self) -> None:
        """End it, if nobody has waited for it."""
        ...


def begin(course: Course, exercise: str) -> Helper:
    """Begin to make an exercise's masters."""
    if sys.platform == "linux" and threading.active_count() == 1:
        return _Fork(course, exercise)
    return _Afresh(course, exercise)


def _what_both_need() -> None:
    """Import what the grader will need anyway."""
    import nbformat  # noqa: F401

    import autograder.grading.book  # noqa: F401


class _Fork:
    """A fork of this process."""

    def __init__(self, course: Course, exercise: str) -> None:
        _what_both_need()
        self._answers, far = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            _be(course, exercise, far)
        os.close(far)
        self._over = False

    def answer(self) -> dict[str, Any]:
        """Wait for the answer; one that cannot be read raises ValueError."""
        with open(self._answers, "rb", closefd=False) as stream:
            body = stream.read()
        self.stop()
        told: dict[str, Any] = json.loads(body)
        return told

    def stop(self) -> None:
        """End it, and let the system forget it."""
        if not self._over:
            self._over = True
            os.close(self._answers)
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


def _be(course: Course, exercise: str, answers: int) -> None:
    """Be the fork: without the grader's files and locks, which would be held as long as this lives."""
    try:
        from autograder.rooms import namespaces

        gc.freeze()
        namespaces.die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number, one in enumerate((nowhere, nowhere, nowhere, answers)):
            os.dup2(one, number, inheritable=number < 3)
        os.closerange(4, 1 << 16)
        from autograder.grading import chain

        with open(3, "w", encoding="utf-8") as stream:
            json.dump(chain.answer(lambda: course, exercise), stream)
    finally:
        os._exit(0)


class _Afresh:
    """A new interpreter."""

    def __init__(self, course: Course, exercise: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.grading.chain"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(
            json.dumps({"root": str(course.root), "db": course.db, "exercise": exercise})
        )
        self._process.stdin.close()
        self._process.stdin = None

    def answer(self) -> dict[str, Any]:
        """Wait for the answer; one that cannot be read raises ValueError."""
        _what_both_need()  # while it works there is nothing else to do
        told: dict[str, Any] = json.loads(self._process.communicate()[0])
        return told

    def stop(self) -> None:
        """End it, if nobody has waited for it."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
