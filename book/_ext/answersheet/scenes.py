"""Judgement items with drawn facts: one scene, two facts in it, and an answer for each pair of them.

A pool is a YAML file of scenes. A scene's text has slots: `a` and `b` are its facts, of two phrases each,
which decide together; the other slots are noise, which decides nothing. So a scene alone does not give the
answer away, and two learners who meet the same scene may have to answer it differently.

The same pairs make a second question of each part: which of four changes of the text turns the answer?
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from coursefacts import FactBook, yamltext
from coursefacts.errors import InputFault

Key = str | bool
FACTS = ("a", "b")
CHANGES = 4
_ATTEMPTS = 10_000


@dataclass(frozen=True)
class Scene:
    """One scene of a pool.

    slots: the phrases of each slot, the facts `a` and `b` among them. answers: by the pair of phrases'
    places; a pair that makes no sense, or whose answer would be disputed, has none. rule: id of the fact
    that decides.
    """

    id: str
    text: str
    slots: dict[str, tuple[str, ...]]
    answers: dict[tuple[int, int], Key] = field(repr=False)
    rule: str | None = field(repr=False)
    why: str = field(repr=False)


@dataclass(frozen=True)
class Pool:
    """All scenes of a part, and the answers to choose from."""

    keys: tuple[Key, ...]
    scenes: tuple[Scene, ...]


@dataclass(frozen=True)
class Item:
    """A scene with every slot filled: what one learner decides on. places: of each slot's phrase."""

    scene: Scene
    places: dict[str, int]

    @property
    def answer(self) -> Key:
        """Give the right answer."""
        return self.scene.answers[self.places["a"], self.places["b"]]

    @property
    def text(self) -> str:
        """Write the scene out; a sentence begins with a capital, whichever phrase it begins with."""
        filled = self.scene.text
        # A phrase may have a noise slot in it.
        while any(name for _, name, _, _ in string.Formatter().parse(filled)):
            filled = filled.format_map({slot: self.phrase(slot) for slot in self.places})
        return filled[0].upper() + filled[1:]

    def phrase(self, slot: str) -> str:
        """Give the phrase of a slot."""
        return self.scene.slots[slot][self.places[slot]]

    def changes(self, *, turning: bool) -> list[dict[str, int]]:
        """Give the changes of one to three phrases that turn the answer, or those that leave it."""
        others = {
            slot: (place + 1) % len(self.scene.slots[slot])
            for slot, place in self.places.items()
            if len(self.scene.slots[slot]) > 1
        }
        found = []
        for size in (1, 2, 3):
            for slots in combinations(others, size):
                change = {slot: others[slot] for slot in slots}
                after = self.places | change
                answer = self.scene.answers.get((after["a"], after["b"]))
                if answer is not None and (answer != self.answer) is turning:
                    found.append(change)
        return found

    @property
    def can_be_asked(self) -> bool:
        """Tell whether some change turns the answer, and some change of a fact leaves it."""
        leaving = self.changes(turning=False)
        touched = any(set(change) & set(FACTS) for change in leaving)
        return bool(self.changes(turning=True)) and touched and len(leaving) >= CHANGES - 1


def draw(pool: Pool, number: int, rng: np.random.Generator) -> list[Item]:
    """Draw so many scenes, each once: every answer at least once, none on more than half of them.

    On one item at least, four changes can be asked about. Within a scene each of its
    answers is as likely as the others, so that a scene alone tells nothing.
    """
    for _ in range(_ATTEMPTS):
        chosen = rng.permutation(len(pool.scenes))[:number]
        items = [_item(pool.scenes[int(at)], rng) for at in chosen]
        answers = [item.answer for item in items]
        balanced = all(1 <= answers.count(key) <= number / 2 for key in pool.keys)
        if balanced and any(item.can_be_asked for item in items):
            return items
    raise InputFault(f"the pool has too few scenes for {number} items", remedy="add scenes of every answer")


def _item(scene: Scene, rng: np.random.Generator) -> Item:
    keys = list(dict.fromkeys(scene.answers.values()))
    wanted = keys[int(rng.integers(len(keys)))]
    pairs = [pair for pair, key in scene.answers.items() if key == wanted]
    a, b = pairs[int(rng.integers(len(pairs)))]
    places = {slot: int(rng.integers(len(phrases))) for slot, phrases in scene.slots.items()}
    return Item(scene, places | {"a": a, "b": b})


def choice_of_changes(items: Sequence[Item], rng: np.random.Generator) -> tuple[int, list[str], int]:
    """Draw the second question of a part: which item, four changes of it, and which of them turns it.

    What leaves the answer is the other fact, and noise: names, days, places.
    """
    at = next(int(at) for at in rng.permutation(len(items)) if items[int(at)].can_be_asked)
    item = items[at]
    shown = _of_any_length(item, rng)
    order = rng.permutation(CHANGES)
    texts = [_as_change(item, shown[int(place)]) for place in order]
    return at, texts, int(np.flatnonzero(order == 0)[0])


