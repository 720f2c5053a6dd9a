"""Exact numbers over the projected states of a case that has no endless walk.

States are put into levels: each lies on a higher level than all from which it can be reached.
Then one level after the other is worked out for all its states at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from scenarios.engine.space import Bools, Ints, Space

Values = npt.NDArray[Any]
NOWHERE = -(10**15)
"""Score of a state from which no ending is reached: beyond all that a play can collect."""


@dataclass(frozen=True)
class Step:
    """All edges between one level and the rest, grouped by the states that they lead to or leave."""

    edges: Ints
    starts: Ints
    states: Ints


@dataclass(frozen=True)
class Order:
    """The levels of a space."""

    level: Ints
    ahead: list[Step]
    """By the level that the edges lead to, from the start on."""
    behind: list[Step]
    """By the level that the edges leave, from the last one on."""


def order(space: Space) -> tuple[Order, list[int]]:
    """Put states into levels; also give the states of an endless walk, where there is one."""
    level = np.full(len(space), -1, dtype=np.int64)
    incoming = np.bincount(space.target, minlength=len(space))
    # A loop that leads back to the start leaves nothing to begin with.
    ready, at = np.flatnonzero(incoming == 0), 0
    while len(ready):
        level[ready] = at
        targets, counts = np.unique(space.target[_edges_of(space, ready)], return_counts=True)
        incoming[targets] -= counts
        ready, at = targets[incoming[targets] == 0], at + 1
    if (level < 0).any():
        return Order(level, [], []), _cycle(space, set(np.flatnonzero(level < 0).tolist()))
    ahead = _steps(space, level, space.target)
    return Order(level, ahead, _steps(space, level, space.source)[::-1]), []


def _edges_of(space: Space, states: Ints) -> Ints:
    first, count = space.first[states], space.degree[states]
    offset = np.repeat(first - np.concatenate(([0], np.cumsum(count)[:-1])), count)
    return np.arange(int(count.sum())) + offset


def _steps(space: Space, level: Ints, end: Ints) -> list[Step]:
    """Group edges by one of their ends, and these groups by the level of that end."""
    edges = np.lexsort((end, level[end]))
    ends = end[edges]
    starts = np.flatnonzero(np.concatenate(([True], ends[1:] != ends[:-1]))) if len(ends) else ends
    states = ends[starts]
    cuts = np.flatnonzero(np.diff(level[states])) + 1
    found = []
    for group in np.split(np.arange(len(states)), cuts) if len(states) else []:
        begin = starts[group[0]]
        last = starts[group[-1] + 1] if group[-1] + 1 < len(starts) else len(edges)
        found.append(Step(edges[begin:last], starts[group] - begin, states[group]))
    return found


def _cycle(space: Space, left: set[int]) -> list[int]:
    """Find one loop among states of which each has a predecessor among them."""
    before = {
        int(target): int(at)
        for at, target in zip(space.source, space.target, strict=True)
        if int(at) in left and int(target) in left
    }
    walk, seen = [next(iter(before))], set[int]()
    while walk[-1] not in seen:
        seen.add(walk[-1])
        walk.append(before[walk[-1]])
    return sorted(walk[walk.index(walk[-1]) : -1])


def ranges(space: Space, ordered: Order) -> tuple[Ints, Ints]:
    """Give the least and the greatest value of every axis on arrival in each state, over all walks."""
    low = np.zeros((len(space), space.effects.shape[1]), dtype=np.int64)
    high = low.copy()
    for step in ordered.ahead:
        source, gain = space.source[step.edges], space.gain[step.edges]
        low[step.states] = np.minimum.reduceat(low[source] + gain, step.starts)
        high[step.states] = np.maximum.reduceat(high[source] + gain, step.starts)
    return low, high


def paths(space: Space, ordered: Order) -> Values:
    """Count the walks from the start to each state, in Python's unbounded numbers."""
    found = _exact(space)
    found[0] = 1
    for step in ordered.ahead:
        found[step.states] = np.add.reduceat(found[space.source[step.edges]], step.starts)
    return found


def chances(space: Space, ordered: Order, share: Bools | None = None) -> tuple[Values, int]:
    """Give the probability that a play meets each state, as numerators over one denominator.

    Each offered choice is alike; with `share`, each among those edges.
    """
    kept = np.ones(len(space.source), dtype=bool) if share is None else share
    count = np.bincount(space.source[kept], minlength=len(space))
    # A state's numerator holds a factor for each level from its own on, so that each division is exact.
    whole = prod(lcm(*{int(each) for each in count[step.states]} - {0}) for step in ordered.behind)
    found, divisor = _exact(space), np.maximum(count, 1).astype(object)
    found[0] = whole
    for step in ordered.ahead:
        source = space.source[step.edges]
        part = found[source] // divisor[source] * kept[step.edges].astype(object)
        found[step.states] = np.add.reduceat(part, step.starts)
    return found, whole


def chance(states: Values, among: Bools, whole: int) -> Fraction:
    """Give the probability of all those states together, of which a play meets one at most."""
    return Fraction(int(sum(states[among])), whole)


def scores(space: Space, ordered: Order, weights: Sequence[int], among: Bools | None = None) -> Ints:
    """Give the most that each state can still collect, with each axis weighed, on the way to some ending."""
    gain = space.gain @ np.array(weights, dtype=np.int64)
    found = np.where(space.ended if among is None else among, 0, NOWHERE)
    for step in ordered.behind:
        found[step.states] = np.maximum.reduceat(
            gain[step.edges] + found[space.target[step.edges]], step.starts
        )
    return found


def longest(space: Space, ordered: Order, states: Ints, edges: Ints) -> tuple[int, int]:
    """Give the weight of the lightest and of the heaviest walk, from weights of states and of edges."""
    least, most = states.copy(), states.copy()
    for step in ordered.behind:
        target, weight = space.target[step.edges], edges[step.edges]
        least[step.states] += np.minimum.reduceat(weight + least[target], step.starts)
        most[step.states] += np.maximum.reduceat(weight + most[target], step.starts)
    return int(least[0]), int(most[0])


def met(space: Space, allowed: Bools) -> tuple[Bools, Callable[[int], list[int]]]:
    """Tell which states a play meets that takes some edges only, and give the shortest walk to each."""
    came = np.full(len(space), -1, dtype=np.int64)
    seen = np.zeros(len(space), dtype=bool)
    seen[0] = True
    ready = np.zeros(1, dtype=np.int64)
    while len(ready):
        edges = _edges_of(space, ready)
        edges = edges[allowed[edges]]
        edges = edges[~seen[space.target[edges]]]
        ready, where = np.unique(space.target[edges], return_index=True)
        came[ready] = edges[where]
        seen[ready] = True

    def walk(at: int) -> list[int]:
        return list(_back(space, came, at))[::-1]

    return seen, walk


def _back(space: Space, came: Ints, at: int) -> Iterator[int]:
    while at:
        yield int(space.number[came[at]])
        at = int(space.source[came[at]])


def _exact(space: Space) -> Values:
    found = np.empty(len(space), dtype=object)
    found[:] = 0
    return found
