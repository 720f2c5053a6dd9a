"""Where play goes: how often a player at random, and one who gets to the best ending, comes by each place.

The player at random takes each offered choice alike.
The best player takes, alike, each choice from which the best ending can still be reached.
Figures are expected visits in one play: a scene that is entered twice counts twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from scenarios.engine import numbers
from scenarios.engine.numbers import Order
from scenarios.engine.space import Bools, Space

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """The same figure for the player at random and for the best one."""

    random: float = 0.0
    best: float = 0.0


@dataclass
class Heat:
    """Expected visits of scenes, of choices, and of ways between scenes."""

    scenes: dict[str, Pair] = field(default_factory=dict)
    choices: dict[tuple[str, int], Pair] = field(default_factory=dict)
    """By scene and number of the choice."""
    ways: dict[tuple[str, str], Pair] = field(default_factory=dict)
    """By the scenes that play leaves and enters."""
    sent: set[tuple[str, str]] = field(default_factory=set)
    """Ways that no choice names: a deadline sends play there, or it comes back from one."""


def heat(space: Space, order: Order) -> Heat:
    """Work out both players exactly, and round at the end."""
    good = numbers.scores(space, order, (0,) * space.effects.shape[1], space.ending(space.case.best))
    reaching = good > numbers.NOWHERE // 2
    taken = reaching[space.target] & reaching[space.source]
    random, best = _visits(space, order, np.ones(len(space.source), bool)), _visits(space, order, taken)
    if not reaching[0]:
        best = np.zeros(len(space)), np.zeros(len(space.source))
    found = Heat()
    for scene, states in space.by_scene.items():
        found.scenes[scene] = Pair(float(random[0][states].sum()), float(best[0][states].sum()))
    for one, (index, number) in enumerate(space.choices):
        edges = space.exit == one
        pair = Pair(float(random[1][edges].sum()), float(best[1][edges].sum()))
        found.choices[space.case.scenes[index].id, number] = pair
    _ways(space, found, random[1], best[1])
    return found


def _visits(space: Space, order: Order, share: Bools) -> tuple[Floats, Floats]:
    """Give the expected visits of each state and of each edge."""
    chances, whole = numbers.chances(space, order, share)
    states = np.array([each / whole for each in chances])
    count = np.maximum(np.bincount(space.source[share], minlength=len(space)), 1)
    return states, np.where(share, states[space.source] / count[space.source], 0.0)


def _ways(space: Space, found: Heat, random: Floats, best: Floats) -> None:
    scenes = [scene.id for scene in space.case.scenes]
    count = len(scenes)
    key = space.scene_of[space.source] * count + space.scene_of[space.target]
    named = {
        (scene.id, choice.to) for scene in space.case.logic.scenes for choice in scene.choices if choice.to
    }
    both = (np.bincount(key, weights, minlength=count * count) for weights in (random, best))
    lots, goods = both
    for one in np.unique(key).tolist():
        way = scenes[one // count], scenes[one % count]
        found.ways[way] = Pair(float(lots[one]), float(goods[one]))
        if way not in named:
            found.sent.add(way)
