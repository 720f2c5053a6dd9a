"""The exercise on incidents: a log in three copies, partners whose clocks may run, and a link's nights.

How a sheet is drawn, so that each has exactly one right answer:
- events lie so far apart that clocks which are read as well as they can be leave their order alone, and the
  stamps as printed give another one;
- how far each source's clock is off has to be read from comparisons, one of which was written down wrongly;
- two of three copies of the log bear the same edit, and only the third fits the published head, so that a
  majority misleads; the edited stamp would move a deadline;
- what decides about a clock is drawn, note by note: see `incident_notes`; for the nights see `link_nights`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from coursefacts import FactBook, load
from courselab import merkle
from courselab.devices import generator
from courselab.incidents import COPIES, Entry

from answersheet import incident_notes, incident_pool, link_nights
from answersheet.incident_notes import Note
from answersheet.incident_pool import Pool
from answersheet.link_nights import Nights
from answersheet.sealing import Drawn

EXERCISE = "incidents"
FORM = "%Y-%m-%d %H:%M"
MINUTE = datetime.timedelta(minutes=1)
# Minutes: events are at least so far apart; a moment and the end of a clock may be off by so much.
APART, WHEN_OFF, END_OFF = 9, 3, 5
READINGS = 7
TRIES = 200


@dataclass(frozen=True)
class Happening:
    """One event: what the true log says of it, and when it happened in UTC."""

    entry: Entry
    when: datetime.datetime


@dataclass(frozen=True)
class Night:
    """What happened, who wrote it down when by which clock, and which copy tells it.

    log: in the order in which it was collected. starts: the entry with which each note's clock starts, or
    None. offsets: minutes by which each source's stamps are ahead of UTC.
    """

    log: tuple[Happening, ...]
    notes: tuple[Note, ...]
    starts: dict[str, str | None]
    offsets: dict[str, int]
    comparisons: dict[str, list[list[str]]]
    copies: dict[str, tuple[Entry, ...]]
    true_copy: str
    edited: str

    @property
    def times(self) -> dict[str, datetime.datetime]:
        """When each entry happened, in UTC."""
        return {one.entry.id: one.when for one in self.log}

    @property
    def order(self) -> list[str]:
        """The names of the entries as things happened."""
        return [one.entry.id for one in sorted(self.log, key=lambda one: one.when)]

    def ends(self, facts: FactBook) -> dict[str, datetime.datetime | None]:
        """When each clock ends, in UTC; None for one that does not run."""
        found: dict[str, datetime.datetime | None] = {}
        for note in self.notes:
            start = self.starts[note.id]
            hours = datetime.timedelta(hours=note.rule.hours(note.step, facts))
            found[note.id] = None if start is None else self.times[start] + hours
        return found


@lru_cache
def known_facts() -> FactBook:
    """The course's facts, read once."""
    return load()


def draw(seed: bytes) -> Drawn:
    """Draw one sheet."""
    night, nights = night_of(seed), link_nights.draw(seed)
    answers = _answers(night) | link_nights.answers(nights)
    answers["trials"] = link_nights.trials(nights, generator(seed, "new nights"))
    numbers = {name: getattr(nights, name).astype(np.int16) for name in ("quiet", "staged", "night")}
    return Drawn(_data(night, nights), answers, numbers, _literal(answers, nights))


def night_of(seed: bytes) -> Night:
    """Draw what happened; again while the stamps as printed give the order away."""
    pool = incident_pool.load()
    for attempt in range(TRIES):
        night = _night(pool, generator(seed, f"night {attempt}"))
        printed = sorted(night.log, key=lambda one: one.entry.stamp)
        if [one.entry.id for one in printed] != night.order:
            return night
    raise RuntimeError(f"no incident in {TRIES} tries")


