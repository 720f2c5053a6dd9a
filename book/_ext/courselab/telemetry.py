"""Error telemetry of a quantum link: what drift, a calibration and an intruder do to each of two bases.

The link carries BB84. Alice sends a bit in the Z or the X basis, Bob measures in the same one; the others are
thrown away. Errors are counted per basis and window, because the two bases do not answer alike:

    cause                               error in Z          error in X
    phase drift by an angle a           none                sin²(a/2)
    a share f measured and resent, in
      a basis drawn for each pulse      f/4                 f/4 (besides the drift)
      Z always                          none                f/2
      X always                          f/2                 none
    a share q of readings wrong         q                   q

The intruder sits at the sender's end, before the drift. `errors` is the formula, `measured` runs the same
link as circuits. Arrays of nights have the shape (nights, windows).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

Habit = Literal["random", "Z", "X"]
Counts = NDArray[np.int64]

# Where each habit of an intruder measures: share of its pulses in Z and in X.
_SHARES: dict[Habit, tuple[float, float]] = {"random": (0.5, 0.5), "Z": (1.0, 0.0), "X": (0.0, 1.0)}


@dataclass(frozen=True)
class Trouble:
    """What acts on the pulses of one window.

    phase: rotation about the Z axis, in radians. intercepted: share of pulses measured and resent.
    habit: in which basis. flips: share of readings that are wrong for other reasons.
    """

    phase: float = 0.0
    intercepted: float = 0.0
    habit: Habit = "random"
    flips: float = 0.01


def errors(trouble: Trouble) -> tuple[float, float]:
    """Probability that a sifted bit is wrong, in Z and in X."""
    in_z, in_x = _errors(
        np.asarray(trouble.phase),
        np.asarray(trouble.intercepted),
        trouble.habit,
        np.asarray(trouble.flips),
    )
    return float(in_z), float(in_x)


def _errors(
    phase: NDArray[np.float64],
    intercepted: NDArray[np.float64],
    habit: Habit,
    flips: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    in_z, in_x = (intercepted * share for share in _SHARES[habit])
    drift = np.sin(phase / 2) ** 2
    # Measured in the other basis, a bit comes out at random; in its own, nothing happens to it.
    wrong_z = in_x / 2
    wrong_x = (1 - in_z) * drift + in_z / 2
    return wrong_z * (1 - 2 * flips) + flips, wrong_x * (1 - 2 * flips) + flips


def pulse(bit: int, basis: str, trouble: Trouble, intruder: str | None = None) -> QuantumCircuit:
    """One pulse as a circuit of one qubit; bit 0 of the result is Bob's, bit 1 the intruder's."""
    circuit = QuantumCircuit(1, 2, name=f"{basis}{bit} intruder {intruder or 'absent'}")
    if bit:
        circuit.x(0)
    if basis == "X":
        circuit.h(0)
    if intruder is not None:
        # Measuring leaves the state that was found, which is what measuring and resending sends.
        if intruder == "X":
            circuit.h(0)
        circuit.measure(0, 1)
        if intruder == "X":
            circuit.h(0)
    circuit.rz(trouble.phase, 0)
    if basis == "X":
        circuit.h(0)
    circuit.measure(0, 0)
    return circuit


def measured(trouble: Trouble, shots: int, seed: int) -> dict[str, tuple[int, int]]:
    """Run the link as circuits: wrong bits and bits compared, per basis.

    shots: pulses per basis, half of them of each bit. The readings that are wrong for other reasons are
    drawn afterwards, since they happen in the detector's electronics.
    """
    from qiskit_aer import AerSimulator

    rng = np.random.default_rng(seed)
    jobs: list[tuple[str, int, int, QuantumCircuit]] = []
    for basis in "ZX":
        for bit in (0, 1):
            for intruder, count in _split(trouble, shots // 2, rng):
                jobs.append((basis, bit, count, pulse(bit, basis, trouble, intruder)))
    jobs = [job for job in jobs if job[2]]
    simulator = AerSimulator()
    found = {"Z": [0, 0], "X": [0, 0]}
    for place, (basis, bit, count, circuit) in enumerate(jobs):
        run = simulator.run(circuit, shots=count, seed_simulator=seed + place).result()
        wrong = sum(n for text, n in run.get_counts().items() if int(text[-1]) != bit)
        flipped = rng.binomial(wrong, trouble.flips), rng.binomial(count - wrong, trouble.flips)
        found[basis][0] += wrong - int(flipped[0]) + int(flipped[1])
        found[basis][1] += count
    return {basis: (pair[0], pair[1]) for basis, pair in found.items()}


def _split(trouble: Trouble, count: int, rng: np.random.Generator) -> list[tuple[str | None, int]]:
    in_z, in_x = _SHARES[trouble.habit]
    f = trouble.intercepted
    clean, z, x = rng.multinomial(count, [1 - f, f * in_z, f * in_x])
    return [(None, int(clean)), ("Z", int(z)), ("X", int(x))]


@dataclass(frozen=True)
class Link:
    """How an undisturbed link behaves.

    windows: windows of a night. bits: bits compared per window and basis. walk: standard deviation of the
    phase's step from one window to the next, in radians. every: windows from one calibration to the next,
    which sets the phase back to within `residual`. flips: share of wrong readings; each calibration sets it
    anew, within `jump`.
    """

    windows: int = 96
    bits: int = 120
    walk: float = 0.03
    every: int = 24
    residual: float = 0.03
    flips: float = 0.010
    jump: float = 0.001


@dataclass(frozen=True)
class Intrusion:
    """Somebody who measures a share of all pulses for some windows, or to the end where `windows` is None."""

    first: int
    intercepted: float
    habit: Habit = "random"
    windows: int | None = None


@dataclass(frozen=True)
class Nights:
    """Errors counted in each window of some nights, per basis; `bits` were compared for each count."""

    z: Counts
    x: Counts
    bits: int
    calibrated: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.z)


def nights(
    link: Link, count: int, rng: np.random.Generator, intrusion: Intrusion | None = None, spread: bool = False
) -> Nights:
    """Simulate nights of telemetry, with an intrusion in each or in none.

    spread: let the intrusion begin anywhere in the first two thirds of each night, instead of at `first`.
    """
    shape = (count, link.windows)
    steps = rng.standard_normal(shape) * link.walk
    blocks = np.arange(link.windows) // link.every
    phase = np.empty(shape)
    flips = np.empty(shape)
    for block in range(int(blocks[-1]) + 1):
        inside = blocks == block
        start = rng.standard_normal((count, 1)) * link.residual
        phase[:, inside] = start + np.cumsum(steps[:, inside], axis=1)
        flips[:, inside] = np.clip(link.flips + rng.standard_normal((count, 1)) * link.jump, 0, 0.5)
    quiet = Intrusion(0, 0.0)
    intercepted = np.broadcast_to(_present(link, count, rng, intrusion or quiet, spread), shape)
    in_z, in_x = _errors(phase, intercepted, (intrusion or quiet).habit, flips)
    starts = tuple(range(0, link.windows, link.every))
    return Nights(rng.binomial(link.bits, in_z), rng.binomial(link.bits, in_x), link.bits, starts)


def _present(
    link: Link, count: int, rng: np.random.Generator, intrusion: Intrusion, spread: bool
) -> NDArray[np.float64]:
    """Share intercepted in each window of each night, or of all nights alike."""
    first = rng.integers(0, 2 * link.windows // 3, (count, 1)) if spread else np.array([[intrusion.first]])
    since = np.arange(link.windows) - first
    length = link.windows if intrusion.windows is None else intrusion.windows
    return np.where((since >= 0) & (since < length), intrusion.intercepted, 0.0)


def rms_drift(link: Link) -> float:
    """Error in X that drift alone has reached on average just before a calibration: (1 - exp(-v/2)) / 2."""
    variance = link.residual**2 + link.every * link.walk**2
    return (1 - math.exp(-variance / 2)) / 2
