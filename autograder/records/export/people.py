"""Names, addresses and sections of learners, from evidence files and from a roster."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.records import evidence as evidence_file
from autograder.records import safejson
from autograder.records.errors import Fault

MAX_ROSTER = 20_000_000


@dataclass(frozen=True)
class Person:
    """What a file may say of a learner beside their record; empty where nothing is known."""

    first: str = ""
    last: str = ""
    email: str = ""
    section: str = ""


def people(files: Iterable[Path]) -> tuple[dict[str, Person], list[Fault]]:
    """Everybody whom the evidence files name; of somebody who stands in several, the last file counts."""
    found: dict[str, Person] = {}
    faults: list[Fault] = []
    for file in files:
        shown, unread = evidence_file.load_class(file)
        faults.extend(unread)
        for learner in shown.learners:
            first, last = split_name(learner.sortable or learner.name or "")
            found[learner.learner] = Person(first, last, learner.email or "", learner.section or "")
    return found, faults


def split_name(name: str) -> tuple[str, str]:
    """First and last name of a name as people write it: `Ada Example`, or `Example, Ada`.

    Where no comma says otherwise the last word is the last name; a name of one word is a last name.
    """
    last, comma, first = (part.strip() for part in name.partition(","))
    if comma:
        return first, last
    first, _, last = name.strip().rpartition(" ")
    return first.strip(), last


def sections(roster: Path) -> dict[str, str]:
    """Each learner's section, from the columns `learner` and `section` of a roster."""
    try:
        text = safejson.read_bytes(roster, limit=MAX_ROSTER).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault("is not UTF-8 text", path=roster, remedy="save it as CSV in UTF-8") from None
    first = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    rows.fieldnames = [(name or "").strip().lower() for name in rows.fieldnames or []]
    for needed in ("learner", "section"):
        if needed not in rows.fieldnames:
            remedy = "begin with the line: learner,name,email,section"
            raise Fault(f"has no column '{needed}'", path=roster, line=1, remedy=remedy)
    return {(row["learner"] or "").strip(): (row["section"] or "").strip() for row in rows if row["learner"]}
