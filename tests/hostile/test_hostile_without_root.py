"""The quick hostile class, graded by a user without any right, whose rooms live in a user namespace."""

from __future__ import annotations

import pytest

from tests.hostile import judge
from tests.hostile.corpus import attacks
from tests.hostile.course import HONEST

pytestmark = pytest.mark.proof

CORE = [one for one in attacks() if one.core]


@pytest.mark.parametrize("attack", CORE, ids=lambda one: one.name)
def test_the_attack_earns_and_reads_nothing(attack, without_root):
    assert judge.verdict(without_root.ended, attack, without_root.marks) == []


@pytest.mark.parametrize("learner", HONEST)
def test_honest_work_among_them_keeps_its_marks(learner, without_root):
    assert judge.honest(without_root.ended, learner) == []


def test_the_machine_is_as_it_was(without_root):
    assert judge.machine(without_root.ended) == []


def test_everybody_has_a_result(without_root):
    assert set(without_root.ended.results) == {*HONEST, *(one.learner for one in CORE)}


def test_the_rooms_were_those_of_an_ordinary_user(without_root):
    assert {one["isolation"] for one in without_root.ended.results.values()} == {"user namespace"}
