"""What can still be gained: for a state, the best vectors that its endings can add.

A vector is on the front when no other reachable one is at least as good on every axis and better on one.
Vectors are packed into one number each, with a field for each axis and, above them, one for their sum:
adding effects is one addition, comparing on all axes one subtraction, and no smaller number outdoes a larger.
Fronts are worked out only where a rule asks for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from scenarios.engine.space import Space

Vector = tuple[int, ...]
Front = tuple[int, ...]
"""Packed vectors, falling."""


class Packing:
    """Fields wide enough for every difference of two vectors."""

    def __init__(self, axes: int, largest: int) -> None:
        self.axes = axes
        self.field = (4 * max(1, largest) * max(1, axes)).bit_length() + 1
        # The highest bit of each field: where it is still set after a subtraction, the first was not less.
        self.guard = sum(1 << (self.field * (at + 1) - 1) for at in range(axes + 1))

    def pack(self, vector: Sequence[int]) -> int:
        """Write a vector as a number, which may be negative."""
        fields = (*vector, sum(vector))
        return sum(int(value) << (self.field * at) for at, value in enumerate(fields))

    def unpack(self, packed: int) -> Vector:
        """Read a number as a vector."""
        half = 1 << (self.field - 1)
        shifted = packed + self.guard
        mask = (1 << self.field) - 1
        return tuple((shifted >> (self.field * at) & mask) - half for at in range(self.axes))

    def at_least(self, one: int, other: int) -> bool:
        """Tell whether a vector is as good as another on every axis."""
        return one - other + self.guard & self.guard == self.guard

    def best(self, vectors: Iterable[int]) -> Front:
        """Keep the vectors that no other one outdoes."""
        guard, kept = self.guard, list[int]()
        # Falling: a vector can only be outdone by one before it, and only the kept ones need asking.
        for vector in sorted(vectors, reverse=True):
            lifted = guard - vector
            for other in kept:
                if other + lifted & guard == guard:
                    break
            else:
                kept.append(vector)
        return tuple(kept)

    def covers(self, front: Front, other: Front) -> bool:
        """Tell whether one front has something at least as good for all that the other offers."""
        return all(any(self.at_least(mine, yours) for mine in front) for yours in other)

    def strictly_better(self, front: Front, other: Front) -> bool:
        """Tell whether one front covers the other and is not covered by it."""
        return front != other and self.covers(front, other)


class Fronts:
    """The front of each state that is asked for, and of those behind it."""

    def __init__(self, space: Space, depth: int) -> None:
        self.space = space
        largest = int(np.abs(space.effects).max(initial=1)) * depth
        self.packing = Packing(space.effects.shape[1], largest)
        self._effect = [self.packing.pack(row) for row in space.effects.tolist()]
        self._first = space.first.tolist()
        self._target, self._exit = space.target.tolist(), space.exit.tolist()
        self._known: dict[int, Front] = {}
        # States with the same choices, effects and fronts behind them have the same front.
        self._joined: dict[tuple[tuple[int, int], ...], Front] = {}
        self._one: dict[Front, Front] = {}

    def of(self, at: int) -> Front:
        """Give the front of a state; empty where no ending is reached."""
        waiting = [at]
        while waiting:
            state = waiting[-1]
            if state in self._known:
                waiting.pop()
                continue
            missing = [to for to in self._targets(state) if to not in self._known]
            if missing:
                waiting += missing
                continue
            self._known[state] = self._work_out(state)
            waiting.pop()
        return self._known[at]

    def ahead(self, edge: int) -> Front:
        """Give the front of a choice: its own effects and the best of what follows."""
        effect = self._effect[self._exit[edge]]
        front = self.of(self._target[edge])
        return tuple([vector + effect for vector in front]) if effect else front

    def _targets(self, at: int) -> list[int]:
        found: list[int] = self._target[self._first[at] : self._first[at + 1]]
        return found

    def _work_out(self, at: int) -> Front:
        edges = range(self._first[at], self._first[at + 1])
        if not edges:
            return (0,) if self.space.ended[at] else ()
        ways = [(self._effect[self._exit[edge]], self._known[self._target[edge]]) for edge in edges]
        key = tuple(sorted({(effect, id(front)) for effect, front in ways}))
        found = self._joined.get(key)
        if found is None:
            found = self.packing.best({vector + effect for effect, front in ways for vector in front})
            found = self._joined[key] = self._one.setdefault(found, found)
        return found
