"""The variants of the exercise on publication: a claim with its data, a disclosure, and things to decide.

How a variant is drawn, so that each learner has exactly one right answer:
- the data of the claim either hold a clear signal or none, far from the line between the two;
- whether more or fewer shots succeed than by chance is drawn apart from that, so it tells nothing;
- the days of the disclosure come out differently under each usual mistake;
- the plan for a migration keeps a year and a half away from the ends of the range.
`make proof` draws 2,000.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from courselab import disclosure, factoring, papers
from courselab.devices import generator
from courselab.disclosure import Course
from courselab.factoring import Readings, Signal
from courselab.migration import Plan
from courselab.papers import Item

EXERCISE = "publication"
NUMBERS = (15, 21, 33, 35, 39, 51, 55, 57)
SHOTS = (600, 800, 1000, 1200, 1600, 2000)
# In natural units; the line between seen and not seen lies at 1.92.
LITTLE, MUCH = 1.0, 10.0
# Share of successes and chance level differ by at least this much.
APART = 0.01
YEARS_APART = 1.5
RESULTS, PIECES, OFFERS = 6, 6, 4
# Clocks that the learner is asked about, with the only one that can bind an author.
CLOCKS = ("cvd.certcc", "cvd.project-zero", "eu.cra.art16.delay", "venue.fc24.window")
VENUE = "venue.fc24.window"
Day = datetime.date


@dataclass(frozen=True)
class Claim:
    """A claim of factoring: number, base, width of the reading, and how often each reading occurred."""

    number: int
    base: int
    bits: int
    counts: Readings = field(repr=False)

    @property
    def shots(self) -> int:
        """How many shots were taken."""
        return int(self.counts.sum())

    @property
    def perfect(self) -> NDArray[np.float64]:
        """What a perfect machine would read; the instrument `factoring.ideal` gives the same."""
        return factoring.ideal(self.base, self.number, self.bits)

    @property
    def chance(self) -> float:
        """Exact probability that a random reading gives a factor."""
        return factoring.chance(self.base, self.number, self.bits)

    @property
    def success(self) -> float:
        """Share of the shots that give a factor."""
        return factoring.success(self.counts, self.base, self.number, self.bits)

    @cached_property
    def signal(self) -> Signal:
        """Share of the shots that follow the perfect machine."""
        return factoring.signal(self.counts, self.perfect)


@dataclass(frozen=True)
class Story:
    """A disclosure: when the vendor was written to, when it answered, and what followed."""

    first_mail: Day
    answer: Day
    coordinator: Day
    patch: Day | None
    exploited: bool
    conference: Day
    venue_binds: bool

    @property
    def course(self) -> Course:
        """The same for the instruments: the first mail counts, and not the answer."""
        return Course(self.first_mail, self.patch, self.exploited, self.coordinator)


@dataclass(frozen=True)
class Variant:
    """One learner's data: a claim, a plan with its range of years, a disclosure, and things to decide."""

    token: str
    practice: bool
    claim: Claim
    plan: Plan
    arrival: tuple[int, int]
    story: Story
    results: tuple[Item, ...] = field(repr=False)
    pieces: tuple[Item, ...] = field(repr=False)
    offers: tuple[Item, ...] = field(repr=False)

    @property
    def verdict(self) -> Literal["signal", "chance"]:
        """Whether the data of the claim hold a signal."""
        return "signal" if self.claim.signal.seen else "chance"

    @property
    def migration(self) -> str:
        """How the plan fares under the stated range."""
        return self.plan.verdict(*self.arrival)

    @property
    def binding(self) -> frozenset[str]:
        """The clocks that bind the learner."""
        return frozenset({VENUE} if self.story.venue_binds else ())

    def public(self) -> dict[str, Any]:
        """What the learner may know at the beginning, as plain data."""
        story, claim = self.story, self.claim
        seen = np.flatnonzero(claim.counts)
        return {
            "exercise": EXERCISE,
            "token": self.token,
            "practice": self.practice,
            "claim": {"number": claim.number, "base": claim.base, "bits": claim.bits, "shots": claim.shots},
            "counts": {int(y): int(claim.counts[y]) for y in seen},
            "years": {
                "shelf_life": self.plan.shelf_life,
                "migration": self.plan.migration,
                "earliest": self.arrival[0],
                "latest": self.arrival[1],
            },
            "story": {
                "first_mail": story.first_mail.isoformat(),
                "answer": story.answer.isoformat(),
                "coordinator": story.coordinator.isoformat(),
                "patch": story.patch.isoformat() if story.patch else None,
                "exploited": story.exploited,
                "conference": story.conference.isoformat(),
                "submitted_there": story.venue_binds,
            },
            **{
                group: [{"id": item.id, "text": item.text} for item in getattr(self, group)]
                for group in ("results", "pieces", "offers")
            },
        }

    def answers(self) -> dict[str, Any]:
        """The right answers, as plain data."""
        return {
            "sorted": {item.id: item.answer for item in self.results},
            "chance_level": self.claim.chance,
            "success_share": self.claim.success,
            "signal_share": self.claim.signal.share,
            "verdict": self.verdict,
            "in_time": self.migration,
            "coordinator_publishes": disclosure.coordinator_publishes(self.story.coordinator).isoformat(),
            "details_follow": disclosure.details_follow(self.story.course).isoformat(),
            "tell_by": disclosure.tell_by(self.story.conference).isoformat(),
            "binding": sorted(self.binding),
            "places": {item.id: item.answer for item in self.pieces},
            "exemption_lost": {item.id: item.answer for item in self.offers},
        }


