"""The quick hostile class: no mark that was not earned, nothing read, nothing changed, nobody left."""

from __future__ import annotations

import pytest

from tests.hostile import judge
from tests.hostile.corpus import attacks
from tests.hostile.course import HONEST

pytestmark = pytest.mark.slow

CORE = [one for one in attacks() if one.core]


@pytest.mark.parametrize("attack", CORE, ids=lambda one: one.name)
def test_the_attack_earns_and_reads_nothing(attack, quick):
    assert judge.verdict(quick.ended, attack, quick.marks) == []


@pytest.mark.parametrize("learner", HONEST)
def test_honest_work_among_them_keeps_its_marks(learner, quick):
    assert judge.honest(quick.ended, learner) == []


def test_the_machine_is_as_it_was(quick):
    assert judge.machine(quick.ended) == []


def test_everybody_has_a_result(quick):
    assert set(quick.ended.results) == {*HONEST, *(one.learner for one in CORE)}
