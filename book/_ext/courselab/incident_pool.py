"""The pool from which each learner's incident is made: events, circumstances, clocks they may start."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from coursefacts import FactBook, yamltext
from coursefacts.errors import InputFault
from coursefacts.values import Quantity

# Content is found by path; the course keeps its exercises beside the book.
POOL = Path(__file__).resolve().parents[3] / "exercises" / "source" / "incidents" / "pool.yml"


@dataclass(frozen=True)
class Source:
    """Where entries of the log come from, and whose time their stamps show."""

    id: str
    name: str
    zone: str


@dataclass(frozen=True)
class Kind:
    """A kind of event: what it says, and how many minutes after another one it happens."""

    id: str
    source: str
    after: str | None
    between: tuple[int, int]
    text: str


@dataclass(frozen=True)
class Regime:
    """A clock that might run: the fact with its time, the event that starts it where it binds."""

    id: str
    fact: str
    value: str
    starts: str | None
    asks: str

    def hours(self, facts: FactBook) -> int:
        """The time of the fact, in hours."""
        value = facts.get(self.fact).values[self.value]
        if not isinstance(value, Quantity) or value.unit != "hours":
            raise InputFault(f"'{self.value}' of {self.fact} is no number of hours", path=POOL)
        return int(value.value)


@dataclass(frozen=True)
class Circumstance:
    """Something that is the case for some bodies, and decides whether one clock binds."""

    regime: str
    binds: bool = field(repr=False)
    bodies: tuple[str, ...]
    body: str
    kind: Kind | None


@dataclass(frozen=True)
class Pool:
    """Everything that variants are drawn from."""

    as_of: datetime.date
    people: tuple[str, ...]
    sources: Mapping[str, Source]
    kinds: tuple[Kind, ...]
    bodies: Mapping[str, str]
    regimes: Mapping[str, Regime]
    circumstances: tuple[Circumstance, ...]

    def possible(self, body: str, regime: str) -> list[Circumstance]:
        """What can be the case for a body and a clock."""
        return [item for item in self.circumstances if item.regime == regime and body in item.bodies]


@lru_cache
def load(path: Path = POOL) -> Pool:
    """Read the pool; raise InputFault with file and line."""
    document = yamltext.read(path)
    data = document.data
    wanted = {
        "as_of": str,
        "people": list,
        "sources": dict,
        "events": list,
        "bodies": dict,
        "regimes": dict,
        "circumstances": list,
    }
    for key, shape in wanted.items():
        if not isinstance(data, dict) or not isinstance(data.get(key), shape):
            raise document.fault(f"the pool needs '{key}' ({shape.__name__})", remedy=f"add {key}")
    try:
        as_of = datetime.date.fromisoformat(data["as_of"])
    except ValueError:
        raise document.fault("as_of is not a date", ["as_of"], 'write "YYYY-MM-DD"') from None
    regimes = {name: Regime(name, **_dict(document, "regimes", name)) for name in data["regimes"]}
    return Pool(
        as_of,
        tuple(data["people"]),
        MappingProxyType(
            {name: Source(name, **_dict(document, "sources", name)) for name in data["sources"]}
        ),
        tuple(_kind(document, ("events", i), item, item.get("id")) for i, item in enumerate(data["events"])),
        MappingProxyType(data["bodies"]),
        MappingProxyType(regimes),
        tuple(_circumstance(document, i, item, regimes) for i, item in enumerate(data["circumstances"])),
    )


def _dict(document: yamltext.Document, *where: str) -> dict[str, Any]:
    found: Any = document.data
    for key in where:
        found = found[key]
    if not isinstance(found, dict):
        raise document.fault(f"'{where[-1]}' is no mapping", where, "write its parts as key: value")
    return found


def _kind(document: yamltext.Document, where: tuple[str | int, ...], item: Any, name: Any) -> Kind:
    for key in ("source", "text", "between"):
        if not isinstance(item, dict) or key not in item or not isinstance(name, str):
            raise document.fault(f"this event needs '{key}' and an id", where, f"add {key}")
    low, high = item["between"]
    return Kind(name, item["source"], item["after"], (low, high), " ".join(item["text"].split()))


def _circumstance(
    document: yamltext.Document, index: int, item: Any, regimes: Mapping[str, Regime]
) -> Circumstance:
    where = ("circumstances", index)
    for key, shape in {"regime": str, "binds": bool, "bodies": list, "body": str}.items():
        if not isinstance(item, dict) or not isinstance(item.get(key), shape):
            raise document.fault(f"this circumstance needs '{key}' ({shape.__name__})", where, f"add {key}")
    if item["regime"] not in regimes:
        raise document.fault(f"'{item['regime']}' is no regime of the pool", where, "add it to regimes")
    starts = regimes[item["regime"]].starts
    kind = _kind(document, where, item, starts) if item.get("text") else None
    return Circumstance(item["regime"], item["binds"], tuple(item["bodies"]), item["body"], kind)


def check(pool: Pool, facts: FactBook, path: Path = POOL) -> None:
    """Hold every clock that can start to a rule that was seen, is in force and says whom it binds."""
    can_bind = {item.regime for item in pool.circumstances if item.binds}
    for name, regime in pool.regimes.items():
        fact = facts.get(regime.fact, path=path)
        regime.hours(facts)
        sound = fact.confidence == "seen" and fact.status == "in-force" and fact.binds is not None
        if name in can_bind and not sound:
            raise InputFault(
                f"'{name}' can start a clock, and {fact.id} is {fact.confidence} and {fact.standing}",
                path=path,
                remedy="start only clocks that were seen, are in force and say whom they bind",
            )
        if name not in can_bind and fact.status != "proposed":
            raise InputFault(
                f"'{name}' never binds and is not proposed", path=path, remedy="add a circumstance"
            )
