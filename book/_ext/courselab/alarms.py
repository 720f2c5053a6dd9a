"""An alarm for a change in a rate, and the two ways in which it can be wrong.

    >>> import numpy as np
    >>> from courselab.alarms import Watch
    >>> watch = Watch(base=0.01, raised=0.025)
    >>> levels = watch.levels(np.array([2, 3, 2, 8, 7, 9]), bits=250)
    >>> bool(levels[2] < 2 < levels[5])
    True

The statistic is Page's cumulative sum of log-likelihood ratios: it grows while the data fit the raised rate
better than the base rate and never falls below nought, so it forgets quiet times. A share that is counted on
a finite number of nights has an interval: `proportions`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Levels = NDArray[np.float64]


@dataclass(frozen=True)
class Watch:
    """What the alarm holds to be quiet, and the smallest rise that it is built for; both are error rates."""

    base: float
    raised: float

    def levels(self, errors: ArrayLike, bits: int) -> Levels:
        """The statistic after each window, along the last axis; 0 is quiet."""
        counts = np.asarray(errors, dtype=float)
        gain = counts * math.log(self.raised / self.base)
        gain += (bits - counts) * math.log((1 - self.raised) / (1 - self.base))
        return running(gain)


def running(gain: ArrayLike) -> Levels:
    """Add up gains along the last axis, never falling below nought."""
    total = np.cumsum(np.asarray(gain, dtype=float), axis=-1)
    lowest = np.minimum(np.minimum.accumulate(total, axis=-1), 0.0)
    return np.asarray(total - lowest)


def following(errors: ArrayLike, bits: int, raised_by: float, memory: int, floor: float) -> Levels:
    """The same statistic against a base that follows: the mean rate of the last `memory` windows.

    raised_by: the rise that it is built for. floor: the least base. The first `memory` windows use the floor.
    """
    counts = np.asarray(errors, dtype=float)
    total = np.cumsum(counts, axis=-1)
    earlier = np.zeros_like(counts)
    earlier[..., memory:] = total[..., memory - 1 : -1]
    earlier[..., memory + 1 :] -= total[..., : -memory - 1]
    base = np.full_like(counts, floor)
    base[..., memory:] = np.maximum(earlier[..., memory:] / (memory * bits), floor)
    raised = base + raised_by
    gain = counts * np.log(raised / base) + (bits - counts) * np.log((1 - raised) / (1 - base))
    return running(gain)


def first_alarm(levels: ArrayLike, threshold: float) -> int | None:
    """The first window whose level is above the threshold; None when the night stays quiet."""
    above = np.flatnonzero(np.asarray(levels) > threshold)
    return int(above[0]) if above.size else None


def highest(levels: ArrayLike) -> Levels:
    """The highest level of each night: it alone decides whether that night has an alarm."""
    return np.asarray(np.max(np.asarray(levels, dtype=float), axis=-1))


def share_above(peaks: ArrayLike, threshold: float) -> float:
    """Share of nights with an alarm at a threshold."""
    return float(np.mean(np.asarray(peaks) > threshold))


def threshold_for(quiet_peaks: ArrayLike, false_alarms: float) -> float:
    """The lowest threshold at which at most this share of the quiet nights has an alarm."""
    ordered = np.sort(np.asarray(quiet_peaks, dtype=float))[::-1]
    allowed = math.floor(false_alarms * len(ordered) + 1e-9)
    return float(ordered[min(allowed, len(ordered) - 1)])


@dataclass(frozen=True)
class Trade:
    """Both errors of one kind of alarm at many thresholds: false[i] and missed[i] belong to thresholds[i]."""

    thresholds: Levels
    false: Levels
    missed: Levels
    nights: tuple[int, int]

    def at(self, threshold: float) -> tuple[float, float]:
        """Share of quiet nights with an alarm and of intruded nights without one."""
        place = int(np.argmin(np.abs(self.thresholds - threshold)))
        return float(self.false[place]), float(self.missed[place])


def trade(quiet_peaks: ArrayLike, intruded_peaks: ArrayLike, points: int = 200) -> Trade:
    """Move the threshold through all levels that occurred, and count both errors."""
    quiet, intruded = np.asarray(quiet_peaks), np.asarray(intruded_peaks)
    top = float(max(quiet.max(), intruded.max()))
    thresholds = np.linspace(0, top, points)
    false = (quiet[None, :] > thresholds[:, None]).mean(axis=1)
    missed = (intruded[None, :] <= thresholds[:, None]).mean(axis=1)
    return Trade(thresholds, false, missed, (len(quiet), len(intruded)))


def probability_given_alarm(before: float, detected: float, false: float) -> float:
    """Bayes: how probable an intrusion is once the alarm has rung.

    before: probability of an intrusion on any one night. detected, false: share of intruded and of quiet
    nights with an alarm.
    """
    real = before * detected
    return real / (real + (1 - before) * false)


def probability_given_silence(before: float, detected: float, false: float) -> float:
    """The same for a night without an alarm."""
    missed = before * (1 - detected)
    return missed / (missed + (1 - before) * (1 - false))


def burden(found: Trade, before: float, call: float, miss: float) -> Levels:
    """Expected cost of one night at each threshold: calls for alarms, and intrusions that were missed."""
    alarms = (1 - before) * found.false + before * (1 - found.missed)
    return np.asarray(call * alarms + miss * before * found.missed)


def cheapest(found: Trade, before: float, call: float, miss: float) -> float:
    """The threshold of least expected cost."""
    return float(found.thresholds[int(np.argmin(burden(found, before, call, miss)))])


def delays(levels: ArrayLike, threshold: float, began: Sequence[int]) -> list[int]:
    """Windows from the beginning of each intrusion to its alarm, for those that were found."""
    found = []
    for night, first in zip(np.asarray(levels), began, strict=True):
        alarm = first_alarm(night[first:], threshold)
        if alarm is not None:
            found.append(alarm)
    return found
