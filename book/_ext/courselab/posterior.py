"""How probable each band is, given what was measured and what was believed before.

Prior on the C-NOT error: uniform in its logarithm between `lowest` and `highest`.
Likelihood: normal around the measured value, with the standard deviation that a 95 % interval implies.
Prior on the share of working qubits: Beta(a, b). Tested qubits update it (conjugate); those not tested
follow the beta-binomial distribution. Error and count are taken as independent.
A 95 % interval is not a statement about bands: two machines with the same interval can have different
posteriors, because what one knew before differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from coursefacts.values import Band
from numpy.typing import NDArray
from scipy.stats import betabinom, norm

Floats = NDArray[np.float64]
POINTS = 20001
NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Prior:
    """What is believed before the measurement.

    lowest, highest: range of the C-NOT error, uniform in the logarithm.
    a, b: the share of working qubits is Beta(a, b); (19, 1) expects 95 % with a spread of 5 %.
    """

    lowest: float = 1e-5
    highest: float = 1e-1
    a: float = 19.0
    b: float = 1.0


@dataclass(frozen=True)
class Belief:
    """Distributions after the measurement: error on a grid, number of counted qubits from 0 to all."""

    errors: Floats
    density: Floats
    counts: Floats

    def error_at_most(self, bound: float | None) -> float:
        """Probability that the error meets a bound; no bound is always met."""
        return 1.0 if bound is None else float(self.density[self.errors <= bound].sum())

    def qubits_between(self, least: int, most: int | None) -> float:
        """Probability that so many qubits count, both ends included."""
        stop = len(self.counts) if most is None else most + 1
        return float(self.counts[least:stop].sum())


def believe(
    measured: float,
    interval: tuple[float, float],
    *,
    qubits: int,
    tested: int | None = None,
    worked: int | None = None,
    prior: Prior | None = None,
) -> Belief:
    """Combine prior and measurement.

    measured, interval: the C-NOT error and its 95 % interval. qubits: all that could count.
    tested, worked: how many qubits were tested and how many of them worked; all and all unless given.
    """
    prior = prior or Prior()
    errors = np.geomspace(prior.lowest, prior.highest, POINTS)
    sd = (interval[1] - interval[0]) / (2 * NORMAL_95)
    density = norm.pdf(errors, measured, sd)
    tested = qubits if tested is None else tested
    worked = tested if worked is None else worked
    rest = qubits - tested
    counts = np.zeros(qubits + 1)
    chances = betabinom.pmf(np.arange(rest + 1), rest, prior.a + worked, prior.b + tested - worked)
    counts[worked : worked + rest + 1] = chances
    return Belief(errors, density / density.sum(), counts / counts.sum())


def by_band(belief: Belief, bands: Sequence[Band]) -> dict[str, float]:
    """Probability of each band by its code, and of no band under ''."""
    found = {
        band.code: belief.error_at_most(band.cnot_error_max)
        * belief.qubits_between(band.qubits_min, band.qubits_max)
        for band in bands
    }
    found[""] = max(0.0, 1.0 - sum(found.values()))
    return found
