"""The exercise on classification: twelve things, a night on a new machine, a week of jobs, forms of release.

The sheet holds texts, published tables and raw counts. Tiers, reasons, days of the next look, and the change
that would turn each tier are the examiner's; so are the parameters of the new machine, and the records on
which a function of the learner's is tried. `make proof` draws 2,000.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
from courselab import tiers
from courselab.devices import generator

from answersheet import artefact_pool, artefacts, fleets, new_machine, records
from answersheet.artefacts import Artefact
from answersheet.fleets import Week
from answersheet.new_machine import Night
from answersheet.sealing import Drawn

EXERCISE = "classification"


@dataclass(frozen=True)
class Thing:
    """One of the learner's twelve, under ids that nobody else has for it and for its changes."""

    id: str
    artefact: Artefact
    change_ids: tuple[str, ...]

    @property
    def key(self) -> str:
        """The id of the change that turns it."""
        changes = zip(self.change_ids, self.artefact.changes, strict=True)
        return next(name for name, change in changes if change.turns)


def draw(seed: bytes) -> Drawn:
    """Draw one variant."""
    things, night = things_of(seed), new_machine.draw(seed)
    week, ceiling = fleets.draw(seed)
    answers = {
        "today": artefact_pool.load().as_of.isoformat(),
        **_judged(things),
        "gates": night.gates.tolist(),
        "rates": week.rates,
        "worth": week.usefulness,
        "choice": week.choice(ceiling),
        "allowed": week.allowed(ceiling),
        "tolerance": {"gates": new_machine.TOLERANCE, "rates": fleets.TOLERANCE, "worth": fleets.TOLERANCE},
        "trials": records.trials(generator(seed, "trials")),
    }
    data = _data(things, week, ceiling)
    return Drawn(data, answers, _numbers(week, night), _literal(answers, night))


def things_of(seed: bytes) -> list[Thing]:
    """Draw the twelve things, under ids of the learner's own."""
    rng = generator(seed, "things")
    drawn = artefacts.draw(artefact_pool.load(), rng)
    names = np.sort(100 + rng.permutation(900)[: len(drawn)])
    numbers = iter(1000 + rng.permutation(9000)[: len(drawn) * artefacts.OPTIONS])
    return [
        Thing(f"thing-{name}", one, tuple(f"change-{next(numbers)}" for _ in one.changes))
        for name, one in zip(names, drawn, strict=True)
    ]


def _judged(things: list[Thing]) -> dict[str, Any]:
    today = artefact_pool.load().as_of
    return {
        "tiers": {one.id: one.artefact.tier for one in things},
        "reasons": {one.id: list(one.artefact.reasons) for one in things},
        "review": {one.id: _days(one.artefact.review(today)) for one in things},
        "turns": {one.id: one.key for one in things},
    }


def _days(span: tuple[datetime.date, datetime.date]) -> list[str]:
    return [day.isoformat() for day in span]


def _data(things: list[Thing], week: Week, ceiling: float) -> dict[str, Any]:
    return {
        "as_of": artefact_pool.load().as_of.isoformat(),
        "things": [
            {
                "id": one.id,
                "text": one.artefact.text,
                "changes": [
                    {"id": name, "text": change.text}
                    for name, change in zip(one.change_ids, one.artefact.changes, strict=True)
                ],
            }
            for one in things
        ],
        "reasons": list(tiers.REASONS),
        "ceiling": ceiling,
        "forms": [{"name": form.name, "spread": week.spreads[form.name]} for form in week.forms],
    }


def _numbers(week: Week, night: Night) -> dict[str, Any]:
    numbers = {
        "outcomes": night.counts.astype(np.int32),
        "calibration": night.calibration,
        "job_counts": week.counts.astype(np.int32),
        "job_shots": week.shots.astype(np.int32),
        "job_owners": week.owners.astype(np.int16),
        "ghz": week.ghz.astype(np.int32),
        "ghz_shots": week.ghz_shots.astype(np.int32),
    }
    for at, form in enumerate(week.forms):
        table = week.tables[form.name]
        numbers |= {f"readout_{at}": table.readout, f"gate_{at}": table.gate}
    return numbers


def _literal(answers: dict[str, Any], night: Night) -> dict[str, str]:
    """Write down a right answer to each part; the day of the next look is the last that is in time."""
    looks = {name: last for name, (_, last) in answers["review"].items()}
    reasons = {name: right[0] for name, right in answers["reasons"].items()}
    gates = [float(f"{one:.3e}") for one in night.honest]
    rounded = {
        part: {name: round(one, 3) for name, one in answers[part].items()} for part in ("rates", "worth")
    }
    return {
        "place": f"placed = {answers['tiers']!r}\n",
        "reason": f"because = {reasons!r}\n",
        "turn": f"turned = {answers['turns']!r}\n",
        "review": f"again = {looks!r}\n",
        "night": f"gates = {gates!r}\n",
        "leak": f"rates = {rounded['rates']!r}\n",
        "use": f"worth = {rounded['worth']!r}\n",
        "choose": f"chosen = {answers['choice']!r}\n",
    }
