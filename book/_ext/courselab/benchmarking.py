"""Interleaved randomised benchmarking of a C-NOT, with the uncertainty that belongs to it.

Method: Magesan and others, Phys. Rev. Lett. 109, 080505 (2012). Two families of random two-qubit Clifford
sequences, one plain, one with the C-NOT after every Clifford, each closed by the inverse. The chance to find
00 again falls as A·a^m + B and as A·(a·c)^m + B; the gate error is (1 - c)·3/4, an average gate infidelity.

Shapes: survival arrays are (lengths, samples), one number per random sequence, each from `shots` runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from courselab.devices import Device, generator
from courselab.fitting import Fit, bootstrap_interval, fit, steady_weights, systematic_bound, usual_weights
from courselab.layouts import Coupler
from courselab.sequences import draw, inverses
from courselab.survival import Chances

Floats = NDArray[np.float64]
STANDARD_LENGTHS = (1, 20, 40, 80, 120, 160)
# The standard lengths suit a gate error near this one; a smaller error wants proportionally longer sequences.
STANDARD_ERROR = 0.0075


@dataclass(frozen=True)
class Design:
    """How a benchmark is run: lengths in Cliffords, random sequences per length, shots per sequence."""

    lengths: tuple[int, ...] = STANDARD_LENGTHS
    samples: int = 10
    shots: int = 1000

    @classmethod
    def for_error(
        cls, expected: float, *, longest: int = 240, samples: int = 10, shots: int = 2000
    ) -> Design:
        """A design whose sequences are long enough to see an error of the expected size."""
        scale = min(max(STANDARD_ERROR / expected, 0.25), longest / STANDARD_LENGTHS[-1])
        lengths = [1, *(round(scale * length) for length in STANDARD_LENGTHS[1:])]
        return cls(tuple(lengths), samples, shots)


@dataclass(frozen=True)
class Curves:
    """What was counted: share of 00 for each random sequence, shape (lengths, samples)."""

    design: Design
    reference: Floats
    interleaved: Floats


@dataclass(frozen=True)
class Result:
    """One measured C-NOT error, with everything one should ask about it.

    error: average gate error of the C-NOT. interval: 95 %, from resampling the random sequences.
    quoted: what the usual least-squares fit gives, and its own sigma. systematic: bound of the method itself.
    truth: the simulated device's own value. It is never known in a laboratory.
    """

    error: float
    interval: tuple[float, float]
    quoted: Fit
    systematic: tuple[float, float]
    truth: float
    curves: Curves
    fit: Fit

    @property
    def half_width(self) -> float:
        """Half the interval's width, as a share of the measured error."""
        return (self.interval[1] - self.interval[0]) / 2 / self.error

    @property
    def covers(self) -> bool:
        """Whether the truth lies in the stated interval."""
        return self.interval[0] <= self.truth <= self.interval[1]


def benchmark(
    device: Device, coupler: Coupler, design: Design | None = None, *, seed: int | bytes = 0
) -> Result:
    """Measure the C-NOT of one coupler; the whole chain from random sequences to interval."""
    design = design or Design.for_error(device.native_error(coupler))
    return analyse(measure(device, coupler, design, seed=seed), truth=device.cnot_error(coupler), seed=seed)


def measure(device: Device, coupler: Coupler, design: Design, *, seed: int | bytes = 0) -> Curves:
    """Run both families of random sequences with the device's noise; return shares of 00."""
    rng, chances = generator(seed, f"sequences {coupler}"), Chances(device, coupler)
    shares = []
    for interleave in (False, True):
        drawn = draw(design.lengths, design.samples, rng)
        chance = chances.of_00(drawn, inverses(drawn, interleave), interleave)
        counts = rng.binomial(design.shots, chance)
        shares.append((counts / design.shots).reshape(len(design.lengths), design.samples))
    return Curves(design, *shares)


def analyse(curves: Curves, *, truth: float = float("nan"), seed: int | bytes = 0) -> Result:
    """Turn counted shares into an error, an interval and a bound."""
    lengths = np.array(curves.design.lengths, dtype=float)
    survival = np.stack([curves.reference, curves.interleaved])
    weights = steady_weights(survival, curves.design.shots)
    best = fit(lengths, survival, weights)
    quoted = fit(lengths, survival, usual_weights(survival))
    interval = bootstrap_interval(lengths, survival, weights, best, generator(seed, "bootstrap"))
    bound = systematic_bound(best.alpha, best.alpha_gate)
    systematic = (max(0.0, best.error - bound), best.error + bound)
    return Result(best.error, interval, quoted, systematic, truth, curves, best)
