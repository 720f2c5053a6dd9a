"""A night on a machine that is new in the consortium: raw outcomes of a probe job, batch by batch.

A machine is measured because nobody knows it: last month's calibration is off by another factor on each
coupler. In one batch of each circuit something else was going on, as a burst of radiation does it, and the
outcomes of that batch are nearly random.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from courselab.devices import generator
from courselab.fingerprints import COUPLERS, ECHO, PLACES, QUBITS, TYPICAL_GATE, TYPICAL_READOUT, Array
from numpy.typing import NDArray

BATCHES, SHOTS = 8, 1500
# Share of a disturbed batch that is random.
BURST = 0.9
# Relative, of each coupler; honest work uses at most this share of it, and who keeps the bad batch misses.
TOLERANCE, FAIR, MISSES, NIGHTS = 0.25, 0.7, 1.2, 200
# What last month's calibration reads of two couplers, and of the others: one factor does not mend it.
READS_LOW, READS_HIGH, READS = (0.5, 0.55), (1.0, 1.1), (0.5, 1.1)


@dataclass(frozen=True)
class Night:
    """Raw outcomes of the three circuits, shape (3, batches, 64), and last month's calibration.

    An outcome's number is that of its bits as Qiskit writes them: qubit 0 is the last one.
    gates: the truth. honest: what an analysis without the disturbed batches gives. bad: these batches.
    """

    counts: NDArray[np.int64]
    calibration: Array
    gates: Array
    honest: Array
    bad: tuple[int, int, int]


def draw(seed: bytes) -> Night:
    """Draw a night; one on which chance alone would lose somebody a point, or spare the careless, again."""
    rng = generator(seed, "night")
    for _ in range(NIGHTS):
        night, careless = _night(rng)
        if off(night.honest, night.gates) <= FAIR and off(careless, night.gates) >= MISSES:
            return night
    raise RuntimeError("no night is fair")


def off(found: Array, truth: Array) -> float:
    """Tell how far the worst coupler is away, as a share of the tolerance."""
    return float(np.abs(found / truth - 1).max()) / TOLERANCE


def _night(rng: np.random.Generator) -> tuple[Night, Array]:
    gates = (TYPICAL_GATE * np.exp(PLACES * rng.standard_normal(COUPLERS))).clip(0.006, 0.04)
    readout = (TYPICAL_READOUT * np.exp(PLACES * rng.standard_normal(QUBITS))).clip(0.008, 0.08)
    bad = rng.integers(BATCHES, size=3)
    counts = np.zeros((3, BATCHES, 2**QUBITS), dtype=np.int64)
    for circuit, chance in enumerate(_outcomes(gates, readout)):
        for batch in range(BATCHES):
            random = BURST if batch == bad[circuit] else 0.0
            counts[circuit, batch] = rng.multinomial(SHOTS, (1 - random) * chance + random / len(chance))
    reads = rng.uniform(*READS, size=COUPLERS)
    low, high = rng.permutation(COUPLERS)[:2]
    reads[low], reads[high] = rng.uniform(*READS_LOW), rng.uniform(*READS_HIGH)
    kept = [np.delete(counts[circuit], bad[circuit], axis=0).sum(axis=0) for circuit in range(3)]
    marked = (int(bad[0]), int(bad[1]), int(bad[2]))
    night = Night(counts, gates * reads, gates, estimate(np.stack(kept)), marked)
    return night, estimate(counts.sum(axis=1))


def _outcomes(gates: Array, readout: Array) -> list[Array]:
    """Chance of each of the 64 outcomes of the three circuits, qubit 0 as the last bit."""
    flips = [np.array([[1 - r, r], [r, 1 - r]]) for r in readout]
    single = [flip[:, 0] for flip in flips]
    found = [_product(single)]
    for first in (0, 1):
        parts, qubit = [], 0
        while qubit < QUBITS:
            if qubit % 2 == first and qubit < COUPLERS:
                alive = (1 - gates[qubit]) ** ECHO
                pair = np.full(4, (1 - alive) / 4) + alive * np.array([1.0, 0, 0, 0])
                parts.append(np.kron(flips[qubit + 1], flips[qubit]) @ pair)
                qubit += 2
            else:
                parts.append(single[qubit])
                qubit += 1
        found.append(_product(parts))
    return found


def _product(parts: list[Array]) -> Array:
    """Chance of joint outcomes; later qubits are higher bits."""
    chance: Array = np.ones(1)
    for part in parts:
        chance = np.asarray(np.kron(part, chance), dtype=np.float64)
    return np.asarray(chance / chance.sum(), dtype=np.float64)


def estimate(counts: NDArray[np.int64]) -> Array:
    """Estimate the parameter of each coupler from summed outcomes, shape (3, 64)."""
    bits = (np.arange(2**QUBITS)[:, None] >> np.arange(QUBITS)) & 1
    read = counts[0] @ bits / counts[0].sum()
    found = np.zeros(COUPLERS)
    for a in range(COUPLERS):
        echo = counts[1 + a % 2]
        share = echo[(bits[:, a] == 0) & (bits[:, a + 1] == 0)].sum() / echo.sum()
        alive = (share - 0.25) / ((1 - read[a]) * (1 - read[a + 1]) - 0.25)
        found[a] = 1 - alive ** (1 / ECHO)
    return found
