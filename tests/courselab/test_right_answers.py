"""Every variant of every exercise has one right answer: twelve in the fast tests, 2,000 in the proofs.

What *right* means for an exercise stands in `right_answers/<its id, with underscores>.py`:
`assert_one_right_answer(variant)` raises AssertionError or says in a word where the variant lands, and
`assert_spread(words)` holds what must be true of a whole class. `drawn(number)` draws what can go wrong.
"""

from __future__ import annotations

import importlib
from functools import partial

import pytest
from courselab import variants

from tests.courselab.proofs import on_both_cores

MANY = 2000


def right(exercise):
    return importlib.import_module(f"tests.courselab.right_answers.{exercise.replace('-', '_')}")


def landed(exercise, number):
    """Say where one generated variant lands, or why it has not one right answer."""
    rules = right(exercise)
    try:
        return str(rules.assert_one_right_answer(rules.drawn(number))), None
    except AssertionError as error:
        return None, f"{number}: {error}"


@pytest.mark.parametrize("exercise", variants.EXERCISES)
def test_a_dozen_variants_have_one_right_answer_with_margin(exercise):
    found = [landed(exercise, number) for number in range(12)]

    assert [fault for _, fault in found if fault] == []


@pytest.mark.proof
@pytest.mark.timeout(2400)
@pytest.mark.parametrize("exercise", variants.EXERCISES)
def test_two_thousand_variants_have_one_right_answer_each(exercise):
    found = on_both_cores(partial(landed, exercise), MANY)

    assert [fault for _, fault in found if fault] == []
    right(exercise).assert_spread([word for word, _ in found])