def _night(pool: Pool, rng: np.random.Generator) -> Night:
    notes = tuple(incident_notes.draw(pool, rng))
    planned = _planned(pool, notes, rng)
    numbers = 100 + rng.permutation(900)[: len(planned)]
    offsets = _offsets(pool, rng)
    collected = sorted(planned, key=lambda one: list(pool.sources).index(one[1]))
    log, starts = [], dict.fromkeys([note.id for note in notes])
    for number, (owner, source, when, text) in zip(numbers, collected, strict=True):
        stamp = (when + offsets[source] * MINUTE).strftime(FORM)
        log.append(Happening(Entry(f"entry-{number}", source, stamp, text), when))
        if owner is not None:
            starts[owner] = f"entry-{number}"
    running = sorted(start for start in starts.values() if start)
    edited = str(running[int(rng.integers(len(running)))])
    copies, true_copy = _copies(tuple(one.entry for one in log), edited, rng)
    comparisons = _comparisons(offsets, max(one.when for one in log), rng)
    return Night(tuple(log), notes, starts, offsets, comparisons, copies, true_copy, edited)


_Planned = tuple[str | None, str, datetime.datetime, str]


def _planned(pool: Pool, notes: tuple[Note, ...], rng: np.random.Generator) -> list[_Planned]:
    """Plan each event: the note whose clock it starts, its source, its moment, its words; in random order."""
    first, second = (pool.people[int(at)] for at in rng.permutation(len(pool.people))[:2])
    # 203.0.113.0/24 is kept for documentation (RFC 5737): nobody's address.
    names = {"person": first, "other": second, "address": f"203.0.113.{int(rng.integers(2, 255))}"}
    numbers = {"n": int(rng.integers(12, 80)), "m": int(rng.integers(4, 40))}
    times: dict[str, datetime.datetime] = {}
    made: list[_Planned] = []
    for event in pool.events:
        base = _start(rng) if event.after is None else times[event.after]
        times[event.id] = _free(base, event.between, [one[2] for one in made], rng)
        text = event.texts[int(rng.integers(len(event.texts)))].format(**names, **numbers)
        made.append((None, event.source, times[event.id], text))
    for note in notes:
        base = times["contained"] + 30 * MINUTE
        for said in note.said:
            when = _free(base, (20, 800), [one[2] for one in made], rng)
            source = pool.reporters[int(rng.integers(len(pool.reporters)))]
            owner = note.id if said.role == "finding" and note.runs else None
            made.append((owner, source, when, said.text))
            base = when
    return [made[int(at)] for at in rng.permutation(len(made))]


def _start(rng: np.random.Generator) -> datetime.datetime:
    """Draw a Sunday evening in autumn; all rules that are in force were by then."""
    sunday = datetime.datetime(2026, 9, 13, tzinfo=datetime.UTC)
    return sunday + datetime.timedelta(weeks=int(rng.integers(10)), minutes=int(rng.integers(1200, 1320)))


def _free(
    base: datetime.datetime,
    between: tuple[int, int],
    taken: list[datetime.datetime],
    rng: np.random.Generator,
) -> datetime.datetime:
    """Draw a moment that is far enough from all others; somewhat later where there is none."""
    low, high = between
    while True:
        when = base + int(rng.integers(low, high + 1)) * MINUTE
        if all(abs(when - other) >= APART * MINUTE for other in taken):
            return when
        high += 1


def _offsets(pool: Pool, rng: np.random.Generator) -> dict[str, int]:
    """Minutes by which the stamps of each source are ahead of UTC."""
    hours = {
        "utc": 0,
        "wrong": 0,
        "local": int(rng.integers(1, 4)),
        "mail": -int(rng.integers(4, 9)),
        "firm": int(rng.integers(5, 10)),
    }
    fast = {name: int(rng.integers(-6, 7)) for name in pool.sources}
    wrong = int(rng.integers(21, 59))
    return {
        name: 60 * hours[source.zone] + (wrong if source.zone == "wrong" else fast[name])
        for name, source in pool.sources.items()
    }


