"""The learner's view of the sheet of the exercise on incidents: copies of a log, partners' notes, nights.

Nothing here knows an answer. Which copy is the log follows from its published head, how far a clock is off
from its comparisons, and what the link did from its counts.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from coursefacts.errors import InputFault
from numpy.typing import NDArray

from courselab.sheets import Sheet

COPIES = ("server", "backup", "mail")


@dataclass(frozen=True)
class Entry:
    """One line of the log: a name, where it comes from, its stamp as printed, what it says."""

    id: str
    source: str
    stamp: str
    text: str

    def data(self) -> bytes:
        """The bytes that are hashed."""
        return f"{self.id} | {self.source} | {self.stamp} | {self.text}".encode()


@dataclass(frozen=True)
class View:
    """What one learner may see.

    as_of: the day for which rules are looked up. copies: three copies of the log, by where they were found;
    each is a tuple of entries in the order in which they were collected. published: size and head that stood
    in the weekly mail. sources: what each source of entries is. comparisons: for each, readings of its clock
    beside a time server's, as (shown, UTC). notes: eight partners, each with id, partner, asks, fact, value,
    text and changes. quiet, staged: wrong Z bits, shape (nights, windows); night: those of the night in
    question. bits: compared in each window. stated: error rate by the last calibration. rise: the smallest
    rise that the alarm is built for. one_in: an intrusion is expected once in so many nights.
    """

    token: str
    practice: bool
    as_of: str
    copies: dict[str, tuple[Entry, ...]] = field(repr=False)
    published: tuple[int, str]
    sources: dict[str, str]
    comparisons: dict[str, tuple[tuple[str, str], ...]] = field(repr=False)
    notes: tuple[dict[str, Any], ...] = field(repr=False)
    quiet: NDArray[np.int64] = field(repr=False)
    staged: NDArray[np.int64] = field(repr=False)
    night: NDArray[np.int64] = field(repr=False)
    bits: int
    stated: float
    rise: float
    one_in: int

    def public(self) -> dict[str, Any]:
        """The same as plain data, without the nights."""
        return {
            "exercise": "incidents",
            "token": self.token,
            "practice": self.practice,
            "as_of": self.as_of,
            "published": {"size": self.published[0], "head": self.published[1]},
            "log": {
                name: [[entry.id, entry.source, entry.stamp, entry.text] for entry in entries]
                for name, entries in self.copies.items()
            },
            "comparisons": {
                source: [list(pair) for pair in pairs] for source, pairs in self.comparisons.items()
            },
            "notes": [dict(note) for note in self.notes],
            "bits": self.bits,
            "stated": self.stated,
            "rise": self.rise,
            "one_in": self.one_in,
        }


def view(sheet: Sheet) -> View:
    """Read a sheet of this exercise."""
    data, numbers = sheet.data, sheet.numbers
    size, head = data["published"]
    return View(
        sheet.token,
        sheet.practice,
        data["as_of"],
        {name: tuple(Entry(*entry) for entry in data["copies"][name]) for name in COPIES},
        (size, head),
        data["sources"],
        {
            source: tuple((shown, utc) for shown, utc in pairs)
            for source, pairs in data["comparisons"].items()
        },
        tuple(data["notes"]),
        numbers["quiet"].astype(np.int64),
        numbers["staged"].astype(np.int64),
        numbers["night"].astype(np.int64),
        data["bits"],
        data["stated"],
        data["rise"],
        data["one_in"],
    )


def as_utc(value: object) -> datetime.datetime:
    """Read an answer: a datetime, or text such as "2026-10-04 21:15"; without a zone it is UTC."""
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
        except ValueError:
            raise InputFault(f"'{value}' is no date with a time", remedy='write "2026-10-04 21:15"') from None
    if not isinstance(value, datetime.datetime):
        raise InputFault(f"'{value}' is no date with a time", remedy='write "2026-10-04 21:15", in UTC')
    return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)
