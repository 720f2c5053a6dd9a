"""A fleet of simulated processors, each with errors of its own, and jobs that carry them.

Every machine is a line of qubits. Its parameters are the readout error of each qubit and the depolarising
parameter of each coupler's C-NOT (Aer's convention: with probability p the pair is replaced by the maximally
mixed state). Both differ from place to place and drift from day to day around the machine's own value, as
an Ornstein-Uhlenbeck process of the logarithm. All numbers are probabilities (dimensionless).

A probe job runs three public circuits: read all qubits in 0, and an echo of C-NOTs on the even and on the odd
couplers. What it measures has a closed form, `expected`, against which the tests hold Aer.

What is left out: errors of one-qubit gates, crosstalk, leakage, coherent errors, and readout that errs more
often one way than the other. Each would add to the fingerprint.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, ReadoutError, depolarizing_error

from courselab.devices import generator

Array = NDArray[np.float64]
QUBITS = 6
COUPLERS = QUBITS - 1
# C-NOTs of one echo: an even number, so that they undo one another.
ECHO = 20
SHOTS = 400
TYPICAL_READOUT = 0.025
TYPICAL_GATE = 0.015
# Standard deviation of the logarithm: between places, of the drift, and its memory in days.
PLACES = 0.45
DRIFT = 0.20
MEMORY = 14.0
# Relative error with which a calibration measures a parameter.
CALIBRATION = 0.05


@dataclass(frozen=True)
class Table:
    """Parameters of every machine of a fleet on one day, true or as released.

    readout: shape (machines, qubits). gate: depolarising parameter, shape (machines, couplers).
    """

    readout: Array
    gate: Array

    @property
    def machines(self) -> int:
        """How many machines the table has."""
        return len(self.readout)

    def of(self, machine: int) -> Table:
        """The same table for one machine alone."""
        return Table(self.readout[[machine]], self.gate[[machine]])


@dataclass(frozen=True)
class Fleet:
    """Machines with a character of their own, observed over many days.

    home: what each machine comes back to. seed: fixes the drift, the calibrations and the jobs.
    """

    home: Table
    seed: int | bytes
    drift: float = DRIFT

    @classmethod
    def draw(cls, machines: int, seed: int | bytes, *, places: float = PLACES, drift: float = DRIFT) -> Fleet:
        """Draw a fleet whose places differ by a relative spread of `places`."""
        rng = generator(seed, "fleet")
        readout = TYPICAL_READOUT * np.exp(places * rng.standard_normal((machines, QUBITS)))
        gate = TYPICAL_GATE * np.exp(places * rng.standard_normal((machines, COUPLERS)))
        return cls(Table(readout.clip(max=0.3), gate.clip(max=0.3)), seed, drift)

    def days_ago(self, days: float) -> Table:
        """The true parameters that many days before today; 0 is today.

        Today's deviation is drawn first; an earlier day keeps exp(-days / memory) of it.
        """
        today = generator(self.seed, "today")
        before = generator(self.seed, "before")
        kept = np.exp(-days / MEMORY)
        tables = []
        for home in (self.home.readout, self.home.gate):
            now, then = today.standard_normal(home.shape), before.standard_normal(home.shape)
            tables.append(home * np.exp(self.drift * (kept * now + np.sqrt(1 - kept**2) * then)))
        return Table(*tables)

    def calibration(self, days: float = 0.0) -> Table:
        """What the calibration of that day wrote down: the truth with a measurement error."""
        truth, rng = self.days_ago(days), generator(self.seed, f"calibration {days}")
        return Table(
            *(v * np.exp(CALIBRATION * rng.standard_normal(v.shape)) for v in (truth.readout, truth.gate))
        )

    @cached_property
    def today(self) -> Table:
        """The true parameters of today, which only a simulation knows."""
        return self.days_ago(0.0)


def expected(table: Table) -> Array:
    """What a probe job measures on average, shape (machines, qubits + couplers).

    First the share of ones of each qubit that was prepared in 0, then the share of 00 of each echoed pair:
    (1-p)^L (1-ra)(1-rb) + (1 - (1-p)^L) / 4, because what has depolarised is spread over four outcomes.
    """
    left, right = 1 - table.readout[:, :-1], 1 - table.readout[:, 1:]
    alive = (1 - table.gate) ** ECHO
    return np.hstack([table.readout, alive * left * right + (1 - alive) / 4])


def slopes(table: Table) -> tuple[Array, Array]:
    """How `expected` answers to small relative changes of its own parameters, as standard deviations.

    Both have the shape of `expected`: the answer to readout errors, and to gate errors, each changed
    independently by its own size.
    """
    left, right = 1 - table.readout[:, :-1], 1 - table.readout[:, 1:]
    alive = (1 - table.gate) ** ECHO
    per_gate = ECHO * table.gate / (1 - table.gate) * alive * (left * right - 0.25)
    per_left = alive * right * table.readout[:, :-1]
    per_right = alive * left * table.readout[:, 1:]
    nothing = np.zeros_like(table.readout)
    return (
        np.hstack([table.readout, np.hypot(per_left, per_right)]),
        np.hstack([nothing, per_gate]),
    )


def probes() -> list[QuantumCircuit]:
    """The three public circuits of a probe job."""
    circuits = [QuantumCircuit(QUBITS, name="read zeros")]
    for first in (0, 1):
        circuit = QuantumCircuit(QUBITS, name=f"echo {first}")
        pairs = [(a, a + 1) for a in range(first, COUPLERS, 2)]
        for a, _ in pairs:
            circuit.h(a)
        for _ in range(ECHO):
            for a, b in pairs:
                circuit.cx(a, b)
        for a, _ in pairs:
            circuit.h(a)
        circuits.append(circuit)
    for circuit in circuits:
        circuit.measure_all()
    return circuits


def noise_model(machine: Table) -> NoiseModel:
    """One machine's noise as Aer applies it."""
    model = NoiseModel(basis_gates=["h", "cx"])
    for a in range(COUPLERS):
        model.add_quantum_error(depolarizing_error(float(machine.gate[0, a]), 2), ["cx"], [a, a + 1])
    for q in range(QUBITS):
        r = float(machine.readout[0, q])
        model.add_readout_error(ReadoutError([[1 - r, r], [r, 1 - r]]), [q])
    return model


