"""Simulated quantum computers with error fingerprints, and the truth about each of their gates.

Units: an error is a probability per gate (dimensionless). `gate_error` always means the *average gate
infidelity*, the quantity that the control lists bound; a depolarising parameter p, the share that is replaced
by the completely mixed state (Qiskit's convention), is 4/3 of it.
What the simulation leaves out: leakage, crosstalk between couplers, drift and the motion of real qubits.

Sources: Horodecki and others, Phys. Rev. A 60, 1888 (1999), and Nielsen, Phys. Lett. A 303, 249 (2002),
for average gate fidelity = (d F + 1) / (d + 1) with F the entanglement fidelity and d = 4 for two qubits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit.library import CXGate, CZGate, RZZGate, SXGate
from qiskit.quantum_info import Operator, Pauli, SuperOp, average_gate_fidelity
from qiskit_aer.noise import (
    NoiseModel,
    QuantumError,
    ReadoutError,
    coherent_unitary_error,
    depolarizing_error,
    pauli_error,
)

from courselab.layouts import Coupler, Layout

Native = Literal["cx", "cz"]
PAULIS = tuple(a + b for a in "IXYZ" for b in "IXYZ")
DIMENSION = 4
# Average gate infidelity of a Pauli channel is d / (d + 1) = 4/5 of the chance that any Pauli acts.
PAULI_TO_GATE = DIMENSION / (DIMENSION + 1)
DEPOLARISING_TO_GATE = 3 / 4


@dataclass(frozen=True)
class Noise:
    """The noise of one two-qubit gate: Pauli errors, then a coherent ZZ rotation.

    pauli: chance of each of the 15 Paulis IX … ZZ, shape (15,), in the order of PAULIS[1:].
    zz: angle of the unwanted RZZ in radian; 0 means that all noise is stochastic.
    """

    pauli: tuple[float, ...]
    zz: float = 0.0

    @classmethod
    def depolarising(cls, p: float, zz: float = 0.0) -> Noise:
        """Replace the state by the maximally mixed one with probability p."""
        return cls((p / 16,) * 15, zz)

    @property
    def stochastic(self) -> float:
        """Chance that some Pauli acts."""
        return float(sum(self.pauli))

    @property
    def gate_error(self) -> float:
        """Average gate infidelity, in closed form."""
        cos2 = math.cos(self.zz / 2) ** 2
        fidelity = (1 - self.stochastic) * cos2 + self.pauli[-1] * (1 - cos2)
        return PAULI_TO_GATE * (1 - fidelity)

    def channel(self) -> QuantumError:
        """The noise as Aer applies it after the gate."""
        if len(set(self.pauli)) == 1:
            error = depolarizing_error(16 * self.pauli[0], 2)
        else:
            chances = [("II", 1 - self.stochastic), *zip(PAULIS[1:], self.pauli, strict=True)]
            error = pauli_error([(Pauli(name), chance) for name, chance in chances])
        if self.zz:
            error = error.compose(coherent_unitary_error(RZZGate(self.zz).to_matrix()))
        return error


@dataclass(frozen=True)
class Device:
    """A machine that does not exist.

    layout: how many qubits, and which pairs have a coupler that is present.
    noise: what goes wrong at each coupler's native gate.
    p1: depolarising parameter of each sx and x; rz is a change of frame and costs nothing.
    readout: chance that a bit is read wrongly.
    native: the two-qubit gate the hardware has.
    """

    name: str
    layout: Layout
    noise: dict[Coupler, Noise] = field(repr=False)
    p1: float = 0.001
    readout: float = 0.02
    native: Native = "cx"

    @property
    def qubits(self) -> int:
        """Qubits on the chip, whether they work or not."""
        return self.layout.qubits

    def native_error(self, coupler: Coupler) -> float:
        """Average gate infidelity of the coupler's native gate: the truth, in closed form."""
        return self.noise[coupler].gate_error

    @cached_property
    def _cnot(self) -> dict[Coupler, float]:
        return {}

    def cnot_error(self, coupler: Coupler) -> float:
        """Average gate infidelity of a whole C-NOT: the truth, from the channels themselves.

        On a device whose native gate is CZ the C-NOT also needs an sx before and one after.
        """
        if coupler not in self._cnot:
            self._cnot[coupler] = truth_of_cnot(self.noise[coupler], self.p1, self.native)
        return self._cnot[coupler]

    def machine_error(self, couplers: tuple[Coupler, ...] | None = None) -> float:
        """Average native error over nearest-neighbour gates: all present couplers, or those given."""
        chosen = couplers if couplers is not None else self.layout.couplers
        return float(np.mean([self.native_error(coupler) for coupler in chosen]))

    def noise_model(self, coupler: Coupler) -> NoiseModel:
        """Noise of the pair as an Aer model on qubits 0 and 1."""
        model = NoiseModel(basis_gates=["rz", "sx", "x", self.native])
        model.add_all_qubit_quantum_error(self.noise[coupler].channel(), [self.native])
        if self.p1:
            model.add_all_qubit_quantum_error(depolarizing_error(self.p1, 1), ["sx", "x"])
        if self.readout:
            r = self.readout
            model.add_all_qubit_readout_error(ReadoutError([[1 - r, r], [r, 1 - r]]))
        return model


