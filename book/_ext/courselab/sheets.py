"""A learner's sheet: what one learner may see of the own variant, read from beside the notebook.

    sheet.json    {"schema": "sheet/1", "exercise", "token", "practice", "data", "numbers", "digest"}
    sheet.npz     the large numbers of it, where it has any; `numbers` holds a digest of each array

Answers are not in it, and nothing here can draw one: the package that does is never in the learner's room.
The digest tells a damaged copy. It proves nothing about who made the sheet, because no mark rests on what a
learner's sheet says: the grader makes its own.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from coursefacts.errors import InputFault
from numpy.typing import NDArray

SCHEMA = "sheet/1"
FILE = "sheet.json"
NUMBERS = "sheet.npz"
_HAND_OUT = "put the one from your hand-out into the notebook's folder"
_SECONDS = 300


class SheetFault(InputFault):
    """A sheet that cannot be used; a notebook shows its one line and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True)
class Sheet:
    """What a learner may see.

    practice: whether it was drawn for practice. data: plain data, as the exercise's own view reads it.
    numbers: arrays by name.
    """

    exercise: str
    token: str
    practice: bool
    data: dict[str, Any]
    numbers: Mapping[str, NDArray[Any]] = field(repr=False, default_factory=dict)

    def written(self) -> dict[str, Any]:
        """Give the content of sheet.json."""
        content = {
            "schema": SCHEMA,
            "exercise": self.exercise,
            "token": self.token,
            "practice": self.practice,
            "data": self.data,
            "numbers": {name: digest_of(array) for name, array in self.numbers.items()},
        }
        return content | {"digest": digest(content)}


def digest(content: Mapping[str, Any]) -> str:
    """Digest the content of sheet.json, whatever its digest says."""
    rest = {key: value for key, value in content.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def digest_of(array: NDArray[Any]) -> str:
    """Digest an array by what it holds, and not by how a file packs it."""
    little = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<")))
    head = f"{little.dtype.str} {little.shape}\n".encode("ascii")
    return hashlib.sha256(head + little.tobytes()).hexdigest()


def read(folder: Path) -> Sheet:
    """Read the sheet that lies in a folder; raise SheetFault for one that is missing or damaged."""
    path = folder / FILE
    if not path.is_file():
        raise SheetFault(f"no {FILE} lies beside this notebook", remedy=_HAND_OUT)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema"] == SCHEMA and digest(content) == content["digest"]:
            return Sheet(
                str(content["exercise"]),
                str(content["token"]),
                bool(content["practice"]),
                dict(content["data"]),
                _numbers(folder / NUMBERS, content["numbers"]),
            )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise SheetFault(f"{FILE} beside this notebook is damaged or was changed", remedy=_HAND_OUT)


def _numbers(path: Path, digests: dict[str, str]) -> dict[str, NDArray[Any]]:
    if not digests:
        return {}
    try:
        with np.load(path, allow_pickle=False) as stored:
            found = {name: np.asarray(stored[name]) for name in digests}
    except FileNotFoundError:
        raise SheetFault(f"no {NUMBERS} lies beside {FILE}", remedy=_HAND_OUT) from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        found = {}
    if {name: digest_of(array) for name, array in found.items()} != digests:
        raise SheetFault(
            f"{NUMBERS} beside this notebook is damaged or belongs to another sheet", remedy=_HAND_OUT
        )
    return found


def own(exercise: str, token: str, folder: Path | None = None) -> Sheet:
    """Read the sheet beside the notebook and hold it to exercise and token; raise SheetFault."""
    sheet = read(folder or Path())
    if sheet.exercise != exercise:
        raise SheetFault(
            f"{FILE} beside this notebook is of the exercise '{sheet.exercise}', and this is '{exercise}'",
            remedy=_HAND_OUT,
        )
    if sheet.token != token:
        raise SheetFault(
            f"{FILE} beside this notebook belongs to another token ({sheet.token})",
            remedy="use notebook and sheet of one hand-out, your own, and leave its token as it was",
        )
    return sheet


def for_practice(exercise: str, token: str) -> Sheet:
    """Let the drawer of sheets make one for practice, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-P", "-m", "answersheet", "practice", exercise, token, folder]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            done = None
        if done is None or done.returncode:
            said = done.stderr.strip().splitlines()[-1:] if done else []
            raise SheetFault(
                f"no sheet for practice could be drawn ({said[0] if said else 'no answer'})",
                remedy="run `make start` in the course's folder, which installs what draws it",
            )
        return own(exercise, token, Path(folder))
