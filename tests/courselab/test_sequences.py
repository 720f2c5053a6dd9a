"""A random sequence undoes itself, and is written in the device's gates."""

from __future__ import annotations

import numpy as np
import pytest
from courselab.sequences import decompose, native_gates, sequence
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator, Statevector, random_clifford


def without_readout(circuit):
    bare = QuantumCircuit(2)
    for instruction in circuit.data:
        if instruction.name != "measure":
            bare.append(instruction.operation, [circuit.find_bit(q).index for q in instruction.qubits])
    return bare


@pytest.mark.parametrize("native", ["cx", "cz"])
@pytest.mark.parametrize("interleave", [False, True])
@pytest.mark.parametrize("length", [0, 1, 7])
def test_a_sequence_returns_to_00(native, interleave, length):
    circuit = sequence(length, interleave, native, np.random.default_rng(5))

    assert Statevector(without_readout(circuit)).probabilities_dict()["00"] == pytest.approx(1)
    assert set(circuit.count_ops()) <= {"rz", "sx", "x", native, "measure"}


@pytest.mark.parametrize("native", ["cx", "cz"])
def test_native_gates_make_the_same_clifford(native):
    rng = np.random.default_rng(9)
    for _ in range(25):
        element = random_clifford(2, seed=rng)
        circuit = QuantumCircuit(2)
        for instruction in native_gates(decompose(element), native):
            where = [qubit._index for qubit in instruction.qubits]
            circuit.append(instruction.operation, where)

        assert Operator(circuit).equiv(Operator(element))


def test_interleaving_adds_one_cnot_for_each_clifford():
    plain = sequence(30, False, "cx", np.random.default_rng(1)).count_ops()["cx"]
    both = sequence(30, True, "cx", np.random.default_rng(1)).count_ops()["cx"]

    # The closing inverse differs between the two by at most three C-NOTs.
    assert abs(both - plain - 30) <= 3


def test_a_gate_without_a_rule_is_refused():
    with pytest.raises(ValueError, match="no rule for the gate 't'"):
        native_gates([("t", 0, -1)], "cx")
