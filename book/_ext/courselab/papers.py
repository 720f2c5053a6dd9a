"""The pool of the exercise on publication: results, pieces of a paper, and offers with strings attached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from coursefacts import FactBook, yamltext
from coursefacts.errors import InputFault

# Content is found by path; the course keeps its exercises beside the book.
POOL = Path(__file__).resolve().parents[3] / "exercises" / "source" / "publication" / "pool.yml"
KINDS = ("sensitive", "embarrassing", "hyped", "plain")
PLACES = ("paper", "vendor", "nobody")
GROUPS: dict[str, tuple[str | bool, ...]] = {"results": KINDS, "pieces": PLACES, "offers": (True, False)}


@dataclass(frozen=True)
class Item:
    """One thing to decide on: its text, the right answer, the fact that decides it (offers only), and why."""

    id: str
    text: str
    answer: str | bool = field(repr=False)
    rule: str | None = field(repr=False)
    why: str = field(repr=False)


@dataclass(frozen=True)
class Pool:
    """All items by group."""

    results: tuple[Item, ...]
    pieces: tuple[Item, ...]
    offers: tuple[Item, ...]


def draw(items: Sequence[Item], number: int, rng: np.random.Generator) -> tuple[Item, ...]:
    """Draw so many items in random order: each answer at least once, none on more than half of them."""
    answers = list(dict.fromkeys(item.answer for item in items))
    while True:
        chosen = [items[int(i)] for i in rng.permutation(len(items))[:number]]
        found = [item.answer for item in chosen]
        if all(1 <= found.count(answer) <= number / 2 for answer in answers):
            return tuple(chosen)


@lru_cache
def load(path: Path = POOL) -> Pool:
    """Read the pool; raise InputFault with file and line."""
    document = yamltext.read(path)
    groups = {}
    for group, answers in GROUPS.items():
        raw = document.data.get(group) if isinstance(document.data, dict) else None
        if not isinstance(raw, list):
            raise document.fault(f"the pool has no list '{group}'", remedy=f"write {', '.join(GROUPS)}")
        groups[group] = tuple(_item(item, (group, i), answers, document) for i, item in enumerate(raw))
    return Pool(**groups)


def _item(
    raw: Any, where: tuple[str | int, ...], answers: tuple[str | bool, ...], document: yamltext.Document
) -> Item:
    for key in ("id", "text", "why"):
        if not isinstance(raw, dict) or not isinstance(raw.get(key), str):
            raise document.fault(f"this item needs '{key}' (text)", where, f"add {key}")
    if raw.get("answer") not in answers:
        raise document.fault(
            f"'{raw['id']}' has the answer {raw.get('answer')!r}", where, f"use one of {answers}"
        )
    if isinstance(raw["answer"], bool) and not isinstance(raw.get("rule"), str):
        raise document.fault(f"'{raw['id']}' names no rule", where, "add the id of the fact that decides it")
    return Item(
        raw["id"],
        " ".join(raw["text"].split()),
        raw["answer"],
        raw.get("rule"),
        " ".join(raw["why"].split()),
    )


def check(pool: Pool, facts: FactBook, path: Path = POOL) -> None:
    """Hold every offer to a rule that has been seen and is in force; raise InputFault otherwise."""
    for item in pool.offers:
        fact = facts.get(item.rule or "", path=path)
        if fact.confidence != "seen" or fact.status != "in-force":
            raise InputFault(
                f"'{item.id}' is decided by {item.rule}, which is {fact.confidence} and {fact.standing}",
                path=path,
                remedy="grade only what has been seen and is in force",
            )
