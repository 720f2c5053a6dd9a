"""Tables made of facts, for the reference pages and for the terminal."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from coursefacts import phrases
from coursefacts.book import FactBook
from coursefacts.controls import JURISDICTIONS, Jurisdiction, bands, entries, jurisdiction
from coursefacts.errata import LEVELS, Erratum
from coursefacts.model import Fact
from coursefacts.phrases import NONE
from coursefacts.values import (
    band_qubits,
    day,
    short_day,
)


@dataclass(frozen=True)
class Table:
    """A caption, a head and rows of plain text.

    A cell that begins with https:// is an address; a line break in a cell begins a new line.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def control_list(facts: FactBook) -> Table:
    """Quantum computers: eight bands in six lists, and how far each text can be relied on."""
    lists = [(place, current(facts, place.code)) for place in JURISDICTIONS.values()]
    columns = [(place, fact) for place, fact in lists if fact is not None]
    rows = []
    for index, band in enumerate(bands(columns[0][1]) if columns else []):
        cells = [phrases.band_cell(bands(fact), index) for _, fact in columns]
        rows.append((band_qubits(band), *cells))
    rows += [
        (
            "Annealers",
            *("not covered" if "excludes" in fact.values else "no word on them" for _, fact in columns),
        ),
        ("Applies to exports to", *(phrases.text(fact, "destinations") for _, fact in columns)),
        ("In force", *(phrases.since(fact) for _, fact in columns)),
        ("Text as of", *(phrases.as_of(fact) for _, fact in columns)),
        ("Read as current", *("yes" if place.graded else "no: never graded" for place, _ in columns)),
        ("Review by", *(short_day(fact.review_by) for _, fact in columns)),
    ]
    head = ("Qubits", *(f"{place.name} {fact.source.locator}" for place, fact in columns))
    return Table("Quantum computers: largest C-NOT error of each band in six lists", head, tuple(rows))


def history(facts: FactBook) -> Table:
    """Every entry on quantum computers with its dates, repealed and reported ones included."""
    found = [fact for fact in facts.by_topic("control-list") if fact.values.get("kind") == "quantum computer"]
    found.sort(key=lambda fact: (fact.in_force.from_ or "9999", fact.id))
    rows = [
        (
            phrases.list_of(fact),
            fact.source.locator if fact.confidence == "seen" else f"as reported by {fact.source.citation}",
            phrases.since(fact),
            short_day(fact.in_force.until) if fact.in_force.until else NONE,
            fact.standing if fact.unsettled else re.split("[,;]", fact.standing)[0],
        )
        for fact in found
    ]
    head = ("List", "Entry", "First day", "Last day", "Standing")
    return Table("Quantum computers: when each list began", head, tuple(rows))


_PARTS = (
    "cryogenic CMOS circuit",
    "parametric amplifier",
    "cooling system",
    "pulse-tube cryocooler",
    "cryogenic wafer prober",
    "enriched silicon or germanium",
    "qubit device or circuit",
    "control or measurement component",
)


def enabling_items(facts: FactBook) -> Table:
    """Parts that are listed however few qubits a machine has: limits, and where they apply since when."""
    rows: list[tuple[str, ...]] = []
    for kind in _PARTS:
        groups: dict[str, list[Fact]] = {}
        for place in JURISDICTIONS.values():
            for fact in _of_kind(facts, place.code, kind):
                groups.setdefault(phrases.limits(fact), []).append(fact)
        rows += [
            (phrases.head(kind), limits, "\n".join(phrases.entry_since(facts.line(fact)) for fact in group))
            for limits, group in groups.items()
        ]
    head = ("Item", "Limits", "Lists, entries and first days")
    return Table("Parts of quantum computers in six lists", head, tuple(rows))


_OTHERS = ("quantum key distribution", "magnetometer", "gravimeter", "frequency standard")


