"""What a published calibration gives away, and what it is worth.

A release is a way of publishing the calibration table: in full, rounded, noised, late, or one number per
machine. Against it stand two measures. The attacker has the released table and one anonymous job, and says
which machine ran it. The user has the released table and predicts how well a circuit will run.

The attacker is a careful statistician and no genius: Gaussian likelihoods, with the variance of the shots and
of what the release hides, which is public. A better attacker finds more, so each rate is a lower bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit.library import CXGate
from qiskit.quantum_info import Pauli, StabilizerState, Statevector
from qiskit_aer import AerSimulator

from courselab.devices import generator
from courselab.fingerprints import (
    CALIBRATION,
    MEMORY,
    PLACES,
    QUBITS,
    SHOTS,
    Array,
    Fleet,
    Table,
    expected,
    noise_model,
    slopes,
)
from courselab.proportions import proportion

# Qubits of the entangled state whose fidelity a user wants to know beforehand.
CHAIN = 4


@dataclass(frozen=True)
class Release:
    """One way of publishing, by name.

    days: how old the table is when it appears. digits: significant digits kept. noise: standard deviation
    of the logarithm that is added. pooled: one number per machine for readout and one for gates.
    """

    name: str
    days: float = 0.0
    digits: int | None = None
    noise: float = 0.0
    pooled: bool = False

    def table(self, fleet: Fleet) -> Table:
        """Publish the fleet's calibration in this form."""
        source = fleet.calibration(self.days)
        rng = generator(fleet.seed, f"release {self.name}")
        return Table(*(self._coarse(values, rng) for values in (source.readout, source.gate)))

    def _coarse(self, values: Array, rng: np.random.Generator) -> Array:
        if self.noise:
            values = values * np.exp(self.noise * rng.standard_normal(values.shape))
        if self.pooled:
            values = np.repeat(np.exp(np.log(values).mean(axis=1, keepdims=True)), values.shape[1], axis=1)
        if self.digits is not None:
            scale = 10.0 ** (np.floor(np.log10(values)) - self.digits + 1)
            values = np.round(values / scale) * scale
        return values

    def spread(self, fleet: Fleet) -> float:
        """How far today's truth may be from the released number: standard deviation of the logarithm."""
        moved = fleet.drift * math.sqrt(2 * (1 - math.exp(-self.days / MEMORY)))
        rounded = 0.0 if self.digits is None else 0.29 * 10.0 ** (1 - self.digits) / 3
        pooled = math.hypot(PLACES, fleet.drift) if self.pooled else 0.0
        return math.hypot(CALIBRATION, moved, rounded, pooled, self.noise)


FORMS = (
    Release("in full"),
    Release("one digit", digits=1),
    Release("a month late", days=30),
    Release("with noise of 60 %", noise=0.6),
    Release("one number per machine", pooled=True),
)


def chances(release: Release, fleet: Fleet, measured: Array, *, shots: int = SHOTS) -> Array:
    """The attacker's belief in each machine, for each job, shape (jobs, machines); rows add up to 1."""
    return believed(release.table(fleet), release.spread(fleet), measured, shots=shots)


def believed(
    table: Table, spread: float, measured: Array, *, shots: int | NDArray[np.int64] = SHOTS
) -> Array:
    """The same from a published table, and how far today's truth may be from it (`Release.spread`).

    shots: of each circuit of a job, one number for all jobs or one for each, shape (jobs,).
    """
    mean = expected(table)
    from_readout, from_gate = slopes(table)
    counted = np.broadcast_to(shots, len(measured))[:, None, None]
    variance = mean * (1 - mean) / counted + spread**2 * (from_readout**2 + from_gate**2)
    misfit = (measured[:, None, :] - mean[None]) ** 2 / variance + np.log(variance)
    score = -0.5 * misfit.sum(axis=2)
    weight = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True), dtype=np.float64)


def rate(belief: Array, owners: NDArray[np.int64]) -> float:
    """Share of jobs whose machine is the attacker's first guess."""
    return float((belief.argmax(axis=1) == owners).mean())


def bits(belief: Array, owners: NDArray[np.int64]) -> float:
    """What a job and the table tell on average about who ran it, in bits; the most is log2 of the machines.

    The logarithm of how much more the true machine is believed in than before; negative if the attacker
    is confidently wrong.
    """
    true = belief[np.arange(len(owners)), owners]
    return float(np.log2(belief.shape[1]) + np.log2(np.maximum(true, 1e-12)).mean())


def chains(length: int = CHAIN) -> list[tuple[int, ...]]:
    """Every run of neighbouring couplers that entangles `length` qubits."""
    return [tuple(range(first, first + length - 1)) for first in range(QUBITS - length + 1)]


