"""The hostile class without its quick core: no mark that was not earned, nothing read, nobody left."""

from __future__ import annotations

import pytest

from tests.hostile import judge
from tests.hostile.corpus import attacks
from tests.hostile.course import HONEST

pytestmark = pytest.mark.proof

# Each attack is graded with root once: these here, the core in test_hostile_quick.py.
REST = [one for one in attacks() if not one.core]


@pytest.mark.parametrize("attack", REST, ids=lambda one: one.name)
def test_the_attack_earns_and_reads_nothing(attack, others):
    assert judge.verdict(others.ended, attack, others.marks) == []


@pytest.mark.parametrize("learner", HONEST)
def test_honest_work_among_them_keeps_its_marks(learner, others):
    assert judge.honest(others.ended, learner) == []


def test_the_machine_is_as_it_was(others):
    assert judge.machine(others.ended) == []


def test_everybody_has_a_result(others):
    assert set(others.ended.results) == {*HONEST, *(one.learner for one in REST)}
