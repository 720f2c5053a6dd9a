"""Tables of the labs: one measurement, one device in six lists, one road map, the parts."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from coursefacts import FactBook, controls
from coursefacts.controls import JURISDICTIONS
from coursefacts.values import day, number

from courselab import roadmap
from courselab.benchmarking import Result
from courselab.connectivity import Census
from courselab.figures import Shown, short, table
from courselab.roadmap import Crossing

NO_BAND = "no band"


def measured(result: Result) -> Shown:
    """Everything one measurement says, and what kind of statement each line is."""
    rows = [
        ("C-NOT error", short(result.error), "estimate"),
        ("95 % interval", span(result.interval), "chance: from resampling the random sequences"),
        (
            "quoted by a usual fit",
            f"{short(result.quoted.error)} ± {short(result.quoted.sigma)}",
            "chance, as the fit believes it",
        ),
        ("bound of the method", span(result.systematic), "method"),
        ("truth", short(result.truth), "known in a simulation only"),
    ]
    return table("One measured C-NOT", ("quantity", "value", "what it tells"), rows)


def span(interval: tuple[float, float]) -> str:
    """Write an interval; an error is never below zero."""
    return f"{short(max(interval[0], 0.0))} to {short(interval[1])}"


def counts(census: Census) -> Shown:
    """The four ways of counting qubits."""
    rows = [
        ("on the chip", census.total),
        ("connected", census.connected),
        ("working", census.working),
        ("connected and working", census.counted),
    ]
    return table("How many qubits?", ("counted as", "qubits"), rows)


def places(qubits: int, error: float, on: datetime.date, facts: FactBook) -> Shown:
    """Where one device stands in each of the six lists on a day."""
    rows = []
    for code, where in JURISDICTIONS.items():
        place = controls.place(qubits, error, jurisdiction=code, on=on, facts=facts)
        fact = facts.get(place.fact_id) if place.fact_id else None
        standing = fact.standing if fact else "no entry on this day"
        rows.append((where.name, place.code or NO_BAND, standing, "yes" if place.graded else "no"))
    caption = f"{qubits:,} qubits, C-NOT error {short(error)}, on {day(on.isoformat())}"
    return table(caption, ("list of", "place", "text", "read as current"), rows)


def crossings(found: Sequence[Crossing]) -> Shown:
    """The months in which a road map changes its place."""
    rows = [
        (
            f"{crossing.month:%B %Y}",
            number(crossing.qubits),
            short(crossing.error),
            crossing.place.code or NO_BAND,
        )
        for crossing in found
    ]
    return table("Changes of place", ("month", "qubits", "C-NOT error", "place"), rows)


def parts(facts: FactBook) -> Shown:
    """The listed parts, with the day since when, in the lists that are read as current."""
    names = [JURISDICTIONS[code].name for code in roadmap.GRADED]
    return table(
        "Parts that are listed however few qubits the machine has",
        ("part", *names),
        roadmap.parts(facts),
    )
