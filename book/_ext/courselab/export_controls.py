"""The variants of the exercise on export controls: a device, what to measure on it, eight activities.

How a device is drawn, so that each learner has exactly one right answer:
- its machine-average C-NOT error keeps at least 15 % away from every bound of the list;
- its number of counted qubits keeps at least three away from the ends of its band;
- whoever reads the total instead of the counted qubits lands somewhere else.
Bands and bounds come from the facts. `make proof` draws 2,000.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from coursefacts import FactBook, controls, load
from coursefacts.values import Band

from courselab import activities
from courselab.activities import Activity, Pool
from courselab.connectivity import Census, census, counted_couplers
from courselab.devices import Device, fingerprint, generator, with_faults
from courselab.layouts import Coupler, Kind, Layout

EXERCISE = "export-controls"
LIST = "us.4a906.a"
GRADED = ("US", "EU", "GB", "CA")
NOT_GRADED = ("DE", "ES")
NOT_VERIFIED = "not verified"
MARGIN = 0.15
# A little inside the margin, because couplers that drop out move the average.
INNER = 0.16
EDGE = 3
SMALLEST_ERROR = 1.1e-3
LARGEST_FACTOR = 1.4
MEASURED = 3
# Relative spread between couplers: a neighbour's three couplers do not have the errors of yours.
SPREAD = 0.25
# Last month's calibration reads this much of the true error: it was taken with a method that sees less.
CALIBRATION_READS = 0.72


@dataclass(frozen=True)
class Aim:
    """What a variant aims at: a range of errors, a band for the counted qubits, the next for the total."""

    errors: tuple[float, float]
    counted: Band
    total: Band


@dataclass(frozen=True)
class Variant:
    """One learner's data.

    device: the simulated machine. specification: a coupler whose calibrated error is above it is out of
    specification. calibration: last month's error of each coupler, by a method that reads too little.
    to_measure: the couplers on which the learner has machine time. activities: eight of the pool.
    """

    token: str
    seed: bytes = field(repr=False)
    practice: bool
    device: Device = field(repr=False)
    specification: float
    calibration: dict[Coupler, float] = field(repr=False)
    to_measure: tuple[Coupler, ...]
    activities: tuple[Activity, ...] = field(repr=False)

    @cached_property
    def out_of_spec(self) -> tuple[Coupler, ...]:
        """Couplers whose calibrated error is above the specification."""
        return tuple(c for c, error in self.calibration.items() if error > self.specification)

    @cached_property
    def census(self) -> Census:
        """The right counts."""
        return census(self.device.layout, self.out_of_spec)

    @cached_property
    def machine_error(self) -> float:
        """The truth: average C-NOT error over the nearest-neighbour gates of the counted part."""
        return self.device.machine_error(counted_couplers(self.device.layout, self.out_of_spec))

    def places(self, facts: FactBook | None = None) -> dict[str, str | None]:
        """Where the device stands: a code, None, or `not verified` for a list that is not graded."""
        return places(self.census.counted, self.machine_error, facts)

    def public(self) -> dict[str, Any]:
        """What the learner may know before measuring, as plain data."""
        layout = self.device.layout
        return {
            "exercise": EXERCISE,
            "token": self.token,
            "practice": self.practice,
            "as_of": pool().as_of.isoformat(),
            "layout": layout.kind,
            "qubits": layout.qubits,
            "couplers": len(layout.couplers),
            "lost_couplers": [list(coupler) for coupler in layout.lost],
            "specification": self.specification,
            "above_specification": {f"{a}-{b}": self.calibration[a, b] for a, b in self.out_of_spec},
            "couplers_to_measure": [list(coupler) for coupler in self.to_measure],
            "activities": [{"id": a.id, "where": a.where, "text": a.text} for a in self.activities],
        }

    def answers(self) -> dict[str, Any]:
        """The right answers, as plain data."""
        return {
            "total": self.census.total,
            "connected": self.census.connected,
            "working": self.census.working,
            "counted": self.census.counted,
            "cnot_error": self.machine_error,
            "places": self.places(),
            "activities": {a.id: [a.export, list(a.rules)] for a in self.activities},
        }


def places(qubits: int, error: float, facts: FactBook | None = None) -> dict[str, str | None]:
    """Look a machine up in each list of the exercise on the exercise's day."""
    book = facts or known_facts()
    day = pool().as_of
    found: dict[str, str | None] = {
        code: controls.place(qubits, error, jurisdiction=code, on=day, facts=book).code for code in GRADED
    }
    return found | dict.fromkeys(NOT_GRADED, NOT_VERIFIED)


