"""Random two-qubit Clifford sequences, written in the gates of the device.

One-qubit Cliffords cost sx and x gates; rz is a change of frame, merged with its neighbours, free of error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction, ClassicalRegister, QuantumRegister
from qiskit.circuit.library import CXGate, CZGate, Measure, RZGate, SXGate, XGate
from qiskit.quantum_info import Clifford, Operator, random_clifford
from qiskit.synthesis import synth_clifford_full

Token = tuple[str, int, int]

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
# Quarter turns of the frame that each gate brings: h = rz sx rz and y = rz x, up to a global phase.
_FRAME = {"s": 1, "sdg": 3, "z": 2, "id": 0}
_CNOT: Token = ("cx", 0, 1)


def _matrices() -> dict[Token, NDArray[np.complex128]]:
    """The matrix of each gate that a synthesised Clifford can hold, qubit 0 last as in Qiskit."""
    found: dict[Token, NDArray[np.complex128]] = {}
    for name in ("id", "h", "s", "sdg", "x", "y", "z"):
        for qubit in (0, 1):
            found[name, qubit, -1] = _matrix(name, qubit)
    for name in ("cx", "swap"):
        for pair in ((0, 1), (1, 0)):
            found[name, *pair] = _matrix(name, *pair)
    return found


def _matrix(name: str, *qubits: int) -> NDArray[np.complex128]:
    circuit = QuantumCircuit(2)
    getattr(circuit, name)(*qubits)
    return np.asarray(Operator(circuit).data)


_MATRICES = _matrices()


@dataclass(frozen=True)
class Element:
    """A Clifford as gates, and as a matrix up to a global phase."""

    tokens: tuple[Token, ...]
    matrix: NDArray[np.complex128]


def sequence(length: int, interleave: bool, native: str, rng: np.random.Generator) -> QuantumCircuit:
    """One random sequence: `length` Cliffords, a C-NOT after each where asked, the inverse, readout."""
    tokens: list[Token] = []
    total = np.eye(4, dtype=complex)
    for _ in range(length):
        element = _known(random_clifford(2, seed=rng))
        tokens += element.tokens
        total = element.matrix @ total
        if interleave:
            tokens.append(_CNOT)
            total = _MATRICES[_CNOT] @ total
    tokens += decompose(Clifford.from_matrix(total.conj().T))
    gates = [*native_gates(tokens, native), *_READ]
    return QuantumCircuit.from_instructions(gates, qubits=_QUBITS, clbits=_BITS)


# The group has 11,520 elements, so a few benchmarks meet most of them again.
_KNOWN: dict[bytes, Element] = {}


def _known(clifford: Clifford) -> Element:
    """Decompose a Clifford once per process."""
    key = clifford.tableau.tobytes()
    if key not in _KNOWN:
        tokens = decompose(clifford)
        matrix = np.eye(4, dtype=complex)
        for token in tokens:
            matrix = _MATRICES[token] @ matrix
        _KNOWN[key] = Element(tuple(tokens), matrix)
    return _KNOWN[key]


def decompose(element: Clifford) -> list[Token]:
    """The gates of a Clifford as (name, first qubit, second qubit or -1)."""
    circuit = synth_clifford_full(element)
    number = {qubit: index for index, qubit in enumerate(circuit.qubits)}
    tokens = []
    for instruction in circuit.data:
        where = [number[qubit] for qubit in instruction.qubits]
        tokens.append((instruction.name, where[0], where[1] if len(where) > 1 else -1))
    return tokens


def native_gates(tokens: Iterable[Token], native: str) -> list[CircuitInstruction]:
    """Rewrite gates in sx, x, rz and the native two-qubit gate; quarter turns wait until they matter."""
    out: list[CircuitInstruction] = []
    frame = [0, 0]

    def settle(qubit: int) -> None:
        turns = frame[qubit] % 4
        if turns:
            out.append(_RZ[qubit][turns])
        frame[qubit] = 0

    def single(name: str, qubit: int) -> None:
        if name == "h":
            frame[qubit] += 1
            settle(qubit)
            out.append(_ONE["sx"][qubit])
            frame[qubit] = 1
        elif name in ("x", "y"):
            # x turns the frame around; y is x after half a turn.
            frame[qubit] = -(frame[qubit] + (2 if name == "y" else 0))
            out.append(_ONE["x"][qubit])
        elif name in _FRAME:
            frame[qubit] += _FRAME[name]
        else:
            raise ValueError(f"no rule for the gate '{name}' of a synthesised Clifford")

    def cnot(control: int, target: int) -> None:
        # A turn of the control's frame commutes with the C-NOT and may wait on.
        if native == "cx":
            settle(target)
            out.append(_TWO["cx"][control, target])
        else:
            single("h", target)
            out.append(_TWO["cz"][control, target])
            single("h", target)

    for name, first, second in tokens:
        if name == "cx":
            cnot(first, second)
        elif name == "swap":
            for control, target in ((first, second), (second, first), (first, second)):
                cnot(control, target)
        else:
            single(name, first)
    for qubit in (0, 1):
        settle(qubit)
    return out