@lru_cache
def harmed(length: int = CHAIN) -> NDArray[np.bool_]:
    """For each stabiliser of a GHZ state: which C-NOTs' noise it feels, shape (2**length, length - 1).

    A stabiliser is followed backwards through the circuit; depolarising noise after a C-NOT shrinks it by
    1 - p if it then acts on that pair at all, and leaves it alone if it does not.
    """
    ideal = StabilizerState(ghz(tuple(range(length - 1)), qubits=length))
    group = [Pauli("I" * length)]
    for label in ideal.clifford.to_labels(mode="S"):
        group += [one.compose(Pauli(label)) for one in group]
    rows = []
    for stabiliser in group:
        row = []
        for a in reversed(range(length - 1)):
            row.append(bool((stabiliser.x | stabiliser.z)[[a, a + 1]].any()))
            stabiliser = stabiliser.evolve(CXGate(), qargs=[a, a + 1])
        rows.append(row[::-1])
    return np.array(rows)


def ghz_fidelities(table: Table, length: int = CHAIN) -> Array:
    """The same as `fidelities` in closed form: the mean over stabilisers of what the noise leaves of each."""
    feels = harmed(length)
    kept = 1 - table.gate
    found = [
        np.where(feels[None], kept[:, None, list(chain)], 1.0).prod(axis=2).mean(axis=1)
        for chain in chains(length)
    ]
    return np.stack(found, axis=1)


def fidelities(table: Table, length: int = CHAIN) -> Array:
    """Fidelity of a GHZ state on every chain of every machine, shape (machines, chains).

    Simulated with Aer's density matrix and the table's noise. With the true table this is what the machines
    do; with a released one it is what a user expects of them.
    """
    found = []
    for machine in range(table.machines):
        simulator = AerSimulator(
            method="density_matrix", noise_model=noise_model(table.of(machine)), max_parallel_threads=1
        )
        circuits = [ghz(chain) for chain in chains(length)]
        saved = [circuit.copy() for circuit in circuits]
        for circuit in saved:
            circuit.save_density_matrix()
        result = simulator.run(saved).result()
        states = [result.data(place)["density_matrix"].data for place in range(len(saved))]
        ideal = [Statevector(circuit).data for circuit in circuits]
        found.append([float((v.conj() @ rho @ v).real) for v, rho in zip(ideal, states, strict=True)])
    return np.array(found)


def ghz(chain: tuple[int, ...], *, qubits: int = QUBITS) -> QuantumCircuit:
    """The circuit that makes a GHZ state along a chain of couplers."""
    circuit = QuantumCircuit(qubits)
    circuit.h(chain[0])
    for a in chain:
        circuit.cx(a, a + 1)
    return circuit


def usefulness(predicted: Array, true: Array) -> float:
    """Share of the variance of the true values that the predictions explain: their correlation, squared.

    1 is perfect, 0 is useless. A constant error of all predictions does not count, because a user who has run
    a few circuits corrects for it.
    """
    if predicted.std() == 0 or true.std() == 0:
        return 0.0
    return float(np.corrcoef(predicted.ravel(), true.ravel())[0, 1] ** 2)


def resampled(
    measure: Callable[[Array, Array], float],
    predicted: Array,
    true: Array,
    *,
    draws: int = 400,
    seed: int = 1,
) -> tuple[float, float]:
    """The 95 % interval of a measure when whole machines are drawn anew."""
    rng = generator(seed, "machines")
    values = []
    for _ in range(draws):
        chosen = rng.integers(len(true), size=len(true))
        values.append(measure(predicted[chosen], true[chosen]))
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


@dataclass(frozen=True)
class Weighed:
    """One release with what it gives away and what it is worth, each with its 95 % interval."""

    release: Release
    rate: float
    rate_interval: tuple[float, float]
    bits: float
    usefulness: float
    usefulness_interval: tuple[float, float]


def weigh(
    forms: Sequence[Release], fleet: Fleet, owners: NDArray[np.int64], measured: Array, *, shots: int = SHOTS
) -> list[Weighed]:
    """Weigh every form on the same jobs and circuits: Aer gives the truth, the closed form forecasts."""
    true = fidelities(fleet.today)
    found = []
    for form in forms:
        belief = chances(form, fleet, measured, shots=shots)
        share, predicted = rate(belief, owners), ghz_fidelities(form.table(fleet))
        chance = proportion(round(share * len(owners)), len(owners))
        found.append(
            Weighed(
                form,
                share,
                (chance.low, chance.high),
                bits(belief, owners),
                usefulness(predicted, true),
                resampled(usefulness, predicted, true),
            )
        )
    return found
