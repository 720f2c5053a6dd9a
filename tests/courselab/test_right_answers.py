"""Every variant of every exercise has one right answer: twelve in the fast tests, 2,000 in the proofs.

What *right* means for an exercise stands in `right_answers/<its id, with underscores>.py`:
`assert_one_right_answer(variant)` raises AssertionError or says in a word where the variant lands, and
`assert_spread(words)` holds what must be true of a whole class. An exercise with sheets has `drawn(number)`.
"""

from __future__ import annotations

import hashlib
import importlib
from functools import partial

import answersheet
import pytest
from courselab import tokens, variants

from tests.courselab.proofs import on_both_cores

MANY = 2000
UNSEALED = [one for one in variants.EXERCISES if one not in answersheet.EXERCISES]


def right(exercise):
    return importlib.import_module(f"tests.courselab.right_answers.{exercise.replace('-', '_')}")


def landed(exercise, number):
    """Say where one generated variant lands, or why it has not one right answer."""
    rules = right(exercise)
    if hasattr(rules, "drawn"):
        try:
            return str(rules.assert_one_right_answer(rules.drawn(number))), None
        except AssertionError as error:
            return None, f"{number}: {error}"
    seed = hashlib.sha256(f"{exercise} {number}".encode()).digest()[: tokens.SEED_BYTES]
    variant = variants.from_token(exercise, tokens.write(seed))
    try:
        return str(right(exercise).assert_one_right_answer(variant)), None
    except AssertionError as error:
        return None, f"{variant.token}: {error}"


@pytest.mark.parametrize("exercise", variants.EXERCISES)
def test_a_dozen_variants_have_one_right_answer_with_margin(exercise):
    found = [landed(exercise, number) for number in range(12)]

    assert [fault for _, fault in found if fault] == []


@pytest.mark.parametrize("exercise", UNSEALED)
def test_a_variant_names_its_token_and_hides_its_answers(exercise):
    token = tokens.practice(exercise, "ada")
    variant = variants.mine(exercise, "practice: ada")

    assert variant.practice and variant.token == token
    assert variant.public()["token"] == token
    assert variant.answers() and not set(variant.answers()) & set(variant.public()) - {"activities"}
    assert variants.from_token(exercise, token).public() | {"practice": True} == variant.public()


@pytest.mark.parametrize("exercise", UNSEALED)
def test_neighbours_have_other_answers(exercise):
    answers = [repr(variants.mine(exercise, f"practice: learner {n}").answers()) for n in range(6)]

    assert len(set(answers)) == len(answers)


@pytest.mark.proof
@pytest.mark.timeout(2400)
@pytest.mark.parametrize("exercise", variants.EXERCISES)
def test_two_thousand_variants_have_one_right_answer_each(exercise):
    found = on_both_cores(partial(landed, exercise), MANY)

    assert [fault for _, fault in found if fault] == []
    right(exercise).assert_spread([word for word, _ in found])
