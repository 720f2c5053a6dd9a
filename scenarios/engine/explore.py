"""All states that a play can be in, as far as they differ for what comes after.

States are projected: an axis that no condition reads, a flag that nothing ahead reads, a once-only choice
that cannot be met again and the time beyond the last reading of the clock do not tell states apart.
What is offered, and how text varies, is the same in the projection as in the full space.
"""

from __future__ import annotations

import itertools
from array import array
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from scenarios.engine import packing
from scenarios.engine.model import Case
from scenarios.engine.packing import Layout, Tests
from scenarios.engine.projection import Projection
from scenarios.engine.space import Space
from scenarios.engine.state import Exit, Machine

LIMIT = 200_000
_TOLD_EVERY = 2_000


class TooManyStates(Exception):
    """The space broke the bound: how many states, and what made them so many."""

    def __init__(self, limit: int, reason: str, scene: str) -> None:
        self.limit = limit
        self.reason = reason
        self.scene = scene
        super().__init__(f"more than {limit:,} states: {reason}")


class _Step(NamedTuple):
    """A choice made ready for packed states: what it asks, and what it does when no deadline is near."""

    exit: int
    """Number of the choice among all of the case."""
    tests: Tests
    taken: int
    """Bit that forbids it, and for a way back the mask of the field that must not be empty."""
    back: int
    set: int
    keep: int
    add: int
    timed: bool
    way: Exit


class _Mover:
    """Plays packed and projected states."""

    def __init__(self, case: Case, machine: Machine) -> None:
        self.machine = machine
        self.project = Projection(case, machine)
        self.layout = Layout(machine, self.project.cap)
        lay, numbers = self.layout, itertools.count()
        self._kept = [self._mask(scene) for scene in range(len(case.logic.scenes))]
        self.steps = [[self._step(next(numbers), way) for way in ways] for ways in machine.exits]
        self.deadlines = [
            (each.bit, each.at, each.target, lay.tests(each.unless)) for each in machine.deadlines
        ]
        self._first = min((each.at for each in machine.deadlines), default=0)
        self._fired = sum(each.bit for each in machine.deadlines)

    def _step(self, exit_number: int, way: Exit) -> _Step:
        lay, project = self.layout, self.project
        effects = [effect if kept else 0 for effect, kept in zip(way.effects, project.axes_read, strict=True)]
        add, keep = lay.move(effects), lay.whole & ~(lay.scene_mask << lay.scene) & ~way.clear
        if way.target is not None:
            add += way.target << lay.scene
            keep &= self._kept[way.target]
        return _Step(
            exit=exit_number,
            tests=lay.tests(way.condition),
            taken=way.once,
            back=lay.back_mask << lay.back if way.target is None else 0,
            set=way.set | way.once,
            keep=keep,
            add=add,
            timed=way.takes > 0 and bool(self.machine.deadlines),
            way=way,
        )

    def _mask(self, scene: int) -> int:
        """Give the mask of what still matters in a scene, apart from the clock's cap."""
        lay, project = self.layout, self.project
        mask = lay.whole & ~lay.bits | project.live[scene]
        if not project.goes_back[scene]:
            mask &= ~(lay.back_mask << lay.back)
        if not project.clock_live[scene]:
            mask &= ~(lay.clock_mask << lay.clock)
        return mask

    def after(self, state: int, step: _Step) -> int:
        """Make a choice that takes time or leads back, and project what comes of it."""
        lay = self.layout
        clock = (state >> lay.clock & lay.clock_mask) + step.way.takes
        if not step.back and (clock <= self._first or state & self._fired == self._fired):
            after = ((state | step.set) & step.keep) + step.add
            live = self.project.clock_live[step.way.target or 0]
            return self._capped(after, clock) if live else after
        bits = (state | step.way.set | step.way.once) & lay.bits & ~step.way.clear
        back = (state >> lay.back & lay.back_mask) - 1
        target, back = (back, -1) if step.way.target is None else (step.way.target, back)
        rest = (state & lay.whole) >> lay.first_axis << lay.first_axis
        rest += self.layout.move(
            [e if kept else 0 for e, kept in zip(step.way.effects, self.project.axes_read, strict=True)]
        )
        if step.timed:
            here = rest | bits | clock << lay.clock
            bits, target, back = self._fire(here, bits, clock, target, back)
        after = rest | bits | (back + 1) << lay.back | target << lay.scene
        after &= self._kept[target]
        return self._capped(after, clock) if self.project.clock_live[target] else after

    def _fire(self, here: int, bits: int, clock: int, target: int, back: int) -> tuple[int, int, int]:
        sent, before = None, bits
        for bit, at, scene, unless in self.deadlines:
            if clock <= at or before & bit:
                continue
            if unless is None or not packing.holds(unless, here):
                bits |= bit
                sent = sent if scene is None else scene
        if sent is None or self.machine.ending[target]:
            return bits, target, back
        return bits, sent, target

    def _capped(self, state: int, clock: int) -> int:
        lay = self.layout
        if state & self._fired == self._fired and not self.project.clock_read:
            clock = 0
        return (state & ~(lay.clock_mask << lay.clock)) | min(clock, self.project.cap) << lay.clock


def explore(case: Case, limit: int = LIMIT, told: Callable[[int], None] = lambda _: None) -> Space:
    """Find all projected states; raise TooManyStates beyond the limit. Now and then `told` hears how many."""
    machine = Machine(case.logic)
    mover = _Mover(case, machine)
    lay = mover.layout
    shift, mask = lay.scene, lay.scene_mask
    start = lay.pack(machine.start)
    known, states = {start: 0}, [start]
    source, target, exits = array("i"), array("i"), array("i")
    came = array("i", [-1])
    for at, state in enumerate(states):
        if not at % _TOLD_EVERY:
            told(len(states))
        for step in mover.steps[state >> shift & mask]:
            if state & step.taken or not packing.holds(step.tests, state):
                continue
            if step.timed or step.back:
                if step.back and not state & step.back:
                    continue
                after = mover.after(state, step)
            else:
                after = ((state | step.set) & step.keep) + step.add
            index = known.get(after)
            if index is None:
                index = known[after] = len(states)
                if index >= limit:
                    raise _too_many(case, mover, states, limit)
                states.append(after)
                came.append(len(source))
            source.append(at)
            target.append(index)
            exits.append(step.exit)
    return Space(case, machine, lay, states, (source, target, exits), came)


def _too_many(case: Case, mover: _Mover, states: list[int], limit: int) -> TooManyStates:
    """Say where states pile up and what multiplies them."""
    lay, project, machine = mover.layout, mover.project, mover.machine
    scene = Counter(state >> lay.scene & lay.scene_mask for state in states).most_common(1)[0][0]
    name = case.logic.scenes[scene].id
    here = [lay.unpack(state) for state in states if state >> lay.scene & lay.scene_mask == scene]
    once = sum(way.once for ways in machine.exits for way in ways)
    met = (project.live[scene] & once).bit_count()
    flags = (project.live[scene] & ~once).bit_count()
    parts = [f"{met} once-only choices and {flags} flags meet in scene '{name}'"]
    for position, axis in enumerate(case.logic.axes):
        if project.axes_read[position]:
            values = len({state.axes[position] for state in here})
            parts.append(f"conditions read the axis '{axis}', which takes {values} values there")
    times = len({state.clock for state in here})
    if times > 1:
        parts.append(f"the clock takes {times} values there")
    return TooManyStates(limit, "; ".join(parts), name)
