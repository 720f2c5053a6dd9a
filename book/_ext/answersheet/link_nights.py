"""Nights of a quantum link with the flaws that telemetry has: what the sheet holds, and new nights to try on.

- A counter that lost its clock writes a number that cannot be: more wrong bits than were compared.
- The error rate that the maker's last calibration states is off by a factor of its own on each link.

A threshold may ring on a little more or less than the promised share of quiet nights. What is asked
after it is allowed the range that follows from these thresholds, so an honest one loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from courselab import alarms, telemetry
from courselab.alarms import Watch
from courselab.devices import generator
from courselab.telemetry import Counts, Intrusion, Link

NIGHTS, NEW = 400, 100
# Share of quiet nights with an alarm that the learner is to reach, and how far from it a threshold may be.
FALSE_ALARMS, TOLERANCE = 0.05, 0.02
RATE_TOLERANCE, WINDOWS_OFF = 0.03, 1
# What the counter writes where it lost its clock, and on which share of the nights.
OVERFLOW, LOST = 4095, 0.15
STAGED = 0.04
TRIES = 60


@dataclass(frozen=True)
class Nights:
    """One link.

    quiet, staged: wrong bits, shape (nights, windows). night: those of the night in question. stated: error
    rate by the last calibration. rise: the smallest rise that the alarm is built for. one_in: an intrusion is
    expected once in so many nights. allowed: the range of right thresholds.
    """

    bits: int
    rise: float
    stated: float
    one_in: int
    quiet: Counts = field(repr=False)
    staged: Counts = field(repr=False)
    night: Counts = field(repr=False)
    began: int
    base: float
    threshold: float
    allowed: tuple[float, float]
    link: Link

    def levels(self, counts: Counts) -> alarms.Levels:
        """Give the alarm's levels, with what cannot be put at the mean."""
        return Watch(self.base, self.base + self.rise).levels(clean(counts, self.bits, self.base), self.bits)

    def shares(self, threshold: float) -> tuple[float, float]:
        """Give the shares of staged and of quiet nights that ring."""
        staged, quiet = (
            alarms.share_above(alarms.highest(self.levels(nights)), threshold)
            for nights in (self.staged, self.quiet)
        )
        return staged, quiet

    def probability(self, threshold: float) -> float:
        """Give the probability of an intrusion after an alarm."""
        return alarms.probability_given_alarm(1 / self.one_in, *self.shares(threshold))

    def rings_in(self, threshold: float) -> int | None:
        """Give the window in which the night in question rings."""
        return alarms.first_alarm(self.levels(self.night), threshold)


def clean(counts: Counts, bits: int, base: float) -> alarms.Levels:
    """Put a count that cannot be at the mean of quiet ones."""
    return np.where(counts > bits, base * bits, counts)


def rate(counts: Counts, bits: int) -> float:
    """Measure the error rate of quiet nights."""
    return float(counts[counts <= bits].mean() / bits)


def draw(seed: bytes) -> Nights:
    """Draw a link and its nights; again where chance alone would cost an honest learner a point."""
    rng = generator(seed, "link")
    link = Link(bits=10 * int(rng.integers(10, 17)), flips=float(rng.uniform(0.008, 0.014)), jump=0.0008)
    rise = float(rng.choice([0.010, 0.0125, 0.015]))
    stated = round(link.flips * _factor(rng), 5)
    one_in = int(rng.integers(4, 31)) * 25
    first = int(rng.integers(20, 60))
    for attempt in range(TRIES):
        found = _nights(link, rise, stated, one_in, first, generator(seed, f"nights {attempt}"))
        if _is_fair(found):
            return found
    raise RuntimeError(f"no fair nights in {TRIES} tries")


def _factor(rng: np.random.Generator) -> float:
    """Draw how far off the calibration is; neither right nor three quarters, so that no constant mends it."""
    while True:
        factor = float(rng.uniform(0.5, 1.1))
        if min(abs(factor - 1), abs(factor - 0.75)) > 2 * RATE_TOLERANCE:
            return factor


