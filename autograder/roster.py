"""The roster: a CSV file of learners, as a student office or an LMS exports it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursefacts.errors import InputFault, ManyFaults

from autograder.files import is_safe_name, write_text

__all__ = ["FILE", "Learner", "neutral", "read", "write_table"]

FILE = "roster.csv"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Learner:
    """One line of the roster.

    id: the learner's id, also the name of their folder.
    name: as the institution writes it.
    email: or None.
    """

    id: str
    name: str
    email: str | None = None


def read(path: Path) -> list[Learner]:
    """Read a roster; tell every faulty line at once."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputFault("no such file", path=path, remedy="check the name") from None
    except (OSError, UnicodeDecodeError):
        raise InputFault("cannot be read", path=path, remedy="save it as CSV in UTF-8") from None
    first = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    columns = [(name or "").strip().lower() for name in rows.fieldnames or []]
    rows.fieldnames = columns
    if "learner" not in columns:
        raise InputFault(
            "has no column 'learner'", path=path, line=1, remedy="begin with the line: learner,name,email"
        )
    return _learners(rows, path)


def _learners(rows: csv.DictReader[str], path: Path) -> list[Learner]:
    found: dict[str, Learner] = {}
    lines: dict[str, int] = {}
    faults: list[InputFault] = []
    for row in rows:
        line = rows.line_num
        ident = (row.get("learner") or "").strip()
        if not ident and not any(isinstance(cell, str) and cell.strip() for cell in row.values()):
            continue
        # Two ids that differ in case alone would be one folder on some systems.
        folded = ident.lower()
        if not is_safe_name(ident):
            faults.append(
                InputFault(
                    f"the id '{ident[:40]}' cannot name a folder",
                    path=path,
                    line=line,
                    remedy="use letters, digits and . - _ @, beginning with a letter or digit",
                )
            )
        elif folded in lines:
            faults.append(
                InputFault(
                    f"the id '{ident}' stands already on line {lines[folded]}",
                    path=path,
                    line=line,
                    remedy="keep one of them",
                )
            )
        else:
            lines[folded] = line
            email = (row.get("email") or "").strip() or None
            found[ident] = Learner(ident, (row.get("name") or "").strip() or ident, email)
    if faults:
        raise ManyFaults(faults)
    if not found:
        raise InputFault("names no learner", path=path, remedy="add one line for each learner")
    return list(found.values())


def neutral(cell: str) -> str:
    """Make a cell harmless where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def write_table(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]], mode: int = 0o644) -> None:
    """Write a CSV file whose cells no spreadsheet will run."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(head)
    table.writerows([neutral(cell) for cell in row] for row in rows)
    write_text(path, text.getvalue(), mode)
