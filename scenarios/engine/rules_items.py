"""Rules of the second edition about a quiz: its items are answered by knowing, and not by their surface.

A key must not be known by its length, its place, its words or its echo of the question.
After Haladyna, Downing and Rodriguez (2002), A review of multiple-choice item-writing guidelines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log

from scenarios.engine.cues import EXTREME, PUNCTUATION
from scenarios.engine.findings import Finding
from scenarios.engine.model import Case, Form, Scene
from scenarios.engine.plain_text import plain

POINTS = 0.10
"""How far above chance a player who knows nothing may lie."""
SHORTEST, LONGEST = 0.85, 1.15
"""Length of the keys against that of the other options, over a quiz."""
FEWEST = 5
"""Items below which a share is an accident."""
FORMS = 2
"""How many forms an item has at least."""
_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True)
class Item:
    """A form of an item as a player sees it who knows nothing of the matter, and its key."""

    scene: Scene
    line: int
    stem: str
    options: tuple[str, ...]
    correct: tuple[int, ...]

    @property
    def single(self) -> bool:
        """Tell whether one option is right."""
        return len(self.correct) == 1


def items(case: Case) -> list[Item]:
    """List the forms of a quiz in which something is chosen; a typed answer cannot be guessed."""
    return [
        _seen(scene, form)
        for scene, item in zip(case.scenes, case.logic.items, strict=True)
        for form, logic in zip(scene.forms, item.forms, strict=True)
        if logic.asks == "choice"
    ]


def _seen(scene: Scene, form: Form) -> Item:
    return Item(
        scene=scene,
        line=form.line,
        stem=" ".join([plain(scene.title), *(plain(prose.source) for prose in form.prose)]),
        options=tuple(plain(choice.label) for choice in form.choices),
        correct=tuple(at for at, choice in enumerate(form.choices) if choice.correct),
    )


Look = Callable[[Item, int], float]
"""What a player goes by: a score for an option of an item, by its place from 0."""


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def _place(place: int) -> Look:
    return lambda item, at: float(at + 1 == place)


PLAYERS: dict[str, Look] = {
    "takes the longest option": lambda item, at: len(item.options[at]),
    "takes the shortest option": lambda item, at: -len(item.options[at]),
    "takes the most punctuation": lambda item, at: len(PUNCTUATION.findall(item.options[at])),
    "takes the fewest absolute words": lambda item, at: -len(EXTREME.findall(item.options[at])),
    "takes the option that shares most words with the question": lambda item, at: len(
        _words(item.stem) & _words(item.options[at])
    ),
    **{f"always takes place {place}": _place(place) for place in (1, 2, 3, 4)},
}


def rules(case: Case) -> Iterator[Finding]:
    """Hold a quiz to all of them."""
    found = items(case)
    if not case.inline:
        # A question in a lesson stands below what it is about, and the quiz asks for the same anew.
        yield from _forms(case)
    for name, look in PLAYERS.items():
        yield from guessed(name, look, found)
    yield from _length(found)
    yield from _blocks(found)
    yield from _absolute(found)


def _forms(case: Case) -> Iterator[Finding]:
    for scene in case.scenes:
        if len(scene.forms) < FORMS:
            message = f"'{scene.title}' has one form, so whoever comes back to it knows its words"
            remedy = "ask the same in another situation, below ### Another form"
            yield Finding("item-forms", message, scene.line, remedy)


def share(look: Look, item: Item) -> float:
    """Give the chance that a player is right who takes the option that scores highest, ties alike."""
    scores = [look(item, at) for at in range(len(item.options))]
    best = [at for at, score in enumerate(scores) if score == max(scores)]
    return len(set(best) & set(item.correct)) / len(best)


def guessed(name: str, look: Look, found: Sequence[Item]) -> Iterator[Finding]:
    """Find a player who answers better than chance."""
    single = [item for item in found if item.single]
    if len(single) < FEWEST:
        return
    right = [share(look, item) for item in single]
    mean, chance = sum(right) / len(single), sum(1 / len(item.options) for item in single) / len(single)
    if mean > chance + POINTS:
        lucky = [item for item, value in zip(single, right, strict=True) if value == 1]
        message = (
            f"a player who {name} is right in {mean:.0%} of {len(single)} items, by chance in {chance:.0%}"
        )
        names = _named(lucky)
        remedy = f"rewrite the options of {names} (at most 10 points above chance)"
        yield Finding("item-cues", message, lucky[0].line if lucky else 1, remedy)


def _length(found: Sequence[Item]) -> Iterator[Finding]:
    told = [item for item in found if len(item.correct) < len(item.options)]
    mean = sum(map(_ratio, told)) / max(len(told), 1)
    if told and not SHORTEST <= mean <= LONGEST:
        sign = 1 if mean > 1 else -1
        worst = sorted(told, key=lambda item: -sign * _ratio(item))
        message = f"right options are {mean:.2f} times as long as wrong ones ({SHORTEST} to {LONGEST})"
        yield Finding("item-length", message, worst[0].line, f"level the options of {_named(worst)}")


def _ratio(item: Item) -> float:
    right = [len(option) for at, option in enumerate(item.options) if at in item.correct]
    wrong = [len(option) for at, option in enumerate(item.options) if at not in item.correct]
    return (sum(right) / len(right)) / (sum(wrong) / len(wrong))


def _blocks(found: Sequence[Item]) -> Iterator[Finding]:
    several = [item for item in found if not item.single]
    blocks = [item for item in several if item.correct == tuple(range(len(item.correct)))]
    if len(blocks) * 2 > len(several):
        message = f"in {len(blocks)} of {len(several)} items with several right options these come first"
        remedy = f"mix them in {_named(blocks)}: on paper your order is read"
        yield Finding("item-block", message, blocks[0].line, remedy)


def _named(found: Sequence[Item]) -> str:
    """Name the first few, each with its line: an item has several forms."""
    return ", ".join(f"'{item.scene.title}' (line {item.line})" for item in found[:4])


def _absolute(found: Sequence[Item]) -> Iterator[Finding]:
    for item in found:
        absolute = {at for at, option in enumerate(item.options) if EXTREME.search(option)}
        if len(absolute) > 1 and not absolute & set(item.correct):
            message = f"'{item.scene.title}': words such as never and all stand in wrong options alone"
            remedy = "say these as a careful colleague would who is mistaken"
            yield Finding("item-absolute", message, item.line, remedy)


def word_player(others: Sequence[Item]) -> Look:
    """Train on the items of other quizzes which words stand in right options (naive Bayes)."""
    right, wrong = Counter[str](), Counter[str]()
    for item in others:
        for at, option in enumerate(item.options):
            (right if at in item.correct else wrong).update(_words(option))
    known = right.keys() | wrong.keys()
    sums = right.total() + len(known), wrong.total() + len(known)
    weight = {word: log((right[word] + 1) / sums[0]) - log((wrong[word] + 1) / sums[1]) for word in known}
    return lambda item, at: sum(weight.get(word, 0.0) for word in _words(item.options[at]))
