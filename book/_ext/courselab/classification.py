"""The learner's view of the sheet of the exercise on classification: things, forms of release, raw counts.

Nothing here knows an answer. What a machine's parameters are, who is identified and what a form is worth
follow from the counts alone, with their uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courselab.fingerprints import Table
from courselab.sheets import Sheet


@dataclass(frozen=True)
class Form:
    """One way of publishing the calibration, and the table that it gives.

    spread: how far today's truth may be from a published number, standard deviation of its logarithm.
    """

    name: str
    spread: float
    table: Table = field(repr=False)


@dataclass(frozen=True)
class Jobs:
    """Jobs of a week.

    counts: how often each of the eleven shares was seen, shape (jobs, 11), out of `shots`, shape (jobs,).
    owners: the machine that ran the job, shape (jobs,), -1 where the log does not say; no attacker has them.
    """

    counts: NDArray[np.int64] = field(repr=False)
    shots: NDArray[np.int64] = field(repr=False)
    owners: NDArray[np.int64] = field(repr=False)


@dataclass(frozen=True)
class View:
    """What one learner may see.

    things: what must be placed, each with id, text and changes. reasons: their names.
    outcomes: of a night on the new machine, shape (3 circuits, batches, 64). calibration: what last month's
    file says of its five couplers. forms: ways of releasing. jobs: of this week.
    ghz: how often a GHZ state was found on each chain of each machine, shape (machines, 3), out of ghz_shots.
    ceiling: the largest share of jobs that may be identified, as the consortium has decided.
    """

    token: str
    practice: bool
    as_of: str
    things: tuple[dict[str, Any], ...] = field(repr=False)
    reasons: tuple[str, ...] = field(repr=False)
    outcomes: NDArray[np.int64] = field(repr=False)
    calibration: NDArray[np.float64] = field(repr=False)
    forms: tuple[Form, ...]
    jobs: Jobs = field(repr=False)
    ghz: NDArray[np.int64] = field(repr=False)
    ghz_shots: NDArray[np.int64] = field(repr=False)
    ceiling: float

    def public(self) -> dict[str, Any]:
        """The same as plain data, without the large numbers."""
        return {
            "exercise": "classification",
            "token": self.token,
            "practice": self.practice,
            "as_of": self.as_of,
            "machines": len(self.ghz),
            "jobs": len(self.jobs.owners),
            "forms": [form.name for form in self.forms],
            "ceiling": self.ceiling,
            "things": [dict(one) for one in self.things],
        }


def view(sheet: Sheet) -> View:
    """Read a sheet of this exercise."""
    data, numbers = sheet.data, {name: np.array(array) for name, array in sheet.numbers.items()}
    whole = {name: array.astype(np.int64) for name, array in numbers.items() if array.dtype.kind in "iu"}
    return View(
        sheet.token,
        sheet.practice,
        data["as_of"],
        tuple(data["things"]),
        tuple(data["reasons"]),
        whole["outcomes"],
        numbers["calibration"],
        tuple(
            Form(form["name"], form["spread"], Table(numbers[f"readout_{at}"], numbers[f"gate_{at}"]))
            for at, form in enumerate(data["forms"])
        ),
        Jobs(whole["job_counts"], whole["job_shots"], whole["job_owners"]),
        whole["ghz"],
        whole["ghz_shots"],
        data["ceiling"],
    )