def _comparisons(
    offsets: dict[str, int], last: datetime.datetime, rng: np.random.Generator
) -> dict[str, list[list[str]]]:
    """Draw readings of each source's clock beside the time server: (shown, UTC), one written down wrongly."""
    found = {}
    for source, offset in offsets.items():
        slip = int(rng.integers(READINGS))
        readings = []
        for at in range(READINGS):
            utc = last + int(rng.integers(600, 2400)) * MINUTE
            off = int(rng.choice([-1, 0, 0, 1]))
            if at == slip:
                off = int(rng.choice([-600, -120, -60, 60, 120, 600]))
            readings.append([(utc + (offset + off) * MINUTE).strftime(FORM), utc.strftime(FORM)])
        found[source] = readings
    return found


def _copies(
    log: tuple[Entry, ...], edited: str, rng: np.random.Generator
) -> tuple[dict[str, tuple[Entry, ...]], str]:
    """Three copies, of which two bear the same later stamp."""
    later = datetime.timedelta(hours=int(rng.integers(7, 20)), minutes=int(rng.integers(1, 60)))

    def moved(entry: Entry) -> Entry:
        stamp = datetime.datetime.strptime(entry.stamp, FORM) + later
        return Entry(entry.id, entry.source, stamp.strftime(FORM), entry.text)

    changed = tuple(moved(entry) if entry.id == edited else entry for entry in log)
    true_copy = COPIES[int(rng.integers(len(COPIES)))]
    return {name: log if name == true_copy else changed for name in COPIES}, true_copy


def _data(night: Night, nights: Nights) -> dict[str, Any]:
    pool = incident_pool.load()
    log = night.copies[night.true_copy]
    return {
        "as_of": pool.as_of.isoformat(),
        "published": [len(log), merkle.root([entry.data() for entry in log]).hex()],
        "copies": {
            name: [[entry.id, entry.source, entry.stamp, entry.text] for entry in night.copies[name]]
            for name in COPIES
        },
        "sources": {name: source.name for name, source in pool.sources.items()},
        "comparisons": night.comparisons,
        "notes": [note.public() for note in night.notes],
        "bits": nights.bits,
        "rise": nights.rise,
        "stated": nights.stated,
        "one_in": nights.one_in,
    }


def _answers(night: Night) -> dict[str, Any]:
    ends = night.ends(known_facts())
    return {
        "true_copy": night.true_copy,
        "edited": night.edited,
        "times": {name: when.strftime(FORM) for name, when in night.times.items()},
        "order": night.order,
        "starts": night.starts,
        "ends": {name: end and end.strftime(FORM) for name, end in ends.items()},
        "turns": {note.id: note.turn for note in night.notes},
        "tolerance": {
            "when": WHEN_OFF,
            "end": END_OFF,
            "rate": link_nights.RATE_TOLERANCE,
            "windows": link_nights.WINDOWS_OFF,
        },
    }


def _literal(answers: dict[str, Any], nights: Nights) -> dict[str, str]:
    """Write down what an honest analysis of this sheet gives."""
    found, right = nights.shares(nights.threshold)[0], nights.threshold
    return {
        "copies": f"true_copy = {answers['true_copy']!r}\nedited = {answers['edited']!r}\n",
        "timeline": f"when = {_table(answers['times'])}order = sorted(when, key=when.get)\n",
        "start-clocks": f"starts = {_table(answers['starts'])}ends = {_table(answers['ends'])}",
        "turns": f"turns = {_table(answers['turns'])}",
        "detect": (
            f"rate = {nights.base:.6f}\nthreshold = {right:.4f}\nwindow = {answers['window']}\n"
            f"found = {found:.4f}\nprobability = {nights.probability(right):.4f}\n"
        ),
    }


def _table(found: dict[str, Any]) -> str:
    lines = (f"    {_quoted(name)}: {_quoted(value)},\n" for name, value in sorted(found.items()))
    return "{\n" + "".join(lines) + "}\n"


def _quoted(value: object) -> str:
    return "None" if value is None else f'"{value}"'
