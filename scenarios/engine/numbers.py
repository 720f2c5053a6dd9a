"""Exact numbers over the projected states of a case that has no endless walk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scenarios.engine.explore import Space
from scenarios.engine.state import Vector


@dataclass(frozen=True)
class Range:
    """Least and greatest value of every axis."""

    low: Vector
    high: Vector

    def join(self, other: Range | None) -> Range:
        """Cover both."""
        if other is None:
            return self
        low = tuple(map(min, self.low, other.low))
        return Range(low, tuple(map(max, self.high, other.high)))

    def shift(self, effects: Vector) -> Range:
        """Move by the effects of a choice."""
        low = tuple(a + b for a, b in zip(self.low, effects, strict=True))
        return Range(low, tuple(a + b for a, b in zip(self.high, effects, strict=True)))


def order(space: Space) -> tuple[list[int], list[int]]:
    """Put states before all that follow from them; also give the states that lie on an endless walk."""
    incoming = [0] * len(space.states)
    for ways in space.edges:
        for _, target in ways:
            incoming[target] += 1
    # The start counts as met even where a loop leads back to it.
    ready = [at for at, count in enumerate(incoming) if count == 0]
    found = []
    while ready:
        at = ready.pop()
        found.append(at)
        for _, target in space.edges[at]:
            incoming[target] -= 1
            if incoming[target] == 0:
                ready.append(target)
    if len(found) == len(space.states):
        return found, []
    return found, _cycle(space, set(range(len(space.states))) - set(found))


def _cycle(space: Space, left: set[int]) -> list[int]:
    """Find one loop among states of which each has a predecessor among them."""
    before = {target: at for at in left for _, target in space.edges[at] if target in left}
    walk, seen = [next(iter(before))], set[int]()
    while walk[-1] not in seen:
        seen.add(walk[-1])
        walk.append(before[walk[-1]])
    return sorted(walk[walk.index(walk[-1]) : -1])


def ranges(space: Space, ordered: Sequence[int]) -> list[Range]:
    """Give the range of every axis on arrival in each state, over all walks."""
    zero = (0,) * len(space.case.logic.axes)
    found: list[Range | None] = [None] * len(space.states)
    found[0] = Range(zero, zero)
    for at in ordered:
        here = found[at]
        assert here is not None
        for number, target in space.edges[at]:
            found[target] = here.shift(space.effects(at, number)).join(found[target])
    return [each for each in found if each is not None]


def paths(space: Space, ordered: Sequence[int]) -> list[int]:
    """Count the walks from the start to each state."""
    found = [0] * len(space.states)
    found[0] = 1
    for at in ordered:
        for _, target in space.edges[at]:
            found[target] += found[at]
    return found


def chances(space: Space, ordered: Sequence[int]) -> list[Fraction]:
    """Give the probability that a play at random, each offered choice alike, meets a state."""
    found = [Fraction(0)] * len(space.states)
    found[0] = Fraction(1)
    for at in ordered:
        ways = space.edges[at]
        share = found[at] / len(ways) if ways else Fraction(0)
        for _, target in ways:
            found[target] += share
    return found


def longest(
    space: Space,
    ordered: Sequence[int],
    weigh_state: Callable[[int], int],
    weigh_choice: Callable[[int, int], int],
) -> tuple[int, int]:
    """Give the weight of the lightest and of the heaviest walk to an ending."""
    most, least = [0] * len(space.states), [0] * len(space.states)
    for at in reversed(ordered):
        ways = [
            (weigh_choice(at, number) + least[target], weigh_choice(at, number) + most[target])
            for number, target in space.edges[at]
        ]
        here = weigh_state(at)
        least[at] = here + min((low for low, _ in ways), default=0)
        most[at] = here + max((high for _, high in ways), default=0)
    return least[0], most[0]
