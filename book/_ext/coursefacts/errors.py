"""Faults in what people write, told so that they can be mended.

InputFault            a file, an option or an answer cannot be used: what, where, what to do
└── ManyFaults        several of them, found in one pass over the same input
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class InputFault(Exception):
    """Say in one line what is wrong, where it stands and what to do.

    what: one clause, without a full stop.
    path, line: where (line counts from 1); either may be unknown.
    remedy: what the reader should do now, as an imperative clause.
    """

    def __init__(
        self, what: str, *, path: Path | str | None = None, line: int | None = None, remedy: str | None = None
    ) -> None:
        self.what = what
        self.path = Path(path) if path is not None else None
        self.line = line
        self.remedy = remedy
        super().__init__(str(self))

    @property
    def where(self) -> str:
        """`file:line`, `file`, or nothing."""
        if self.path is None:
            return ""
        shown = shorten(self.path)
        return f"{shown}:{self.line}" if self.line else shown

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        text = f"{text}; {self.remedy}" if self.remedy else text
        return " ".join(text.split())


class ManyFaults(InputFault):
    """Carry several faults of one input; printed one a line."""

    def __init__(self, faults: Sequence[InputFault]) -> None:
        self.faults = tuple(faults)
        first = faults[0]
        super().__init__(first.what, path=first.path, line=first.line, remedy=first.remedy)

    def __str__(self) -> str:
        # Exception.__init__ of the base asks for the text before the list is complete.
        return "\n".join(str(fault) for fault in self.faults)


def shorten(path: Path) -> str:
    """Write a path relative to the working directory where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
