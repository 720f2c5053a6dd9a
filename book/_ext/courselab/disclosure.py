"""Days of a disclosure: whose policy says what, from the facts of the book.

All functions count calendar days, as the policies do. None of these clocks binds a finder by law; the window
of a conference binds those who submit there.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache

from coursefacts import FactBook, load
from coursefacts.values import Quantity

Day = datetime.date


@lru_cache
def _facts() -> FactBook:
    return load()


def days_of(fact: str, name: str) -> int:
    """Read a number of days from a fact."""
    value = _facts().get(fact).values[name]
    assert isinstance(value, Quantity) and value.unit == "days"
    return int(value.value)


@dataclass(frozen=True)
class Course:
    """How a disclosure went.

    told: the day the vendor was told. patched: the day a patch was available, or None. exploited: whether the
    flaw was known to be used against real users when the vendor was told. coordinator: the day of the report
    to CERT/CC, or None.
    """

    told: Day
    patched: Day | None = None
    exploited: bool = False
    coordinator: Day | None = None


def coordinator_publishes(reported: Day) -> Day:
    """The day on which CERT/CC publishes what was reported to it, unless it decides otherwise."""
    return reported + datetime.timedelta(days=days_of("cvd.certcc", "days"))


def patch_due(course: Course) -> Day:
    """The last day for a patch under the policy of Project Zero, without a grace period."""
    fact = "cvd.project-zero.exploited" if course.exploited else "cvd.project-zero"
    return course.told + datetime.timedelta(days=days_of(fact, "patch"))


def details_follow(course: Course) -> Day:
    """The day on which the details become public under that policy, without a grace period."""
    due = patch_due(course)
    if course.patched is not None and course.patched <= due:
        return course.patched + datetime.timedelta(days=days_of("cvd.project-zero", "details"))
    return due


def venue_window(told: Day) -> tuple[Day, Day]:
    """First and last day of publication that a security conference calls consistent with an author's duty."""
    least, most = (days_of("venue.fc24.window", name) for name in ("least", "most"))
    return told + datetime.timedelta(days=least), told + datetime.timedelta(days=most)


def tell_by(published: Day) -> Day:
    """The last day to tell the vendor so that the least window is kept before a day of publication."""
    return published - datetime.timedelta(days=days_of("venue.fc24.window", "least"))
