"""Periods and awards are written as people read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from coursebook import plan
from coursebook.matrix import award_row, period

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("iso", "says"), [("P3Y", "3 years"), ("P1M", "1 month"), ("P1Y6M", "P1Y6M")])
def test_a_period_is_told_in_words_or_left_as_it_is(iso: str, says: str) -> None:
    assert period(iso) == says


def test_an_award_is_one_row_of_names_that_lead_to_their_pages() -> None:
    award = {
        "title": "Practitioner",
        "needs": {
            "exercises": {"publication": {"percent": 80}, "of-an-institution": {"percent": 62.5}},
            "cases": ["lost-laptop"],
            "quizzes": ["publication-quiz"],
        },
        "least_assurance": "marked by a person",
        "valid_for": "P3Y",
    }
    exercise, case, quiz = "exercise", "case-lost-laptop", "quiz"

    title, exercises, played, asks, valid = award_row(award, plan.read(ROOT))

    assert title == [("Practitioner", ""), ("about 1½ hours", "")]  # 75 + 15 + 10 minutes
    assert exercises[0][0].endswith(", 80 %") and exercises[0][1] == f"modules/publication/{exercise}"
    assert exercises[1] == ("of-an-institution, 62.5 %", "")
    assert [page for _, page in played] == [f"modules/incidents/{case}", f"modules/publication/{quiz}"]
    assert played[0][0] == "The lost laptop"
    assert played[1][0] == "Responsible publication: Quiz"
    assert "auto-graded" not in asks[0][0] and "person" in asks[0][0]
    assert valid == [("3 years", "")]
