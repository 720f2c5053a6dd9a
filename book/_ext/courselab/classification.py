"""The variants of the exercise on classification: twelve artefacts, a fleet with jobs, forms of release.

How a variant is drawn, so that each learner has exactly one right answer:
- instruments near a bound of a control list stay a factor of 1.6 away from it;
- the share of jobs identified under each form keeps 8 points away from the consortium's ceiling;
- among the forms that keep the ceiling, the most useful one leads by 8 points, is not the most secretive,
  and is not what somebody would publish who looks at usefulness alone.
`make proof` draws 2,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from coursefacts import FactBook, load
from numpy.typing import NDArray

from courselab import fingerprints, releases, tiers
from courselab.devices import generator
from courselab.fingerprints import Array, Fleet
from courselab.releases import Release
from courselab.tiers import Artefact, Pool

EXERCISE = "classification"
MACHINES = 10
JOBS_EACH = 20
MARGIN = 0.08
CEILINGS = tuple(x / 100 for x in range(20, 85, 5))
# A measured rate or usefulness may be this far from the reference; the margin is twice as wide.
TOLERANCE = 0.04
TRIES = 400


@dataclass(frozen=True)
class Variant:
    """One learner's data.

    artefacts: what must be placed. fleet: the consortium's machines; own: the number of the learner's own.
    owners and measured: anonymous jobs, who ran each and what it measured. forms: ways of releasing the
    calibration. ceiling: the largest share of jobs that may be identified, as the consortium has decided.
    """

    token: str
    seed: bytes = field(repr=False)
    practice: bool
    artefacts: tuple[Artefact, ...] = field(repr=False)
    fleet: Fleet = field(repr=False)
    own: int
    owners: NDArray[np.int64] = field(repr=False)
    measured: Array = field(repr=False)
    forms: tuple[Release, ...]
    ceiling: float

    @cached_property
    def rates(self) -> dict[str, float]:
        """Share of the jobs identified under each form."""
        return {form.name: releases.rate(self._belief(form), self.owners) for form in self.forms}

    @cached_property
    def bits(self) -> dict[str, float]:
        """What each form gives away about a job, in bits."""
        return {form.name: releases.bits(self._belief(form), self.owners) for form in self.forms}

    @cached_property
    def usefulness(self) -> dict[str, float]:
        """What each form is worth to a user who forecasts GHZ fidelities."""
        true = releases.ghz_fidelities(self.fleet.today)
        return {
            form.name: releases.usefulness(releases.ghz_fidelities(form.table(self.fleet)), true)
            for form in self.forms
        }

    @property
    def choice(self) -> str:
        """The right form: the most useful of those that keep the ceiling."""
        return max(self.allowed, key=lambda name: self.usefulness[name])

    @property
    def chosen(self) -> Release:
        """The same, as the form itself."""
        return next(form for form in self.forms if form.name == self.choice)

    @property
    def allowed(self) -> list[str]:
        """The forms that keep the ceiling."""
        return [name for name, rate in self.rates.items() if rate <= self.ceiling]

    def _belief(self, form: Release) -> Array:
        return releases.chances(form, self.fleet, self.measured)

    def public(self) -> dict[str, Any]:
        """What the learner may know before beginning, as plain data."""
        return {
            "exercise": EXERCISE,
            "token": self.token,
            "practice": self.practice,
            "as_of": pool().as_of.isoformat(),
            "machines": MACHINES,
            "own_machine": self.own,
            "jobs": len(self.owners),
            "shots": fingerprints.SHOTS,
            "forms": [form.name for form in self.forms],
            "ceiling": self.ceiling,
            "artefacts": [{"id": a.id, "text": a.text} for a in self.artefacts],
        }

    def answers(self) -> dict[str, Any]:
        """The right answers, as plain data."""
        return {
            "tiers": {a.id: [list(a.tiers), list(a.reasons)] for a in self.artefacts},
            "review_until": {a.id: pool().last_review(a).isoformat() for a in self.artefacts},
            "rates": self.rates,
            "bits": self.bits,
            "usefulness": self.usefulness,
            "choice": self.choice,
        }


@lru_cache
def known_facts() -> FactBook:
    """The course's facts, read once."""
    return load()


def pool() -> Pool:
    """Scheme and artefacts, read once."""
    return tiers.load()


def draw(token: str, seed: bytes, practice: bool = False) -> Variant:
    """Make the variant of a seed; the first try that keeps all margins."""
    rng = generator(seed, EXERCISE)
    artefacts = pool().draw(rng, known_facts())
    # Half of the class should find that pooling is best, and half that it is not.
    pooled = bool(rng.integers(2))
    for number in range(TRIES):
        fleet = Fleet.draw(MACHINES, seed + number.to_bytes(2, "big"))
        owners, measured = fingerprints.jobs(fleet, JOBS_EACH, with_aer=False)
        forms, own = _forms(rng), int(rng.integers(MACHINES))
        tried = Variant(token, seed, practice, artefacts, fleet, own, owners, measured, forms, 0.0)
        fitting = [ceiling for ceiling in CEILINGS if keeps_margins(_under(tried, ceiling))]
        if fitting:
            made = _under(tried, fitting[int(rng.integers(len(fitting)))])
            if made.chosen.pooled is pooled:
                return made
    raise RuntimeError(f"no fleet for the token {token}")


def keeps_margins(variant: Variant) -> bool:
    """Whether every rate is far from the ceiling and one form is clearly, but not thoughtlessly, the best."""
    rates, use, allowed = variant.rates, variant.usefulness, variant.allowed
    if any(abs(rate - variant.ceiling) < MARGIN for rate in rates.values()) or len(allowed) < 2:
        return False
    first, second = sorted(allowed, key=lambda name: -use[name])[:2]
    return (
        use[first] - use[second] >= MARGIN
        and rates[first] - min(rates.values()) >= MARGIN
        and max(use, key=lambda name: use[name]) not in allowed
    )


def _under(variant: Variant, ceiling: float) -> Variant:
    """The same variant with another ceiling; what has been worked out is kept."""
    made = Variant(
        variant.token,
        variant.seed,
        variant.practice,
        variant.artefacts,
        variant.fleet,
        variant.own,
        variant.owners,
        variant.measured,
        variant.forms,
        ceiling,
    )
    made.__dict__.update(rates=variant.rates, usefulness=variant.usefulness)
    return made


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
