"""The consortium of the exercise on classification: machines, forms of release, anonymous jobs, GHZ runs.

How it is drawn, so that each learner has exactly one right form:
- the share of jobs identified under each form keeps 8 points away from the consortium's ceiling;
- among the forms that keep the ceiling, the most useful one leads by 8 points, is not the most secretive,
  and is not what somebody would publish who looks at usefulness alone.
What the week's records left, with the flaws that they have: every machine ran its jobs with another number of
shots, the log has lost who ran some of them, and some chains of couplers were never run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from courselab import fingerprints, releases
from courselab.devices import generator
from courselab.fingerprints import Array, Fleet, Table
from courselab.releases import Release
from numpy.typing import NDArray

MACHINES = 10
JOBS_EACH = 20
SHOTS = (200, 400, 800)
LOST_OWNERS, LOST_CHAINS = 20, 4
NOT_KNOWN = -1
GHZ_SHOTS = 100_000
MARGIN = 0.08
CEILINGS = tuple(x / 100 for x in range(20, 85, 5))
# A rate or a usefulness may be this far from that of an honest analysis; the margin is twice as wide.
TOLERANCE = 0.04
# Who counts a job without an owner as a miss is off by more than the tolerance.
LEAST_OF_BEST = 0.5
TRIES = 400


@dataclass(frozen=True)
class Week:
    """What the consortium has of this week.

    tables: as released, by the name of the form; spreads: how far the truth may be from each.
    counts: of each share of each job, shape (jobs, 11), out of shots, shape (jobs,). owners: which machine
    ran it, -1 where the log does not say. ghz: how often a GHZ state was found, shape (machines, chains), out
    of ghz_shots, 0 where it was not run.
    """

    forms: tuple[Release, ...]
    tables: dict[str, Table]
    spreads: dict[str, float]
    counts: NDArray[np.int64]
    shots: NDArray[np.int64]
    owners: NDArray[np.int64]
    ghz: NDArray[np.int64]
    ghz_shots: NDArray[np.int64]

    @cached_property
    def rates(self) -> dict[str, float]:
        """Share of the jobs with a known owner that are identified under each form."""
        known = self.owners != NOT_KNOWN
        measured, owners = (self.counts / self.shots[:, None])[known], self.owners[known]
        return {
            name: releases.rate(
                releases.believed(table, self.spreads[name], measured, shots=self.shots[known]), owners
            )
            for name, table in self.tables.items()
        }

    @cached_property
    def usefulness(self) -> dict[str, float]:
        """What each form is worth to a user who forecasts the GHZ fidelities that were measured."""
        ran = self.ghz_shots > 0
        seen: Array = self.ghz[ran] / self.ghz_shots[ran]
        return {
            name: releases.usefulness(releases.ghz_fidelities(table)[ran], seen)
            for name, table in self.tables.items()
        }

    def allowed(self, ceiling: float) -> list[str]:
        """Give the forms that keep the ceiling."""
        return [name for name, rate in self.rates.items() if rate <= ceiling]

    def choice(self, ceiling: float) -> str:
        """Give the right form: the most useful of those that keep the ceiling."""
        return max(self.allowed(ceiling), key=lambda name: self.usefulness[name])


def draw(seed: bytes) -> tuple[Week, float]:
    """Draw a week and the consortium's ceiling; the first try that keeps all margins."""
    rng = generator(seed, "fleet")
    # Half of the class should find that pooling is best, and half that it is not.
    pooled = bool(rng.integers(2))
    for number in range(TRIES):
        week = _week(Fleet.draw(MACHINES, seed + number.to_bytes(2, "big")), rng)
        fitting = [ceiling for ceiling in CEILINGS if keeps_margins(week, ceiling)]
        if fitting:
            ceiling = fitting[int(rng.integers(len(fitting)))]
            if next(form for form in week.forms if form.name == week.choice(ceiling)).pooled is pooled:
                return week, ceiling
    raise RuntimeError("no fleet keeps its margins")


def keeps_margins(week: Week, ceiling: float) -> bool:
    """Whether every rate is far from the ceiling and one form is clearly, but not thoughtlessly, the best."""
    rates = week.rates
    if any(abs(rate - ceiling) < MARGIN for rate in rates.values()) or max(rates.values()) < LEAST_OF_BEST:
        return False
    allowed, use = week.allowed(ceiling), week.usefulness
    if len(allowed) < 2:
        return False
    first, second = sorted(allowed, key=lambda name: -use[name])[:2]
    return (
        use[first] - use[second] >= MARGIN
        and rates[first] - min(rates.values()) >= MARGIN
        and max(use, key=lambda name: use[name]) not in allowed
    )


def _week(fleet: Fleet, rng: np.random.Generator) -> Week:
    forms = _forms(rng)
    owners = np.repeat(np.arange(MACHINES), JOBS_EACH)
    each = np.array([SHOTS[int(i)] for i in rng.integers(len(SHOTS), size=MACHINES)])
    chances = fingerprints.expected(fleet.today)[owners]
    counts = rng.binomial(each[owners][:, None], chances)
    order = rng.permutation(len(owners))
    logged = owners[order].copy()
    logged[rng.permutation(len(owners))[:LOST_OWNERS]] = NOT_KNOWN
    fidelity = releases.ghz_fidelities(fleet.today)
    ghz_shots = np.full(fidelity.shape, GHZ_SHOTS)
    ghz_shots.ravel()[rng.permutation(fidelity.size)[:LOST_CHAINS]] = 0
    return Week(
        forms,
        {form.name: form.table(fleet) for form in forms},
        {form.name: form.spread(fleet) for form in forms},
        counts[order],
        each[owners][order],
        logged,
        rng.binomial(ghz_shots, fidelity),
        ghz_shots,
    )


def _forms(rng: np.random.Generator) -> tuple[Release, ...]:
    """Six of eight ways of releasing, in random order, each with a strength of the learner's own."""
    days, late = int(rng.integers(10, 60)), int(rng.integers(20, 90))
    little, some, much = (int(rng.integers(*span)) for span in ((15, 30), (35, 55), (60, 100)))
    both = int(rng.integers(20, 40))
    made: Sequence[Release] = (
        Release("one digit", digits=1),
        Release(f"late by {days} days", days=days),
        Release(f"noise of {little} %", noise=little / 100),
        Release(f"noise of {some} %", noise=some / 100),
        Release(f"noise of {much} %", noise=much / 100),
        Release(f"noise of {both} %, late by {late} days", days=late, noise=both / 100),
        Release("one number per machine", pooled=True),
        Release(f"one number per machine, late by {late} days", days=late, pooled=True),
    )
    return tuple(made[int(i)] for i in rng.permutation(len(made))[:6])