@lru_cache
def known_facts() -> FactBook:
    """The course's facts, read once."""
    return load()


def pool() -> Pool:
    """The course's pool of activities, read once."""
    return activities.load()


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
        # The first band asks for an error that a class could not measure in a minute.
        for counted, total in pairwise(bands[1:]):
            if _listed(counted, errors[1]) or _listed(total, errors[1]):
                found.append(Aim(errors, counted, total))
    return found


def _listed(band: Band, error: float) -> bool:
    return band.cnot_error_max is None or error <= band.cnot_error_max


def draw(token: str, seed: bytes, practice: bool = False) -> Variant:
    """Make the variant of a seed; the first try that keeps all margins."""
    bands = controls.bands(known_facts().get(LIST))
    rng = generator(seed, EXERCISE)
    choices = aims(bands)
    listed = bool(rng.integers(2))
    choices = [aim for aim in choices if _listed(aim.counted, aim.errors[1]) is listed]
    aim = choices[int(rng.integers(len(choices)))]
    chosen = pool().draw(rng)
    for variant in _tries(token, seed, practice, aim, chosen, rng):
        if keeps_margins(variant, bands) and variant.census.counted >= aim.counted.qubits_min + EDGE:
            return variant
    raise RuntimeError(f"no device for the token {token}")


def keeps_margins(variant: Variant, bands: Sequence[Band]) -> bool:
    """Whether error and counts are far enough from every bound, all differ, and the total misleads."""
    error, count = variant.machine_error, variant.census
    # Seen from the bound and from the device: a value measured 15 % too low must not cross either.
    if any(abs(error - bound) < MARGIN * max(error, bound) for bound in bounds(bands)):
        return False
    if not count.counted < count.connected < count.total:
        return False
    for band in bands:
        ends = [band.qubits_min, *([band.qubits_max] if band.qubits_max is not None else [])]
        if any(abs(count.counted - end) < EDGE for end in ends):
            return False
    return places(count.counted, error)["US"] != places(count.total, error)["US"]


def _tries(
    token: str, seed: bytes, practice: bool, aim: Aim, chosen: tuple[Activity, ...], rng: np.random.Generator
) -> Iterator[Variant]:
    for _ in range(50):
        layout = _layout(aim, rng)
        device = fingerprint(
            layout, float(rng.uniform(*aim.errors)), seed, spread=SPREAD, p1=aim.errors[0] / 8
        )
        faulty = _faulty(layout, aim, rng)
        device = with_faults(device, faulty, seed)
        calibration = _calibration(device, rng)
        healthy = max(calibration[c] for c in layout.couplers if c not in faulty)
        specification = float(f"{1.15 * healthy:.1e}")
        unmeasured = Variant(token, seed, practice, device, specification, calibration, (), chosen)
        yield Variant(
            token, seed, practice, device, specification, calibration, _to_measure(unmeasured, rng), chosen
        )


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
    """Last month's table: too small by a common factor, with a little scatter, three digits."""
    scatter = 1 + 0.03 * np.clip(rng.standard_normal(len(device.layout.couplers)), -2, 2)
    return {
        coupler: float(f"{CALIBRATION_READS * device.native_error(coupler) * factor:.2e}")
        for coupler, factor in zip(device.layout.couplers, scatter, strict=True)
    }


def _to_measure(variant: Variant, rng: np.random.Generator) -> tuple[Coupler, ...]:
    """Three counted couplers whose mean is within 2 % of the machine's average: a fair sample, said so."""
    counted = counted_couplers(variant.device.layout, variant.out_of_spec)
    while True:
        chosen = tuple(sorted(counted[int(i)] for i in rng.choice(len(counted), MEASURED, replace=False)))
        mean = variant.device.machine_error(chosen)
        if abs(mean / variant.machine_error - 1) < 0.02:
            return chosen