def other_items(facts: FactBook) -> Table:
    """Quantum items that were listed before 2024: key distribution, sensors and clocks."""
    rows = [
        (fact.source.locator, phrases.list_of(fact), fact.text(), _standing(fact))
        for kind in _OTHERS
        for fact in facts.by_topic("control-list")
        if fact.values.get("kind") == kind
    ]
    head = ("Entry", "List", "What it covers", "Standing")
    return Table("Quantum items listed before 2024", head, tuple(rows))


def definitions(facts: FactBook) -> Table:
    """Words that the lists define, and what the definition leaves open."""
    rows = [
        (fact.source.locator, fact.text(), fact.note or NONE)
        for fact in facts.by_topic("control-list")
        if fact.values.get("kind") == "definition"
    ]
    return Table("Words of the lists", ("Place", "Meaning", "Note"), tuple(rows))


_CODES = (
    "quantum computer",
    "qubit device or circuit",
    "control or measurement component",
    "software",
    "technology",
    "cryogenic CMOS circuit",
    "parametric amplifier",
    "cooling system",
    "pulse-tube cryocooler",
    "cryogenic wafer prober",
    "enriched silicon or germanium",
)


def code_map(facts: FactBook) -> Table:
    """The same item under its code in each list."""
    rows = []
    for kind in _CODES:
        cells = [_codes(facts, place.code, kind) for place in JURISDICTIONS.values()]
        rows.append((phrases.head(kind), *cells, _old_codes(facts, kind)))
    head = ("Item", *(place.name for place in JURISDICTIONS.values()), "United Kingdom until 2025")
    return Table("One item, many codes", head, tuple(rows))


def differences(facts: FactBook) -> Table:
    """Where six lists that share their thresholds differ all the same."""
    places = list(JURISDICTIONS.values())

    def row(label: str, kind: str, *names: str) -> tuple[str, ...]:
        return (label, *(_difference(facts, place, kind, names) for place in places))

    computers = [current(facts, place.code) for place in places]
    rows = (
        row("Applies to exports to", "quantum computer", "destinations"),
        (
            "Annealers",
            *("excluded" if fact and "excludes" in fact.values else "no exclusion" for fact in computers),
        ),
        row("Qubit devices are designed for", "qubit device or circuit", "designed_for"),
        row("Software covers", "software", "scope"),
        row("Technology covers", "technology", "scope"),
        row("Technology of a complete computer", "technology", "complete_computer"),
        row("Amplifier: frequency", "parametric amplifier", "frequency_min", "frequency_max"),
        row("Amplifier: noise figure taken", "parametric amplifier", "noise_temperature", "noise_measured"),
        row("Cooling system: power", "cooling system", "cooling_power"),
        row("Pulse tube holds", "pulse-tube cryocooler", "maintain_temperature"),
    )
    head = ("Point", *(place.name for place in places))
    return Table("Same thresholds, different rules around them", head, rows)


def provisions(facts: FactBook) -> Table:
    """Rules that academics meet, with the place in the law."""
    found = [*facts.by_topic("provision"), *facts.by_topic("clock")]
    found.sort(key=lambda fact: (jurisdiction(fact), fact.id))
    rows = [(phrases.rule(fact), phrases.told(fact), _standing(fact)) for fact in found]
    return Table("Provisions, in our own words", ("Rule", "What it says", "Standing"), tuple(rows))


def clocks(facts: FactBook) -> Table:
    """Deadlines, and whom each is known to bind."""
    rows = [
        (
            phrases.rule(fact),
            phrases.told_as_of(fact),
            fact.binds or "not read: no exercise starts this clock",
        )
        for fact in facts.by_topic("clock")
    ]
    return Table("Deadlines", ("Rule", "Deadline", "Whom it binds"), tuple(rows))


def cases(facts: FactBook) -> Table:
    """Cases on record, the oldest first."""
    found = sorted(facts.by_topic("case"), key=lambda fact: (phrases.year(fact), fact.id))
    rows = [(phrases.year(fact) or NONE, phrases.told_as_of(fact), fact.note or NONE) for fact in found]
    return Table("Cases on record", ("Year", "What happened", "What to notice"), tuple(rows))


