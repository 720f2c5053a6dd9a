"""What the exercise allows leaves room on both sides of honest work."""

from __future__ import annotations

from functools import partial

import pytest

from tests.answersheet.nights import honest, worked_out
from tests.courselab.proofs import on_both_cores

pytestmark = [pytest.mark.proof, pytest.mark.timeout(2400)]
NIGHTS = 60


def test_an_honest_analysis_of_a_night_loses_nothing():
    """Honest work uses 0.7 of each tolerance at most; the machines themselves are proved by 2,000."""
    each, mean, interval, turned = zip(*on_both_cores(honest, NIGHTS), strict=True)

    assert max(each) <= 0.7 + 1e-9
    assert max(mean) <= 0.7 + 1e-9
    assert max(interval) < 0.85
    assert min(turned) > 1.5


@pytest.mark.parametrize(
    ("exercise", "points"), [("classification", 8), ("incidents", 8), ("publication", 6)]
)
def test_honest_work_with_a_program_of_ones_own_loses_nothing(exercise, points):
    """Every part that code can work out, by a learner's own code, from the sheet alone."""
    found = on_both_cores(partial(worked_out, exercise), NIGHTS)

    assert [one for one in found if one != found[0]] == []
    assert sum(found[0].values()) == points
