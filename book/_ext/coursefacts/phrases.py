"""What the tables say about a fact, cell by cell."""

from __future__ import annotations

from coursefacts.controls import JURISDICTIONS, jurisdiction
from coursefacts.model import Fact
from coursefacts.values import NBSP, Band, DateValue, Quantity, band_bound, quantity, short_day

NONE = "–"

# Lists that were only reported, so that nothing is placed in them.
_ELSEWHERE = {
    "AU": "Australia",
    "CH": "Switzerland",
    "FR": "France",
    "IT": "Italy",
    "JP": "Japan",
    "NL": "Netherlands",
    "TW": "Taiwan",
}


def entry_since(line: list[Fact]) -> str:
    """Write where an entry stands and its first day, or how old the text is where it may be overtaken.

    The line ends with the entry, after those that it replaced; the first day is the oldest one's.
    """
    fact = line[-1]
    entry = f"{list_of(fact)} {fact.source.locator}"
    if fact.status == "not-verified-since":
        return f"{entry}: not verified since {as_of(fact)}"
    older = "".join(f", first as {earlier.source.locator}" for earlier in line[:1] if earlier is not fact)
    return f"{entry}: {since(line[0])}{older}".replace(" ", NBSP)


def confidence(group: list[Fact]) -> str:
    """Say whether the text itself was read."""
    return " and ".join(sorted({fact.confidence for fact in group}, reverse=True))


def places(group: list[Fact]) -> str:
    """Name the places of a text that facts rest on, the first of them where they are many."""
    title = group[0].source.citation.partition(" (")[0] + " "
    places = list(dict.fromkeys(fact.source.locator.removeprefix(title) for fact in group))
    more = len(places) - 8
    return ", ".join(places[:8]) + (f" and {more} more" if more > 0 else "")


def one_line(cell: str) -> str:
    """Write a cell on one line."""
    return "; ".join(cell.split("\n"))


def limits(fact: Fact) -> str:
    """Write all limits of an entry."""
    told = [
        f"{name.removesuffix('_min').removesuffix('_max').replace('_', ' ')} {limit(value)}"
        for name, value in fact.values.items()
        if isinstance(value, Quantity)
    ]
    told += [text(fact, name) for name in ("form",) if name in fact.values]
    told += ["specially designed for a listed quantum computer"] if "designed_for" in fact.values else []
    return "; ".join(told) or NONE


def limit(value: object) -> str:
    """Write a quantity with the side on which it binds, as a table does: below 4 K."""
    if isinstance(value, Quantity):
        words = {"at-least": "at least ", "more-than": "above ", "at-most": "at most ", "less-than": "below "}
        return words.get(value.bound or "", "") + quantity(value.value, value.unit)
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def band_cell(found: list[Band], index: int) -> str:
    """Write the bound and the paragraph of one band."""
    return f"{band_bound(found[index])} ({found[index].code})" if index < len(found) else NONE


def list_of(fact: Fact) -> str:
    """Name the jurisdiction of a fact."""
    code = jurisdiction(fact)
    return JURISDICTIONS[code].name if code in JURISDICTIONS else _ELSEWHERE.get(code, code)


def head(kind: str) -> str:
    """Begin with a capital and leave the rest, so that CMOS stays CMOS."""
    return kind[:1].upper() + kind[1:]


def told(fact: Fact) -> str:
    """Write a statement, with who reported it where the text itself was not read."""
    return _with(fact, fact.attribution)


def told_as_of(fact: Fact) -> str:
    """Write a statement with all that a reader must know of it, where no standing is shown beside it."""
    return _with(fact, fact.label().strip("()"))


def _with(fact: Fact, words: str) -> str:
    return f"{fact.text()} ({words[0].upper()}{words[1:]}.)" if words else fact.text()


def rule(fact: Fact) -> str:
    """Write the place of a rule so that it can be looked up; a US section names its title itself."""
    if fact.confidence == "reported" or " CFR " in fact.source.locator or " USC " in fact.source.locator:
        return fact.source.locator
    return f"{fact.source.citation}, {fact.source.locator}"


def text_of(fact: Fact) -> str:
    """Write how old the text is that was read."""
    return f"text of {as_of(fact)}" if fact.source.read_text_of else "undated copy"


def text(fact: Fact, name: str) -> str:
    """Write a value, or a dash."""
    return fact.value(name) if name in fact.values else NONE


def since(fact: Fact) -> str:
    """Write the first day, or that it has not been seen."""
    return short_day(fact.in_force.from_) if fact.in_force.from_ else "not seen"


def as_of(fact: Fact) -> str:
    """Write the date of the text that was read."""
    return short_day(fact.source.read_text_of) if fact.source.read_text_of else "undated copy"


def host(url: str) -> str:
    """Name the place of an address in short; on a site of many owners also whose it is."""
    place, owner = [*url.removeprefix("https://").split("/"), ""][:2]
    return f"{place}/{owner}" if place == "github.com" else place.removeprefix("www.")


def year(fact: Fact) -> str:
    """Return the year of a case as text."""
    value = fact.values.get("year")
    if isinstance(value, str):
        return value
    if isinstance(value, DateValue):
        return value.date[:4]
    return (fact.in_force.from_ or "")[:4]
