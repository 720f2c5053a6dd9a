"""Days of a disclosure as the policies' own examples give them, and spans of years."""

from __future__ import annotations

import datetime

import pytest
from courselab import disclosure
from courselab.disclosure import Course
from courselab.migration import Plan

DAY = datetime.date(2026, 3, 2)


def after(days):
    return DAY + datetime.timedelta(days=days)


@pytest.mark.parametrize(("patch", "details"), [(47, 77), (83, 113), (90, 120), (91, 90), (None, 90)])
def test_ninety_and_thirty_as_in_the_policys_own_examples(patch, details):
    course = Course(DAY, None if patch is None else after(patch))

    assert disclosure.details_follow(course) == after(details)


@pytest.mark.parametrize(("patch", "details"), [(5, 35), (7, 37), (8, 7), (None, 7)])
def test_seven_days_where_the_flaw_is_in_use(patch, details):
    course = Course(DAY, None if patch is None else after(patch), exploited=True)

    assert disclosure.details_follow(course) == after(details)


def test_the_coordinator_and_the_venue():
    assert disclosure.coordinator_publishes(DAY) == after(45)
    assert disclosure.venue_window(DAY) == (after(45), after(90))
    assert disclosure.tell_by(after(45)) == DAY


def test_a_month_is_not_thirty_days():
    assert disclosure.coordinator_publishes(datetime.date(2026, 2, 1)) == datetime.date(2026, 3, 18)


@pytest.mark.parametrize(
    ("earliest", "latest", "verdict"), [(5, 9, "late"), (8, 15, "depends"), (12, 20, "in time")]
)
def test_a_plan_is_judged_by_a_stated_range(earliest, latest, verdict):
    assert Plan(shelf_life=7, migration=3).verdict(earliest, latest) == verdict


def test_what_is_exposed():
    plan = Plan(shelf_life=7, migration=3)

    assert plan.exposed(12) == 0
    assert plan.exposed(8) == 2
    # Never more than what is still sent in the old way.
    assert plan.exposed(1) == 3
