"""The course's scheme of five tiers, a pool of artefacts to place in it, and marks by distance.

The scheme is for teaching and binds nobody. An answer is worth its distance to the nearest accepted tier, the
same in both directions: too high is as wrong as too low.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from coursefacts import FactBook, yamltext
from coursefacts.errors import InputFault
from coursefacts.values import Quantity

# Content is found by path; the course keeps its exercises beside the book.
POOL = Path(__file__).resolve().parents[3] / "exercises" / "source" / "classification" / "pool.yml"
# How many of each group are drawn; together twelve.
DRAWN = {
    "box": 1,
    "sensor": 1,
    "open": 2,
    "trap": 1,
    "later": 3,
    "partner": 2,
    "restricted": 1,
    "not-ours": 1,
}
# Worth of an answer at this distance from the accepted tiers; further away counts as the last.
WORTH = (1.0, 0.4, -0.3, -0.6)
LISTED = 3
# A drawn value is this factor away from its bound, or more, and never more than twice that.
MARGIN = 1.6
# Days of events lie between these, counted from the day of the pool.
FIRST_EVENT, LAST_EVENT = 21, 330


@dataclass(frozen=True)
class Tier:
    """One step of the scheme: who may have it, and who decides that."""

    tier: int
    name: str
    who: str
    decides: str


@dataclass(frozen=True)
class Artefact:
    """One thing of a project that must be placed.

    tiers: the accepted ones. reasons: those that may be given. event: the day by which something changes,
    where one is known. fact: what the answer rests on, where it rests on a law.
    """

    id: str
    group: str
    text: str
    tiers: tuple[int, ...] = field(repr=False)
    reasons: tuple[str, ...] = field(repr=False)
    why: str = field(repr=False)
    event: datetime.date | None = None
    fact: str | None = field(default=None, repr=False)

    def distance(self, tier: int) -> int:
        """How many steps an answer is away from the nearest accepted tier, in either direction."""
        return min(abs(tier - accepted) for accepted in self.tiers)


@dataclass(frozen=True)
class Pool:
    """The scheme, the day for which it is asked, and every artefact as it is written in the file."""

    as_of: datetime.date
    longest_review: datetime.timedelta
    tiers: tuple[Tier, ...]
    reasons: dict[str, str]
    raw: tuple[dict[str, Any], ...] = field(repr=False)

    def draw(self, rng: np.random.Generator, facts: FactBook) -> tuple[Artefact, ...]:
        """Twelve artefacts with days and values of their own, in random order."""
        chosen = []
        for group, number in DRAWN.items():
            members = [item for item in self.raw if item["group"] == group]
            picked = rng.choice(len(members), number, replace=False)
            chosen += [self._made(members[int(i)], rng, facts) for i in picked]
        return tuple(chosen[int(i)] for i in rng.permutation(len(chosen)))

    def _made(self, item: dict[str, Any], rng: np.random.Generator, facts: FactBook) -> Artefact:
        text, event = " ".join(item["text"].split()), None
        if item.get("event"):
            days = int(rng.integers(FIRST_EVENT, LAST_EVENT + 1))
            event = self.as_of + datetime.timedelta(days=days)
            text = text.replace("{event}", f"{event:%-d %B %Y}")
        made = Artefact(
            item["id"],
            item["group"],
            text,
            tuple(item["tiers"]),
            tuple(item["reasons"]),
            item["why"],
            event,
            item.get("fact"),
        )
        return _measured(made, item["bound"], rng, facts) if "bound" in item else made

    def last_review(self, artefact: Artefact) -> datetime.date:
        """The last day on which the decision must be looked at again: the event, or the scheme's longest."""
        longest = self.as_of + self.longest_review
        return longest if artefact.event is None else min(artefact.event, longest)


def _measured(
    artefact: Artefact, bound: dict[str, str], rng: np.random.Generator, facts: FactBook
) -> Artefact:
    """Give the instrument a value on one side of its bound; on the better side the list describes it."""
    limit = facts.get(bound["fact"]).values[bound["value"]]
    assert isinstance(limit, Quantity)
    better = bool(rng.integers(2))
    factor = float(rng.uniform(MARGIN, 2 * MARGIN))
    value = float(f"{limit.value / factor if better else limit.value * factor:.2g}")
    made = replace(artefact, text=artefact.text.replace("{value}", f"{value:g}"))
    return replace(made, tiers=(LISTED,), reasons=("listed",)) if better else made


@lru_cache
def load(path: Path = POOL) -> Pool:
    """Read scheme and artefacts; raise InputFault with file and line."""
    document = yamltext.read(path)
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("artefacts"), list):
        raise document.fault("not a pool of artefacts", remedy="write as_of, scheme and artefacts")
    try:
        as_of = datetime.date.fromisoformat(str(data.get("as_of")))
    except ValueError:
        raise document.fault("as_of is not a date", ["as_of"], 'write "YYYY-MM-DD"') from None
    scheme = data["scheme"]
    tiers = tuple(Tier(**tier) for tier in scheme["tiers"])
    for index, item in enumerate(data["artefacts"]):
        _check(item, index, document, scheme)
    return Pool(
        as_of,
        datetime.timedelta(days=scheme["longest_review_days"]),
        tiers,
        dict(scheme["reasons"]),
        tuple(data["artefacts"]),
    )


def _check(item: Any, index: int, document: yamltext.Document, scheme: dict[str, Any]) -> None:
    where: tuple[str | int, ...] = ("artefacts", index)
    for key, kind in {
        "id": str,
        "group": str,
        "text": str,
        "tiers": list,
        "reasons": list,
        "why": str,
    }.items():
        if not isinstance(item, dict) or not isinstance(item.get(key), kind):
            raise document.fault(f"this artefact needs '{key}' ({kind.__name__})", where, f"add {key}")
    if item["group"] not in DRAWN:
        raise document.fault(f"no group '{item['group']}'", where, f"use one of {', '.join(DRAWN)}")
    unknown = [reason for reason in item["reasons"] if reason not in scheme["reasons"]]
    if unknown:
        raise document.fault(f"no reason '{unknown[0]}'", where, "use one of the scheme's reasons")
    if ("{event}" in item["text"]) is not bool(item.get("event")):
        raise document.fault("'event' and {event} in the text belong together", where, "add the other one")


def check(pool: Pool, facts: FactBook, path: Path = POOL) -> None:
    """Hold every artefact that rests on a law to a fact that has been seen and is in force."""
    for item in pool.raw:
        if "fact" in item:
            fact = facts.get(item["fact"], path=path)
            if fact.confidence != "seen" or fact.status != "in-force":
                raise InputFault(
                    f"'{item['id']}' rests on {fact.id}, which is {fact.confidence} and {fact.standing}",
                    path=path,
                    remedy="grade only what has been seen and is in force",
                )


def worth(distance: int) -> float:
    """What an answer at this distance is worth: 1 for a hit, less than nothing from two steps on."""
    return WORTH[min(distance, len(WORTH) - 1)]


def score(artefacts: tuple[Artefact, ...], answers: dict[str, int]) -> float:
    """Worth of all answers as a share of the best, never below nothing; what is left out is worth nothing."""
    known = {artefact.id: artefact for artefact in artefacts}
    total = sum(worth(known[name].distance(tier)) for name, tier in answers.items() if name in known)
    return max(0.0, total / len(artefacts))
