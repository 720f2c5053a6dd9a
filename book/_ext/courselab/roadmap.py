"""A machine that improves month by month, and the lists it meets on the way.

Model: qubits grow and errors shrink by a constant factor per month; the error never falls below a floor.
It is a planning sketch: no machine was measured for it, and real road maps move in jumps.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coursefacts import controls
from coursefacts.book import FactBook
from coursefacts.controls import Placement
from coursefacts.model import Fact
from coursefacts.values import day

GRADED = ("US", "EU", "GB", "CA")
# Kinds of parts as the facts name them, in the order in which a laboratory meets them.
PARTS = (
    "cryogenic CMOS circuit",
    "parametric amplifier",
    "cooling system",
    "pulse-tube cryocooler",
    "cryogenic wafer prober",
    "enriched silicon or germanium",
)


@dataclass(frozen=True)
class RoadMap:
    """What is planned.

    start: first month. months: how many. qubits, error: at the start.
    more_qubits, less_error: factors per month; 1 means no change. floor: the error's lower limit.
    """

    start: datetime.date
    months: int
    qubits: float
    error: float
    more_qubits: float = 1.06
    less_error: float = 0.97
    floor: float = 1e-4

    def steps(self) -> Iterator[tuple[datetime.date, int, float]]:
        """Each month with its number of counted qubits and its C-NOT error."""
        for month in range(self.months + 1):
            qubits = round(self.qubits * self.more_qubits**month)
            yield add_months(self.start, month), qubits, max(self.error * self.less_error**month, self.floor)


@dataclass(frozen=True)
class Crossing:
    """A change of place in one list."""

    month: datetime.date
    qubits: int
    error: float
    place: Placement


def add_months(date: datetime.date, months: int) -> datetime.date:
    """The first day of the month that is so many months later."""
    number = date.year * 12 + date.month - 1 + months
    return datetime.date(number // 12, number % 12 + 1, 1)


def follow(plan: RoadMap, jurisdiction: str, facts: FactBook) -> list[Crossing]:
    """Where the machine stands at the start, and each month in which that changes."""
    found: list[Crossing] = []
    for month, qubits, error in plan.steps():
        place = controls.place(qubits, error, jurisdiction=jurisdiction, on=month, facts=facts)
        if not found or place.code != found[-1].place.code:
            found.append(Crossing(month, qubits, error, place))
    return found


def parts(facts: FactBook, jurisdictions: Sequence[str] = GRADED) -> list[list[str]]:
    """Rows of kind of part, then per list its code and first day of control; '—' where no entry was read."""
    rows = []
    for kind in PARTS:
        row = [kind]
        for code in jurisdictions:
            entries = [
                fact
                for fact in facts.by_topic("control-list")
                if controls.jurisdiction(fact) == code
                and fact.values.get("kind") == kind
                and fact.status == "in-force"
            ]
            row.append(_codes_and_day([facts.line(fact) for fact in entries]))
        rows.append(row)
    return rows


def _codes_and_day(lines: Sequence[Sequence[Fact]]) -> str:
    """Write the codes of a kind of part, since when it is controlled, and the codes that it had before."""
    if not lines:
        return "—"
    codes = ", ".join(line[-1].source.locator for line in lines)
    days = sorted({line[0].in_force.from_ or "" for line in lines})
    since = f"{codes}; since {' and '.join(day(text) for text in days if text)}"
    renamed = sorted({line[-1].in_force.from_ or "" for line in lines if len(line) > 1})
    if not renamed:
        return since
    older = ", ".join(fact.source.locator for line in lines for fact in line[:-1])
    return f"{since}, until {' and '.join(day(text) for text in renamed)} as {older}"


def first_day(facts: FactBook, jurisdiction: str, kind: str) -> datetime.date | None:
    """The first day on which a kind of item was controlled, under the code of now or an older one."""
    days = [
        first
        for fact in facts.by_topic("control-list")
        if controls.jurisdiction(fact) == jurisdiction
        and fact.values.get("kind") == kind
        and fact.status == "in-force"
        and (first := facts.line(fact)[0].in_force.from_)
    ]
    return datetime.date.fromisoformat(min(days)) if days else None
