"""Period finding as a measurement: what a reading gives, what chance gives, and how to tell the two apart.

A run of Shor's algorithm on `number` with a `base` ends in a reading `y` of `bits` bits. The rest is
classical: continued fractions turn y / 2**bits into candidates for the period, and each even candidate is
tried for a factor. A success of this pipeline proves nothing as long as random readings succeed as well, so
the tools here are the chance level (by enumeration of every reading), the distribution that an ideal machine
would give, and the share of shots that come from it.

Source of the algorithm: P. Shor, SIAM J. Comput. 26, 1484 (1997), sections 5 and 6.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import norm

from courselab.proportions import Sampled, proportion

Readings = NDArray[np.int64]
Chances = NDArray[np.float64]
# Half of the 0.95 quantile of chi-square with one degree of freedom.
_DROP = 1.9207294103470618


def usual_bits(number: int) -> int:
    """Width of the reading: twice the bits of the number, as in the original paper."""
    return 2 * number.bit_length()


def bases(number: int) -> list[int]:
    """Bases that share no factor with the number; 1 and -1 are left out, since they have nothing to find."""
    return [base for base in range(2, number - 1) if gcd(base, number) == 1]


def denominators(reading: int, bits: int, limit: int) -> list[int]:
    """Denominators of the convergents of reading / 2**bits that are smaller than the limit."""
    above, below, before, now = reading, 1 << bits, 1, 0
    found = []
    while below:
        whole, rest = divmod(above, below)
        above, below = below, rest
        before, now = now, whole * now + before
        if now >= limit:
            break
        found.append(now)
    return found


def split(reading: int, bits: int, base: int, number: int) -> int | None:
    """Return a factor that follows from one reading, or None."""
    for period in denominators(reading, bits, number):
        if period % 2:
            continue
        root = pow(base, period // 2, number)
        for near in (root - 1, root + 1):
            factor = gcd(near, number)
            if 1 < factor < number:
                return factor
    return None


@lru_cache(maxsize=256)
def hits(base: int, number: int, bits: int) -> NDArray[np.bool_]:
    """Tell for every possible reading whether it gives a factor; length 2**bits."""
    found = np.array([split(y, bits, base, number) is not None for y in range(1 << bits)])
    found.flags.writeable = False
    return found


def chance(base: int, number: int, bits: int) -> float:
    """Probability that one random reading gives a factor: exact, by enumeration."""
    return float(hits(base, number, bits).mean())


@lru_cache(maxsize=256)
def ideal(base: int, number: int, bits: int) -> Chances:
    """Probability of each reading on a perfect machine; length 2**bits, sums to one.

    For each value of base**x mod number, the machine is left in the x that give it; a Fourier transform of
    these is what is read. This walks through all x and so needs no quantum computer, and no large number.
    """
    size = 1 << bits
    values, value = np.empty(size, dtype=np.int64), 1
    for x in range(size):
        values[x], value = value, value * base % number
    total = np.zeros(size)
    for one in np.unique(values):
        total += np.abs(np.fft.fft(values == one)) ** 2
    total /= float(size) ** 2
    total.flags.writeable = False
    return total


def mixture(perfect: Chances, share: float) -> Chances:
    """A machine that follows the ideal in this share of its shots and answers at random in the others."""
    return share * perfect + (1 - share) / len(perfect)


def draw(chances: Chances, shots: int, seed: int) -> Readings:
    """Count readings: how often each of them occurs in so many shots."""
    return np.random.default_rng(seed).multinomial(shots, chances / chances.sum())


def counted(readings: Readings, bits: int) -> Readings:
    """Count how often each possible reading occurred; length 2**bits."""
    return np.bincount(np.asarray(readings, dtype=np.int64), minlength=1 << bits)


def reversed_bits(readings: Readings, bits: int) -> Readings:
    """Read each reading from its other end: the lowest bit becomes the highest."""
    before = np.asarray(readings, dtype=np.int64)
    after = np.zeros_like(before)
    for place in range(bits):
        after |= ((before >> place) & 1) << (bits - 1 - place)
    return after


def success(counts: Readings, base: int, number: int, bits: int) -> float:
    """Share of the shots that give a factor."""
    return float(counts @ hits(base, number, bits) / counts.sum())


def sampled_chance(number: int, tries: int, seed: int) -> Sampled:
    """Chance level of a larger number, from random bases and random readings."""
    # Python's own generator, since numpy's integers end at 64 bits.
    rng, bits = random.Random(seed), usual_bits(number)
    found = 0
    for _ in range(tries):
        base = rng.randrange(2, number - 1)
        # A base with a common factor would be a lucky guess of another kind.
        while gcd(base, number) > 1:
            base = rng.randrange(2, number - 1)
        found += split(rng.getrandbits(bits), bits, base, number) is not None
    return proportion(found, tries)


@dataclass(frozen=True)
class Signal:
    """The share of shots that follow the ideal machine: estimate and 95 % interval.

    evidence: log likelihood of the estimate over that of pure chance, in natural units; never negative.
    """

    share: float
    low: float
    high: float
    evidence: float

    @property
    def seen(self) -> bool:
        """Whether pure chance lies outside the interval."""
        return self.low > 0


def signal(counts: Readings, perfect: Chances) -> Signal:
    """Estimate the share of signal by maximum likelihood; the interval is where the likelihood is near."""
    seen = counts > 0
    ratio, weight = perfect[seen] * len(perfect), counts[seen]

    def loss(share: float) -> float:
        return -float(weight @ np.log1p(share * (ratio - 1)))

    top = 1 - 1e-9
    share = float(minimize_scalar(loss, bounds=(0, top), method="bounded", options={"xatol": 1e-7}).x)
    # The bounded search never touches its ends.
    share = min((0.0, share, top), key=loss)
    best = loss(share)

    def above(x: float) -> float:
        return loss(x) - best - _DROP

    low = 0.0 if above(0.0) <= 0 else float(brentq(above, 0.0, share))
    high = 1.0 if above(top) <= 0 else float(brentq(above, share, top))
    return Signal(share, low, high, max(0.0, -best))


def shots_needed(perfect: Chances, share: float, false_alarm: float = 0.01, power: float = 0.99) -> int:
    """Shots after which the likelihood ratio tells a mixture from chance; by the normal approximation."""
    score = np.log1p(share * (perfect * len(perfect) - 1))
    moments = []
    for chances in (np.full(len(perfect), 1 / len(perfect)), mixture(perfect, share)):
        mean = float(chances @ score)
        moments.append((mean, float(np.sqrt(chances @ (score - mean) ** 2))))
    (mean0, sigma0), (mean1, sigma1) = moments
    root = (norm.isf(false_alarm) * sigma0 + norm.isf(1 - power) * sigma1) / (mean1 - mean0)
    return int(np.ceil(root**2))


def success_shots_needed(
    hit: NDArray[np.bool_], perfect: Chances, share: float, false_alarm: float = 0.01, power: float = 0.99
) -> float:
    """The same if only the number of successes is looked at; infinite where they are not more frequent."""
    p0 = float(hit.mean())
    p1 = float(mixture(perfect, share) @ hit)
    if p1 <= p0:
        return float("inf")
    spread = norm.isf(false_alarm) * (p0 * (1 - p0)) ** 0.5 + norm.isf(1 - power) * (p1 * (1 - p1)) ** 0.5
    return float(np.ceil((spread / (p1 - p0)) ** 2))
