"""The pool of the exercise on incidents: events of a night, rules with what decides them, partners' names."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from coursefacts import FactBook, yamltext
from coursefacts.errors import InputFault
from coursefacts.values import Quantity

# Content is found by path; the course keeps its exercises beside the book.
POOL = Path(__file__).resolve().parents[3] / "exercises" / "source" / "incidents" / "pool.yml"
PLACES = ("note", "log", "fact")


@dataclass(frozen=True)
class Source:
    """Where entries of the log come from, and whose time their stamps show."""

    id: str
    name: str
    zone: str


@dataclass(frozen=True)
class Event:
    """A kind of event: where it is logged, and how many minutes after another one it happens."""

    id: str
    source: str
    after: str | None
    between: tuple[int, int]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Axis:
    """One question that a rule asks. `yes` texts fit a clock that runs, `no` texts stop it.

    place: where its text stands: in the partner's note, in the log, or with the rule itself.
    """

    id: str
    place: str
    yes: tuple[str, ...] = field(repr=False)
    no: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Rule:
    """A rule with a clock: its fact, the steps that it asks for by value of the fact, and its axes."""

    id: str
    fact: str
    regions: tuple[str, ...]
    steps: Mapping[str, str]
    axes: tuple[Axis, ...]

    @property
    def only_proposed(self) -> bool:
        """Whether its clock cannot run, for nobody is bound yet."""
        return any(axis.place == "fact" for axis in self.axes)

    def hours(self, step: str, facts: FactBook) -> int:
        """Give the time of a step, in hours; raise InputFault where the fact holds none."""
        value = facts.get(self.fact).values.get(step)
        if not isinstance(value, Quantity) or value.unit != "hours":
            raise InputFault(f"'{step}' of {self.fact} is no number of hours", path=POOL)
        return int(value.value)


@dataclass(frozen=True)
class Pool:
    """Everything that sheets are drawn from."""

    as_of: datetime.date
    people: tuple[str, ...]
    bodies: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, Source]
    reporters: tuple[str, ...]
    events: tuple[Event, ...]
    asides: tuple[str, ...]
    suspected: tuple[str, ...]
    confirmed: tuple[str, ...]
    rules: Mapping[str, Rule]


_SHAPES = {
    "as_of": str,
    "people": list,
    "bodies": dict,
    "sources": dict,
    "reporters": list,
    "events": list,
    "asides": list,
    "suspected": list,
    "confirmed": list,
    "rules": dict,
}


@lru_cache
def load(path: Path = POOL) -> Pool:
    """Read the pool; raise InputFault with file and line."""
    document = yamltext.read(path)
    data = document.data
    for key, shape in _SHAPES.items():
        if not isinstance(data, dict) or not isinstance(data.get(key), shape):
            raise document.fault(f"the pool needs '{key}' ({shape.__name__})", remedy=f"add {key}")
    try:
        as_of = datetime.date.fromisoformat(data["as_of"])
    except ValueError:
        raise document.fault("as_of is not a date", ["as_of"], 'write "YYYY-MM-DD"') from None
    return Pool(
        as_of,
        _texts(document, "people"),
        {name: _texts(document, "bodies", name) for name in data["bodies"]},
        {name: Source(name, str(one["name"]), str(one["zone"])) for name, one in data["sources"].items()},
        _texts(document, "reporters"),
        tuple(_event(document, at) for at in range(len(data["events"]))),
        _texts(document, "asides"),
        _texts(document, "suspected"),
        _texts(document, "confirmed"),
        {name: _rule(document, name) for name in data["rules"]},
    )


def _at(document: yamltext.Document, *where: str | int) -> Any:
    found: Any = document.data
    for key in where:
        found = found[key]
    return found


def _texts(document: yamltext.Document, *where: str | int) -> tuple[str, ...]:
    found = _at(document, *where)
    if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
        raise document.fault(f"'{where[-1]}' is no list of texts", where, "write it as a list of texts")
    return tuple(" ".join(one.split()) for one in found)


def _event(document: yamltext.Document, at: int) -> Event:
    item = _at(document, "events", at)
    for key in ("id", "source", "after", "between", "texts"):
        if not isinstance(item, dict) or key not in item:
            raise document.fault(f"this event needs '{key}'", ("events", at), f"add {key}")
    low, high = item["between"]
    return Event(
        item["id"], item["source"], item["after"], (low, high), _texts(document, "events", at, "texts")
    )


def _rule(document: yamltext.Document, name: str) -> Rule:
    item = _at(document, "rules", name)
    for key, shape in {"fact": str, "where": str, "steps": dict, "axes": list}.items():
        if not isinstance(item, dict) or not isinstance(item.get(key), shape):
            raise document.fault(f"this rule needs '{key}' ({shape.__name__})", ("rules", name), f"add {key}")
    axes = tuple(_axis(document, name, at) for at in range(len(item["axes"])))
    if [axis.place for axis in axes].count("log") != 1:
        raise document.fault(f"'{name}' needs one axis in the log", ("rules", name), "add log: true to one")
    return Rule(name, item["fact"], tuple(item["where"].split()), item["steps"], axes)


def _axis(document: yamltext.Document, rule: str, at: int) -> Axis:
    where = ("rules", rule, "axes", at)
    item = _at(document, *where)
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise document.fault("this axis needs an id", where, "add id")
    place = next((one for one in PLACES if item.get(one) is True), "note")
    return Axis(item["id"], place, _texts(document, *where, "yes"), _texts(document, *where, "no"))


def check(pool: Pool, facts: FactBook, path: Path = POOL) -> None:
    """Hold every clock that can start to a rule that was seen, is in force and says whom it binds."""
    for name, rule in pool.rules.items():
        fact = facts.get(rule.fact, path=path)
        for step in rule.steps:
            rule.hours(step, facts)
        sound = fact.confidence == "seen" and fact.status == "in-force" and fact.binds is not None
        if not rule.only_proposed and not sound:
            raise InputFault(
                f"'{name}' can start a clock, and {fact.id} is {fact.confidence} and {fact.standing}",
                path=path,
                remedy="start only clocks that were seen, are in force and say whom they bind",
            )
        if rule.only_proposed and fact.status != "proposed":
            raise InputFault(
                f"'{name}' never binds and is not proposed",
                path=path,
                remedy="take its axis `fact` away, or ask about a rule that is proposed",
            )
