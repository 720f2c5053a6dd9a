"""Where a quantum computer stands in the control lists: bands, dates and jurisdictions from the facts.

`qubits` and `cnot_error` are the caller's measurements: how many physical qubits are fully controlled,
connected and working, and the average error of the nearest-neighbour C-NOT gates. Nothing here measures.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from coursefacts.book import FactBook
from coursefacts.errors import InputFault
from coursefacts.model import Fact
from coursefacts.suggest import nearest
from coursefacts.values import Band, day

Machine = Literal["circuit", "measurement-based", "annealer"]
KIND = "quantum computer"


@dataclass(frozen=True)
class Jurisdiction:
    """One of the six lists that the course compares.

    graded: whether its text has been read as current; if not, `instead` names the list that is graded.
    """

    code: str
    name: str
    list_name: str
    graded: bool
    instead: str | None = None


JURISDICTIONS: Mapping[str, Jurisdiction] = MappingProxyType(
    {
        item.code: item
        for item in (
            Jurisdiction("US", "United States", "Commerce Control List", graded=True),
            Jurisdiction("EU", "European Union", "Annex I", graded=True),
            Jurisdiction("GB", "United Kingdom", "Annex I of assimilated Regulation 428/2009", graded=True),
            Jurisdiction("CA", "Canada", "Export Control List", graded=True),
            Jurisdiction("DE", "Germany", "Ausfuhrliste", graded=False, instead="EU"),
            Jurisdiction("ES", "Spain", "Anexo III.5", graded=False, instead="EU"),
        )
    }
)


@dataclass(frozen=True)
class Placement:
    """Where a machine stands in one list on one day.

    fact_id: the list entry that was looked up; None when no entry applied on that day.
    code: the paragraph, complete, such as 4A906.a.3; None when the machine is in no band.
    graded: False for a list that has not been read as current.
    reason: one sentence for people.
    """

    jurisdiction: str
    on: datetime.date
    fact_id: str | None
    code: str | None
    band: Band | None
    graded: bool
    reason: str

    @property
    def listed(self) -> bool:
        """Tell whether the machine is in a band."""
        return self.band is not None


def jurisdiction(fact: Fact) -> str:
    """Return the code of the jurisdiction that a fact's id begins with: US, EU, GB …"""
    return fact.id.partition(".")[0].upper()


def bands(fact: Fact) -> list[Band]:
    """Return the bands of a list entry; none for any other fact."""
    value = fact.values.get("bands")
    return [band for band in value if isinstance(band, Band)] if isinstance(value, list) else []


def entries(facts: FactBook, code: str) -> list[Fact]:
    """Return the entries on quantum computers of one jurisdiction, the oldest first."""
    if code not in JURISDICTIONS:
        raise InputFault(
            f"no list of '{code}' is known here", remedy=nearest(code.upper(), JURISDICTIONS, "use one of")
        )
    found = [fact for fact in facts.by_topic("control-list") if jurisdiction(fact) == code and bands(fact)]
    return sorted(found, key=lambda fact: fact.in_force.from_ or "")


def entry(facts: FactBook, code: str, on: datetime.date) -> Fact | None:
    """Return the entry on quantum computers that applied in a jurisdiction on a day, if any did."""
    found = [fact for fact in entries(facts, code) if fact.status != "proposed" and fact.in_force.holds(on)]
    return found[-1] if found else None


def place(
    qubits: int,
    cnot_error: float,
    *,
    jurisdiction: str,
    on: datetime.date,
    facts: FactBook,
    machine: Machine = "circuit",
) -> Placement:
    """Look a machine up in one list as it stood on one day.

    A bound belongs to its band: an error of exactly 10⁻⁴ meets "at most 10⁻⁴".
    """
    if qubits < 0 or not 0 <= cnot_error <= 1:
        raise InputFault(
            f"{qubits} qubits with a C-NOT error of {cnot_error} is no machine",
            remedy="give a number of qubits from 0 and an error between 0 and 1",
        )
    fact = entry(facts, jurisdiction, on)
    name = JURISDICTIONS[jurisdiction].name
    when = day(on.isoformat())
    if fact is None:
        graded = JURISDICTIONS[jurisdiction].graded
        reason = f"{name}: no entry on quantum computers applied on {when}."
        return Placement(jurisdiction, on, None, None, None, graded, reason)
    graded = fact.status in ("in-force", "repealed")
    if fact.in_force.from_ is None and on.isoformat() < (fact.source.text_as_of or ""):
        # The text proves that the entry stood on its own date and says nothing about an earlier day.
        reason = f"{name}: whether {fact.source.locator} applied on {when} has not been read."
        return Placement(jurisdiction, on, fact.id, None, None, False, reason)
    if machine == "annealer" and "annealers" in _items(fact, "excludes"):
        reason = f"{fact.source.locator} does not cover annealers."
        return Placement(jurisdiction, on, fact.id, None, None, graded, reason)
    found = next((band for band in bands(fact) if _inside(band, qubits, cnot_error)), None)
    reason = _reason(fact, found, qubits, cnot_error)
    if not graded:
        reason += f" This text is {fact.standing}, so the answer is not graded."
    return Placement(jurisdiction, on, fact.id, found.code if found else None, found, graded, reason)


def _inside(band: Band, qubits: int, cnot_error: float) -> bool:
    """Compare exactly: both ends of the range and the bound itself are inside."""
    if qubits < band.qubits_min or (band.qubits_max is not None and qubits > band.qubits_max):
        return False
    return band.cnot_error_max is None or cnot_error <= band.cnot_error_max


def _reason(fact: Fact, band: Band | None, qubits: int, cnot_error: float) -> str:
    """Say in one sentence why a machine is in a band or in none."""
    if band is not None:
        if band.cnot_error_max is None:
            return f"{band.code}: {qubits:,} qubits, whatever the error."
        bound = f"at most {band.cnot_error_max:g}"
        return f"{band.code}: {qubits:,} qubits and an error of {cnot_error:.3g}, {bound}."
    lowest = min(item.qubits_min for item in bands(fact))
    if qubits < lowest:
        return f"{fact.source.locator} begins at {lowest} qubits; {qubits} are fewer."
    near = next(item for item in bands(fact) if item.qubits_max is None or qubits <= item.qubits_max)
    return f"An error of {cnot_error:.3g} is above {near.cnot_error_max:g}, the bound of {near.code}."


def _items(fact: Fact, name: str) -> list[str]:
    """Return a list value as texts; nothing when the fact has none."""
    value = fact.values.get(name)
    return [str(item) for item in value] if isinstance(value, list) else []
