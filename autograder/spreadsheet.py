"""CSV as spreadsheets and LMSs write it, and as they may safely open it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursefacts.errors import InputFault

from autograder.files import write_text

__all__ = ["Table", "neutral", "read_table", "write_table"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DELIMITERS = (",", ";", "\t")
_LARGEST = 50 * 2**20


@dataclass
class Table:
    """A CSV file.

    columns: the head as it stands there.
    rows: of each line that is not empty its number and its cells by column, stripped.
    """

    path: Path
    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]


def read_table(path: Path) -> Table:
    """Read a CSV file with commas, semicolons or tabs, in UTF-8 or UTF-16; raise InputFault otherwise."""
    text = _text(path)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=lambda one: first.count(one))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [name.strip() for name in next(lines, [])]
        rows = list(_rows(lines, columns))
    except csv.Error as error:
        raise InputFault(
            f"is not CSV ({error})", path=path, line=lines.line_num, remedy="save it again as CSV"
        ) from None
    return Table(path, columns, rows)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputFault("is too large for a list of people", path=path, remedy="check the name")
        data = path.read_bytes()
        # Blackboard's .xls is text in UTF-16 with tabs.
        code = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        return data.decode(code)
    except FileNotFoundError:
        raise InputFault("no such file", path=path, remedy="check the name") from None
    except (OSError, UnicodeDecodeError):
        raise InputFault("cannot be read", path=path, remedy="save it as CSV in UTF-8") from None


def _rows(lines: Iterator[list[str]], columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    # A line's number is that of its last row of text; it is not known before it has been read.
    for cells in lines:
        if any(cell.strip() for cell in cells):
            yield lines.line_num, dict(zip(columns, map(_plain, cells), strict=False))  # type: ignore[attr-defined]


def _plain(cell: str) -> str:
    """Undo `neutral`, so that what we wrote comes back as it was."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def neutral(cell: str) -> str:
    """Make a cell harmless where a spreadsheet would take it for a formula; a dash alone is none."""
    return f"'{cell}" if cell.startswith(_FORMULA) and cell != "-" else cell


def write_table(
    path: Path,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    mode: int = 0o644,
    *,
    quoted: bool = False,
) -> None:
    """Write a CSV file whose cells no spreadsheet will run.

    quoted: whether every cell stands in quotation marks; else only those that need them.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    table.writerow(head)
    table.writerows([neutral(cell) for cell in row] for row in rows)
    write_text(path, text.getvalue(), mode)
