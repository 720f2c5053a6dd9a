"""The exercise on export controls: a machine, a night's raw results on three of its couplers, and plans.

What the night left, with the flaws that such a night has:
- one coupler was given too few random sequences, so its number is the least certain;
- the error of another is partly a rotation, which shows in the scatter between sequences, not in the decay;
- last month's calibration is off by a factor of its own on each machine.

Tolerances are what an honest analysis reaches with margin; `make proof` analyses sixty nights.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from courselab import machines, sequences
from courselab.benchmarking import Curves, Design, Floats, Result, analyse
from courselab.devices import Device, generator, rotated
from courselab.layouts import Coupler
from courselab.machines import Machine
from courselab.survival import Chances

from answersheet import activities, invented_lists, requests
from answersheet.activities import Activity
from answersheet.sealing import Drawn

EXERCISE = "export-controls"
# Share of the rotation in the error of the coupler that has one.
COHERENT = 0.3
SAMPLES, FEW = 20, 5
SHOTS = 2000
# Relative: of one coupler, and of the machine's average.
TOLERANCE = {"coupler": 0.30, "few": 0.40, "error": 0.15}
# An honest analysis uses at most this share of each tolerance; a night on which it would not is drawn again.
FAIR, NIGHTS = 0.7, 20


@dataclass(frozen=True)
class Night:
    """The raw results on one coupler.

    counts: how often 00 was read, shape (2, lengths, samples), the plain family first.
    elements: of all sequences one after another, the plain family first; each has its length in Cliffords.
    """

    coupler: Coupler
    design: Design
    counts: np.ndarray[Any, np.dtype[np.int64]]
    elements: np.ndarray[Any, np.dtype[np.int64]]

    def curves(self) -> Curves:
        """Give the shares that were counted, as an analysis takes them."""
        shares: Floats = self.counts / self.design.shots
        return Curves(self.design, shares[0], shares[1])


@dataclass(frozen=True)
class Plan:
    """One of the learner's plans: an activity of the pool under an id of the learner's own."""

    id: str
    activity: Activity


def draw(seed: bytes) -> Drawn:
    """Draw one variant."""
    machine, coherent, few = _with_flaws(machines.draw(seed), generator(seed, "flaws"))
    nights, results = _fair_nights(machine, few, seed)
    plans = plans_of(seed)
    answers = _answers(machine, results, plans)
    answers |= {"coherent": name(coherent), "few": name(few)}
    request = requests.draw(generator(seed, "request"))
    answers["request"] = request.left_open
    answers["trials"] = invented_lists.trials(generator(seed, "trials"))
    literal = {
        "count": f"counts = { {key: answers[key] for key in ('total', 'connected', 'counted')}!r}\n",
        "measure": _measured(results, coherent),
        "classify": f"classification = {answers['places']!r}\n",
        "decide": f"decisions = { {p.id: (p.activity.export, p.activity.rules[0]) for p in plans}!r}\n",
    }
    data = _data(machine, nights, plans) | {"request": request.text}
    return Drawn(data, answers, _numbers(machine, nights), literal)


def _with_flaws(machine: Machine, rng: np.random.Generator) -> tuple[Machine, Coupler, Coupler]:
    """Give one measured coupler a rotation, and name another for too few sequences."""
    first, second = rng.permutation(len(machine.to_measure))[:2]
    coherent, few = machine.to_measure[int(first)], machine.to_measure[int(second)]
    noise = machine.device.noise | {coherent: rotated(machine.device.noise[coherent], COHERENT)}
    return replace(machine, device=replace(machine.device, noise=noise)), coherent, few


def _fair_nights(machine: Machine, few: Coupler, seed: bytes) -> tuple[list[Night], dict[Coupler, Result]]:
    """Draw nights until chance alone loses nobody a point; one in a dozen is drawn a second time."""
    for attempt in range(NIGHTS):
        nights = [_night(machine.device, one, one == few, seed, attempt) for one in machine.to_measure]
        results = {night.coupler: analyse(night.curves()) for night in nights}
        if _used(machine, results, few) <= FAIR:
            break
    return nights, results


def _used(machine: Machine, results: dict[Coupler, Result], few: Coupler) -> float:
    """Tell which share of the tolerances these results use, at the worst of them."""
    shares = [abs(_mean(results)[0] / machine.machine_error - 1) / TOLERANCE["error"]]
    for coupler, result in results.items():
        allowed = TOLERANCE["few" if coupler == few else "coupler"]
        shares.append(abs(result.error / machine.device.cnot_error(coupler) - 1) / allowed)
    return max(shares)


def _night(device: Device, coupler: Coupler, is_few: bool, seed: bytes, attempt: int) -> Night:
    design = Design.for_error(device.native_error(coupler), samples=FEW if is_few else SAMPLES, shots=SHOTS)
    again = f", drawn again {attempt}" if attempt else ""
    rng, chances = generator(seed, f"night {coupler}{again}"), Chances(device, coupler)
    counts, elements = [], []
    for interleave in (False, True):
        drawn = sequences.draw(design.lengths, design.samples, rng)
        chance = chances.of_00(drawn, sequences.inverses(drawn, interleave), interleave)
        counts.append(rng.binomial(design.shots, chance).reshape(len(design.lengths), design.samples))
        elements += drawn
    return Night(coupler, design, np.stack(counts), np.concatenate(elements))


def plans_of(seed: bytes) -> list[Plan]:
    """Draw eight plans, under ids that nobody else has for them."""
    rng = generator(seed, "plans")
    chosen = activities.load().draw(rng)
    numbers = 100 + rng.permutation(900)[: len(chosen)]
    return [Plan(f"plan-{number}", one) for number, one in zip(sorted(numbers), chosen, strict=True)]


def _data(machine: Machine, nights: list[Night], plans: list[Plan]) -> dict[str, Any]:
    layout = machine.device.layout
    return {
        "as_of": machines.AS_OF.isoformat(),
        "layout": layout.kind,
        "qubits": layout.qubits,
        "specification": machine.specification,
        "nights": [
            {
                "coupler": list(night.coupler),
                "lengths": list(night.design.lengths),
                "samples": night.design.samples,
                "shots": night.design.shots,
            }
            for night in nights
        ],
        "plans": [{"id": p.id, "where": p.activity.where, "text": p.activity.text} for p in plans],
        "rules": list(activities.load().rules()),
    }


def _numbers(machine: Machine, nights: list[Night]) -> dict[str, Any]:
    layout = machine.device.layout
    present = set(layout.couplers)
    numbers = {
        "designed": np.array(layout.designed, dtype=np.int32),
        "present": np.array([coupler in present for coupler in layout.designed]),
        "places": np.array(layout.places),
        "calibration": np.array([machine.calibration[coupler] for coupler in layout.couplers]),
    }
    for at, night in enumerate(nights):
        numbers[f"counts_{at}"] = night.counts.astype(np.int32)
        numbers[f"elements_{at}"] = night.elements.astype(np.int16)
    return numbers


def _mean(results: dict[Coupler, Result]) -> tuple[float, float]:
    """Give the mean of the three and its half-width; independent half-widths add in squares."""
    errors = [one.error for one in results.values()]
    halves = [one.half_width * one.error for one in results.values()]
    return float(np.mean(errors)), float(np.sqrt(np.sum(np.square(halves)))) / len(halves)


def _measured(results: dict[Coupler, Result], rotation: Coupler) -> str:
    """Write down what an honest analysis of these nights gives."""
    mean, half = _mean(results)
    errors = {coupler: float(f"{one.error:.3e}") for coupler, one in results.items()}
    interval = (float(f"{mean - half:.3e}"), float(f"{mean + half:.3e}"))
    return f"errors = {errors!r}\ncnot_error = {mean:.3e}\ninterval = {interval!r}\nrotation = {rotation!r}\n"


def _answers(machine: Machine, results: dict[Coupler, Result], plans: list[Plan]) -> dict[str, Any]:
    """Give the right answers; the half-width is that of an honest analysis of the same nights."""
    count = machine.census
    return {
        "total": count.total,
        "connected": count.connected,
        "counted": count.counted,
        "errors": {name(coupler): machine.device.cnot_error(coupler) for coupler in results},
        "cnot_error": machine.machine_error,
        "half_width": _mean(results)[1],
        "tolerance": TOLERANCE,
        "places": machine.places(),
        "plans": {p.id: [p.activity.export, list(p.activity.rules)] for p in plans},
    }


def name(coupler: Coupler) -> str:
    """Write a coupler as the keys of the answers do."""
    return f"{coupler[0]}-{coupler[1]}"
