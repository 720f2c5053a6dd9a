"""The variants of the exercise on incidents: a log in three copies, the clocks of one body, a link's nights.

How an incident is drawn, so that each learner has exactly one right answer:
- events lie at least six minutes apart, and reading the stamps as printed gives another order;
- two of three copies of the log bear the same edit, and only the third fits the published head, so that a
  majority misleads; the edited stamp would move a deadline;
- at least two clocks bind, and at least one that is in force does not;
- every threshold within the tolerance rings in the same window of the night in question, give or take one.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from coursefacts import FactBook, load
from coursefacts.errors import InputFault
from numpy.typing import NDArray

from courselab import alarms, incident_pool, merkle, telemetry
from courselab.alarms import Watch
from courselab.devices import generator
from courselab.incident_pool import Circumstance, Kind, Pool
from courselab.telemetry import Intrusion, Link

EXERCISE = "incidents"
COPIES = ("server", "backup", "mail")
APART = 6
NIGHTS = 400
# Share of quiet nights with an alarm that the learner is to reach, and how far from it a threshold may be.
FALSE_ALARMS = 0.05
TOLERANCE = 0.02
WINDOWS_OFF = 1
MINUTE = datetime.timedelta(minutes=1)


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
class Variant:
    """One learner's incident.

    copies: three copies of the log, by where they were found; each is a tuple of entries in the order in
    which they were collected. published: size and head that stood in the weekly mail to all groups, before
    anybody could edit. zones: for each source, hours ahead of UTC of its stamps, and minutes by which its
    clock was fast. facts of the body: `body`. quiet, staged: wrong Z bits of many nights, (nights, windows);
    night: those of the night in question. bits: bits compared in each window. watch: the alarm to use.
    one_in: an intrusion is expected once in so many nights.
    """

    token: str
    practice: bool
    copies: dict[str, tuple[Entry, ...]] = field(repr=False)
    published: tuple[int, str]
    zones: dict[str, tuple[int, int]]
    body: tuple[str, ...]
    circumstances: tuple[Circumstance, ...] = field(repr=False)
    times: dict[str, datetime.datetime] = field(repr=False)
    true_copy: str = field(repr=False)
    edited: str = field(repr=False)
    quiet: NDArray[np.int64] = field(repr=False)
    staged: NDArray[np.int64] = field(repr=False)
    night: NDArray[np.int64] = field(repr=False)
    began: int = field(repr=False)
    bits: int
    watch: Watch
    one_in: int

    @cached_property
    def log(self) -> tuple[Entry, ...]:
        """The copy that nobody has changed."""
        return self.copies[self.true_copy]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The names of the entries as things happened."""
        return tuple(sorted(self.times, key=self.times.__getitem__))

    def deadlines(self, facts: FactBook | None = None) -> dict[str, datetime.datetime | None]:
        """When each clock ends, in UTC; None for one that does not run."""
        book = facts or known_facts()
        regimes = pool().regimes
        found: dict[str, datetime.datetime | None] = dict.fromkeys(regimes)
        for item in self.circumstances:
            regime = regimes[item.regime]
            if item.binds and regime.starts is not None:
                hours = datetime.timedelta(hours=regime.hours(book))
                found[item.regime] = self.times[regime.starts] + hours
        return found

    def rings_in(self, threshold: float) -> int | None:
        """The window in which the night in question rings."""
        return alarms.first_alarm(self.watch.levels(self.night, self.bits), threshold)

    def shares(self, threshold: float) -> tuple[float, float]:
        """Share of staged and of quiet nights that ring at a threshold."""
        staged, quiet = (
            alarms.share_above(alarms.highest(self.watch.levels(nights, self.bits)), threshold)
            for nights in (self.staged, self.quiet)
        )
        return staged, quiet

    def posterior(self, threshold: float) -> float:
        """Probability of an intrusion after an alarm at a threshold."""
        staged, quiet = self.shares(threshold)
        return alarms.probability_given_alarm(1 / self.one_in, staged, quiet)

    @cached_property
    def threshold(self) -> float:
        """The reference: the lowest threshold that keeps the stated share of false alarms."""
        return alarms.threshold_for(alarms.highest(self.watch.levels(self.quiet, self.bits)), FALSE_ALARMS)

    def public(self) -> dict[str, Any]:
        """What the learner may know at the beginning, as plain data."""
        return {
            "exercise": EXERCISE,
            "token": self.token,
            "practice": self.practice,
            "as_of": pool().as_of.isoformat(),
            "body": list(self.body),
            "zones": {source: list(zone) for source, zone in self.zones.items()},
            "published": {"size": self.published[0], "head": self.published[1]},
            "log": {
                name: [[entry.id, entry.source, entry.stamp, entry.text] for entry in entries]
                for name, entries in self.copies.items()
            },
            "bits": self.bits,
            "base": self.watch.base,
            "raised": self.watch.raised,
            "one_in": self.one_in,
        }

    def answers(self) -> dict[str, Any]:
        """The right answers, as plain data."""
        ends = {name: end.isoformat() if end else None for name, end in self.deadlines().items()}
        return {
            "true_copy": self.true_copy,
            "edited": self.edited,
            "order": list(self.order),
            "deadlines": ends,
            "threshold": self.threshold,
            "window": self.rings_in(self.threshold),
            "posterior": self.posterior(self.threshold),
        }


