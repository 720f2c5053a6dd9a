"""A circuit that finds a period and does not know it: Beauregard's adder in the Fourier basis.

Everything that the circuit is built from follows from the number and the base: the constants base**(2**k)
mod number, found by squaring. No gate is left out because its constant happens to be one; a circuit that
leaves it out has been told the period.

Source: S. Beauregard, Quant. Inf. Comput. 3, 175 (2003), arXiv quant-ph/0205095, figures 3 to 8: 2n + 3
qubits for a number of n bits, with one control qubit that is measured and used again for every bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

Qubits = Sequence[int]
# Outcomes below this probability are rounding.
_NEVER = 1e-12


def _fourier(circuit: QuantumCircuit, register: Qubits, inverse: bool = False) -> None:
    """Fourier transform without the final swaps: qubit j then carries the phase 2 pi b / 2**(j + 1)."""
    steps: list[tuple[int, int | None]] = []
    for j in reversed(range(len(register))):
        steps.append((j, None))
        steps += [(j, k) for k in reversed(range(j))]
    for j, k in reversed(steps) if inverse else steps:
        if k is None:
            circuit.h(register[j])
        else:
            circuit.cp((-1 if inverse else 1) * pi / 2 ** (j - k), register[k], register[j])


def _add(circuit: QuantumCircuit, constant: int, register: Qubits, controls: Qubits = ()) -> None:
    """Add a constant to a register in the Fourier basis, under controls; negative constants subtract."""
    for j, qubit in enumerate(register):
        angle = 2 * pi * (constant % 2 ** (j + 1)) / 2 ** (j + 1)
        if not angle:
            continue
        if controls:
            circuit.mcp(angle, list(controls), qubit)
        else:
            circuit.p(angle, qubit)


def _add_modulo(
    circuit: QuantumCircuit, constant: int, number: int, register: Qubits, flag: int, controls: Qubits
) -> None:
    """Add modulo the number; the top qubit of the register and the flag are clean before and after."""
    top = register[-1]
    _add(circuit, constant, register, controls)
    _add(circuit, -number, register)
    _fourier(circuit, register, inverse=True)
    circuit.cx(top, flag)
    _fourier(circuit, register)
    _add(circuit, number, register, [flag])
    _add(circuit, -constant, register, controls)
    _fourier(circuit, register, inverse=True)
    circuit.x(top)
    circuit.cx(top, flag)
    circuit.x(top)
    _fourier(circuit, register)
    _add(circuit, constant, register, controls)


def _multiply(
    circuit: QuantumCircuit,
    factor: int,
    number: int,
    control: int,
    value: Qubits,
    register: Qubits,
    flag: int,
) -> None:
    """Multiply the value by a factor modulo the number, in place, under one control."""
    for constant, sign in ((factor, 1), (pow(factor, -1, number), -1)):
        _fourier(circuit, register)
        for i, qubit in enumerate(value):
            _add_modulo(circuit, sign * (constant << i) % number, number, register, flag, [control, qubit])
        _fourier(circuit, register, inverse=True)
        if sign == 1:
            for a, b in zip(value, register, strict=False):
                circuit.cswap(control, a, b)


def layout(number: int) -> tuple[list[int], list[int], int, int]:
    """Qubits of the value, of the register, the flag and the control."""
    width = number.bit_length()
    return list(range(width)), list(range(width, 2 * width + 1)), 2 * width + 1, 2 * width + 2


def round_circuit(factor: int, number: int, turn: float = 0.0) -> QuantumCircuit:
    """Build one round: a controlled multiplication, a turn of the control, and the last Hadamard gate.

    turn: the angle that the bits read so far ask for, in radians. The control is the last qubit.
    """
    value, register, flag, control = layout(number)
    circuit = QuantumCircuit(control + 1)
    circuit.h(control)
    _multiply(circuit, factor, number, control, value, register, flag)
    circuit.p(turn, control)
    circuit.h(control)
    return circuit


def factors(base: int, number: int, bits: int) -> list[int]:
    """The constant of each round, the first round first: base**(2**k) mod number for falling k."""
    return [pow(base, 1 << k, number) for k in reversed(range(bits))]


def gate_count(base: int, number: int, bits: int, skip_ones: bool = False) -> int:
    """Gates of all rounds; without the rounds that multiply by one, if these are skipped."""
    return sum(
        sum(round_circuit(factor, number).count_ops().values())
        for factor in factors(base, number, bits)
        if not (skip_ones and factor == 1)
    )


def readings(base: int, number: int, bits: int) -> NDArray[np.float64]:
    """Probability of each reading of the circuit without noise, length 2**bits.

    The rounds share one control qubit, which is measured and used again; every outcome that can occur is
    followed, with Aer's state vector. The first round gives the lowest bit.
    """
    width = number.bit_length()
    start = np.zeros(1 << width, dtype=complex)
    start[1] = 1
    # Of each branch: the bits read so far as a number, its probability, the state of the value.
    branches = [(0, 1.0, start)]
    for place, factor in enumerate(factors(base, number, bits)):
        following = []
        for read, chance, state in branches:
            for bit, (p, after) in enumerate(_one_round(factor, number, place, read, state)):
                if chance * p > _NEVER:
                    following.append((read | bit << place, chance * p, after))
        branches = following
    found = np.zeros(1 << bits)
    for read, chance, _ in branches:
        found[read] += chance
    return found


def _one_round(
    factor: int, number: int, place: int, read: int, state: NDArray[np.complex128]
) -> list[tuple[float, NDArray[np.complex128]]]:
    """Run one round on a state of the value; probability and state after each outcome of the control."""
    width = number.bit_length()
    # The inverse transform, one qubit at a time: each bit that is known turns the control back.
    turn = -2 * pi * read / (1 << (place + 1))
    circuit = round_circuit(factor, number, turn)
    full = np.zeros(1 << circuit.num_qubits, dtype=complex)
    full[: len(state)] = state
    whole = QuantumCircuit(circuit.num_qubits)
    whole.set_statevector(full)
    whole.compose(circuit, inplace=True)
    whole.save_statevector()
    vector = np.asarray(AerSimulator(method="statevector").run(whole).result().get_statevector())
    outcomes = []
    # The control is the highest qubit; register and flag are clean again, so only the value remains.
    for half in vector.reshape(2, -1):
        chance = float(np.vdot(half, half).real)
        after = half[: 1 << width] / np.sqrt(chance) if chance > _NEVER else half[: 1 << width]
        outcomes.append((chance, after))
    return outcomes
