"""The completion file: one line for each record that stands, in the columns that offices import."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from autograder.records import times
from autograder.records.errors import Fault
from autograder.records.export import layouts
from autograder.records.export.people import Person
from autograder.records.issuer import Home
from autograder.records.ledger import Holding

# What makes a spreadsheet run a cell, in ASCII and as the wide forms that some of them take for the same.
FORMULA = (*"=+-@|%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
UNSEEN = re.compile(r"^[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+")
UNQUOTED = ("\t", "\r", "\n")


@dataclass(frozen=True)
class Feed:
    """What a completion file is to hold.

    layout: its columns.
    group: what the office calls the group of these learners; without it, the id of the award.
    sections: each learner's own group, which goes before `group`.
    people: names and addresses, where a column asks for them, and sections, where `sections` has none.
    since: only records issued from this moment on.
    """

    layout: layouts.Layout = field(default_factory=lambda: layouts.builtin("plain"))
    group: str | None = None
    sections: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    since: datetime | None = None


def table(home: Home, feed: Feed | None = None) -> str:
    """Write the file: what is neither revoked, suspended nor a demonstration."""
    return write(home, feed or Feed())[0]


def write(home: Home, feed: Feed) -> tuple[str, list[str]]:
    """The file's text, and the learners in it of whom no name is known though a column asks for one."""
    out = io.StringIO()
    # Every cell in quotes, so that no separator of another country's spreadsheet opens a new one.
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([neutral(column.name) for column in feed.layout.columns])
    nameless: dict[str, None] = {}
    for held, number, issued in _standing(home):
        if feed.since is not None and times.moment(issued) < feed.since:
            continue
        if feed.layout.personal and held.learner not in feed.people:
            nameless[held.learner] = None
        said = _fields(held, number, issued, feed)
        writer.writerow([neutral(_cell(column, said, held.award)) for column in feed.layout.columns])
    return out.getvalue(), list(nameless)


def _standing(home: Home) -> list[tuple[Holding, int, str]]:
    """Each record that stands, the how-manieth of its learner and award it is, and when it was issued."""
    stages: Counter[tuple[str, str]] = Counter()
    found = []
    with closing(home.open_ledger()) as ledger:
        fallen = {*ledger.revoked(), *ledger.suspended()}
        issued = {row.record: row.at for row in ledger.events("issue")}
        for held in ledger.stubs():
            if held.record in fallen or held.details["demonstration"]:
                continue
            stages[held.learner, held.award] += 1
            found.append((held, stages[held.learner, held.award], issued[held.record]))
    return found


def _fields(held: Holding, number: int, issued: str, feed: Feed) -> dict[str, str]:
    """Every field of one line, as text."""
    told: dict[str, Any] = held.details
    who = feed.people.get(held.learner, Person())
    section = feed.sections.get(held.learner) or who.section
    group = section or (held.award if feed.group is None else feed.group)
    written = layouts.DATES[feed.layout.dates]
    days = {"completed on": told["completed"], "expires on": told["expires"], "issued on": issued}
    return {
        "person id": held.learner,
        "first name": who.first,
        "last name": who.last,
        "email": who.email,
        "course": str(told["course"]),
        "version": str(told["version"]),
        "group id": held.award,
        "group": group,
        "stage number": str(number),
        "stage": str(told["title"]),
        "score": f"{told['score']:g}",
        "pass mark": f"{told['pass_mark']:g}",
        "record id": held.record,
        "nothing": "",
        **{name: times.moment(str(day)).strftime(written) for name, day in days.items()},
    }


def _cell(column: layouts.Column, said: Mapping[str, str], award: str) -> str:
    if column.field is not None:
        return said[column.field]
    if column.by_award is None:
        return column.text or ""
    if award not in column.by_award:
        raise Fault(
            f"the column {column.name} says nothing for the award {award}",
            remedy="add it under by_award in the map of columns",
        )
    return column.by_award[award]


def neutral(cell: str) -> str:
    """Keep a spreadsheet from running a cell: one that begins like a formula gets an apostrophe in front.

    Blanks and what no eye sees count as nothing before the sign, because some spreadsheets drop them.
    """
    return f"'{cell}" if UNSEEN.sub("", cell)[:1] in FORMULA or cell[:1] in UNQUOTED else cell
