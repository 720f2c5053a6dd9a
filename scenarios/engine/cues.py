"""Players who read nothing of a case but some surface of its labels, its marks or its figures.

None of them may do better than chance: what they find is a cue, and a learner finds it too.
After Haladyna, Downing and Rodriguez (2002) on test-wiseness, and Cullen, Sackett and Lievens (2006) on
coaching for situational judgement tests.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scenarios.engine.fitting import Fitting, Floats
from scenarios.engine.model import STANCES, Choice, ChoiceLogic
from scenarios.engine.plain_text import plain

MOST_POSITIONS = 4
_ASKS = re.compile(r"(ask|write|ring|tell|call|let|send|show|report|inform|have)\b", re.I)
EXTREME = re.compile(
    r"\b(all|always|any|anybody|anything|at once|every\w*|never|no|nobody|none|nothing|only|whole)\b", re.I
)
_QUALIFIED = re.compile(r"\b(and|with|until|if|but|without|as far as|first)\b", re.I)
_NUMBER = re.compile(r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|first)\b", re.I)
PUNCTUATION = re.compile(r"[,:;\N{EN DASH}()]")
_WORD = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True)
class Player:
    """Somebody who chooses without reading: what it goes by, and a score for each choice of a case."""

    name: str
    score: Callable[[Fitting], Floats]


@dataclass(frozen=True)
class _Seen:
    """What can be seen of a choice without understanding it."""

    number: int
    label: str
    words: Choice
    rule: ChoiceLogic


def _seen(fitting: Fitting) -> Iterator[_Seen]:
    for scene, logic in zip(fitting.case.scenes, fitting.case.logic.scenes, strict=True):
        for number, (words, rule) in enumerate(zip(scene.choices, logic.choices, strict=True), 1):
            yield _Seen(number, plain(words.label), words, rule)


def _by(name: str, look: Callable[[_Seen], float]) -> Player:
    return Player(
        name, lambda fitting: np.array([look(each) for each in _seen(fitting)] or [0.0], dtype=float)
    )


def _count(pattern: re.Pattern[str], each: _Seen) -> int:
    return len(pattern.findall(each.label))


def surface_players() -> list[Player]:
    """List the players that need no other case."""
    return [
        *(_position(number) for number in range(1, MOST_POSITIONS + 1)),
        _by("takes the longest label", lambda each: len(each.label)),
        _by("takes the shortest label", lambda each: -len(each.label)),
        _by("takes the most punctuation", lambda each: _count(PUNCTUATION, each)),
        _by(
            "takes the fewest extreme words, then the longest",
            lambda each: len(each.label) - 1_000 * _count(EXTREME, each),
        ),
        _by("takes the most qualified label", lambda each: _count(_QUALIFIED, each)),
        _by("takes a label with a number", lambda each: float(_count(_NUMBER, each) > 0)),
        _by("asks or tells somebody", lambda each: float(_ASKS.match(each.label) is not None)),
        _by("takes what costs a little time", lambda each: -each.rule.takes or -np.inf),
        _by("takes what costs the most time", lambda each: each.rule.takes),
        *(_stance(stance) for stance in STANCES),
        _by("tries each choice and keeps the best figures", lambda each: sum(each.rule.effects.values())),
    ]


def _position(number: int) -> Player:
    return _by(f"always takes number {number}", lambda each: float(each.number == number))


def _stance(stance: str) -> Player:
    return _by(f"always takes `{stance}`", lambda each: float(each.words.stance == stance))


def word_player(others: Sequence[Fitting]) -> Player:
    """Train on the labels of other cases which words stand in fitting choices (naive Bayes)."""
    right, wrong = Counter[str](), Counter[str]()
    for fitting in others:
        for scene, shares in fitting.scenes.items():
            choices = fitting.case.scene(scene).choices
            for number, share in shares.items():
                (right if share >= 0.5 else wrong).update(_words(choices[number - 1].label))
    sums = sum(right.values()), sum(wrong.values())
    known = set(right) | set(wrong)
    weight = {
        word: float(
            np.log((right[word] + 1) / (sums[0] + len(known)))
            - np.log((wrong[word] + 1) / (sums[1] + len(known)))
        )
        for word in known
    }
    return _by(
        "knows which words fit in the other cases",
        lambda each: sum(weight.get(word, 0.0) for word in _words(each.label)),
    )


_SURFACE: tuple[Callable[[_Seen], float], ...] = (
    lambda each: len(each.label) / 40,
    lambda each: _count(PUNCTUATION, each),
    lambda each: _count(EXTREME, each),
    lambda each: _count(_QUALIFIED, each),
    lambda each: float(_count(_NUMBER, each) > 0),
    lambda each: float(_ASKS.match(each.label) is not None),
)


def surface_player(others: Sequence[Fitting], steps: int = 400) -> Player:
    """Train a logistic model on surface cues of other cases, each scene's mean taken off."""
    rows, wanted = list[Floats](), list[float]()
    for fitting in others:
        seen = {id(each.words): each for each in _seen(fitting)}
        for scene, shares in fitting.scenes.items():
            choices = [fitting.case.scene(scene).choices[number - 1] for number in shares]
            cues = np.array([[look(seen[id(one)]) for look in _SURFACE] for one in choices], dtype=float)
            rows += list(cues - cues.mean(axis=0))
            wanted += [float(share >= 0.5) for share in shares.values()]
    weights = np.zeros(len(_SURFACE))
    if rows:
        table, goal, base = np.array(rows), np.array(wanted), float(np.mean(wanted))
        lift = np.log(base / (1 - base)) if 0 < base < 1 else 0.0
        for _ in range(steps):
            guess = 1 / (1 + np.exp(-(table @ weights + lift)))
            weights += 0.5 * (table.T @ (goal - guess) / len(goal) - 0.01 * weights)
    return _by(
        "weighs surface cues as the other cases teach",
        lambda each: sum(w * look(each) for w, look in zip(weights.tolist(), _SURFACE, strict=True)),
    )


def _words(label: str) -> set[str]:
    return set(_WORD.findall(plain(label).lower()))
