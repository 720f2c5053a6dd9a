"""Which column of somebody's CSV is what: Canvas, Moodle, Brightspace, Blackboard, Gradescope and our own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from coursefacts.errors import InputFault

from autograder.files import is_safe_name
from autograder.names import split
from autograder.spreadsheet import Table

__all__ = ["Columns", "Known", "Row", "recognise"]

# What each platform calls what we want to know. Identifier is GitHub Classroom's.
_CALLED = {
    "learner": ("learner",),
    "name": ("name", "full name", "student name"),
    "sortable": ("sortable", "student"),
    "first": ("first name", "firstname", "given name", "given names"),
    "last": ("last name", "lastname", "surname", "family name"),
    "email": ("email", "email address", "e-mail", "e-mail address"),
    "section": ("section", "sections", "group", "groups"),
    "lms_id": ("lms_id",),
    "login": ("login", "sis login id", "username", "user name", "login id", "github_username"),
    "sis_id": ("sis_id", "sis user id", "orgdefinedid", "student id", "id number", "sid", "identifier"),
    "role": ("role", "roles"),
}
# By these an id is looked for, the most lasting first.
_IDS = ("sis_id", "login", "email", "lms_id")
_STAFF = {"instructor", "teacher", "ta", "reader", "grader", "observer", "designer", "non-editing teacher"}
# Canvas puts the greatest marks and a learner who does not exist among the learners.
_NOBODY = {"points possible", "student, test", "test student"}


@dataclass(frozen=True)
class Columns:
    """Which columns to take, by their names; None where the names say it themselves.

    name: one column, or those of given and family names.
    """

    id: str | None = None
    name: tuple[str, ...] = ()
    email: str | None = None
    section: str | None = None


@dataclass
class Row:
    """What one line says of a learner; empty text for what it does not say."""

    line: int
    id: str = ""
    name: str = ""
    sortable: str = ""
    email: str = ""
    section: str = ""
    lms_id: str = ""
    login: str = ""
    sis_id: str = ""


@dataclass
class Known:
    """A roster whose columns are known.

    id_column: where the ids stand.
    """

    path: Path
    id_column: str
    columns: list[str]
    rows: list[Row] = field(default_factory=list)

    def other_columns(self) -> str:
        """Say which columns there are besides."""
        others = [name for name in self.columns if name and name != self.id_column]
        return f"; or take another column by --id-column ({', '.join(others)})" if others else ""


def recognise(table: Table, wanted: Columns) -> Known:
    """Tell which column is what; raise InputFault where it cannot be told who is who."""
    called = _called(table, wanted)
    kept = [(line, cells) for line, cells in table.rows if not _is_nobody(cells, called)]
    rows = [_row(line, cells, called) for line, cells in kept]
    if "learner" in called:
        column = called["learner"]
        for row, (_, cells) in zip(rows, kept, strict=True):
            row.id = cells.get(column, "").removeprefix("#") if wanted.id else cells.get(column, "")
    else:
        kind = next((kind for kind in _IDS if kind in called and _can_be_ids(rows, kind)), None)
        if kind is None:
            there = ", ".join(name for name in table.columns if name) or "none"
            raise InputFault(
                f"no column holds an id for each learner (columns: {there})",
                path=table.path,
                line=1,
                remedy="name it with --id-column, or begin with the line: learner,name,email",
            )
        column = called[kind]
        for row in rows:
            row.id = getattr(row, kind)
    return Known(table.path, column, table.columns, rows)


def _called(table: Table, wanted: Columns) -> dict[str, str]:
    """Give the column of each thing, by the name that stands in the head."""
    heads = {name.casefold(): name for name in reversed(table.columns)}
    called = {
        kind: heads[name] for kind, names in _CALLED.items() for name in reversed(names) if name in heads
    }
    if "id" in heads:
        # Canvas's own number; elsewhere whatever an institution calls an id.
        called.setdefault("lms_id" if "student" in heads else "sis_id", heads["id"])
    asked = {"learner": wanted.id, "email": wanted.email, "section": wanted.section}
    if wanted.name:
        for kind in ("name", "first", "last", "sortable"):
            called.pop(kind, None)
        asked |= zip(("first", "last") if len(wanted.name) > 1 else ("name",), wanted.name, strict=False)
    for kind, name in asked.items():
        if name is None:
            continue
        if name.casefold() not in heads:
            there = ", ".join(column for column in table.columns if column) or "none"
            raise InputFault(
                f"has no column '{name}' (columns: {there})",
                path=table.path,
                line=1,
                remedy="name one of them",
            )
        called[kind] = heads[name.casefold()]
    return called


def _is_nobody(cells: dict[str, str], called: dict[str, str]) -> bool:
    if cells.get(called.get("role", ""), "").casefold() in _STAFF:
        return True
    return cells.get(called.get("sortable", ""), "").casefold() in _NOBODY


def _row(line: int, cells: dict[str, str], called: dict[str, str]) -> Row:
    def cell(kind: str) -> str:
        return cells.get(called[kind], "") if kind in called else ""

    row = Row(
        line, section=cell("section"), email=cell("email"), name=cell("name"), sortable=cell("sortable")
    )
    # Brightspace marks ids with a #, so that no spreadsheet takes them for numbers; Moodle's marking sheet
    # has 'Participant 17', which is another number in each assignment.
    ids = {kind: cell(kind).removeprefix("#") for kind in ("lms_id", "login", "sis_id")}
    row.lms_id, row.login, row.sis_id = ("" if " " in one else one for one in ids.values())
    first, last = cell("first"), cell("last")
    if first or last:
        row.name = row.name or f"{first} {last}".strip()
        row.sortable = row.sortable or (f"{last}, {first}" if first and last else "")
    if row.sortable and not row.name:
        row.name = " ".join(part for part in split(row.sortable) if part)
    return row


def _can_be_ids(rows: list[Row], kind: str) -> bool:
    ids = [getattr(row, kind) for row in rows]
    return bool(ids) and all(map(is_safe_name, ids)) and len({one.casefold() for one in ids}) == len(ids)
