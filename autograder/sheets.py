"""Sheets: what each learner may see of the own variant, and the answers that the grader alone derives.

    with Drawer() as drawer:
        made = drawer.sheet(key, "export-controls", token)     # Sealed(files={"sheet.json": …}, answers={…})

They are drawn by the command `python -m answersheet serve`, a process and not an import: a course without
sheets is graded without it, and a slow drawing holds up nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Self

from coursefacts.errors import InputFault

from autograder import tokens
from autograder.course import Course

__all__ = ["PACKAGE", "Drawer", "Sealed", "is_sealed", "released_sheet"]

PACKAGE = "answersheet"
"""The package that draws sheets and holds keys; no room for a learner may find it."""


@dataclass(frozen=True)
class Sealed:
    """One sheet.

    token: whose it is. digest: as it stands in the sheet. files: what lies beside the notebook, in base64.
    answers: plain data for the examiner's room alone. literal: code of a right notebook's cells, by grade_id,
    where no code finds the answer.
    """

    token: str
    digest: str
    files: dict[str, str] = field(repr=False)
    answers: dict[str, Any] = field(repr=False)
    literal: dict[str, str] = field(repr=False)

    def unpacked(self) -> dict[str, bytes]:
        """Give the files as bytes."""
        return {name: base64.b64decode(data) for name, data in self.files.items()}


def is_sealed(exercise: str) -> bool:
    """Tell whether an exercise has sheets, and loads nothing that draws one."""
    if find_spec(PACKAGE) is None:
        return False
    return exercise in import_module(PACKAGE).EXERCISES


def released_sheet(course: Course, exercise: str, learner: str, sheet: Sealed) -> str | None:
    """Say why a learner cannot have worked on this sheet, as far as the course knows, or None."""
    path = course.root / "variants" / exercise / f"{learner}.json"
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))
        token, digest = noted["token"], noted.get("sheet")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # somebody who is not on the roster
    if token != sheet.token or digest == sheet.digest:
        return None
    again = f"run `autograder release {exercise}` and hand the exercise out again"
    if digest is None:
        return f"it was released before '{exercise}' had sheets, whose answers are others; {again}"
    return (
        "the sheet drawn now is not the one that was released, because pool or programs have changed; "
        f"grade with those of the release, or {again}"
    )


class Drawer:
    """A process that draws sheets; it is started when the first is asked for, and may be asked by threads."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def sheet(self, key: bytes, exercise: str, token: str) -> Sealed | None:
        """Draw the sheet of a token; None for an exercise that has none.

        key: the course's, or the public one for practice; it is not told to the process, a seed is.
        """
        if not is_sealed(exercise):
            return None
        seed = hmac.new(key, f"sheet\n{exercise}\n{token}".encode(), hashlib.sha256).hexdigest()
        practice = key == tokens.PRACTICE
        return self._ask({"exercise": exercise, "token": token, "seed": seed, "practice": practice})

    def rehearsal(self, exercise: str) -> Sealed | None:
        """Draw the one sheet on which the instructor's own solution runs."""
        return self._ask({"exercise": exercise}) if is_sealed(exercise) else None

    def _ask(self, wanted: dict[str, Any]) -> Sealed:
        with self._turn:
            process = self._started()
            assert process.stdin is not None and process.stdout is not None
            try:
                process.stdin.write(json.dumps(wanted) + "\n")
                process.stdin.flush()
                line = process.stdout.readline()
            except OSError:
                line = ""
        told = json.loads(line) if line else {"failed": "what draws sheets has ended"}
        if "failed" in told:
            raise InputFault(
                f"no sheet of '{wanted['exercise']}' can be drawn: {told['failed']}",
                remedy=f"see what says: python -m {PACKAGE} rehearsal {wanted['exercise']}",
            )
        return Sealed(**told)

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", PACKAGE, "serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
        return self._process

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
