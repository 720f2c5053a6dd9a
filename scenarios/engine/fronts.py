"""What can still be gained: for every state, the best vectors that its endings can add.

A vector is on the front when no other reachable one is at least as good on every axis and better on one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from scenarios.engine.explore import Space
from scenarios.engine.state import Vector

Front = tuple[Vector, ...]
Future = tuple[tuple[int, Vector, int], ...]


def at_least(one: Vector, other: Vector) -> bool:
    """Tell whether a vector is as good as another on every axis."""
    return all(a >= b for a, b in zip(one, other, strict=True))


def pareto(vectors: Iterable[Vector]) -> Front:
    """Keep the vectors that no other one outdoes."""
    unique = set(vectors)
    if len(unique) < 2:
        return tuple(unique)
    kept: list[Vector] = []
    # By falling sum: a vector can only be outdone by one before it, and only the kept ones need asking.
    for vector in sorted(unique, key=sum, reverse=True):
        if not any(at_least(other, vector) for other in kept):
            kept.append(vector)
    return tuple(kept)


def covers(front: Front, other: Front) -> bool:
    """Tell whether one front has something at least as good for all that the other offers."""
    return all(any(at_least(mine, yours) for mine in front) for yours in other)


def strictly_better(front: Front, other: Front) -> bool:
    """Tell whether one front covers the other and is not covered by it."""
    return covers(front, other) and not covers(other, front)


def backward(
    space: Space, ordered: Sequence[int], accept: Callable[[int], bool] = lambda _: True
) -> list[Front]:
    """Give each state's front over the endings that are accepted; empty where none is reachable."""
    zero = (0,) * len(space.case.logic.axes)
    fronts: list[Front] = [()] * len(space.states)
    # Many states have the same future: equal fronts are one object, and each future is worked out once.
    one: dict[Front, Front] = {}
    futures: dict[Future, Front] = {}
    for at in reversed(ordered):
        front: Front
        if space.ended(at):
            front = (zero,) if accept(at) else ()
        else:
            key = future(space, fronts, at)
            if key not in futures:
                futures[key] = _joined(space, fronts, at)
            front = futures[key]
        fronts[at] = one.setdefault(front, front)
    return fronts


def future(space: Space, fronts: Sequence[Front], at: int) -> Future:
    """Give a key that is the same for states with the same choices, effects and fronts behind them."""
    return tuple(
        [(number, space.effects(at, number), id(fronts[target])) for number, target in space.edges[at]]
    )


def _joined(space: Space, fronts: Sequence[Front], at: int) -> Front:
    ways = space.edges[at]
    return pareto(vector for number, target in ways for vector in ahead(space, fronts, at, number, target))


def ahead(space: Space, fronts: Sequence[Front], at: int, number: int, target: int) -> Front:
    """Give what a choice can lead to: its own effects and the best of what follows."""
    effects = space.effects(at, number)
    if not any(effects):
        return fronts[target]
    return tuple([tuple([a + b for a, b in zip(vector, effects, strict=True)]) for vector in fronts[target]])