def _nights(
    link: Link, rise: float, stated: float, one_in: int, first: int, rng: np.random.Generator
) -> Nights:
    quiet = _with_losses(telemetry.nights(link, NIGHTS, rng).z, rng)
    intruder = Intrusion(0, STAGED, windows=10)
    staged = _with_losses(telemetry.nights(link, NIGHTS, rng, intruder, spread=True).z, rng)
    night = telemetry.nights(link, 1, rng, Intrusion(first, 2 * rise * float(rng.uniform(1.8, 2.4)))).z[0]
    night[int(rng.integers(3, first - 3))] = OVERFLOW
    base = rate(quiet, link.bits)
    peaks = alarms.highest(Watch(base, base + rise).levels(clean(quiet, link.bits, base), link.bits))
    right, low, high = (alarms.threshold_for(peaks, FALSE_ALARMS + side * TOLERANCE) for side in (0, 1, -1))
    return Nights(
        link.bits, rise, stated, one_in, quiet, staged, night, first, base, right, (low, high), link
    )


def _with_losses(counts: Counts, rng: np.random.Generator) -> Counts:
    lost = counts.copy()
    for night in np.flatnonzero(rng.random(len(counts)) < LOST):
        lost[night, rng.integers(counts.shape[1], size=int(rng.integers(1, 3)))] = OVERFLOW
    return lost


def _is_fair(found: Nights) -> bool:
    """Whether thresholds in the allowed range ring in one window, and neighbours are well inside it."""
    rings = [found.rings_in(threshold) for threshold in (*found.allowed, found.threshold)]
    known = [window for window in rings if window is not None and window >= found.began]
    if len(known) < len(rings) or max(abs(window - known[-1]) for window in known) > WINDOWS_OFF:
        return False
    staged, quiet = found.shares(found.threshold)
    return abs(quiet - FALSE_ALARMS) <= TOLERANCE / 2 and 0.25 < staged < 0.95


def answers(found: Nights) -> dict[str, Any]:
    """Give the right answers, each with what the allowed thresholds make of it."""
    low, high = found.allowed
    likely = [found.probability(threshold) for threshold in (low, found.threshold, high)]
    return {
        "rate": found.base,
        # A hair wider, so that a threshold which is itself one of the levels falls on the right side.
        "threshold": [low * (1 - 0.005), high * (1 + 0.005)],
        "window": found.rings_in(found.threshold),
        "found": [found.shares(high)[0] - 0.02, found.shares(low)[0] + 0.02],
        "probability": [0.9 * min(likely), 1.1 * max(likely)],
    }


def trials(found: Nights, rng: np.random.Generator) -> dict[str, Any]:
    """Draw new nights of the same link; tell which are intruded from when, and what an alarm must reach."""
    quiet = _with_losses(telemetry.nights(found.link, NEW, rng).z, rng)
    began = rng.integers(0, 2 * found.link.windows // 3, NEW)
    intruded = np.concatenate(
        [telemetry.nights(found.link, 1, rng, Intrusion(int(one), STAGED, windows=10)).z for one in began]
    )
    intruded = _with_losses(intruded, rng)
    thresholds = (*found.allowed, found.threshold)
    false = max(_rung(found, quiet, threshold, np.zeros(NEW)) for threshold in thresholds)
    caught = min(_rung(found, intruded, threshold, began) for threshold in thresholds)
    order = rng.permutation(2 * NEW)
    nights = np.concatenate([quiet, intruded])[order]
    since = [None] * NEW + [int(one) for one in began]
    return {
        "nights": nights.tolist(),
        "began": [since[at] for at in order],
        "false": false + 0.03,
        "caught": caught - 0.04,
    }


def _rung(found: Nights, nights: Counts, threshold: float, since: Any) -> float:
    """Give the share of nights whose first alarm is not before the given window."""
    first = [alarms.first_alarm(levels, threshold) for levels in found.levels(nights)]
    return float(np.mean([one is not None and one >= least for one, least in zip(first, since, strict=True)]))