def _of_any_length(item: Item, rng: np.random.Generator) -> list[dict[str, int]]:
    """Draw the change that turns the answer and three that leave it; which is the longest tells nothing."""
    turning, leaving = (item.changes(turning=kind) for kind in (True, False))
    for rank in rng.permutation(CHANGES):
        for place in rng.permutation(len(turning)):
            right = turning[int(place)]
            length = len(_as_change(item, right))
            mixed = [leaving[int(at)] for at in rng.permutation(len(leaving))]
            # Those that touch a fact come first: they are the ones to think about.
            mixed.sort(key=lambda change: not set(change) & set(FACTS))
            shorter = [change for change in mixed if len(_as_change(item, change)) <= length]
            longer = [change for change in mixed if len(_as_change(item, change)) > length]
            shown = [right, *shorter[:rank], *longer[: CHANGES - 1 - rank]]
            if len(shown) == CHANGES and any(set(change) & set(FACTS) for change in shown[1:]):
                return shown
    return [right, *mixed][:CHANGES]


def _as_change(item: Item, change: dict[str, int]) -> str:
    # In the order of the text, so that facts and noise stand anywhere.
    slots = sorted(change, key=lambda slot: item.scene.text.find(f"{{{slot}}}") % 10_000)
    pairs = [(item.phrase(slot), item.scene.slots[slot][change[slot]]) for slot in slots]
    return ", and ".join(f"“{_filled(item, old)}” becomes “{_filled(item, new)}”" for old, new in pairs)


def _filled(item: Item, phrase: str) -> str:
    return phrase.format_map({slot: item.phrase(slot) for slot in item.places}).rstrip(".,;")


@lru_cache
def load(path: Path) -> Pool:
    """Read a pool; raise InputFault with file and line."""
    document = yamltext.read(path)
    data = document.data
    if not isinstance(data, dict) or not all(isinstance(data.get(key), list) for key in ("keys", "scenes")):
        raise document.fault("not a pool of scenes", remedy="write keys, noise and scenes")
    common = data.get("noise") or {}
    keys = tuple(data["keys"])
    scenes = tuple(
        _scene(raw, ("scenes", at), keys, common, document) for at, raw in enumerate(data["scenes"])
    )
    return Pool(keys, scenes)


def _scene(
    raw: Any,
    where: tuple[str | int, ...],
    keys: tuple[Key, ...],
    common: dict[str, list[str]],
    document: yamltext.Document,
) -> Scene:
    for key, kind in {"id": str, "text": str, "why": str, "a": list, "b": list, "answers": list}.items():
        if not isinstance(raw, dict) or not isinstance(raw.get(key), kind):
            raise document.fault(f"this scene needs '{key}' ({kind.__name__})", where, f"add {key}")
    name = raw["id"]
    for fact in FACTS:
        if len(raw[fact]) != 2 or not all(isinstance(phrase, str) for phrase in raw[fact]):
            raise document.fault(
                f"'{name}' needs two phrases in '{fact}'", where, "quote a phrase with a comma"
            )
    if len(raw["answers"]) != 4 or not set(raw["answers"]) <= {*keys, None} or len(set(raw["answers"])) < 2:
        raise document.fault(
            f"'{name}' needs four answers, two of them different", where, f"use {list(keys)} or null"
        )
    noise = {
        slot: tuple(str(one) for one in many) for slot, many in (common | (raw.get("noise") or {})).items()
    }
    slots = {"a": tuple(raw["a"]), "b": tuple(raw["b"])} | noise
    used = _slots_of(raw["text"], *raw["a"], *raw["b"])
    if missing := (used | set(FACTS)) - (used & set(slots)):
        raise document.fault(f"'{name}' has no phrases or no place for {sorted(missing)}", where, "add them")
    answers = {(at // 2, at % 2): key for at, key in enumerate(raw["answers"]) if key is not None}
    kept = {slot: phrases for slot, phrases in slots.items() if slot in used}
    return Scene(name, raw["text"], kept, answers, raw.get("rule"), raw["why"])


def _slots_of(*texts: str) -> set[str]:
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def check(pool: Pool, facts: FactBook, path: Path) -> None:
    """Hold every scene with a rule to one that has been seen and is in force; raise InputFault otherwise."""
    for scene in pool.scenes:
        if scene.rule is None:
            continue
        fact = facts.get(scene.rule, path=path)
        if fact.confidence != "seen" or fact.status != "in-force":
            raise InputFault(
                f"'{scene.id}' is decided by {scene.rule}, which is {fact.confidence} and {fact.standing}",
                path=path,
                remedy="grade only what has been seen and is in force",
            )
