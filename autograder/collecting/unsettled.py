"""What could not be told: kept in the course until a person says whose it is, by one CSV.

unsettled.csv               to fill in: one line for each file
unsettled/KEY/about.json    what is known of it
unsettled/KEY/files/        what was handed in
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault, ManyFaults

from autograder.course import Course
from autograder.files import new_folder, sha256, write_bytes, write_json
from autograder.spreadsheet import read_table, write_table
from autograder.strangers import shown, storable

__all__ = ["IGNORED", "TABLE", "Doubt", "Row", "Unsettled", "key_of"]

TABLE = "unsettled.csv"
_FOLDER = "unsettled"
_HEAD = ("key", "file", "why", "perhaps", "exercise", "learner")
_KEY = re.compile(r"u[0-9a-f]{15}")
IGNORED = "-"
"""What a person writes in the place of a learner for a file that is nobody's."""


@dataclass
class Doubt:
    """A file that only a person can settle.

    origin: how to call it to a person.
    perhaps: whom it may be of.
    exercise: which it is, or empty.
    about: what is written down when it is taken.
    files: the notebook under the empty name, and what came with it.
    """

    key: str
    origin: str
    reason: str
    perhaps: tuple[str, ...]
    exercise: str
    about: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """What a person settled: whose a file is and of which exercise; or that it is nobody's."""

    line: int
    doubt: Doubt
    learner: str
    exercise: str


def key_of(sender: str, content: str) -> str:
    """Name a file by its sender and its content; with a letter first, for spreadsheets round numbers."""
    return "u" + sha256(f"{sender}\n{content}".encode("utf-8", "replace"))[:15]


class Unsettled:
    """The files of a course that wait for a person."""

    def __init__(self, course: Course) -> None:
        self._root = course.root
        self._folder = course.root / _FOLDER

    def state(self, key: str) -> str | None:
        """Tell whether a file is `open`, `settled` or `ignored`; None for one that was never in doubt."""
        about = self._about(key)
        return None if about is None else str(about["state"])

    def keep(self, doubt: Doubt) -> None:
        """Keep a file until somebody settles it."""
        if self.state(doubt.key) is not None:
            return
        with new_folder(self._folder / doubt.key) as folder:
            for name, data in doubt.files.items():
                write_bytes(folder / "files" / (name or "notebook"), data)
            self._note(folder, doubt, "open")

    def close(self, key: str, state: str) -> None:
        """Note that a file is settled or ignored; its bytes need not be kept here any more."""
        about = self._about(key)
        if about is not None and about["state"] == "open":
            write_json(self._folder / key / "about.json", about | {"state": state})
            shutil.rmtree(self._folder / key / "files", ignore_errors=True)

    def open(self) -> list[Doubt]:
        """Give what still waits, without the files' bytes."""
        found = []
        for path in sorted(self._folder.glob("u*/about.json")):
            about = self._about(path.parent.name)
            if about is not None and about["state"] == "open":
                found.append(_doubt(about))
        return sorted(found, key=lambda one: one.origin)

    def load(self, doubt: Doubt) -> Doubt:
        """Read the files of what still waits."""
        folder = self._folder / doubt.key / "files"
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            name = path.relative_to(folder).as_posix()
            doubt.files["" if name == "notebook" else name] = path.read_bytes()
        if "" not in doubt.files:
            raise InputFault(
                "the kept file is gone", path=folder, remedy="delete this folder and collect the file again"
            )
        return doubt

    def write_table(self) -> Path | None:
        """Write the CSV to fill in; what somebody has filled in already stays. None when nothing waits."""
        path = self._root / TABLE
        waiting = self.open()
        if not waiting:
            path.unlink(missing_ok=True)
            return None
        had = self._filled_in(path)
        rows = []
        for one in waiting:
            exercise, learner = had.get(one.key, (one.exercise, ""))
            row = (one.key, shown(one.origin), shown(one.reason), " or ".join(one.perhaps), exercise, learner)
            rows.append(row)
        write_table(path, _HEAD, rows, 0o600)
        return path

    @staticmethod
    def _filled_in(path: Path) -> dict[str, tuple[str, str]]:
        if not path.exists():
            return {}
        rows = read_table(path).rows
        return {
            row["key"]: (row.get("exercise", ""), row.get("learner", "")) for _, row in rows if "key" in row
        }

    def read_table(self, path: Path, learners: set[str], exercises: list[str]) -> list[Row]:
        """Read what a person filled in; every faulty line is told at once, and then nothing is settled."""
        table = read_table(path)
        if "key" not in table.columns or "learner" not in table.columns:
            raise InputFault(
                "has no columns 'key' and 'learner'",
                path=path,
                line=1,
                remedy=f"fill in {TABLE}, which `autograder collect` writes into the course",
            )
        open_ones = {one.key: one for one in self.open()}
        known = {one.casefold(): one for one in learners}
        found: list[Row] = []
        faults: list[InputFault] = []
        for line, row in table.rows:
            who, key = row.get("learner", ""), row.get("key", "")
            if not who or self.state(key) in {"settled", "ignored"}:
                continue
            exercise = row.get("exercise", "") or (open_ones[key].exercise if key in open_ones else "")
            fault = _fault(key, who, exercise, (open_ones, known, exercises))
            if fault:
                faults.append(InputFault(fault[0], path=path, line=line, remedy=fault[1]))
            else:
                learner = who if who == IGNORED or not known else known[who.casefold()]
                found.append(Row(line, open_ones[key], learner, exercise))
        if faults:
            raise ManyFaults(faults)
        return found

    def _about(self, key: str) -> dict[str, Any] | None:
        path = self._folder / key / "about.json"
        if not _KEY.fullmatch(key) or not path.is_file():
            return None
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            assert found["schema"] == "unsettled/1" and found["key"] == key
        except (OSError, ValueError, KeyError, TypeError, AssertionError):
            raise InputFault(
                "is not as it was written", path=path, remedy="restore it, or delete its folder"
            ) from None
        return dict(found)

    def _note(self, folder: Path, doubt: Doubt, state: str) -> None:
        about = {
            "schema": "unsettled/1",
            "key": doubt.key,
            "state": state,
            "origin": storable(doubt.origin),
            "reason": storable(doubt.reason),
            "perhaps": list(doubt.perhaps),
            "exercise": doubt.exercise,
            "about": doubt.about,
        }
        write_json(folder / "about.json", about)


def _doubt(about: dict[str, Any]) -> Doubt:
    return Doubt(
        about["key"],
        about["origin"],
        about["reason"],
        tuple(about["perhaps"]),
        about["exercise"],
        dict(about["about"]),
    )


def _fault(
    key: str, who: str, exercise: str, course: tuple[dict[str, Doubt], dict[str, str], list[str]]
) -> tuple[str, str] | None:
    """Say what is wrong with a line and what to do."""
    waiting, learners, exercises = course
    if key not in waiting:
        return (
            f"nothing waits under the key '{shown(key, 40)}'",
            f"copy the key from {TABLE} as it stands there",
        )
    if who == IGNORED:
        return None
    if learners and who.casefold() not in learners:
        return (
            f"the roster has no learner '{shown(who, 40)}'",
            "correct the id, or add them: autograder roster",
        )
    if exercise not in exercises:
        said = f"the course has no exercise '{shown(exercise, 40)}'" if exercise else "names no exercise"
        return said, f"write one of: {', '.join(exercises)}"
    return None
