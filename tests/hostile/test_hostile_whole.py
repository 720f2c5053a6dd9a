"""The whole hostile class: no mark that was not earned, nothing read, nothing changed, nobody left."""

from __future__ import annotations

import pytest

from tests.hostile import judge
from tests.hostile.corpus import attacks
from tests.hostile.course import HONEST

pytestmark = pytest.mark.proof

ALL = attacks()


@pytest.mark.parametrize("attack", ALL, ids=lambda one: one.name)
def test_the_attack_earns_and_reads_nothing(attack, everybody):
    assert judge.verdict(everybody.ended, attack, everybody.marks) == []


@pytest.mark.parametrize("learner", HONEST)
def test_honest_work_among_them_keeps_its_marks(learner, everybody):
    assert judge.honest(everybody.ended, learner) == []


def test_the_machine_is_as_it_was(everybody):
    assert judge.machine(everybody.ended) == []


def test_everybody_has_a_result(everybody):
    assert set(everybody.ended.results) == {*HONEST, *(one.learner for one in ALL)}
