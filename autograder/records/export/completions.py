"""The completion file: one line for each record that stands, in the columns that offices import."""

from __future__ import annotations

import csv
import io
import re
from contextlib import closing

from autograder.records.issuer import Home
from autograder.records.ledger import Holding

COLUMNS = (
    "person id",
    "course",
    "version",
    "group",
    "stage",
    "score",
    "pass mark",
    "completed on",
    "expires on",
)
# What makes a spreadsheet run a cell, in ASCII and as the wide forms that some of them take for the same.
FORMULA = (*"=+-@|%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
UNSEEN = re.compile(r"^[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+")
UNQUOTED = ("\t", "\r", "\n")


def table(home: Home, group: str | None = None) -> str:
    """Write the file: what is neither revoked, suspended nor a demonstration.

    group: what the office calls the group of these learners; without it, the id of the award.
    """
    out = io.StringIO()
    # Every cell in quotes, so that no separator of another country's spreadsheet opens a new one.
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    with closing(home.open_ledger()) as ledger:
        fallen = {*ledger.revoked(), *ledger.suspended()}
        for held in ledger.holdings():
            if held.record not in fallen and not held.details["demonstration"]:
                writer.writerow([neutral(cell) for cell in _cells(held, group)])
    return out.getvalue()


def _cells(held: Holding, group: str | None) -> list[str]:
    told = held.details
    return [
        held.learner,
        str(told["course"]),
        str(told["version"]),
        held.award if group is None else group,
        str(told["title"]),
        f"{told['score']:g}",
        f"{told['pass_mark']:g}",
        str(told["completed"])[:10],
        str(told["expires"])[:10],
    ]


def neutral(cell: str) -> str:
    """Keep a spreadsheet from running a cell: one that begins like a formula gets an apostrophe in front.

    Blanks and what no eye sees count as nothing before the sign, because some spreadsheets drop them.
    """
    return f"'{cell}" if UNSEEN.sub("", cell)[:1] in FORMULA or cell[:1] in UNQUOTED else cell
