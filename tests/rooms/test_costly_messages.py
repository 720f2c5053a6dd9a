"""No message of eight megabytes keeps the examiner busy or fills its memory, whatever it was made for."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.rooms import WarmParent, codec
from autograder.rooms.bounds import Bounds, Refused
from autograder.rooms.tree import COSTS, Reader
from tests.waiting import PATIENCE

LOADED = (
    *("numpy", "pandas", "qiskit", "qiskit.qpy", "qiskit.quantum_info", "qutip", "sympy"),
    "autograder.rooms.messages",
)
UNITS = 30  # of a twentieth of a second on an idle core, where the dearest message takes about ten
MEGABYTES = 1024


@pytest.mark.slow
def test_costly_messages_cost_little():
    harness = Path(__file__).with_name("costly.py").read_text(encoding="utf-8")
    with WarmParent(imports=LOADED) as parent, parent.open() as room:
        answer = room.ask({"source": harness, "given": {}}, seconds=PATIENCE)
    assert answer["error"] is None, answer["error"]
    cases = answer["value"]["cases"]
    assert len(cases) > 30
    assert {name: one for name, one in cases.items() if one[0] > UNITS} == {}
    assert answer["value"]["peak"] < MEGABYTES
    for name in (
        "empty brackets",
        "deep brackets",
        "keys that collide",
        "kinds of records",
        "a register of a circuit",
    ):
        assert cases[name][1] != "read"


def test_every_tag_that_travels_has_a_cost_and_no_other():
    assert set(COSTS) == set(codec.READERS)
    assert all(type(cost) is int and cost >= 0 for cost in COSTS.values())


@pytest.mark.parametrize("tag", [tag for tag in COSTS if tag != "h"])
def test_a_cost_is_paid_for_each_value_that_is_read(tag):
    held = 100
    just = held * (1 + COSTS[tag])
    for most, refused in ((just, False), (just - 1, True)):
        reader = Reader([], Bounds(nodes=most), {tag: lambda reader: tag})
        try:
            for _ in range(held):
                reader.read([tag])
            reader.count(0)
        except Refused as problem:
            assert refused and "parts" in str(problem)
        else:
            assert not refused