def draw(token: str, seed: bytes, practice: bool = False) -> Variant:
    """Make the variant of a seed."""
    rng = generator(seed, EXERCISE)
    pool = papers.load()
    plan, arrival = _plan(rng)
    return Variant(
        token,
        practice,
        _claim(rng),
        plan,
        arrival,
        _story(rng),
        papers.draw(pool.results, RESULTS, rng),
        papers.draw(pool.pieces, PIECES, rng),
        papers.draw(pool.offers, OFFERS, rng),
    )


def _claim(rng: np.random.Generator) -> Claim:
    """A claim whose data are clear, and whose successes point up or down whatever the truth is."""
    real, up = (bool(rng.integers(2)) for _ in range(2))
    while True:
        number = int(rng.choice(NUMBERS))
        base = int(rng.choice(factoring.bases(number)))
        bits = factoring.usual_bits(number)
        perfect = factoring.ideal(base, number, bits)
        share = float(rng.uniform(0.06, 0.3)) if real else 0.0
        counts = rng.multinomial(int(rng.choice(SHOTS)), factoring.mixture(perfect, share))
        claim = Claim(number, base, bits, counts)
        above = claim.success - claim.chance
        clear = claim.signal.evidence > MUCH if real else claim.signal.evidence < LITTLE
        if clear and abs(above) > APART and (above > 0) is up:
            return claim


def _plan(rng: np.random.Generator) -> tuple[Plan, tuple[int, int]]:
    """A plan away from the ends of its range; the shelf life alone gives another verdict, unless in time."""
    wanted = ("late", "depends", "in time")[int(rng.integers(3))]
    while True:
        plan = Plan(float(rng.integers(2, 21)), float(rng.integers(2, 9)))
        earliest = int(rng.integers(5, 13))
        arrival = (earliest, earliest + int(rng.integers(5, 13)))
        near = min(abs(plan.needed - end) for end in arrival)
        alone = Plan(plan.shelf_life, 0).verdict(*arrival)
        if (
            plan.verdict(*arrival) == wanted
            and near >= YEARS_APART
            and (wanted == "in time" or alone != wanted)
        ):
            return plan, arrival


def _story(rng: np.random.Generator) -> Story:
    """A disclosure of one of five kinds; the patch comes in time, late, or never."""

    def after(day: Day, low: int, high: int) -> Day:
        return day + datetime.timedelta(days=int(rng.integers(low, high + 1)))

    told = after(Day(2027, 1, 4), 0, 330)
    kind = int(rng.integers(5))
    exploited = kind >= 3
    days = {0: (20, 80), 1: (106, 140), 3: (2, 6), 4: (12, 30)}.get(kind)
    patch = after(told, *days) if days else None
    answer = after(told, 2, 9)
    coordinator = after(answer, 5, 25)
    return Story(told, answer, coordinator, patch, exploited, after(told, 60, 200), bool(rng.integers(2)))
