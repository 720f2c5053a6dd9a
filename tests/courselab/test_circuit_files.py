"""What a file keeps is found by looking, and what is stripped still does the same."""

from __future__ import annotations

import numpy as np
import pytest
from courselab import circuit_files
from courselab.circuit_files import FORMATS, MARKS, PLACES
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter


@pytest.fixture(scope="module")
def kept():
    return circuit_files.kept()


def test_qpy_keeps_everything_that_was_planted(kept):
    assert all(row["QPY"] for row in kept.values())


@pytest.mark.parametrize("name", ["OpenQASM 2", "OpenQASM 3"])
def test_openqasm_keeps_less_but_not_nothing(kept, name):
    assert not kept["metadata"][name] and not kept["name of the circuit"][name]
    assert kept["name of a classical register"][name] and kept["name of a gate of one's own"][name]


def test_the_two_versions_differ(kept):
    differing = {what for what, row in kept.items() if row["OpenQASM 2"] != row["OpenQASM 3"]}

    assert "name of a parameter" in differing


def test_every_format_shows_the_physical_qubits_of_a_compiled_circuit(kept):
    assert all(kept[circuit_files.PLACED].values())


def test_qpy_gives_back_the_layout():
    built = circuit_files.compiled(circuit_files.planted())
    back = circuit_files.from_qpy(circuit_files.to_qpy(built))

    assert tuple(back.layout.initial_index_layout(filter_ancillas=True)) == PLACES


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_planted_is_left_after_stripping(name):
    for source in (circuit_files.planted(), circuit_files.compiled(circuit_files.planted())):
        data = FORMATS[name](circuit_files.strip(source))
        assert circuit_files.leftovers(data) == []
        assert not any("kestrel" in line for line in circuit_files.readable(data))


def test_stripping_takes_the_machine_out_and_leaves_the_angles_in():
    source = circuit_files.planted()
    after = circuit_files.kept(
        circuit_files.strip(source), circuit_files.strip(circuit_files.compiled(source))
    )

    assert not any(after[circuit_files.PLACED].values()) and not any(after[circuit_files.LAYOUT].values())
    assert all(after[circuit_files.DIGITS].values())
    assert not any(any(after[mark.where].values()) for mark in MARKS)


def test_before_stripping_all_is_there():
    data = circuit_files.to_qpy(circuit_files.planted())

    assert circuit_files.leftovers(data) == [mark.where for mark in MARKS]
    assert any("J_Ortiz" in line for line in circuit_files.readable(data))


@pytest.mark.parametrize("build", [lambda c: c, circuit_files.compiled])
def test_a_stripped_circuit_does_the_same(build):
    circuit = build(circuit_files.planted())
    plain = circuit_files.strip(circuit)

    assert circuit_files.same(circuit, plain)
    assert circuit_files.same(circuit_files.planted(), plain)
    assert plain.layout is None and plain.num_qubits == 3


def test_a_changed_circuit_is_noticed():
    circuit = circuit_files.planted()
    wrong = circuit_files.strip(circuit)
    wrong.data.pop(0)

    assert not circuit_files.same(circuit, wrong)


def test_unmeasured_circuits_are_compared_as_maps():
    one, other = QuantumCircuit(2), QuantumCircuit(2)
    one.h(0)
    one.cx(0, 1)
    other.global_phase = 1.0
    other.h(0)
    other.cz(0, 1)
    assert not circuit_files.same(one, other)

    swapped = QuantumCircuit(2, global_phase=0.5)
    swapped.h(0)
    swapped.h(1)
    swapped.cz(0, 1)
    swapped.h(1)
    assert circuit_files.same(one, swapped)


def test_parameters_keep_their_number_and_lose_their_names():
    circuit = QuantumCircuit(1, name="kestrel")
    circuit.rx(Parameter("secret_b"), 0)
    circuit.ry(Parameter("secret_a"), 0)
    plain = circuit_files.strip(circuit)

    assert sorted(p.name for p in plain.parameters) == ["p0", "p1"]
    assert circuit_files.same(circuit, plain)
    assert np.isclose(plain.global_phase, 0)
