"""A share of successes, with the interval that a finite number of tries allows."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import beta


@dataclass(frozen=True)
class Sampled:
    """An estimated probability with its 95 % interval (Clopper and Pearson)."""

    estimate: float
    low: float
    high: float


def proportion(found: int, tries: int) -> Sampled:
    """A share of successes with its exact binomial interval."""
    low = 0.0 if found == 0 else float(beta.ppf(0.025, found, tries - found + 1))
    high = 1.0 if found == tries else float(beta.ppf(0.975, found + 1, tries - found))
    return Sampled(found / tries, low, high)
