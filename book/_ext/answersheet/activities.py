"""The pool of project activities from which each learner gets eight, with the rule that decides each."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from coursefacts import FactBook, yamltext
from coursefacts.errors import InputFault

# Content is found by path; the course keeps its exercises beside the book.
POOL = Path(__file__).resolve().parents[3] / "exercises" / "source" / "export-controls" / "pool.yml"
DRAWN = 8
LEAST_OF_EACH = 3


@dataclass(frozen=True)
class Activity:
    """One thing that somebody in the project is about to do.

    where: the jurisdiction whose rules are asked for. export: whether it is an export, a reexport or a
    deemed export, or needs the same authorisation. rules: ids of the facts that may be named as deciding it.
    """

    id: str
    where: str
    text: str
    export: bool = field(repr=False)
    rules: tuple[str, ...] = field(repr=False)
    why: str = field(repr=False)


@dataclass(frozen=True)
class Pool:
    """All activities, and the day for which the lists are looked up."""

    as_of: datetime.date
    activities: tuple[Activity, ...]

    def rules(self) -> tuple[str, ...]:
        """Every rule that decides some activity, in order of id."""
        return tuple(sorted({rule for activity in self.activities for rule in activity.rules}))

    def draw(self, rng: np.random.Generator) -> tuple[Activity, ...]:
        """Eight activities, at least three of each answer, in random order."""
        exports = int(rng.integers(LEAST_OF_EACH, DRAWN - LEAST_OF_EACH + 1))
        chosen = []
        for wanted, number in ((True, exports), (False, DRAWN - exports)):
            group = [item for item in self.activities if item.export is wanted]
            chosen += [group[i] for i in rng.permutation(len(group))[:number]]
        return tuple(chosen[i] for i in rng.permutation(DRAWN))


@lru_cache
def load(path: Path = POOL) -> Pool:
    """Read the pool; raise InputFault with file and line."""
    document = yamltext.read(path)
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("activities"), list):
        raise document.fault("not a pool of activities", remedy="write as_of and activities")
    try:
        as_of = datetime.date.fromisoformat(str(data.get("as_of")))
    except ValueError:
        raise document.fault("as_of is not a date", ["as_of"], 'write "YYYY-MM-DD"') from None
    activities = tuple(_activity(item, i, document) for i, item in enumerate(data["activities"]))
    return Pool(as_of, activities)


def _activity(item: Any, index: int, document: yamltext.Document) -> Activity:
    where: tuple[str | int, ...] = ("activities", index)
    wanted = {"id": str, "where": str, "text": str, "export": bool, "rules": list, "why": str}
    for key, kind in wanted.items():
        if not isinstance(item, dict) or not isinstance(item.get(key), kind):
            raise document.fault(f"this activity needs '{key}' ({kind.__name__})", where, f"add {key}")
    return Activity(
        item["id"],
        item["where"],
        " ".join(item["text"].split()),
        item["export"],
        tuple(item["rules"]),
        " ".join(item["why"].split()),
    )


def check(pool: Pool, facts: FactBook, path: Path = POOL) -> None:
    """Hold every activity to a rule that has been seen and is in force; raise InputFault otherwise."""
    for activity in pool.activities:
        for rule in activity.rules:
            fact = facts.get(rule, path=path)
            if fact.confidence != "seen" or fact.status != "in-force":
                raise InputFault(
                    f"'{activity.id}' is decided by {rule}, which is {fact.confidence} and {fact.standing}",
                    path=path,
                    remedy="grade only what has been seen and is in force",
                )
