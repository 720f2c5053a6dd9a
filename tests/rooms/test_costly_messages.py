"""No message of eight megabytes keeps the examiner busy or fills its memory, whatever it was made for."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.rooms import WarmParent

LOADED = ("numpy", "pandas", "qiskit", "qiskit.qpy", "qiskit.quantum_info", "autograder.rooms.messages")
SECONDS = 1.5  # half a second on an idle core; a busy machine counts more
MEGABYTES = 1024


@pytest.mark.slow
def test_costly_messages_cost_little():
    harness = Path(__file__).with_name("costly.py").read_text(encoding="utf-8")
    with WarmParent(imports=LOADED) as parent, parent.open() as room:
        answer = room.ask({"source": harness, "given": {}}, seconds=120)
    assert answer["error"] is None, answer["error"]
    cases = answer["value"]["cases"]
    assert len(cases) > 30
    assert {name: one for name, one in cases.items() if one[0] > SECONDS} == {}
    assert answer["value"]["peak"] < MEGABYTES
    for name in (
        "empty brackets",
        "deep brackets",
        "keys that collide",
        "kinds of records",
        "a register of a circuit",
    ):
        assert cases[name][1] != "read"
