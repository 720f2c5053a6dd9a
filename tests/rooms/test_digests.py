"""A digest is the same in two processes that ran the same text, and tells values apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter

from autograder.rooms import messages

VALUES = """
import json, random, sys
import numpy as np, pandas as pd
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter
from qiskit.circuit.library import HGate, UnitaryGate, QFTGate
from qiskit.quantum_info import SparsePauliOp, Statevector
from autograder.rooms import messages

def own(turns):
    for _ in range(turns):
        QuantumCircuit(1)  # counts up the number in the name of the next
    inner, other = QuantumCircuit(1, name="mine"), QuantumCircuit(1, name="other")
    inner.s(0)
    circuit = QuantumCircuit(3, 2)
    circuit.append(inner.to_gate(), [1])
    circuit.append(other.to_gate(), [2])
    circuit.append(inner.to_gate().control(1), [0, 1])
    circuit.append(UnitaryGate(np.eye(2)), [0])
    circuit.rx(0.1 + 0.2, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(0)
    circuit.measure([0, 1], [0, 1])
    return circuit

values = [
    {"abc", "d", "ef", ("x", 1), 2.5}, frozenset("hello"), {"a": {"b", "c", "d"}}, [0.1, -0.0, 1j, None],
    np.arange(5.0), pd.DataFrame({"a": [1], "b": ["x"]}), np.random.default_rng(3), random.Random(3), HGate(),
    own(int(sys.argv[1])), SparsePauliOp(["XX", "ZI"], [1, 2]), Statevector([1, 0]),
    {frozenset({"p", "q"}): {1, 2}},
]
print(json.dumps([messages.digest(one) for one in values]))
"""


def digests(seed, turns):
    """Digests of the same values in a process of its own, with another hash of texts."""
    done = subprocess.run(
        [sys.executable, "-c", VALUES, str(turns)],
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.slow
def test_two_processes_agree():
    one, other = digests(1, 0), digests(2, 7)
    assert one == other
    assert None not in one
    assert len(set(one)) == len(one)


def turned(angle=0.1, **options):
    circuit = QuantumCircuit(2, **options)
    circuit.rx(angle, 0)
    circuit.cx(0, 1)
    return circuit


def test_circuits_are_told_apart_by_what_they_do():
    assert messages.digest(turned()) == messages.digest(turned(name="another"))
    others = [
        turned(0.2),
        turned(global_phase=0.1),
        turned().inverse(),
        turned(Parameter("a")),
        turned().decompose(),
    ]
    assert len({messages.digest(one) for one in [turned(), *others]}) == 6


def test_own_gates_are_told_apart_by_their_definition():
    def holding(inside):
        inner = QuantumCircuit(1, name="mine")
        inside(inner)
        circuit = QuantumCircuit(1)
        circuit.append(inner.to_gate(), [0])
        return circuit

    assert messages.digest(holding(lambda one: one.x(0))) != messages.digest(holding(lambda one: one.z(0)))


def test_a_parameter_is_itself_and_no_other_of_its_name():
    first = Parameter("a")
    assert messages.digest(first) == messages.digest(messages.unpack(messages.pack(first)))
    assert messages.digest(first) != messages.digest(Parameter("a"))
    assert messages.digest(turned(first)) != messages.digest(turned(Parameter("a")))


def test_types_and_orders_are_told_apart():
    values = [
        [1],
        (1,),
        {1},
        [1.0],
        [True],
        np.array([1]),
        np.array([1.0]),
        {"a": 1, "b": 2},
        {"b": 2, "a": 1},
    ]
    assert len({messages.digest(one) for one in values}) == len(values)
