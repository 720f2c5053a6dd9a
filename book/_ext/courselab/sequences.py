"""Random two-qubit Clifford sequences: drawn, closed by their inverse, written in the gates of the device.

One-qubit Cliffords cost sx and x gates; rz is a change of frame, merged with its neighbours, free of error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction, ClassicalRegister, QuantumRegister
from qiskit.circuit.library import CXGate, CZGate, Measure, RZGate, SXGate, XGate

from courselab import cliffords
from courselab.cliffords import Token

Elements = NDArray[np.int64]
CNOT: Token = ("cx", 0, 1)

_QUBITS = QuantumRegister(2, "q")
_BITS = ClassicalRegister(2, "c")
# Instructions are made once and shared by all circuits: making them anew was two thirds of the cost.
_RZ = [
    [CircuitInstruction(RZGate((k - 4 if k > 2 else k) * math.pi / 2), (qubit,)) for k in range(4)]
    for qubit in _QUBITS
]
_ONE = {
    name: [CircuitInstruction(gate(), (qubit,)) for qubit in _QUBITS]
    for name, gate in (("sx", SXGate), ("x", XGate))
}
_TWO = {
    name: {(a, b): CircuitInstruction(gate(), (_QUBITS[a], _QUBITS[b])) for a, b in ((0, 1), (1, 0))}
    for name, gate in (("cx", CXGate), ("cz", CZGate))
}
_READ = [CircuitInstruction(Measure(), (q,), (c,)) for q, c in zip(_QUBITS, _BITS, strict=True)]


def draw(lengths: Iterable[int], samples: int, rng: np.random.Generator) -> list[Elements]:
    """Draw `samples` sequences of each length: the numbers of their elements, each drawn evenly."""
    return [rng.integers(cliffords.SIZE, size=length) for length in lengths for _ in range(samples)]


def inverses(drawn: list[Elements], interleave: bool) -> Elements:
    """Tell the element that closes each sequence, with a C-NOT after each of its elements where asked."""
    known, cnot = cliffords.matrices(), cliffords.ideal(CNOT)
    totals = np.tile(np.eye(4, dtype=complex), (len(drawn), 1, 1))
    for step in range(max(map(len, drawn), default=0)):
        going = [row for row, elements in enumerate(drawn) if len(elements) > step]
        now = known[[drawn[row][step] for row in going]]
        totals[going] = (cnot @ now if interleave else now) @ totals[going]
    return cliffords.find(totals.conj().transpose(0, 2, 1))


def circuit(elements: Elements, inverse: int, interleave: bool, native: str) -> QuantumCircuit:
    """Write one sequence as a circuit: its elements, a C-NOT after each where asked, the inverse, readout."""
    tokens: list[Token] = []
    for element in elements:
        tokens += cliffords.gates(int(element))
        tokens += [CNOT] if interleave else []
    tokens += cliffords.gates(int(inverse))
    gates = [*native_gates(tokens, native), *_READ]
    return QuantumCircuit.from_instructions(gates, qubits=_QUBITS, clbits=_BITS)


def native_gates(tokens: Iterable[Token], native: str) -> list[CircuitInstruction]:
    """Rewrite gates in sx, x, rz and the native two-qubit gate; quarter turns wait until they matter."""
    out: list[CircuitInstruction] = []
    frame = [0, 0]

    def settle(qubit: int) -> None:
        if turns := frame[qubit] % 4:
            out.append(_RZ[qubit][turns])
        frame[qubit] = 0

    def half(qubit: int) -> None:
        settle(qubit)
        out.append(_ONE["sx"][qubit])

    def hadamard(qubit: int) -> None:
        # h = rz(π/2) sx rz(π/2) up to a global phase
        frame[qubit] += 1
        half(qubit)
        frame[qubit] = 1

    def flip(qubit: int) -> None:
        frame[qubit] = -frame[qubit]  # x turns the frame around
        out.append(_ONE["x"][qubit])

    def cnot(control: int, target: int) -> None:
        if native == "cz":
            hadamard(target)
        for qubit in (control, target):
            settle(qubit)  # a turn of the control commutes with the gate, but not with the noise after it
        out.append(_TWO[native][control, target])
        if native == "cz":
            hadamard(target)

    for name, first, second in tokens:
        if name == "cx":
            cnot(first, second)
        elif name == "rz":
            frame[first] += second
        elif name == "sx":
            half(first)
        elif name == "x":
            flip(first)
        else:
            raise ValueError(f"no rule for the gate '{name}'")
    for qubit in (0, 1):
        settle(qubit)
    return out
