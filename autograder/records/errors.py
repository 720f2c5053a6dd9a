"""The one fault of this package, told in one line.

Records may be installed without the rest of the course, so they have their own fault, which reads the same.
A fault never carries a key, a passphrase or the content of a record: it says where to look.
"""

from __future__ import annotations

from pathlib import Path


class Fault(Exception):
    """Say in one line what cannot be used, where it stands and what to do.

    what: one clause, without a full stop.
    path, line: where (line counts from 1); either may be unknown.
    remedy: what the reader should do now.
    """

    def __init__(
        self, what: str, *, path: Path | str | None = None, line: int | None = None, remedy: str | None = None
    ) -> None:
        self.what = what
        self.path = Path(path) if path is not None else None
        self.line = line
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        where = ""
        if self.path is not None:
            where = f"{self.path}:{self.line}: " if self.line else f"{self.path}: "
        tail = f"; {self.remedy}" if self.remedy else ""
        return " ".join(f"{where}{self.what}{tail}".split())


class Refused(Fault):
    """The input can be read, but what was asked for must not be done (exit 1, not 2)."""
