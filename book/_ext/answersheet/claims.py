"""A claim of factoring as somebody sends it: raw readings of several jobs, with the flaws of such files.

- One job writes its readings with the lowest bit first, as its log says.
- Another ran with another base; its readings have a period of their own, and say nothing on the claim.

Pooled as they lie there, the readings mislead. Rightly read, they hold a signal or none, far from the line
between the two. Whether more or fewer shots succeed than by chance is drawn apart from that, so it tells
nothing. `make proof` draws 2,000.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from courselab import factoring
from courselab.devices import generator
from courselab.factoring import Chances, Readings, Signal
from numpy.typing import NDArray

NUMBERS = (15, 21, 33, 35, 39, 51, 55, 57)
SHOTS = (800, 1000, 1200, 1600, 2000)
JOBS = 6
# In natural units; the line between seen and not seen lies at 1.92.
LITTLE, MUCH = 1.0, 10.0
# Share of successes and chance level differ by at least this much.
APART = 0.01
# An estimate counts that is this share of the honest interval's half-width away, and never less than that.
WITHIN, LEAST = 0.6, 0.01
# How strongly the job with the other base follows its own perfect machine.
FOREIGN = 0.5


@dataclass(frozen=True)
class Job:
    """One job: base, whether its readings have the lowest bit first, and how often each true reading came."""

    base: int
    lowest_first: bool
    counts: Readings = field(repr=False)


@dataclass(frozen=True)
class Claim:
    """A claim: number, base and width of the reading, the share of signal that was put in, and the jobs."""

    number: int
    base: int
    bits: int
    share: float
    jobs: tuple[Job, ...] = field(repr=False)

    @cached_property
    def counts(self) -> Readings:
        """Count the readings that belong to the claim, rightly ordered."""
        own = np.array([job.counts for job in self.jobs if job.base == self.base], dtype=np.int64)
        return np.asarray(own.sum(axis=0), dtype=np.int64)

    @cached_property
    def as_sent(self) -> Readings:
        """Count all readings as they lie in the files."""
        turn = factoring.reversed_bits(np.arange(1 << self.bits), self.bits)
        files = [job.counts[turn] if job.lowest_first else job.counts for job in self.jobs]
        return np.asarray(np.sum(files, axis=0), dtype=np.int64)

    @property
    def perfect(self) -> Chances:
        """What a perfect machine would read."""
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
        """Share of the shots that follow the perfect machine, as an honest analysis estimates it."""
        return factoring.signal(self.counts, self.perfect)

    @property
    def tolerance(self) -> float:
        """How far an estimate of the share may be off."""
        return max(LEAST, WITHIN * (self.signal.high - self.signal.low) / 2)

    def is_clear(self, *, up: bool) -> bool:
        """Tell whether the readings decide, and whether chance and files mislead as they should."""
        real, above = self.share > 0, self.success - self.chance
        decided = self.signal.evidence > MUCH if real else self.signal.evidence < LITTLE
        # An unlucky draw: an honest interval that misses what was put in.
        held = self.signal.low <= self.share <= self.signal.high
        if not (decided and held and abs(above) > APART and (above > 0) is up):
            return False
        pooled = factoring.signal(self.as_sent, self.perfect)
        return abs(pooled.share - self.signal.share) > 1.5 * self.tolerance

    def files(self, rng: np.random.Generator) -> list[NDArray[np.int32]]:
        """Give the readings of each job one after another, as its file has them."""
        found = []
        for job in self.jobs:
            readings = np.repeat(np.arange(1 << self.bits), job.counts)
            rng.shuffle(readings)
            if job.lowest_first:
                readings = factoring.reversed_bits(readings, self.bits)
            found.append(readings.astype(np.int32))
        return found


def draw(seed: bytes) -> Claim:
    """Draw a claim that is clear, and whose successes point up or down whatever the truth is."""
    rng = generator(seed, "factoring claim")
    real, up = (bool(rng.integers(2)) for _ in range(2))
    while True:
        number = int(rng.choice(NUMBERS))
        base, other = (int(one) for one in rng.choice(factoring.bases(number), size=2, replace=False))
        bits = factoring.usual_bits(number)
        share = float(rng.uniform(0.08, 0.3)) if real else 0.0
        shots = int(rng.choice(SHOTS)) // (JOBS - 1)
        foreign, turned = (int(one) for one in rng.permutation(JOBS)[:2])
        own, strange = (
            factoring.mixture(factoring.ideal(one, number, bits), part)
            for one, part in ((base, share), (other, FOREIGN))
        )
        jobs = tuple(
            Job(other, False, rng.multinomial(shots, strange))
            if at == foreign
            else Job(base, at == turned, rng.multinomial(shots, own))
            for at in range(JOBS)
        )
        claim = Claim(number, base, bits, share, jobs)
        if claim.is_clear(up=up):
            return claim


def trials(seed: bytes) -> list[dict[str, Any]]:
    """Draw clear claims for a learner's function: with a signal, of coins, and of a machine that is stuck.

    A stuck machine's readings are far from even, and no signal for that. Small numbers keep the sheet small.
    """
    rng = generator(seed, "trials")
    kinds = ["signal"] * 4 + ["chance"] * 3 + ["stuck"] * 2
    return [_trial(kinds[int(at)], rng) for at in rng.permutation(len(kinds))]


def _trial(kind: str, rng: np.random.Generator) -> dict[str, Any]:
    while True:
        number = int(rng.choice((15, 21)))
        base, bits = int(rng.choice(factoring.bases(number))), factoring.usual_bits(number)
        perfect = factoring.ideal(base, number, bits)
        chances = factoring.mixture(perfect, float(rng.uniform(0.08, 0.3)) if kind == "signal" else 0.0)
        if kind == "stuck":
            away = np.flatnonzero(perfect < 1e-3 / len(perfect))
            if len(away) < 2:
                continue
            chances = 0.7 * chances
            chances[rng.choice(away, size=2, replace=False)] += 0.15
        counts = rng.multinomial(int(rng.choice(SHOTS)), chances)
        evidence = factoring.signal(counts, perfect).evidence
        if evidence > MUCH if kind == "signal" else evidence < LITTLE:
            verdict = "signal" if kind == "signal" else "chance"
            setting = {"number": number, "base": base, "bits": bits}
            return setting | {"counts": counts.tolist(), "verdict": verdict}
