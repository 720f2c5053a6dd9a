"""The learner's view of the sheet of the exercise on export controls: a map, a night's raw results, plans.

Nothing here knows an answer. How large the errors are follows from the counts alone, with their uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courselab.benchmarking import Curves, Design
from courselab.layouts import Coupler, Layout
from courselab.sheets import Sheet


@dataclass(frozen=True)
class Night:
    """The raw results on one coupler.

    counts: how often 00 was read, of `design.shots`, shape (2, lengths, samples): plain sequences first, then
    those with the C-NOT after each Clifford.
    elements: the numbers of the Cliffords of all sequences one after another, in the same order.
    """

    coupler: Coupler
    design: Design
    counts: NDArray[np.int64] = field(repr=False)
    elements: NDArray[np.int64] = field(repr=False)

    @property
    def curves(self) -> Curves:
        """The counts as shares, as `benchmarking.analyse` takes them."""
        shares = self.counts / self.design.shots
        return Curves(self.design, shares[0], shares[1])


@dataclass(frozen=True)
class View:
    """What one learner may see.

    as_of: the day for which the lists are looked up. specification: a coupler whose calibrated error is above
    it is out of specification. calibration: last month's error of each coupler. nights: raw results on three
    couplers. plans: eight things that are about to happen, each with id, where and text. rules: ids of the
    facts to choose from. request: a letter that asks for a small part.
    """

    token: str
    practice: bool
    as_of: str
    layout: Layout = field(repr=False)
    specification: float
    calibration: dict[Coupler, float] = field(repr=False)
    nights: tuple[Night, ...] = field(repr=False)
    plans: tuple[dict[str, str], ...] = field(repr=False)
    rules: tuple[str, ...] = field(repr=False)
    request: str = field(repr=False)

    def public(self) -> dict[str, Any]:
        """The same as plain data, without the large numbers."""
        layout = self.layout
        above = {c: error for c, error in self.calibration.items() if error > self.specification}
        return {
            "exercise": "export-controls",
            "token": self.token,
            "practice": self.practice,
            "as_of": self.as_of,
            "layout": layout.kind,
            "qubits": layout.qubits,
            "couplers": len(layout.couplers),
            "lost_couplers": [list(coupler) for coupler in layout.lost],
            "specification": self.specification,
            "above_specification": {f"{a}-{b}": error for (a, b), error in above.items()},
            "couplers_measured": [list(night.coupler) for night in self.nights],
            "plans": [dict(plan) for plan in self.plans],
            "request": self.request,
        }


def view(sheet: Sheet) -> View:
    """Read a sheet of this exercise."""
    data, numbers = sheet.data, sheet.numbers
    layout = _layout(data, numbers["designed"], numbers["present"], numbers["places"])
    return View(
        sheet.token,
        sheet.practice,
        data["as_of"],
        layout,
        data["specification"],
        dict(zip(layout.couplers, numbers["calibration"].tolist(), strict=True)),
        tuple(_night(sheet, at) for at in range(len(data["nights"]))),
        tuple(data["plans"]),
        tuple(data["rules"]),
        data["request"],
    )


def _layout(data: dict[str, Any], designed: Any, present: Any, places: Any) -> Layout:
    drawn = tuple((int(a), int(b)) for a, b in designed)
    kept = tuple(coupler for coupler, there in zip(drawn, present, strict=True) if there)
    where = tuple((float(x), float(y)) for x, y in places)
    return Layout(data["layout"], data["qubits"], kept, drawn, where)


def _night(sheet: Sheet, at: int) -> Night:
    told = sheet.data["nights"][at]
    first, second = told["coupler"]
    design = Design(tuple(told["lengths"]), told["samples"], told["shots"])
    counts = sheet.numbers[f"counts_{at}"].astype(np.int64)
    return Night((first, second), design, counts, sheet.numbers[f"elements_{at}"].astype(np.int64))
