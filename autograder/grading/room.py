"""The seam: who runs a rebuilt notebook. Everything else of grading knows only this page.

There are two answers: `two_rooms`, which isolates, and `stock`, a Jupyter kernel through nbgrader's Execute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from autograder.grading.master import Master
from autograder.sheets import Sealed

__all__ = [
    "ANSWERS",
    "GRADERS_TOKEN",
    "SHORTFALLS",
    "UNISOLATED",
    "WITHOUT_TLS",
    "Job",
    "Room",
    "RoomFailed",
    "Run",
]

UNISOLATED = "graded without isolation"
WITHOUT_TLS = "graded on other machines over a connection without TLS"
SHORTFALLS = {UNISOLATED, WITHOUT_TLS}
"""What a room says of itself when no record can rest on its results."""

GRADERS_TOKEN = "COURSE_VARIANT_TOKEN"
"""The variable that tells `courselab.variants` whose variant is graded, whatever the notebook says."""

ANSWERS = "ANSWERS"
"""The one name under which a hidden test finds what is right, of an exercise with sheets."""


@dataclass(frozen=True)
class Job:
    """One notebook to run, as plain data.

    notebook: the rebuilt notebook, in nbformat's JSON.
    folder: files the exercise ships; they are copied, never run in place.
    environment: variables for the learner's process, such as the variant's token.
    timeout: seconds for one cell.
    whole: seconds for all.
    master: the name of the instructor's notebook.
    origin: for each cell its position in the source, or None where the learner added it.
    beside: the learner's own small files, such as a module, by name and in base64; tests do not see them.
    sheet: the sheet of whose variant is graded, likewise, laid over any other of its names in both rooms.
    answers: what the examiner's room alone finds under the name ANSWERS; None where there is no sheet.
    """

    notebook: dict[str, Any]
    folder: Path
    environment: dict[str, str]
    timeout: int
    whole: int
    master: str
    origin: list[int | None]
    beside: dict[str, str] = field(default_factory=dict)
    sheet: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] | None = None

    def with_sheet(self, sheet: Sealed | None) -> Job:
        """The same on a sheet, of an exercise that has them."""
        return self if sheet is None else replace(self, sheet=sheet.files, answers=sheet.answers)

    def plain(self) -> dict[str, Any]:
        """As plain data, for another process."""
        return {**vars(self), "folder": str(self.folder)}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Job:
        """From plain data."""
        return cls(**{**plain, "folder": Path(plain["folder"])})


@dataclass
class Run:
    """What came back.

    notebook: the notebook with its outputs.
    replies: cell position to ok, error or timeout; a cell without a reply was not run.
    stopped: why the run ended early, or None.
    ways: cell position to how a test was run: hatch, handles (the same, with stand-ins for what does not
        travel by value), fallback (in the learner's room), manual (not at all); empty for a kernel.
    refused: cell position to the learner's names that could not be given to a test.
    values: cell position to the learner's plain values that a failed test mentions, as short texts by name.
    raised: cell position to the builtin type of an error that learner code raised while it was tested.
    lost: whether that was because a room ended.
    twice: whether it is a second try, after a room had ended.
    log: what a person may want to know besides; it can quote learner code, and no learner may see it.
    waited: seconds in which other notebooks ran.
    """

    notebook: Any
    replies: dict[int, str] = field(default_factory=dict)
    stopped: str | None = None
    ways: dict[int, str] = field(default_factory=dict)
    refused: dict[int, list[str]] = field(default_factory=dict)
    values: dict[int, dict[str, str]] = field(default_factory=dict)
    raised: dict[int, str] = field(default_factory=dict)
    lost: bool = False
    twice: bool = False
    log: list[str] = field(default_factory=list)
    waited: float = 0.0

    def plain(self) -> dict[str, Any]:
        """As plain data, for another process."""
        return dict(vars(self))

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Run:
        """From plain data, even where JSON has made texts of the positions."""
        from nbformat import from_dict

        by_position: dict[str, Any] = {
            name: {int(at): one for at, one in plain[name].items()}
            for name in ("replies", "ways", "refused", "values", "raised")
        }
        whole: dict[str, Any] = {name: plain[name] for name in ("stopped", "lost", "twice", "log", "waited")}
        return cls(from_dict(plain["notebook"]), **whole, **by_position)


class Room(Protocol):
    """A place to run notebooks in.

    isolation: how learner code is kept apart, for the results.
    shortfalls: why results from here cannot be certified; empty when they can.
    """

    isolation: str
    shortfalls: tuple[str, ...]

    @property
    def notes(self) -> Sequence[str]:
        """What the instructor should know once it is prepared, a sentence each."""
        ...

    def prepare(self, masters: list[Master]) -> None:
        """Make ready for these notebooks, before the first of them is run."""
        ...

    def run(self, job: Job) -> Run:
        """Run one notebook; raise RoomFailed when nothing came back. Called from several threads."""
        ...

    def close(self) -> None:
        """End everything that was started."""
        ...


class RoomFailed(Exception):
    """Nothing came back from a run; its text is the reason."""
