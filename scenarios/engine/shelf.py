"""Where cases lie: a folder with one folder for each case."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import coursefacts
from coursefacts import FactBook
from coursefacts.errors import InputFault

from scenarios.engine import load
from scenarios.engine.model import Case
from scenarios.engine.names import did_you_mean

DEFAULT = Path(__file__).resolve().parents[1] / "cases"


@dataclass(frozen=True)
class Shelf:
    """A folder of cases, and the facts that they cite."""

    folder: Path
    facts_folder: Path | None = None

    def ids(self) -> list[str]:
        """List the cases."""
        if not self.folder.is_dir():
            raise InputFault("no folder of cases here", path=self.folder, remedy="give it with --cases DIR")
        return sorted(file.parent.name for file in self.folder.glob("*/case.md"))

    def path(self, name: str) -> Path:
        """Find a case by its id, its folder or its file."""
        given = Path(name)
        if given.suffix == ".md" or len(given.parts) > 1 or given.is_absolute():
            file = given / "case.md" if given.is_dir() else given
            if not file.is_file():
                raise InputFault("no such case", path=file, remedy="give the id or the folder of a case")
            return file
        known = self.ids()
        if name not in known:
            remedy = did_you_mean(name, known) if known else "there is none yet"
            raise InputFault(f"no case '{name}' in {self.folder}", remedy=remedy)
        return self.folder / name / "case.md"

    def case(self, name: str) -> Case:
        """Read a case."""
        return load(self.path(name))

    def find(self, case_id: str) -> Case | None:
        """Read the case with this id, or None where there is none."""
        return load(self.folder / case_id) if case_id in self.ids() else None

    def facts(self) -> FactBook:
        """Read the facts of the course that the cases belong to."""
        beside = self.folder.resolve().parent.parent / "book" / "facts"
        if self.facts_folder is not None:
            return coursefacts.load(self.facts_folder)
        return coursefacts.load(beside) if beside.is_dir() else coursefacts.load()
