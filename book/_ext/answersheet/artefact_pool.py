"""The pool of things and sentences from which a learner's twelve are made, read with file and line."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from coursefacts import FactBook, yamltext
from coursefacts import load as load_facts
from coursefacts.errors import InputFault
from coursefacts.values import Quantity

# Content is found by path; the course keeps its exercises beside the book.
POOL = Path(__file__).resolve().parents[3] / "exercises" / "source" / "classification" / "pool.yml"
KINDS = ("data", "people", "code", "lent", "box", "gravimeter", "magnetometer")
ABOUT = ("date", "agreement", "security", "person", "mark", "listed", "loan", "wanted", "nothing")
FACT, DAY, VALUE = "{fact}", "{day}", "{value}"
_FACTS = 3


@dataclass(frozen=True)
class Thing:
    """Something that a laboratory has."""

    id: str
    kind: str
    text: str


@dataclass(frozen=True)
class Sentence:
    """How a thing stands, with a place for one fact.

    active, idle: facts that ask for the tier of what it is about, and facts in the same place that do not.
    bound: the value of a control list, better than which a thing is listed. public: if idle means public.
    """

    about: str
    kinds: tuple[str, ...]
    text: str
    active: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    bound: float | None = None
    public: bool = False

    @property
    def has_day(self) -> bool:
        """Whether its fact is a day."""
        return DAY in self.text

    def says(self, fact: str) -> str:
        """Write the fact into its place."""
        return self.text.replace(FACT, fact).replace(DAY, fact).replace(VALUE, fact)


@dataclass(frozen=True)
class Pool:
    """All things and sentences, and the day for which a tier is asked."""

    as_of: datetime.date
    things: tuple[Thing, ...]
    sentences: tuple[Sentence, ...]
    rests_on: tuple[str, ...]


@lru_cache
def load(path: Path = POOL) -> Pool:
    """Read the pool; raise InputFault with file and line."""
    document = yamltext.read(path)
    data = document.data
    if not isinstance(data, dict) or not all(
        isinstance(data.get(key), list) for key in ("things", "sentences")
    ):
        raise document.fault("not a pool of artefacts", remedy="write as_of, things and sentences")
    try:
        as_of = datetime.date.fromisoformat(str(data.get("as_of")))
    except ValueError:
        raise document.fault("as_of is not a date", ["as_of"], 'write "YYYY-MM-DD"') from None
    things = tuple(_thing(item, at, document) for at, item in enumerate(data["things"]))
    sentences = tuple(_sentence(item, at, document) for at, item in enumerate(data["sentences"]))
    rests_on = tuple(sorted({item["bound"]["fact"] for item in data["sentences"] if "bound" in item}))
    return Pool(as_of, things, sentences, rests_on)


def _thing(item: Any, at: int, document: yamltext.Document) -> Thing:
    where: tuple[str | int, ...] = ("things", at)
    for key in ("id", "kind", "text"):
        if not isinstance(item, dict) or not isinstance(item.get(key), str):
            raise document.fault(f"this thing needs '{key}' (str)", where, f"add {key}")
    _no_more(item, ("id", "kind", "text"), where, document)
    if item["kind"] not in KINDS:
        raise document.fault(f"no kind '{item['kind']}'", where, f"use one of {', '.join(KINDS)}")
    return Thing(item["id"], item["kind"], item["text"])


def _no_more(
    item: dict[str, Any], keys: tuple[str, ...], where: tuple[str | int, ...], document: yamltext.Document
) -> None:
    """Refuse a key that nobody reads: a text with a comma and without quotes makes one."""
    for key in item:
        if key not in keys:
            raise document.fault(f"nothing reads '{key}'", where, "put quotes around a text with a comma")


def _sentence(item: Any, at: int, document: yamltext.Document) -> Sentence:
    where: tuple[str | int, ...] = ("sentences", at)
    for key, kind in {"about": str, "kinds": list, "text": str}.items():
        if not isinstance(item, dict) or not isinstance(item.get(key), kind):
            raise document.fault(f"this sentence needs '{key}' ({kind.__name__})", where, f"add {key}")
    _no_more(item, ("about", "kinds", "text", "active", "idle", "bound", "public"), where, document)
    if item["about"] not in ABOUT:
        raise document.fault(f"nothing is about '{item['about']}'", where, f"use one of {', '.join(ABOUT)}")
    unknown = [kind for kind in item["kinds"] if kind not in KINDS]
    if unknown:
        raise document.fault(f"no kind '{unknown[0]}'", where, f"use some of {', '.join(KINDS)}")
    places = [place for place in (FACT, DAY, VALUE) if place in item["text"]]
    if len(places) != 1:
        raise document.fault("a sentence has one fact", where, f"write one of {FACT}, {DAY}, {VALUE}")
    active, idle = (tuple(str(one) for one in item.get(key, ())) for key in ("active", "idle"))
    sides = [idle] if item["about"] == "nothing" else [active, idle]
    if places == [FACT] and any(len(set(side)) < _FACTS for side in sides):
        raise document.fault("too few facts to choose from", where, f"write {_FACTS} of each side")
    if (places == [VALUE]) is not ("bound" in item):
        raise document.fault("'bound' and {value} in the text belong together", where, "add the other one")
    bound = _bound(item["bound"]) if "bound" in item else None
    return Sentence(
        item["about"], tuple(item["kinds"]), item["text"], active, idle, bound, bool(item.get("public"))
    )


@lru_cache
def _known_facts() -> FactBook:
    return load_facts()


def _bound(named: dict[str, str]) -> float:
    limit = _known_facts().get(named["fact"]).values[named["value"]]
    assert isinstance(limit, Quantity)
    return float(limit.value)


def check(pool: Pool, facts: FactBook, path: Path = POOL) -> None:
    """Hold every bound to a fact that has been seen and is in force; raise InputFault otherwise."""
    for rule in pool.rests_on:
        fact = facts.get(rule, path=path)
        if fact.confidence != "seen" or fact.status != "in-force":
            raise InputFault(
                f"a bound rests on {rule}, which is {fact.confidence} and {fact.standing}",
                path=path,
                remedy="grade only what has been seen and is in force",
            )