@lru_cache
def known_facts() -> FactBook:
    """The course's facts, read once."""
    return load()


def pool() -> Pool:
    """The course's pool of incidents, read once."""
    return incident_pool.load()


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


def draw(token: str, seed: bytes, practice: bool = False) -> Variant:
    """Make the variant of a seed; the first try that keeps all margins."""
    rng = generator(seed, EXERCISE)
    for _ in range(400):
        variant = _try(token, practice, rng)
        if variant is not None and keeps_margins(variant):
            return variant
    raise RuntimeError(f"no incident for the token {token}")


def keeps_margins(variant: Variant) -> bool:
    """Whether order, copies and alarm have one right answer, and the usual mistakes another."""
    when = sorted(variant.times.values())
    if any(b - a < APART * MINUTE for a, b in pairwise(when)):
        return False
    printed = sorted(variant.log, key=lambda entry: entry.stamp)
    if tuple(entry.id for entry in printed) == variant.order:
        return False
    # Levels can be equal, so that the share jumps; the reference must lie well inside the tolerance.
    if abs(variant.shares(variant.threshold)[1] - FALSE_ALARMS) > TOLERANCE / 2:
        return False
    # A quarter more or less than the tolerance, so that counting ">" or ">=" makes no difference.
    peaks = alarms.highest(variant.watch.levels(variant.quiet, variant.bits))
    low, high = (alarms.threshold_for(peaks, FALSE_ALARMS + side * TOLERANCE * 1.25) for side in (1, -1))
    rings = [variant.rings_in(threshold) for threshold in (low, variant.threshold, high)]
    if any(window is None or window < variant.began for window in rings):
        return False
    known = [window for window in rings if window is not None]
    return max(abs(window - known[1]) for window in known) <= WINDOWS_OFF


def _try(token: str, practice: bool, rng: np.random.Generator) -> Variant | None:
    everything = pool()
    chosen, body = _circumstances(everything, rng)
    names = _names(everything, rng)
    kinds = [*everything.kinds, *(item.kind for item in chosen if item.kind is not None)]
    times = _times(kinds, rng)
    zones = _zones(everything, rng)
    collected = [kinds[i] for i in rng.permutation(len(kinds))]
    collected = sorted(collected, key=lambda kind: list(everything.sources).index(kind.source))
    log = tuple(_entry(kind, times[kind.id], zones, names) for kind in collected)
    edited = _edited(chosen, rng)
    copies, true_copy = _copies(log, edited, rng)
    first = int(rng.integers(20, 60))
    link, watch = _link(rng)
    intrusion = Intrusion(first, 2 * (watch.raised - watch.base) * float(rng.uniform(1.8, 2.4)))
    return Variant(
        token,
        practice,
        copies,
        (len(log), merkle.root([entry.data() for entry in log]).hex()),
        zones,
        (everything.bodies[body], *(item.body.format(**names) for item in chosen)),
        chosen,
        times,
        true_copy,
        edited,
        telemetry.nights(link, NIGHTS, rng).z,
        telemetry.nights(link, NIGHTS, rng, Intrusion(0, 0.04, windows=10), spread=True).z,
        telemetry.nights(link, 1, rng, intrusion).z[0],
        first,
        link.bits,
        watch,
        int(rng.integers(4, 31)) * 25,
    )


