"""Fill the marks into a file that a platform exported: its ids, language and columns are right already."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from coursefacts.errors import InputFault

from autograder.gradefiles.sheets import Grade
from autograder.roster import Learner

__all__ = ["Filled", "fill"]

_LARGEST = 50 * 2**20


@dataclass
class Filled:
    """A file with marks in it.

    data: its bytes, in the encoding and with the separators that it came with.
    column: where the marks stand.
    unknown: learners of ours whom the file does not name, who have a mark.
    others: how many lines name nobody of ours; they are as they were.
    """

    data: bytes
    column: str
    unknown: list[str] = field(default_factory=list)
    others: int = 0


def fill(path: Path, platform: str, title: str, column: str | None, grades: list[Grade]) -> Filled:
    """Write each mark into its learner's line; a mark that is not settled leaves the cell as it is.

    title: the exercise's, by which the column is looked for where `column` does not name it.
    """
    data = _read(path)
    code, text = _decoded(data, path)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    if not lines:
        raise InputFault("is empty", path=path, remedy="export it again")
    head = [name.strip() for name in lines[0]]
    at = _column(head, platform, title, column, path)
    found: set[str] = set()
    others = 0
    people = _people(grades, head, path)
    for row in lines[1:]:
        one = people.of(row)
        if one is None:
            others += any(cell.strip() for cell in row)
            continue
        found.add(one.standing.learner.id)
        mark = "EX" if one.excused and platform == "canvas" else one.text
        if mark:
            row += [""] * (at + 1 - len(row))
            row[at] = mark.replace(".", ",") if separator == ";" and _decimal_comma(lines, at) else mark
    out = io.StringIO(newline="")
    end = "\r\n" if "\r\n" in text else "\n"
    marks = _quoting(first, lines[0])
    csv.writer(out, delimiter=separator, lineterminator=end, quoting=marks).writerows(lines)
    if not found:
        raise InputFault(
            "names nobody of this course's roster",
            path=path,
            line=1,
            remedy="give the platform's roster to `autograder roster` first, or check the file",
        )
    gone = [one.standing.learner.id for one in grades if one.text and one.standing.learner.id not in found]
    return Filled(out.getvalue().encode(code), lines[0][at], gone, others)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputFault("is too large for a list of marks", path=path, remedy="check the name")
        return path.read_bytes()
    except FileNotFoundError:
        raise InputFault("no such file", path=path, remedy="check the name") from None
    except OSError as error:
        raise InputFault(f"cannot be read ({error.strerror})", path=path, remedy="check the file") from None


def _decoded(data: bytes, path: Path) -> tuple[str, str]:
    """Tell the encoding, so that the file goes back as it came; Blackboard's is UTF-16 with tabs."""
    code = "utf-8"
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        code = "utf-16"
    elif data[:3] == b"\xef\xbb\xbf":
        code = "utf-8-sig"
    try:
        return code, data.decode(code)
    except UnicodeDecodeError:
        raise InputFault("is not text in UTF-8", path=path, remedy="save it as CSV in UTF-8") from None


def _column(head: list[str], platform: str, title: str, column: str | None, path: Path) -> int:
    """Find the column of marks: as it was named, else by the exercise's title."""
    if column is not None:
        fits = [at for at, name in enumerate(head) if name == column]
    elif platform == "moodle":
        fits = [at for at, name in enumerate(head) if name.casefold() == "grade"]
    else:
        # Canvas: Title (12). Brightspace: Title Points Grade. Blackboard: Title [Total Pts: 30 Score] |12.
        form = re.compile(rf"{re.escape(title)}(?: \(\d+\)| Points Grade.*| \[.*)?", re.IGNORECASE)
        fits = [at for at, name in enumerate(head) if form.fullmatch(name)]
    if len(fits) == 1:
        return fits[0]
    what = f"'{column}'" if column else f"for '{title}'"
    raise InputFault(
        f"has {'several columns' if fits else 'no column'} {what}",
        path=path,
        line=1,
        remedy=f"name one with --column: {'; '.join(name for name in head if name)[:400]}",
    )


# What each column of a platform's export says of a learner of ours.
def _keys(one: Learner, number: str) -> dict[str, set[str]]:
    ids = {one.id, one.sis_id, one.login, one.email or ""}
    return {
        "id": {one.lms_id},
        "sis user id": ids,
        "sis login id": ids,
        "orgdefinedid": ids,
        "username": ids,
        "student id": ids,
        "id number": ids,
        "sid": ids,
        "identifier": {f"participant {number}"} if number else set(),
        "email": {one.email or ""},
        "email address": {one.email or ""},
    }


class _People:
    """Whose line a line is, by the columns that bear an id; a line that could be two people's is nobody's."""

    def __init__(self, grades: Iterable[Grade], columns: dict[int, str]) -> None:
        self._columns = columns
        self._by: dict[tuple[str, str], list[Grade]] = {}
        for one in grades:
            for column, values in _keys(one.standing.learner, one.number).items():
                for value in {value.casefold() for value in values if value}:
                    self._by.setdefault((column, value), []).append(one)

    def of(self, row: list[str]) -> Grade | None:
        """Find the learner by the first column that knows one."""
        for at, name in self._columns.items():
            value = row[at].strip().removeprefix("#").casefold() if at < len(row) else ""
            fits = self._by.get((name, value), []) if value else []
            if len(fits) == 1:
                return fits[0]
        return None


def _people(grades: list[Grade], head: list[str], path: Path) -> _People:
    known = _keys(Learner("", ""), "")
    columns = {at: name.casefold() for at, name in enumerate(head) if name.casefold() in known}
    if not columns:
        raise InputFault(
            "has no column that tells who is who",
            path=path,
            line=1,
            remedy="export it from the platform's gradebook, with ids or e-mail addresses",
        )
    return _People(grades, columns)


def _quoting(first: str, head: list[str]) -> Literal[0, 1]:
    """Tell whether every cell of the file stands in quotation marks, as Blackboard writes and asks for."""
    told = first.strip()
    quoted = told.startswith('"') and told.endswith('"') and told.count('"') == 2 * len(head)
    return csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL


def _decimal_comma(lines: list[list[str]], at: int) -> bool:
    """Tell whether the marks that stand there are written with a comma."""
    cells = [row[at] for row in lines[1:] if at < len(row)]
    return not any(re.fullmatch(r"\d+\.\d+", cell.strip()) for cell in cells)
