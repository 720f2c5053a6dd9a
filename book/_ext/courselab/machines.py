"""Quantum computers with a place in the control lists: drawn from a seed, with last month's calibration.

How a machine is drawn, so that it has exactly one place in each list:
- its machine-average C-NOT error keeps at least 15 % away from every bound of the list;
- its number of counted qubits keeps at least three away from the ends of its band;
- whoever reads the total instead of the counted qubits lands somewhere else.
Bands and bounds come from the facts. `make proof` draws 2,000.

A lab draws one from a name that anybody may know. The machine of a graded exercise is drawn where its seed
is kept, and the learner gets what was measured on it.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from coursefacts import FactBook, controls, load
from coursefacts.values import Band

from courselab.connectivity import Census, census, counted_couplers
from courselab.devices import Device, fingerprint, generator, with_faults
from courselab.layouts import Coupler, Kind, Layout
from courselab.tokens import person

LIST = "us.4a906.a"
GRADED = ("US", "EU", "GB", "CA")
NOT_GRADED = ("DE", "ES")
NOT_VERIFIED = "not verified"
AS_OF = datetime.date(2026, 11, 22)
"""The day for which the lists are looked up."""
MARGIN = 0.15
# A little inside the margin, because couplers that drop out move the average.
INNER = 0.16
EDGE = 3
SMALLEST_ERROR = 1.1e-3
LARGEST_FACTOR = 1.4
MEASURED = 3
# Relative spread between couplers: a neighbour's three couplers do not have the errors of yours.
SPREAD = 0.25
# What last month's calibration reads of the true error; a constant factor would be a way not to measure.
CALIBRATION_READS = (0.5, 1.1)


@dataclass(frozen=True)
class Aim:
    """What a machine aims at: a range of errors, a band for the counted qubits, the next for the total."""

    errors: tuple[float, float]
    counted: Band
    total: Band


@dataclass(frozen=True)
class Machine:
    """One simulated machine, and what is known of it before it is measured.

    specification: a coupler whose calibrated error is above it is out of specification.
    calibration: last month's error of each coupler, by a method that does not read the true one.
    to_measure: three couplers, a fair sample of the counted ones.
    """

    device: Device = field(repr=False)
    specification: float
    calibration: dict[Coupler, float] = field(repr=False)
    to_measure: tuple[Coupler, ...] = ()

    @cached_property
    def out_of_spec(self) -> tuple[Coupler, ...]:
        """Couplers whose calibrated error is above the specification."""
        return out_of_spec(self.calibration, self.specification)

    @cached_property
    def census(self) -> Census:
        """The right counts."""
        return census(self.device.layout, self.out_of_spec)

    @cached_property
    def machine_error(self) -> float:
        """The truth: average C-NOT error over the nearest-neighbour gates of the counted part."""
        return self.device.machine_error(counted_couplers(self.device.layout, self.out_of_spec))

    def places(self, facts: FactBook | None = None) -> dict[str, str | None]:
        """Where it stands: a code, None, or `not verified` for a list that is not graded."""
        return places(self.census.counted, self.machine_error, facts)


def out_of_spec(calibration: dict[Coupler, float], specification: float) -> tuple[Coupler, ...]:
    """Couplers whose calibrated error is above the specification."""
    return tuple(coupler for coupler, error in calibration.items() if error > specification)


def places(qubits: int, error: float, facts: FactBook | None = None) -> dict[str, str | None]:
    """Look a machine up in each list of the exercise on the exercise's day."""
    book = facts or known_facts()
    found: dict[str, str | None] = {
        code: controls.place(qubits, error, jurisdiction=code, on=AS_OF, facts=book).code for code in GRADED
    }
    return found | dict.fromkeys(NOT_GRADED, NOT_VERIFIED)


@lru_cache
def known_facts() -> FactBook:
    """The course's facts, read once."""
    return load()


def bounds(bands: Sequence[Band]) -> list[float]:
    """All error bounds of a list, ascending."""
    return sorted({band.cnot_error_max for band in bands if band.cnot_error_max is not None})


def aims(bands: Sequence[Band]) -> list[Aim]:
    """Every combination of an error range and two neighbouring bands that tells total from counted."""
    limits = bounds(bands)
    ceilings = [*(limit * (1 - INNER) for limit in limits[1:]), limits[-1] * LARGEST_FACTOR]
    found = []
    for limit, ceiling in zip(limits, ceilings, strict=True):
        errors = (max(limit / (1 - INNER), SMALLEST_ERROR), ceiling)
        if errors[0] >= errors[1]:
            continue
        # The first band asks for an error that could not be measured in a night.
        for counted, total in pairwise(bands[1:]):
            if _listed(counted, errors[1]) or _listed(total, errors[1]):
                found.append(Aim(errors, counted, total))
    return found


