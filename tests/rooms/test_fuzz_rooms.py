"""Damaged messages of every kind are refused or read, in a real room, and nothing else happens there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.rooms import WarmParent
from tests.waiting import PATIENCE

HARNESS = Path(__file__).with_name("fuzzing.py").read_text(encoding="utf-8")
LOADED = ("numpy", "pandas", "qiskit", "qiskit.qpy", "qiskit.quantum_info", "autograder.rooms.messages")


def attack(parent, count, seed, seconds):
    """Damage so many messages in one room; a crash or a hang ends the room, and the test with it."""
    with parent.open(slot=seed % 2) as room:
        request = {"source": HARNESS, "given": {"count": count, "seed": seed}}
        answer = room.ask(request, seconds=seconds)
    assert answer["error"] is None, answer["error"]
    told = answer["value"]
    assert told["wrong"] == []
    return told


@pytest.mark.slow
def test_a_few_thousand_damaged_messages_do_nothing_in_a_room():
    with WarmParent(imports=LOADED) as parent:
        told = attack(parent, 5000, seed=1, seconds=PATIENCE)
    assert told["refused"] > 2500
    assert told["read"] > 500


@pytest.mark.proof
def test_a_hundred_thousand_damaged_messages_do_nothing_in_rooms():
    with WarmParent(imports=LOADED) as parent, ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda seed: attack(parent, 5000, seed, 600), range(100, 120)))
    assert sum(one["refused"] + one["read"] for one in told) == 100_000
    assert sum(one["refused"] for one in told) > 50_000
    assert sum(one["read"] for one in told) > 5_000