def truth_of_cnot(noise: Noise, p1: float, native: Native) -> float:
    """Average gate infidelity of a C-NOT, from `quantum_info.average_gate_fidelity`."""
    after = SuperOp(noise.channel())
    if native == "cx":
        actual = SuperOp(CXGate()).compose(after)
    else:
        local = SuperOp(SXGate()).compose(SuperOp(depolarizing_error(p1, 1))) if p1 else SuperOp(SXGate())
        quarter = SuperOp(Operator(_rz(math.pi / 2)))
        # H = rz(pi/2) sx rz(pi/2) up to a phase; the target of the C-NOT is qubit 1.
        hadamard = quarter.compose(local).compose(quarter)
        actual = SuperOp(np.eye(16)).compose(hadamard, qargs=[1])
        actual = actual.compose(SuperOp(CZGate()).compose(after)).compose(hadamard, qargs=[1])
    return float(1 - average_gate_fidelity(actual, CXGate()))


def _rz(angle: float) -> NDArray[np.complex128]:
    return np.diag([np.exp(-0.5j * angle), np.exp(0.5j * angle)])


def simple(
    error: float, *, p1: float = 0.001, readout: float = 0.02, zz: float = 0.0, native: Native = "cx"
) -> Device:
    """A pair of qubits whose native gate has this average error by depolarising, and `zz` on top of it."""
    p = error / DEPOLARISING_TO_GATE
    noise = {(0, 1): Noise.depolarising(p, zz)}
    return Device("a pair of qubits", Layout.line(2), noise, p1, readout, native)


def coherent_pair(error: float, *, p1: float = 0.001, readout: float = 0.02) -> Device:
    """A pair of qubits whose native gate has the stated average error, all of it an unwanted ZZ rotation."""
    zz = 2 * math.asin(math.sqrt(error / PAULI_TO_GATE))
    noise = {(0, 1): Noise.depolarising(0.0, zz)}
    return Device("a pair of qubits with a ZZ error", Layout.line(2), noise, p1, readout)


def fingerprint(
    layout: Layout,
    error: float,
    seed: int | bytes,
    *,
    spread: float = 0.06,
    name: str = "your device",
    p1: float | None = None,
    native: Native = "cx",
) -> Device:
    """A device whose couplers differ from one another, in size and in kind of error, as the seed says.

    error: average native gate error over all couplers; it is met exactly.
    spread: relative standard deviation between couplers.
    p1: depolarising parameter of a one-qubit gate; an eighth of `error` unless given.
    """
    rng = generator(seed, "fingerprint")
    couplers = layout.couplers
    sizes = np.exp(spread * np.clip(rng.standard_normal(len(couplers)), -2.5, 2.5))
    sizes *= error / sizes.mean()
    shapes = rng.dirichlet(np.full(15, 3.0), size=len(couplers))
    noise = {
        coupler: Noise(tuple(float(x) for x in shape * size / PAULI_TO_GATE))
        for coupler, shape, size in zip(couplers, shapes, sizes, strict=True)
    }
    return Device(name, layout, noise, error / 8 if p1 is None else p1, 0.02, native)


def with_faults(device: Device, faulty: tuple[Coupler, ...], seed: int | bytes) -> Device:
    """The same device with some couplers three to six times worse than its average."""
    rng = generator(seed, "faults")
    noise = dict(device.noise)
    average = device.machine_error()
    for coupler in faulty:
        factor = rng.uniform(3, 6) * average / device.native_error(coupler)
        noise[coupler] = Noise(tuple(factor * x for x in noise[coupler].pauli), noise[coupler].zz)
    return replace(device, noise=noise)


def rotated(noise: Noise, share: float) -> Noise:
    """Noise with the same average error, of which about this share is a ZZ rotation and no chance."""
    lost = noise.gate_error / PAULI_TO_GATE
    sin2 = share * lost
    kept = (lost - sin2) / (noise.stochastic * (1 - sin2) - noise.pauli[-1] * sin2)
    return Noise(tuple(kept * x for x in noise.pauli), 2 * math.asin(math.sqrt(sin2)))


def generator(seed: int | bytes, purpose: str) -> np.random.Generator:
    """Random numbers that depend on the seed and on what they are for, and on nothing else."""
    raw = seed if isinstance(seed, bytes) else seed.to_bytes(8, "big")
    return np.random.default_rng(list(raw + b"/" + purpose.encode()))
