"""The same protocol pulse by pulse as quantum circuits, to hold the fast simulation against.

One qubit is Alice's photon. Basis 0 is the computational one, basis 1 is turned by a Hadamard gate. The
eavesdropper measures in the middle of the circuit and what is left flies on.
"""

from __future__ import annotations

from itertools import product

from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

from courselab.proportions import Sampled, proportion


def pulse(bit: int, alice: int, bob: int, eve: int | None = None) -> QuantumCircuit:
    """One pulse: Alice's bit in her basis, perhaps the eavesdropper's measurement, Bob's measurement."""
    circuit = QuantumCircuit(1, 2)
    if bit:
        circuit.x(0)
    if alice:
        circuit.h(0)
    if eve is not None:
        if eve:
            circuit.h(0)
        circuit.measure(0, 1)
        if eve:
            circuit.h(0)
    if bob:
        circuit.h(0)
    circuit.measure(0, 0)
    return circuit


def error_rate(intercepted: bool, shots: int = 1000, seed: int = 1) -> Sampled:
    """Error rate of the sifted key: all bits and bases, each circuit run so many times."""
    cases = [
        (bit, basis, eve) for bit, basis, eve in product((0, 1), (0, 1), (0, 1) if intercepted else (None,))
    ]
    circuits = [pulse(bit, basis, basis, eve) for bit, basis, eve in cases]
    result = AerSimulator().run(circuits, shots=shots, seed_simulator=seed).result()
    wrong = 0
    for index, (bit, _, _) in enumerate(cases):
        for word, count in result.get_counts(index).items():
            # The last character is Bob's bit.
            wrong += count * (int(word[-1]) != bit)
    return proportion(wrong, shots * len(cases))