def _circumstances(everything: Pool, rng: np.random.Generator) -> tuple[tuple[Circumstance, ...], str]:
    """Draw a body and what is the case for it, until two clocks bind and one in force does not."""
    while True:
        body = tuple(everything.bodies)[int(rng.integers(len(everything.bodies)))]
        chosen = []
        for regime in everything.regimes:
            options = everything.possible(body, regime)
            if options:
                chosen.append(options[int(rng.integers(len(options)))])
        if 2 <= sum(item.binds for item in chosen) < len(chosen):
            return tuple(chosen), body


def _names(everything: Pool, rng: np.random.Generator) -> dict[str, object]:
    person, other = (everything.people[int(i)] for i in rng.choice(len(everything.people), 2, replace=False))
    # 203.0.113.0/24 is kept for documentation (RFC 5737): nobody's address.
    return {
        "person": person,
        "other": other,
        "address": f"203.0.113.{int(rng.integers(2, 255))}",
        "jobs": int(rng.integers(12, 80)),
        "volunteers": int(rng.integers(60, 420)),
    }


def _times(kinds: list[Kind], rng: np.random.Generator) -> dict[str, datetime.datetime]:
    """A Sunday night in autumn, and what follows."""
    sunday = datetime.datetime(2026, 9, 6, tzinfo=datetime.UTC)
    start = sunday + datetime.timedelta(
        weeks=int(rng.integers(10)), minutes=int(rng.integers(20 * 60, 22 * 60))
    )
    found: dict[str, datetime.datetime] = {}
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop(0)
        if kind.after is not None and kind.after not in found:
            waiting.append(kind)
            continue
        base = start if kind.after is None else found[kind.after]
        low, high = kind.between
        found[kind.id] = base + int(rng.integers(low, high + 1)) * MINUTE
    return found


def _zones(everything: Pool, rng: np.random.Generator) -> dict[str, tuple[int, int]]:
    """Hours ahead of UTC, and minutes by which the clock was fast, for each source."""
    drawn = {
        "utc": (0, 0),
        "wrong": (0, int(rng.integers(21, 59))),
        "local": (int(rng.integers(1, 4)), 0),
        "mail": (-int(rng.integers(4, 9)), 0),
        "firm": (int(rng.integers(5, 10)), 0),
    }
    return {name: drawn[source.zone] for name, source in everything.sources.items()}


def _entry(
    kind: Kind, when: datetime.datetime, zones: dict[str, tuple[int, int]], names: dict[str, object]
) -> Entry:
    hours, fast = zones[kind.source]
    shown = when + datetime.timedelta(hours=hours, minutes=fast)
    return Entry(kind.id, kind.source, shown.strftime("%Y-%m-%d %H:%M"), kind.text.format(**names))


def _edited(chosen: tuple[Circumstance, ...], rng: np.random.Generator) -> str:
    """The entry whose stamp somebody has moved: one that starts a clock."""
    regimes = pool().regimes
    starts = [regimes[item.regime].starts for item in chosen if item.binds]
    return str(starts[int(rng.integers(len(starts)))])


def _copies(
    log: tuple[Entry, ...], edited: str, rng: np.random.Generator
) -> tuple[dict[str, tuple[Entry, ...]], str]:
    """Three copies, of which two bear the same later stamp."""
    later = datetime.timedelta(hours=int(rng.integers(7, 20)), minutes=int(rng.integers(1, 60)))

    def moved(entry: Entry) -> Entry:
        stamp = datetime.datetime.strptime(entry.stamp, "%Y-%m-%d %H:%M") + later
        return Entry(entry.id, entry.source, stamp.strftime("%Y-%m-%d %H:%M"), entry.text)

    changed = tuple(moved(entry) if entry.id == edited else entry for entry in log)
    true_copy = COPIES[int(rng.integers(len(COPIES)))]
    return {name: log if name == true_copy else changed for name in COPIES}, true_copy


def _link(rng: np.random.Generator) -> tuple[Link, Watch]:
    flips = float(np.round(rng.uniform(0.008, 0.014), 4))
    link = Link(bits=10 * int(rng.integers(10, 17)), flips=flips, jump=0.0008)
    return link, Watch(flips, round(flips + float(rng.choice([0.010, 0.0125, 0.015])), 4))
