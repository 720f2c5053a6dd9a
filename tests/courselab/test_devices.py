"""The truth about a gate: the closed forms, the channels, and Qiskit's own fidelity agree."""

from __future__ import annotations

import math

import numpy as np
import pytest
from courselab.devices import Noise, coherent_pair, fingerprint, simple, truth_of_cnot, with_faults
from courselab.layouts import Layout
from qiskit.circuit.library import CXGate
from qiskit.quantum_info import SuperOp, average_gate_fidelity


def fidelity_of(noise):
    return average_gate_fidelity(SuperOp(CXGate()).compose(SuperOp(noise.channel())), CXGate())


@pytest.mark.parametrize("p", [0.0, 1e-4, 0.01, 0.2])
def test_depolarising_p_has_an_average_gate_error_of_three_quarters_p(p):
    noise = Noise.depolarising(p)

    assert noise.gate_error == pytest.approx(3 * p / 4)
    assert 1 - fidelity_of(noise) == pytest.approx(3 * p / 4, abs=1e-12)


def test_a_pauli_channel_costs_four_fifths_of_the_chance_that_anything_happens():
    chances = tuple(np.linspace(0.0001, 0.0015, 15))
    noise = Noise(chances)

    assert noise.gate_error == pytest.approx(0.8 * sum(chances))
    assert 1 - fidelity_of(noise) == pytest.approx(noise.gate_error, abs=1e-12)


@pytest.mark.parametrize("zz", [0.05, 0.194, 1.0])
def test_a_coherent_zz_rotation_costs_four_fifths_of_sine_squared(zz):
    noise = Noise.depolarising(0.0, zz)

    assert noise.gate_error == pytest.approx(0.8 * math.sin(zz / 2) ** 2)
    assert 1 - fidelity_of(noise) == pytest.approx(noise.gate_error, abs=1e-12)


def test_pauli_and_coherent_noise_together_follow_the_closed_form():
    noise = Noise(tuple(np.linspace(0.0, 0.003, 15)), 0.3)

    assert 1 - fidelity_of(noise) == pytest.approx(noise.gate_error, abs=1e-12)


def test_a_cnot_made_from_cz_pays_for_two_more_gates():
    p1 = 0.001
    native = truth_of_cnot(Noise.depolarising(0.01), p1, "cx")
    made = truth_of_cnot(Noise.depolarising(0.01), p1, "cz")

    assert native == pytest.approx(0.0075)
    # Each sx on one of two qubits adds 3/5 of its depolarising parameter, to first order.
    assert made == pytest.approx(native + 2 * 0.6 * p1, rel=0.01)


def test_without_one_qubit_errors_both_cnots_are_the_same_gate():
    noise = Noise.depolarising(0.01)

    assert truth_of_cnot(noise, 0.0, "cz") == pytest.approx(truth_of_cnot(noise, 0.0, "cx"), abs=1e-12)


def test_named_pairs_have_the_error_they_are_asked_for():
    assert simple(0.004).cnot_error((0, 1)) == pytest.approx(0.004)
    assert coherent_pair(0.004).cnot_error((0, 1)) == pytest.approx(0.004)


def test_a_fingerprint_meets_its_average_and_depends_on_the_seed_alone():
    layout = Layout.grid(5, 6)
    one, same, other = (fingerprint(layout, 0.005, seed) for seed in (1, 1, 2))

    assert one.machine_error() == pytest.approx(0.005)
    assert one.noise == same.noise
    assert one.noise != other.noise


def test_faulty_couplers_are_three_to_six_times_the_average():
    device = fingerprint(Layout.grid(4, 4), 0.002, 3)
    bad = device.layout.couplers[:2]
    worse = with_faults(device, bad, 3)

    assert all(3 <= worse.native_error(c) / 0.002 <= 6 for c in bad)
    assert all(worse.native_error(c) == device.native_error(c) for c in device.layout.couplers[2:])
