"""The roster: a CSV file of learners, as a student office or an LMS exports it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coursefacts.errors import InputFault, ManyFaults

from autograder.files import is_safe_name
from autograder.names import split
from autograder.roster_columns import Columns, Known, Row, recognise
from autograder.spreadsheet import neutral, read_table, write_table

__all__ = ["FILE", "Columns", "Learner", "neutral", "of_course", "read", "write", "write_table"]

FILE = "roster.csv"
_HEAD = ("learner", "name", "email", "section", "sortable", "lms_id", "login", "sis_id")


@dataclass(frozen=True)
class Learner:
    """One line of the roster.

    id: the learner's id, also the name of their folder.
    name: as the institution writes it.
    email: or None.
    section: the group, as the institution writes it; empty for none.
    sortable: the name with the family name first and a comma, where a platform gives that; else empty.
    lms_id: the number that a platform knows the learner by (Canvas: ID); empty where it is not known.
    login: their user name there.
    sis_id: their number in the institution (SIS User ID, OrgDefinedId, Student ID, ID number, SID).
    """

    id: str
    name: str
    email: str | None = None
    section: str = ""
    sortable: str = ""
    lms_id: str = ""
    login: str = ""
    sis_id: str = ""

    @property
    def parts(self) -> tuple[str, str]:
        """Given and family names."""
        return split(self.sortable or self.name)


def of_course(root: Path) -> list[Learner]:
    """Read the roster that a course keeps; nobody where it has none."""
    path = root / FILE
    return read(path) if path.exists() else []


def write(root: Path, learners: Iterable[Learner]) -> None:
    """Write the roster that a course keeps, for its owner's eyes alone."""
    rows = (
        (one.id, one.name, one.email or "", one.section, one.sortable, one.lms_id, one.login, one.sis_id)
        for one in learners
    )
    write_table(root / FILE, _HEAD, rows, 0o600)


def read(path: Path, columns: Columns | None = None) -> list[Learner]:
    """Read a roster; tell every faulty line at once.

    columns: which columns to take, where their names do not say it.
    """
    known = recognise(read_table(path), columns or Columns())
    found: dict[str, Learner] = {}
    lines: dict[str, int] = {}
    faults: list[InputFault] = []
    for row in known.rows:
        fault = _fault(row, lines, known)
        if fault is not None:
            faults.append(fault)
        else:
            lines[row.id.casefold()] = row.line
            found[row.id] = _learner(row)
    if faults:
        raise ManyFaults(faults)
    if not found:
        raise InputFault("names no learner", path=path, remedy="add one line for each learner")
    return list(found.values())


def _learner(row: Row) -> Learner:
    ids = {"lms_id": row.lms_id, "login": row.login, "sis_id": row.sis_id}
    return Learner(row.id, row.name or row.id, row.email or None, row.section, row.sortable, **ids)


def _fault(row: Row, lines: dict[str, int], known: Known) -> InputFault | None:
    if not is_safe_name(row.id):
        return InputFault(
            f"the id '{row.id[:40]}' cannot name a folder",
            path=known.path,
            line=row.line,
            remedy="use letters, digits and . - _ @, beginning with a letter or digit"
            + known.other_columns(),
        )
    # Two ids that differ in case alone would be one folder on some systems.
    if row.id.casefold() in lines:
        return InputFault(
            f"the id '{row.id}' stands already on line {lines[row.id.casefold()]}",
            path=known.path,
            line=row.line,
            remedy="keep one of them",
        )
    return None