def sources(facts: FactBook) -> Table:
    """Every source: the date of its text, when it was read, by when it must be again, and both addresses."""
    groups: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in facts.values():
        source = fact.source
        groups.setdefault((source.citation, source.url, source.read_at), []).append(fact)
    rows = [
        (
            f"{citation}: {phrases.places(group)} ({phrases.confidence(group)})",
            url,
            "the same" if read_at == url else read_at,
            phrases.as_of(max(group, key=lambda fact: fact.source.read_text_of or "")),
            short_day(min(fact.source.read_on for fact in group)),
            short_day(min(fact.review_by for fact in group)),
        )
        for (citation, url, read_at), group in sorted(groups.items())
    ]
    head = ("Source and places", "Address", "Read at", "Text as of", "Read on", "Again by")
    return Table("Sources", head, tuple(rows))


def due(facts: FactBook, on: datetime.date) -> Table:
    """Facts whose review date has come."""
    rows = [(fact.review_by, fact.id, fact.source.citation, fact.source.url) for fact in facts.due(on)]
    caption = f"Due for review on {day(on.isoformat())}: {len(rows)} of {len(facts)} facts"
    return Table(caption, ("Review by", "Fact", "Source", "Address"), tuple(rows))


def errata(found: Sequence[Erratum]) -> Table:
    """Errata that are not mended yet, the worst first."""
    rows = [(LEVELS[one.level], one.id, one.date, one.title, ", ".join(one.facts)) for one in found]
    caption = f"Errata that are not mended: {len(rows)}"
    return Table(caption, ("Level", "Erratum", "Found", "About", "Facts"), tuple(rows))


def plain(table: Table) -> str:
    """Write a table for the terminal."""
    table = Table(
        table.caption, table.head, tuple(tuple(phrases.one_line(cell) for cell in row) for row in table.rows)
    )
    widths = [max(len(row[index]) for row in (table.head, *table.rows)) for index in range(len(table.head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (table.head, *table.rows)
    ]
    return "\n".join([table.caption, *lines]) if table.rows else table.caption


def current(facts: FactBook, code: str) -> Fact | None:
    """Return the newest entry on quantum computers of a jurisdiction that has not been repealed."""
    found = [fact for fact in entries(facts, code) if fact.status not in ("repealed", "proposed")]
    return found[-1] if found else None


def _standing(fact: Fact) -> str:
    """Write how far a fact can be relied on, and how old its text is."""
    return f"{fact.standing}; {phrases.text_of(fact)}"


def _of_kind(facts: FactBook, code: str, kind: str, *, repealed: bool = False) -> list[Fact]:
    """Return the list entries of one kind in one jurisdiction, as they stand or as they stood."""
    return [
        fact
        for fact in facts.by_topic("control-list")
        if jurisdiction(fact) == code
        and fact.values.get("kind") == kind
        and (fact.status == "repealed") is repealed
        and fact.confidence == "seen"
    ]


def _codes(facts: FactBook, code: str, kind: str) -> str:
    """Write the codes of one kind of item in one list."""
    return ", ".join(fact.source.locator for fact in _of_kind(facts, code, kind)) or NONE


def _old_codes(facts: FactBook, kind: str) -> str:
    """Write the repealed British codes of one kind of item."""
    return ", ".join(fact.source.locator for fact in _of_kind(facts, "GB", kind, repealed=True)) or NONE


def _difference(facts: FactBook, place: Jurisdiction, kind: str, names: tuple[str, ...]) -> str:
    """Write what the entries of one kind say on one point."""
    found = _of_kind(facts, place.code, kind)
    told = [
        ", ".join(phrases.limit(fact.values[name]) for name in names if name in fact.values) for fact in found
    ]
    distinct = list(dict.fromkeys(text for text in told if text))
    return "; ".join(distinct) if distinct else ("not readable in the copy" if found else "no entry read")
