"""How likely a noisy device finds 00 after a sequence: exact, element by element.

Aer runs the same circuits gate by gate and takes tens of times as long, most of it for handing gates over; a
test holds the two together. Channels are Pauli transfer matrices (real, 16 × 16, Pauli basis of
`qiskit.quantum_info.PTM`); a state is a vector of 16 in the same basis.
"""

from __future__ import annotations

from functools import reduce
from itertools import product

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit.library import CXGate, CZGate, SXGate, XGate
from qiskit.quantum_info import PTM, DensityMatrix, Operator, SuperOp
from qiskit_aer.noise import QuantumError, depolarizing_error

from courselab import cliffords
from courselab.cliffords import Token
from courselab.devices import Device
from courselab.layouts import Coupler
from courselab.sequences import CNOT, Elements

Floats = NDArray[np.float64]


class Chances:
    """The channels of one coupler of a device, ready for many sequences."""

    def __init__(self, device: Device, coupler: Coupler) -> None:
        """Multiply out the channels of all classes and of all pairs of one-qubit Cliffords."""
        self._device, self._after = device, SuperOp(device.noise[coupler].channel())
        self._made: dict[Token, Floats] = {}
        self._classes = np.array(
            [self._product(cliffords.of_class(number)) for number in range(len(cliffords.CLASSES))]
        )
        first, second = (
            np.array(
                [self._product(cliffords.of_one(number, qubit)) for number in range(cliffords.SIZE_OF_ONE)]
            )
            for qubit in (0, 1)
        )
        self._ones = (first[:, None] @ second[None]).reshape(-1, 16, 16)
        self._read = _reading_of_00(device.readout)

    def of_00(self, drawn: list[Elements], closing: Elements, interleave: bool) -> Floats:
        """Give the chance to read 00 after each sequence and its closing element, shape (sequences,)."""
        states = np.tile(_prepared(), (len(drawn), 1))
        cnot = self._gate(CNOT)
        for step in range(max(map(len, drawn), default=0)):
            going = [row for row, elements in enumerate(drawn) if len(elements) > step]
            after = self._acted(np.array([drawn[row][step] for row in going]), states[going])
            states[going] = after @ cnot.T if interleave else after
        chances: Floats = self._acted(closing, states) @ self._read
        return np.clip(chances, 0.0, 1.0)

    def _acted(self, elements: Elements, states: Floats) -> Floats:
        number, ones = np.divmod(elements, cliffords.SIZE_OF_ONE**2)
        acted: Floats = (self._ones[ones] @ (self._classes[number] @ states[:, :, None]))[:, :, 0]
        return acted

    def _product(self, tokens: tuple[Token, ...]) -> Floats:
        return reduce(lambda total, token: self._gate(token) @ total, tokens, np.eye(16))

    def _gate(self, token: Token) -> Floats:
        if token not in self._made:
            channel = PTM(self._cnot(token[1], token[2]) if token[0] == "cx" else self._one(token))
            self._made[token] = np.real(channel.data)
        return self._made[token]

    def _one(self, token: Token) -> SuperOp:
        name, qubit, _ = token
        if name == "rz":
            return SuperOp(Operator(cliffords.ideal(token)))
        return self._at((SXGate if name == "sx" else XGate)(), [qubit])

    def _at(self, gate: SXGate | XGate, qubits: list[int]) -> SuperOp:
        noisy = SuperOp(np.eye(16)).compose(SuperOp(gate), qargs=qubits)
        return noisy.compose(_local(self._device.p1), qargs=qubits) if self._device.p1 else noisy

    def _cnot(self, control: int, target: int) -> SuperOp:
        pair = [control, target]
        if self._device.native == "cx":
            return SuperOp(np.eye(16)).compose(SuperOp(CXGate()), qargs=pair).compose(self._after, qargs=pair)
        turn = SuperOp(Operator(cliffords.ideal(("rz", target, 1))))
        hadamard = turn.compose(self._at(SXGate(), [target])).compose(turn)
        entangled = (
            SuperOp(np.eye(16)).compose(SuperOp(CZGate()), qargs=pair).compose(self._after, qargs=pair)
        )
        return hadamard.compose(entangled).compose(hadamard)


def _local(p1: float) -> SuperOp:
    error: QuantumError = depolarizing_error(p1, 1)
    return SuperOp(error)


def _prepared() -> Floats:
    """|00> in the Pauli basis."""
    return _vector(np.array([1.0, 0, 0, 0]))


def _reading_of_00(wrong: float) -> Floats:
    """What reading 00 asks of a state, when each bit is read wrongly with this chance."""
    one = np.array([1 - wrong, wrong])
    return _vector(np.kron(one, one)) * 4


def _vector(diagonal: Floats) -> Floats:
    """A diagonal matrix by its shares of II, IX … ZZ, so that a PTM acts on it."""
    matrix = DensityMatrix(np.diag(diagonal).astype(complex))
    paulis = [np.eye(2), np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]
    return np.array(
        [np.real(np.trace(np.kron(a, b) @ matrix.data)) / 4 for a, b in product(paulis, repeat=2)]
    )
