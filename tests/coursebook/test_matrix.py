"""Times, periods and awards are written as people read them."""

from __future__ import annotations

import pytest
from coursebook.matrix import award_row, hours, period


@pytest.mark.parametrize(("minutes", "says"), [(20, "½ h"), (60, "1 h"), (95, "1½ h"), (228, "4 h")])
def test_a_time_is_told_in_half_hours(minutes: int, says: str) -> None:
    assert hours(minutes) == says


@pytest.mark.parametrize(("iso", "says"), [("P3Y", "3 years"), ("P1M", "1 month"), ("P1Y6M", "P1Y6M")])
def test_a_period_is_told_in_words_or_left_as_it_is(iso: str, says: str) -> None:
    assert period(iso) == says


def test_an_award_is_one_row() -> None:
    award = {
        "title": "Practitioner",
        "needs": {
            "exercises": {"one": {"percent": 80}, "two": {"percent": 62.5}},
            "cases": ["c"],
            "quizzes": [],
        },
        "least_assurance": "marked by a person",
        "valid_for": "P3Y",
    }

    assert award_row(award) == [
        "Practitioner",
        "one: 80 %\ntwo: 62.5 %",
        "c",
        "marked by a person",
        "3 years",
    ]
