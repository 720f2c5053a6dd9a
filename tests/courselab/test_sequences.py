"""A random sequence undoes itself, is written in the device's gates, and its chances are those of Aer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from courselab import cliffords
from courselab.devices import Noise, fingerprint
from courselab.layouts import Layout
from courselab.sequences import circuit, draw, inverses, native_gates
from courselab.survival import Chances
from qiskit import QuantumCircuit
from qiskit.quantum_info import Clifford, Operator, Statevector
from qiskit_aer import AerSimulator


def without_readout(whole):
    bare = whole.copy()
    bare.remove_final_measurements()
    return bare


def written(length, interleave, native, seed):
    drawn = draw((length,), 1, np.random.default_rng(seed))
    return circuit(drawn[0], inverses(drawn, interleave)[0], interleave, native)


@pytest.mark.parametrize("native", ["cx", "cz"])
@pytest.mark.parametrize("interleave", [False, True])
@pytest.mark.parametrize("length", [0, 1, 7])
def test_a_sequence_returns_to_00(native, interleave, length):
    whole = written(length, interleave, native, seed=5)

    assert Statevector(without_readout(whole)).probabilities_dict()["00"] == pytest.approx(1)
    assert set(whole.count_ops()) <= {"rz", "sx", "x", native, "measure"}


@pytest.mark.parametrize("native", ["cx", "cz"])
def test_native_gates_make_the_same_clifford(native):
    for element in np.random.default_rng(9).integers(cliffords.SIZE, size=40):
        made = QuantumCircuit(2)
        for instruction in native_gates(cliffords.gates(int(element)), native):
            made.append(instruction.operation, [qubit._index for qubit in instruction.qubits])

        assert Operator(made).equiv(Operator(cliffords.matrices()[element]))


def test_the_elements_are_the_whole_group_each_once():
    several = cliffords.matrices()

    assert len({key.tobytes() for key in cliffords.without_phase(several)}) == cliffords.SIZE == 11_520
    # Each is a Clifford by Qiskit's word, which refuses any other matrix.
    for number in np.random.default_rng(2).integers(cliffords.SIZE, size=60):
        Clifford.from_matrix(several[number])
    with pytest.raises(KeyError):
        cliffords.find(np.diag([1, 1, 1, np.exp(0.25j * np.pi)])[None])


def test_interleaving_adds_one_cnot_for_each_clifford():
    plain, both = (written(30, interleave, "cx", seed=1).count_ops()["cx"] for interleave in (False, True))

    # The closing inverse differs between the two by at most three C-NOTs.
    assert abs(both - plain - 30) <= 3


@pytest.mark.parametrize("interleave", [False, True])
@pytest.mark.parametrize("native", ["cx", "cz"])
def test_chances_are_those_that_aer_computes_gate_by_gate(native, interleave):
    device = fingerprint(Layout.line(2), 0.01, seed=5, native=native)
    crooked = {coupler: Noise(noise.pauli, zz=0.1) for coupler, noise in device.noise.items()}
    device = replace(device, noise=crooked, readout=0.03)
    drawn = draw((0, 1, 5, 20), 3, np.random.default_rng(4))
    closing = inverses(drawn, interleave)
    simulator = AerSimulator(method="density_matrix", noise_model=device.noise_model((0, 1)))
    reading = np.kron([0.97, 0.03], [0.97, 0.03])

    chances = Chances(device, (0, 1)).of_00(drawn, closing, interleave)

    for elements, inverse, chance in zip(drawn, closing, chances, strict=True):
        bare = without_readout(circuit(elements, inverse, interleave, native))
        bare.save_density_matrix()
        state = simulator.run(bare).result().data()["density_matrix"].data
        assert chance == pytest.approx(reading @ np.real(np.diag(state)), abs=1e-12)


def test_a_gate_without_a_rule_is_refused():
    with pytest.raises(ValueError, match="no rule for the gate 't'"):
        native_gates([("t", 0, -1)], "cx")