def run(machine: Table, *, shots: int = SHOTS, seed: int = 0) -> Array:
    """Run the probe job on one machine with Aer; return what it measured, shape (qubits + couplers,)."""
    measured: Array = run_many(machine, 1, shots=shots, seed=seed)[0]
    return measured


def run_many(machine: Table, times: int, *, shots: int = SHOTS, seed: int = 0) -> Array:
    """Run the probe job several times with Aer, in one call; shape (times, qubits + couplers).

    The density matrix of six qubits is small, and one evolution serves all shots of a circuit.
    """
    simulator = AerSimulator(
        method="density_matrix", noise_model=noise_model(machine), max_parallel_threads=1
    )
    result = simulator.run(probes() * times, shots=shots, seed_simulator=seed).result()
    found = np.zeros((times, QUBITS + COUPLERS))
    for number in range(3 * times):
        job, place = divmod(number, 3)
        for bits, often in result.get_counts(number).items():
            read = bits[::-1]
            if place == 0:
                found[job, :QUBITS] += often * np.array([bit == "1" for bit in read])
            else:
                for a in range(place - 1, COUPLERS, 2):
                    found[job, QUBITS + a] += often * (read[a : a + 2] == "00")
    return found / shots


def drawn(machine: Table, rng: np.random.Generator, *, shots: int = SHOTS) -> Array:
    """The same job from the closed form, for studies that need many: binomial counts of each share.

    The shares of neighbouring places are independent here, as they are in the circuits: each circuit
    measures disjoint pairs.
    """
    return np.asarray(rng.binomial(shots, expected(machine)[0]) / shots, dtype=np.float64)


def jobs(
    fleet: Fleet, each: int, *, shots: int = SHOTS, with_aer: bool = True
) -> tuple[NDArray[np.int64], Array]:
    """Anonymous jobs, `each` from every machine: who ran it (unknown to the attacker), what it measured."""
    rng = generator(fleet.seed, "jobs")
    owners = np.repeat(np.arange(fleet.home.machines), each)
    measured = []
    for machine in range(fleet.home.machines):
        here = fleet.today.of(machine)
        if with_aer:
            measured.append(run_many(here, each, shots=shots, seed=int(rng.integers(2**31))))
        else:
            measured += [drawn(here, rng, shots=shots)[None] for _ in range(each)]
    return owners, np.concatenate(measured)
