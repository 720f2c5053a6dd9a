"""The two-qubit Clifford group, as gates that the device has and as matrices.

An element is a number 0 … 11519: one of 20 classes (nothing, a C-NOT, two C-NOTs, a swap, with turns of the
axes before) and one of 24 one-qubit Cliffords on each qubit after it. Each is uniform where the number is.

Source: Córcoles and others, Phys. Rev. A 87, 030301 (2013), appendix; two C-NOTs stand for their iSWAP, which
is the same up to one-qubit Cliffords. Matrices are 4 × 4, qubit 0 last as in Qiskit, up to a global phase.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit.library import CXGate, SXGate, XGate
from qiskit.quantum_info import Operator

Token = tuple[str, int, int]
"""("rz", qubit, quarter turns), ("sx" | "x", qubit, -1) or ("cx", control, target)."""
Matrices = NDArray[np.complex128]

# One-qubit Cliffords: turns of the frame, an x, or an sx between turns; 4 + 4 + 16 = 24.
_ONE: tuple[tuple[tuple[str, int], ...], ...] = (
    *((("rz", turn),) for turn in range(4)),
    *((("x", -1), ("rz", turn)) for turn in range(4)),
    *((("rz", first), ("sx", -1), ("rz", second)) for first, second in product(range(4), repeat=2)),
)
_CNOTS: tuple[tuple[Token, ...], ...] = (
    (),
    (("cx", 0, 1),),
    (("cx", 0, 1), ("cx", 1, 0)),
    (("cx", 0, 1), ("cx", 1, 0), ("cx", 0, 1)),
)
# Nothing, x → y → z → x, and its inverse: what a C-NOT does not make already of turns after it.
_TURNS: tuple[tuple[tuple[str, int], ...], ...] = (
    (),
    (("rz", 0), ("sx", -1), ("rz", 1)),
    (("rz", 1), ("sx", -1), ("rz", 2)),
)
SIZE = 11_520
CLASSES = (
    ((), (), _CNOTS[0]),
    *((a, b, _CNOTS[1]) for a, b in product(_TURNS, repeat=2)),
    *((a, b, _CNOTS[2]) for a, b in product(_TURNS, repeat=2)),
    ((), (), _CNOTS[3]),
)
SIZE_OF_ONE = len(_ONE)


def parts(element: int) -> tuple[int, int, int]:
    """Tell an element's class and the one-qubit Cliffords that follow on qubit 0 and on qubit 1."""
    return element // SIZE_OF_ONE**2, element // SIZE_OF_ONE % SIZE_OF_ONE, element % SIZE_OF_ONE


def of_class(number: int) -> tuple[Token, ...]:
    """Give the gates of a class."""
    first, second, cnots = CLASSES[number]
    return (*_on(0, first), *_on(1, second), *cnots)


def of_one(number: int, qubit: int) -> tuple[Token, ...]:
    """Give the gates of a one-qubit Clifford."""
    return _on(qubit, _ONE[number])


def gates(element: int) -> tuple[Token, ...]:
    """Give the gates of an element in their order."""
    number, first, second = parts(element)
    return (*of_class(number), *of_one(first, 0), *of_one(second, 1))


def _on(qubit: int, words: tuple[tuple[str, int], ...]) -> tuple[Token, ...]:
    return tuple((name, qubit, turn) for name, turn in words if (name, turn) != ("rz", 0))


@cache
def ideal(token: Token) -> Matrices:
    """Give the matrix of one gate."""
    name, first, second = token
    eye = np.eye(2)
    if name == "cx":
        return np.asarray(Operator(np.eye(4)).compose(CXGate(), qargs=[first, second]).data)
    one = np.diag([1, 1j**second]) if name == "rz" else (SXGate() if name == "sx" else XGate()).to_matrix()
    return np.kron(eye, one) if first == 0 else np.kron(one, eye)


def _product(tokens: tuple[Token, ...]) -> Matrices:
    total: Matrices = np.eye(4, dtype=complex)
    for token in tokens:
        total = ideal(token) @ total
    return total


@cache
def matrices() -> Matrices:
    """Give all elements' matrices, shape (11520, 4, 4)."""
    classes = np.array([_product(of_class(number)) for number in range(len(CLASSES))])
    first, second = (
        np.array([_product(of_one(number, qubit)) for number in range(SIZE_OF_ONE)]) for qubit in (0, 1)
    )
    after = (first[:, None] @ second[None]).reshape(-1, 4, 4)
    several: Matrices = (after[None] @ classes[:, None]).reshape(SIZE, 4, 4)
    return several


def without_phase(several: Matrices) -> NDArray[np.int16]:
    """Write matrices so that two are equal just when they differ by a global phase, shape (n, 32)."""
    flat = several.reshape(-1, 16)
    first = np.argmax(np.abs(flat) > 0.1, axis=1)  # no entry of a Clifford lies between 0 and 1/2
    lead = np.take_along_axis(flat, first[:, None], axis=1)
    turned = flat * (np.abs(lead) / lead)
    parts_of_each = np.concatenate([turned.real, turned.imag], axis=1)
    return np.asarray(np.rint(parts_of_each * 1000), dtype=np.int16)


@cache
def _numbers() -> dict[bytes, int]:
    return {key.tobytes(): number for number, key in enumerate(without_phase(matrices()))}


def find(several: Matrices) -> NDArray[np.int64]:
    """Tell which elements matrices are, shape (n, 4, 4) to (n,); a KeyError where one is none."""
    known = _numbers()
    return np.array([known[key.tobytes()] for key in without_phase(several)], dtype=np.int64)
