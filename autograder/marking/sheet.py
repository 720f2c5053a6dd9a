"""Marks out and in as CSV, for whoever marks in a spreadsheet or on another machine."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, field
from pathlib import Path

from coursefacts.errors import InputFault, ManyFaults

from autograder.course import Course
from autograder.marking.letters import Letter, Letters
from autograder.marking.rubric import Rubric, read
from autograder.marking.save import Given, Stale, checked, save
from autograder.marking.store import Key
from autograder.roster import write_table

__all__ = ["Taken", "take", "write"]

_BEFORE = ("learner", "notebook", "cell", "state", "answer")
_AFTER = ("score", "comment", "marker", "marked_at", "letter", "version")
_PART = "part: "
# Spreadsheets are given a mark before a text that they would take for a formula; it is taken off again.
_FORMULA = ("'=", "'+", "'-", "'@", "'\t", "'\r")


@dataclass
class Taken:
    """What became of a table's lines, each named by its learner.

    refused: with the line's number and the reason; the other lines are taken.
    """

    taken: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    empty: int = 0
    refused: list[str] = field(default_factory=list)


def write(
    course: Course, exercise: str, file: Path, keys: list[Key] | None = None, apart: float = 2.0
) -> int:
    """Write a line for each letter, in the order of `keys` or else by learner; return how many."""
    letters = Letters(course, exercise, apart)
    try:
        found = letters.all()
    finally:
        letters.close()
    wanted = [found[key] for key in keys or sorted(found) if key in found and found[key].words]
    rubrics = {letter.key: read(course, exercise, letter.key[2], letter.most) for letter in wanted}
    names = list(
        dict.fromkeys(part.name for rubric in rubrics.values() if rubric.own for part in rubric.parts)
    )
    rows = [_row(letter, names) for letter in wanted]
    write_table(file, (*_BEFORE, *(f"{_PART}{name}" for name in names), *_AFTER), rows, 0o600)
    return len(rows)


def _row(letter: Letter, names: list[str]) -> list[str]:
    first = letter.first if letter.first and letter.first.answer == letter.answer else None
    parts = (first.parts or {}) if first else {}
    score = letter.manual if letter.state in {"marked", "differs"} else None
    return [
        *letter.key,
        letter.state,
        letter.answer[:12],
        *(f"{parts[name]:g}" if name in parts else "" for name in names),
        "" if score is None else f"{score:g}",
        letter.comment,
        first.marker if first else "",
        first.marked_at if first else "",
        letter.words.source.strip() if letter.words else "",
        letter.version,
    ]


def take(course: Course, exercise: str, file: Path, marker: str, apart: float) -> Taken:
    """Take marks from a table; a faulty line refuses all of it, one that came too late itself alone.

    marker: whose marks they are where the table's column `marker` is empty.
    """
    rows = _rows(file)
    letters = Letters(course, exercise, apart)
    try:
        found = letters.all()
    finally:
        letters.close()
    faults: list[InputFault] = []
    said = Taken()
    ready: list[tuple[int, Rubric, Given]] = []
    for line, row in rows:
        try:
            one = _given(course, exercise, row, found, marker, said)
        except InputFault as fault:
            faults.append(InputFault(fault.what, path=file, line=line, remedy=fault.remedy))
            continue
        if one is not None:
            ready.append((line, *one))
    if faults:
        raise ManyFaults(faults)
    for line, rubric, given in ready:
        try:
            save(course, exercise, rubric, given, apart)
            said.taken.append(given.key[0])
        except Stale:
            said.refused.append(
                f"line {line}, {given.key[0]}: marked or handed in again since the table was written; "
                "write it out once more and mark that line there"
            )
    return said


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputFault("no such file", path=file, remedy="check the name") from None
    except (OSError, UnicodeDecodeError):
        raise InputFault("cannot be read", path=file, remedy="save it as CSV in UTF-8") from None
    first = text.split("\n", 1)[0]
    table = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    lacking = [name for name in ("learner", "version") if name not in (table.fieldnames or [])]
    if lacking:
        raise InputFault(
            f"has no column '{lacking[0]}'",
            path=file,
            line=1,
            remedy="fill in a table of `autograder mark --out`",
        )
    try:
        return [(table.line_num, {k: _plain(v) for k, v in row.items() if k is not None}) for row in table]
    except csv.Error as error:
        raise InputFault(f"is not CSV ({error})", path=file, remedy="save it as CSV in UTF-8") from None


def _plain(cell: str | None) -> str:
    text = cell or ""
    return (text[1:] if text.startswith(_FORMULA) else text).strip()


def _given(
    course: Course, exercise: str, row: dict[str, str], found: dict[Key, Letter], marker: str, said: Taken
) -> tuple[Rubric, Given] | None:
    """Read one line; None where it says nothing new."""
    letter = _letter(row, found)
    rubric = read(course, exercise, letter.key[2], letter.most)
    points = _points(row, rubric)
    if points is None:
        said.empty += 1
        return None
    sure = checked(rubric, points)
    comment = row.get("comment", "")
    same = letter.state in {"marked", "differs"} and letter.manual is not None
    if same and abs((letter.manual or 0) - sum(sure)) < 1e-9 and comment == letter.comment.strip():
        parts = letter.first.parts if letter.first else None
        if not rubric.own or (parts and list(parts.values()) == sure):
            said.known.append(letter.key[0])
            return None
    # Who fills in a line anew and leaves the name of the last marker in it marks under their own.
    named = row.get("marker", "")
    who = named if named and not (letter.first and named == letter.first.marker) else marker
    return rubric, Given(letter.key, "first", who, sure, comment, letter.answer, row["version"])


def _letter(row: dict[str, str], found: dict[Key, Letter]) -> Letter:
    wanted = [row.get(name, "") for name in ("learner", "notebook", "cell")]
    fits = [
        letter
        for key, letter in found.items()
        if all(not said or said == own for said, own in zip(wanted, key, strict=True))
    ]
    if not wanted[0] or len(fits) != 1 or fits[0].words is None:
        raise InputFault(
            f"'{wanted[0]}' has no such written part here",
            remedy="keep learner, notebook and cell as they were written out",
        )
    return fits[0]


def _points(row: dict[str, str], rubric: Rubric) -> list[float | None] | None:
    """Read the points; None for a line that nobody filled in."""
    total = _number(row.get("score", ""), "score")
    if not rubric.own:
        return None if total is None else [total]
    points = [_number(row.get(_PART + part.name, ""), part.name) for part in rubric.parts]
    if all(one is None for one in points):
        if total is not None:
            raise InputFault("has a score and no parts", remedy="fill in the columns that begin with 'part:'")
        return None
    whole = [one for one in points if one is not None]
    if total is not None and len(whole) == len(points) and abs(sum(whole) - total) > 1e-9:
        raise InputFault(
            f"the parts add up to {sum(whole):g}, the score says {total:g}",
            remedy="mend one, or leave the score empty",
        )
    return points


def _number(text: str, name: str) -> float | None:
    if not text:
        return None
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        raise InputFault(
            f"'{text[:20]}' for “{name}” is no number", remedy="write it like 2 or 1.5"
        ) from None
    if not math.isfinite(found):
        raise InputFault(f"'{text[:20]}' for “{name}” is no number", remedy="write it like 2 or 1.5")
    return found
