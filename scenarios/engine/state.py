"""How a case is played: one transition, shared by the terminal, the checker and the replay.

>>> machine = Machine(case.logic)                                    # doctest: +SKIP
>>> state = machine.take(machine.start, machine.offered(machine.start)[0])   # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from scenarios.engine.conditions import COMPARE
from scenarios.engine.model import ChoiceLogic, Condition, Logic

Vector = tuple[int, ...]


class State(NamedTuple):
    """Where a play stands: scene, flags and taken choices as bits, clock, axes, where a deadline cut in."""

    scene: int
    bits: int
    clock: int
    axes: Vector
    back: int = -1


class _Conjunction(NamedTuple):
    """Comparisons that must all hold: some bits, and some numbers (axis index, or -1 for the clock)."""

    mask: int
    wanted: int
    numbers: tuple[tuple[int, Callable[[int, int], bool], int], ...]


Compiled = tuple[_Conjunction, ...] | None
"""A condition made ready to be tested often; None always holds, the empty tuple never."""


class Exit(NamedTuple):
    """A choice made ready to be taken often."""

    target: int | None
    """None: back to where a deadline cut in."""
    condition: Compiled
    effects: Vector
    moves: bool
    takes: int
    set: int
    clear: int
    once: int


class Deadline(NamedTuple):
    """A deadline made ready to be asked often."""

    bit: int
    at: int
    target: int | None
    unless: Compiled


class Machine:
    """Plays the logic of a case; axes that are not kept stay at nought (the checker's projection)."""

    def __init__(self, logic: Logic, kept: Sequence[bool] | None = None) -> None:
        self.logic = logic
        self._kept = kept if kept is not None else (True,) * len(logic.axes)
        self.index = {scene.id: number for number, scene in enumerate(logic.scenes)}
        names = (*logic.flags, *(logic.clock.names if logic.clock else ()))
        self.bit = {name: 1 << position for position, name in enumerate(names)}
        self.deadlines = tuple(
            Deadline(
                bit=self.bit[each.name],
                at=each.at,
                target=None if each.to is None else self.index[each.to],
                unless=None if each.unless is None else self.compile(each.unless),
            )
            for each in (logic.clock.deadlines if logic.clock else ())
        )
        self.exits = self._exits(len(names))
        self.width = len(names) + sum(1 for ways in self.exits for way in ways if way.once)
        """How many bits a state has."""
        self.ending = tuple(scene.ending for scene in logic.scenes)
        start = self.index[logic.start] if logic.start is not None else 0
        self.start = State(start, 0, 0, (0,) * len(logic.axes))

    def _exits(self, first_bit: int) -> tuple[tuple[Exit, ...], ...]:
        found, bit = [], 1 << first_bit
        for scene in self.logic.scenes:
            exits = []
            for choice in scene.choices:
                once, bit = (bit, bit << 1) if choice.once else (0, bit)
                exits.append(self._exit(choice, once))
            found.append(tuple(exits))
        return tuple(found)

    def _exit(self, choice: ChoiceLogic, once: int) -> Exit:
        kept = zip(self.logic.axes, self._kept, strict=True)
        effects = tuple(choice.effects.get(axis, 0) if keep else 0 for axis, keep in kept)
        return Exit(
            target=None if choice.to is None else self.index[choice.to],
            condition=self.compile(choice.when),
            effects=effects,
            moves=any(effects),
            takes=choice.takes,
            set=self._mask(choice.set),
            clear=self._mask(choice.clear),
            once=once,
        )

    def _mask(self, flags: Sequence[str]) -> int:
        return sum(self.bit[flag] for flag in flags)

    def compile(self, condition: Condition | None) -> Compiled:
        """Make a condition ready to be tested often; one that can never hold is the empty tuple."""
        if condition is None:
            return None
        return tuple(found for conj in condition if (found := self._conjunction(conj)) is not None)

    def _conjunction(self, conj: Sequence[tuple[str, str, int]]) -> _Conjunction | None:
        mask = wanted = 0
        numbers = []
        for name, sign, value in conj:
            compare = COMPARE[sign]
            if name not in self.bit:
                axis = -1 if name == "clock" else self.logic.axes.index(name)
                numbers.append((axis, compare, value))
                continue
            bit, allowed = self.bit[name], [each for each in (0, 1) if compare(each, value)]
            if not allowed or (mask & bit and bool(wanted & bit) not in allowed):
                return None
            if len(allowed) == 1:
                mask |= bit
                wanted |= bit if allowed[0] else 0
        return _Conjunction(mask, wanted, tuple(numbers))

    @staticmethod
    def holds(condition: Compiled, state: State) -> bool:
        """Tell whether a compiled condition holds in a state."""
        if condition is None:
            return True
        for conj in condition:
            if state.bits & conj.mask != conj.wanted:
                continue
            for axis, compare, value in conj.numbers:
                if not compare(state.clock if axis < 0 else state.axes[axis], value):
                    break
            else:
                return True
        return False

    def offered(self, state: State) -> list[int]:
        """List the choices that are open, by their number (from 1) in the file's list."""
        return [
            number
            for number, way in enumerate(self.exits[state.scene], 1)
            if not state.bits & way.once
            and (way.target is not None or state.back >= 0)
            and self.holds(way.condition, state)
        ]

    def take(self, state: State, number: int) -> State:
        """Make a choice that is offered."""
        way = self.exits[state.scene][number - 1]
        bits = (state.bits | way.set | way.once) & ~way.clear
        target = state.back if way.target is None else way.target
        axes = state.axes
        if way.moves:
            axes = tuple([value + change for value, change in zip(axes, way.effects, strict=True)])
        back = -1 if way.target is None else state.back
        after = State(target, bits, state.clock + way.takes, axes, back)
        return self._fire(after) if way.takes and self.deadlines else after

    def _fire(self, state: State) -> State:
        """Let the deadlines that this step has missed fire: all set their flags, the last one sends play."""
        bits, sent = state.bits, None
        for deadline in self.deadlines:
            if state.clock <= deadline.at or state.bits & deadline.bit:
                continue
            if deadline.unless is None or not self.holds(deadline.unless, state):
                bits |= deadline.bit
                sent = sent if deadline.target is None else deadline.target
        if sent is None or self.ending[state.scene]:
            return state._replace(bits=bits)
        return state._replace(scene=sent, bits=bits, back=state.scene)

    def scene(self, state: State) -> str:
        """Name the scene of a state."""
        return self.logic.scenes[state.scene].id

    def ended(self, state: State) -> bool:
        """Tell whether play has reached an ending."""
        return self.ending[state.scene]

    def values(self, state: State) -> Mapping[str, int]:
        """Give all variables of a state by name."""
        flags = {name: int(bool(state.bits & bit)) for name, bit in self.bit.items()}
        return {**flags, "clock": state.clock, **dict(zip(self.logic.axes, state.axes, strict=True))}
