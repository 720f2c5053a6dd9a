"""Partners' notes of the exercise on incidents: which clock runs for whom, and what would turn the answer.

A note says one thing on each axis of its rule. Where a clock runs, all of them fit; where none does, exactly
one stands against it, so that one change starts or stops it. The menu of changes holds that one, another on
the same axis that leaves the answer as it is, and some that do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from answersheet.incident_pool import Axis, Pool, Rule

# Of these rules each sheet asks, and of one that is only proposed; so many of the eight clocks run.
ASKED = ("nis2", "nis2", "gdpr", "gdpr", "dfars", "seer", "cra")
FEWEST, MOST = 3, 5
CHANGES = 4
_BEFORE = {"note": "", "log": "In the log: ", "fact": "Of the rule: "}


@dataclass(frozen=True)
class Said:
    """A log entry about a partner: what it says, and whether it is a suspicion, the finding or its echo."""

    role: str
    text: str


@dataclass(frozen=True)
class Note:
    """One partner and one rule.

    said: the entries about it, in the order in which they happen. runs: whether the clock starts with the
    finding. changes: (text, whether it turns the answer).
    """

    id: str
    body: str
    rule: Rule
    step: str
    text: str
    said: tuple[Said, ...]
    runs: bool = field(repr=False)
    changes: tuple[tuple[str, str], ...]
    turn: str = field(repr=False)

    def public(self) -> dict[str, Any]:
        """Give what the learner may see."""
        return {
            "id": self.id,
            "partner": self.body,
            "asks": self.rule.steps[self.step],
            "fact": self.rule.fact,
            "value": self.step,
            "text": self.text,
            "changes": dict(self.changes),
        }


class _Words:
    """Fills in one partner's names, with numbers of their own in each sentence."""

    def __init__(self, body: str, person: str, rng: np.random.Generator) -> None:
        self.names, self.rng = {"body": body, "person": person}, rng

    def fill(self, text: str) -> str:
        n, m = int(self.rng.integers(60, 980)), int(self.rng.integers(4, 48))
        return text.format(**self.names, n=n, m=m)

    def one(self, texts: tuple[str, ...], but: str | None = None) -> str:
        """Choose a text; not `but`, where there is another."""
        others = [text for text in texts if text != but] or list(texts)
        return others[int(self.rng.integers(len(others)))]


def draw(pool: Pool, rng: np.random.Generator) -> list[Note]:
    """Draw eight notes, of which three to five start a clock, each of another partner."""
    proposed = [name for name, rule in pool.rules.items() if rule.only_proposed]
    rules = [pool.rules[name] for name in (*ASKED, proposed[int(rng.integers(len(proposed)))])]
    while True:
        running = [not rule.only_proposed and bool(rng.integers(2)) for rule in rules]
        if FEWEST <= sum(running) <= MOST:
            break
    ids = [f"note-{100 + int(number)}" for number in rng.permutation(900)[: len(rules)]]
    changes = [f"change-{100 + int(number)}" for number in rng.permutation(900)[: CHANGES * len(rules)]]
    people = [pool.people[int(at)] for at in rng.permutation(len(pool.people))]
    taken: set[str] = set()
    made = []
    for at, (rule, runs) in enumerate(zip(rules, running, strict=True)):
        body = _body(pool, rule, taken, rng)
        words = _Words(body, people[at], rng)
        made.append(_note(pool, rule, runs, ids[at], changes[CHANGES * at : CHANGES * (at + 1)], words))
    return sorted(made, key=lambda note: note.id)


def _body(pool: Pool, rule: Rule, taken: set[str], rng: np.random.Generator) -> str:
    region = rule.regions[int(rng.integers(len(rule.regions)))]
    free = [body for body in pool.bodies[region] if body not in taken]
    body = free[int(rng.integers(len(free)))]
    taken.add(body)
    return body


def _note(pool: Pool, rule: Rule, runs: bool, id: str, ids: list[str], words: _Words) -> Note:
    rng = words.rng
    against = None if runs else _against(rule, rng)
    chosen = {axis: words.one(axis.no if axis is against else axis.yes) for axis in rule.axes}
    aside = words.one(pool.asides)
    sentences = [words.fill(text) for axis, text in chosen.items() if axis.place == "note"]
    sentences.insert(int(rng.integers(2)) * len(sentences), words.fill(aside))
    finding = Said("finding", words.fill(next(text for axis, text in chosen.items() if axis.place == "log")))
    said = [finding]
    if rng.integers(2):
        said.insert(0, Said("suspected", words.fill(words.one(pool.suspected))))
    else:
        said.append(Said("confirmed", words.fill(words.one(pool.confirmed))))
    key, others = _changes(rule, chosen, against, words)
    other_aside = words.fill(words.one(pool.asides, aside))
    texts = [key, *others, other_aside]
    order = rng.permutation(len(texts))
    menu = tuple((name, texts[int(at)]) for name, at in zip(sorted(ids), order, strict=True))
    turn = next(name for name, text in menu if text == key)
    step = words.one(tuple(rule.steps))
    partner = words.names["body"]
    return Note(id, partner, rule, step, " ".join(sentences), tuple(said), runs, menu, turn)


def _against(rule: Rule, rng: np.random.Generator) -> Axis:
    """Choose what stands against the clock; for a rule that is only proposed, that it is."""
    axes = [axis for axis in rule.axes if not rule.only_proposed or axis.place == "fact"]
    return axes[int(rng.integers(len(axes)))]


def _changes(
    rule: Rule, chosen: dict[Axis, str], against: Axis | None, words: _Words
) -> tuple[str, list[str]]:
    """Give the change that turns the answer, and two that do not."""

    def change(axis: Axis, texts: tuple[str, ...]) -> str:
        return _BEFORE[axis.place] + words.fill(words.one(texts, chosen[axis]))

    axis = against or rule.axes[int(words.rng.integers(len(rule.axes)))]
    rest = [one for one in rule.axes if one is not axis]
    other = rest[int(words.rng.integers(len(rest)))]
    if against is None:
        return change(axis, axis.no), [change(axis, axis.yes), change(other, other.yes)]
    # Where one thing stands against it, a second one changes nothing.
    return change(axis, axis.yes), [change(axis, axis.no), change(other, other.no)]
