"""A state as one whole number, and what a choice does to it as a mask and a sum.

From low to high: flags, deadlines and once-only choices as bits; where a deadline cut in, plus one;
the clock; the scene; the axes, each with an offset that keeps its field above nought.
Python's numbers have no width, so neither has a case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from scenarios.engine.state import Compiled, Machine, State

_AXIS = 40
_OFFSET = 1 << (_AXIS - 1)


Number = tuple[int, int, int, Callable[[int, int], bool], int]
"""A field (its shift, mask and offset) that is compared with a number."""


class Test(NamedTuple):
    """Comparisons that must all hold: some bits, and some numbers."""

    mask: int
    wanted: int
    numbers: tuple[Number, ...]


Tests = tuple[Test, ...] | None
"""Alternatives; None always holds."""


def holds(tests: Tests, state: int) -> bool:
    """Tell whether a packed state meets one of the alternatives."""
    if tests is None:
        return True
    for test in tests:
        if state & test.mask != test.wanted:
            continue
        for shift, mask, offset, compare, value in test.numbers:
            if not compare((state >> shift & mask) - offset, value):
                break
        else:
            return True
    return False


class Layout:
    """Where each part of a state stands in the number."""

    def __init__(self, machine: Machine, cap: int) -> None:
        scenes = len(machine.logic.scenes)
        self.axes = len(machine.logic.axes)
        self.bits = (1 << machine.width) - 1
        self.back = machine.width
        self.back_mask = (1 << (scenes + 1).bit_length()) - 1
        self.clock = self.back + self.back_mask.bit_length()
        # Times are cut off at the cap after each step, so one step beyond it is the most.
        longest = max((way.takes for ways in machine.exits for way in ways), default=0)
        self.clock_mask = (1 << (cap + longest).bit_length()) - 1
        self.scene = self.clock + self.clock_mask.bit_length()
        self.scene_mask = (1 << scenes.bit_length()) - 1
        self.first_axis = self.scene + self.scene_mask.bit_length()
        self.whole = (1 << (self.first_axis + _AXIS * self.axes)) - 1

    def pack(self, state: State) -> int:
        """Write a state as a number."""
        packed = state.bits | (state.back + 1) << self.back | state.clock << self.clock
        packed |= state.scene << self.scene
        for position, value in enumerate(state.axes):
            packed |= (value + _OFFSET) << (self.first_axis + _AXIS * position)
        return packed

    def unpack(self, packed: int) -> State:
        """Read a number as a state."""
        axes = tuple(
            (packed >> (self.first_axis + _AXIS * position) & ((1 << _AXIS) - 1)) - _OFFSET
            for position in range(self.axes)
        )
        return State(
            scene=packed >> self.scene & self.scene_mask,
            bits=packed & self.bits,
            clock=packed >> self.clock & self.clock_mask,
            axes=axes,
            back=(packed >> self.back & self.back_mask) - 1,
        )

    def move(self, effects: Sequence[int]) -> int:
        """Give the number whose addition moves the axes."""
        return sum(effect << (self.first_axis + _AXIS * at) for at, effect in enumerate(effects))

    def tests(self, condition: Compiled) -> Tests:
        """Write a compiled condition for packed states."""
        if condition is None:
            return None
        return tuple(
            Test(conj.mask, conj.wanted, tuple(self._number(*each) for each in conj.numbers))
            for conj in condition
        )

    def _number(self, axis: int, compare: Callable[[int, int], bool], value: int) -> Number:
        if axis < 0:
            return self.clock, self.clock_mask, 0, compare, value
        return self.first_axis + _AXIS * axis, (1 << _AXIS) - 1, _OFFSET, compare, value