def _listed(band: Band, error: float) -> bool:
    return band.cnot_error_max is None or error <= band.cnot_error_max


def named(name: str) -> Machine:
    """Make the machine of a name, for a lab: the same for whoever types it, and nobody's in the exercise."""
    return draw(hashlib.sha256(f"lab\n{person(name)}".encode()).digest())


def draw(seed: bytes) -> Machine:
    """Make the machine of a seed; the first try that keeps all margins."""
    bands = controls.bands(known_facts().get(LIST))
    rng = generator(seed, "machine")
    choices = aims(bands)
    listed = bool(rng.integers(2))
    choices = [aim for aim in choices if _listed(aim.counted, aim.errors[1]) is listed]
    aim = choices[int(rng.integers(len(choices)))]
    for machine in _tries(seed, aim, rng):
        if keeps_margins(machine, bands) and machine.census.counted >= aim.counted.qubits_min + EDGE:
            return replace(machine, to_measure=_to_measure(machine, rng))
    raise RuntimeError("no machine keeps its margins")


def keeps_margins(machine: Machine, bands: Sequence[Band]) -> bool:
    """Whether error and counts are far enough from every bound, all differ, and the total misleads."""
    error, count = machine.machine_error, machine.census
    # Seen from the bound and from the machine: a value measured 15 % too low must not cross either.
    if any(abs(error - bound) < MARGIN * max(error, bound) for bound in bounds(bands)):
        return False
    if not count.counted < count.connected < count.total:
        return False
    for band in bands:
        ends = [band.qubits_min, *([band.qubits_max] if band.qubits_max is not None else [])]
        if any(abs(count.counted - end) < EDGE for end in ends):
            return False
    return places(count.counted, error)["US"] != places(count.total, error)["US"]


def _tries(seed: bytes, aim: Aim, rng: np.random.Generator) -> Iterator[Machine]:
    for _ in range(50):
        layout = _layout(aim, rng)
        device = fingerprint(
            layout, float(rng.uniform(*aim.errors)), seed, spread=SPREAD, p1=aim.errors[0] / 8
        )
        faulty = _faulty(layout, aim, rng)
        device = with_faults(device, faulty, seed)
        calibration = _calibration(device, rng)
        healthy = max(calibration[c] for c in layout.couplers if c not in faulty)
        yield Machine(device, float(f"{1.15 * healthy:.1e}"), calibration)


def _layout(aim: Aim, rng: np.random.Generator) -> Layout:
    """A lattice just inside the upper band, one corner qubit cut off, a few couplers lost."""
    kind: Kind = ("grid", "heavy-hex")[int(rng.integers(2))]
    layout = Layout.about(kind, aim.total.qubits_min + int(rng.integers(EDGE + 1, 20)))
    lost = [coupler for coupler in layout.couplers if 0 in coupler]
    inner = [coupler for coupler in layout.couplers if 0 not in coupler]
    share = rng.uniform(0.01, 0.02)
    lost += [inner[i] for i in rng.permutation(len(inner))[: round(share * len(inner))]]
    return layout.without(tuple(lost))


def _faulty(layout: Layout, aim: Aim, rng: np.random.Generator) -> tuple[Coupler, ...]:
    """Enough faulty couplers that the counted qubits fall into the lower band."""
    assert aim.counted.qubits_max is not None
    goal = aim.counted.qubits_max - EDGE - int(rng.integers(8))
    order = [layout.couplers[i] for i in rng.permutation(len(layout.couplers))]
    chosen: list[Coupler] = []
    while census(layout, chosen).counted > goal:
        chosen += order[len(chosen) : len(chosen) + 1]
    return tuple(sorted(chosen))


def _calibration(device: Device, rng: np.random.Generator) -> dict[Coupler, float]:
    """Last month's table: off by one factor for the whole machine, with a little scatter, three digits."""
    reads = rng.uniform(*CALIBRATION_READS)
    scatter = 1 + 0.03 * np.clip(rng.standard_normal(len(device.layout.couplers)), -2, 2)
    return {
        coupler: float(f"{reads * device.native_error(coupler) * factor:.2e}")
        for coupler, factor in zip(device.layout.couplers, scatter, strict=True)
    }


def _to_measure(machine: Machine, rng: np.random.Generator) -> tuple[Coupler, ...]:
    """Choose three counted couplers whose mean is within 2 % of the machine's average: a fair sample."""
    counted = counted_couplers(machine.device.layout, machine.out_of_spec)
    while True:
        chosen = tuple(sorted(counted[int(i)] for i in rng.choice(len(counted), MEASURED, replace=False)))
        if abs(machine.device.machine_error(chosen) / machine.machine_error - 1) < 0.02:
            return chosen
