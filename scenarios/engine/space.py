"""The projected states of a case and the choices between them, as arrays.

A choice taken in a state is an edge.
Edges stand in the order of the states that they leave, and within a state in the order of the file.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from scenarios.engine import packing
from scenarios.engine.model import Case
from scenarios.engine.packing import Layout
from scenarios.engine.state import Compiled, Machine, State

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Space:
    """What exploration found, breadth first: state 0 is the start."""

    def __init__(
        self,
        case: Case,
        machine: Machine,
        layout: Layout,
        states: list[int],
        edges: tuple[array[int], array[int], array[int]],
        came: array[int],
    ) -> None:
        self.case = case
        self.machine = machine
        self.layout = layout
        self.states = states
        """Packed."""
        self.source, self.target, self.exit = (_array(each) for each in edges)
        self._came = came
        scenes = case.logic.scenes
        self.scene_of: Ints = np.fromiter(
            (state >> layout.scene & layout.scene_mask for state in states), np.int64, len(states)
        )
        self.ended: Bools = np.array([scene.ending for scene in scenes], dtype=bool)[self.scene_of]
        self.choices = [(scene, number) for scene, each in enumerate(scenes) for number in _numbers(each)]
        """Scene and number of every choice of the case, by its exit."""
        self.effects: Ints = _effects(machine)
        """What every choice of the case adds to the axes, by its exit."""

    def __len__(self) -> int:
        return len(self.states)

    @cached_property
    def first(self) -> Ints:
        """Number of the first edge of each state, and of all edges at the end."""
        return np.searchsorted(self.source, np.arange(len(self.states) + 1))

    @cached_property
    def degree(self) -> Ints:
        """How many choices each state offers."""
        return np.diff(self.first)

    @cached_property
    def number(self) -> Ints:
        """Number of each edge's choice in the list of its scene."""
        return np.array([number for _, number in self.choices] or [0], dtype=np.int64)[self.exit]

    @cached_property
    def gain(self) -> Ints:
        """What each edge adds to the axes."""
        return self.effects[self.exit]

    def ways(self, at: int) -> Iterator[tuple[int, int]]:
        """Give the choices offered in a state: number, state that follows."""
        for edge in range(self.first[at], self.first[at + 1]):
            yield int(self.number[edge]), int(self.target[edge])

    def state(self, at: int) -> State:
        """Give a state in full; axes that nothing reads stand at nought."""
        return self.layout.unpack(self.states[at])

    def scene(self, at: int) -> str:
        """Name the scene of a state."""
        return self.case.scenes[int(self.scene_of[at])].id

    def walk(self, at: int) -> list[int]:
        """Give the shortest list of choices that leads to a state."""
        numbers = []
        while at:
            edge = self._came[at]
            numbers.append(int(self.number[edge]))
            at = int(self.source[edge])
        return numbers[::-1]

    @cached_property
    def by_scene(self) -> dict[str, Ints]:
        """List the states of every scene, empty for a scene that is never met."""
        order = np.argsort(self.scene_of, kind="stable")
        bounds = np.searchsorted(self.scene_of[order], np.arange(len(self.case.logic.scenes) + 1))
        return {
            scene.id: order[bounds[at] : bounds[at + 1]] for at, scene in enumerate(self.case.logic.scenes)
        }

    def ending(self, slug: str | None) -> Bools:
        """Tell which states are this ending."""
        found: Bools = self.scene_of == self.machine.index.get(slug or "", -1)
        return found

    def holding(self, condition: Compiled, among: Ints) -> Bools:
        """Tell in which of some states a compiled condition holds."""
        tests = self.layout.tests(condition)
        states = self.states
        return np.fromiter((packing.holds(tests, states[at]) for at in among), bool, len(among))


def _array(numbers: array[int]) -> Ints:
    return np.frombuffer(numbers, dtype=np.intc).astype(np.int64) if numbers else np.zeros(0, np.int64)


def _numbers(scene: Any) -> Sequence[int]:
    return range(1, len(scene.choices) + 1)


def _effects(machine: Machine) -> Ints:
    rows = [way.effects for ways in machine.exits for way in ways]
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(machine.logic.axes))
