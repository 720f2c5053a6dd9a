"""All states that a play can be in, as far as they differ for what comes after.

States are projected: an axis that no condition reads, a flag that nothing ahead reads, a once-only choice
that cannot be met again and the time beyond the last reading of the clock do not tell states apart.
What is offered, and how text varies, is the same in the projection as in the full space.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from scenarios.engine import conditions
from scenarios.engine.graph import reachable
from scenarios.engine.model import Case, Condition, Scene
from scenarios.engine.state import Machine, State

LIMIT = 200_000


class TooManyStates(Exception):
    """The space broke the bound: how many states, and what made them so many."""

    def __init__(self, limit: int, reason: str, scene: str) -> None:
        self.limit = limit
        self.reason = reason
        self.scene = scene
        super().__init__(f"more than {limit:,} states: {reason}")


@dataclass
class Space:
    """The projected states of a case, found breadth first, and the choices between them."""

    case: Case
    machine: Machine
    states: list[State] = field(default_factory=list)
    edges: list[list[tuple[int, int]]] = field(default_factory=list)
    """For each state, the offered choices: number, index of the next state."""
    came: list[tuple[int, int]] = field(default_factory=list)
    """How each state was first met: index of the one before, number of the choice."""

    def scene(self, at: int) -> str:
        """Name the scene of a state."""
        return self.machine.scene(self.states[at])

    def ended(self, at: int) -> bool:
        """Tell whether a state is an ending."""
        return self.machine.ended(self.states[at])

    def effects(self, at: int, number: int) -> tuple[int, ...]:
        """What a choice adds to the axes."""
        return self.machine.exits[self.states[at].scene][number - 1].effects

    def walk(self, at: int) -> list[int]:
        """Give the shortest list of choices that leads to a state."""
        numbers = []
        while at:
            at, number = self.came[at]
            numbers.append(number)
        return numbers[::-1]

    def by_scene(self) -> dict[str, list[int]]:
        """List the states of every scene, empty for a scene that is never met."""
        found: dict[str, list[int]] = {scene.id: [] for scene in self.case.logic.scenes}
        for at in range(len(self.states)):
            found[self.scene(at)].append(at)
        return found


def conditions_of(case: Case, scene: Scene) -> list[Condition | None]:
    """List every condition that is read while a play stands in a scene."""
    logic = next(each for each in case.logic.scenes if each.id == scene.id)
    feedback = [prose for choice in scene.choices for prose in choice.feedback]
    # Deadlines are looked at when time passes.
    clock = case.logic.clock if any(choice.takes for choice in logic.choices) else None
    return [
        *(deadline.unless for deadline in (clock.deadlines if clock else ())),
        *(choice.when for choice in logic.choices),
        *(prose.when for prose in (*scene.prose, *scene.debrief, *feedback)),
    ]


class Projection:
    """Forgets what cannot matter any more."""

    def __init__(self, case: Case, machine: Machine) -> None:
        self.machine = machine
        self.case = case
        reads = {
            scene.id: set().union(*(conditions.names(each) for each in conditions_of(case, scene)))
            for scene in case.scenes
        }
        everything = set().union(*reads.values())
        self.axes_read = tuple(axis in everything for axis in case.logic.axes)
        self.mover = Machine(case.logic, self.axes_read)
        """Plays like the machine, but leaves alone the axes that nothing reads."""
        self._clock_read = "clock" in everything
        self._cap = self._clock_cap()
        self._fired = sum(deadline.bit for deadline in machine.deadlines)
        edges = self._edges()
        self._goes_back = [self._leads_back(edges, scene.id) for scene in case.logic.scenes]
        self.live = [self._live(scene.id, reads) for scene in case.logic.scenes]

    def _clock_cap(self) -> int:
        """The time beyond which all times are alike."""
        clock = self.case.logic.clock
        read = [
            value
            for scene in self.case.scenes
            for condition in conditions_of(self.case, scene)
            for conj in condition or ()
            for name, _, value in conj
            if name == "clock"
        ]
        return max([clock.deadlines[-1].at if clock else 0, *read]) + 1

    def _edges(self) -> dict[str, list[str]]:
        """Where each scene may lead, by choices, by deadlines and back from them."""
        logic = self.case.logic
        sent = [each.to for each in (logic.clock.deadlines if logic.clock else ()) if each.to is not None]
        timed = {scene.id for scene in logic.scenes if any(choice.takes for choice in scene.choices)}
        ahead = {scene.id: [choice.to for choice in scene.choices if choice.to] for scene in logic.scenes}
        back = [to for scene in timed for to in ahead[scene]] + (sent if len(sent) > 1 else [])
        return {
            scene.id: ahead[scene.id]
            + (sent if scene.id in timed else [])
            + (back if any(choice.to is None for choice in scene.choices) else [])
            for scene in logic.scenes
        }

    def _leads_back(self, edges: dict[str, list[str]], scene: str) -> bool:
        """Tell whether a choice ahead of a scene leads back to where a deadline cut in."""
        ahead = reachable(edges, scene)
        scenes = [each for each in self.case.logic.scenes if each.id in ahead]
        return any(choice.to is None for each in scenes for choice in each.choices)

    def _live(self, scene: str, reads: dict[str, set[str]]) -> int:
        """Bits that some scene ahead of this one still looks at."""
        mask = sum(deadline.bit for deadline in self.machine.deadlines)
        for ahead in reachable(self._edges(), scene):
            mask |= sum(self.machine.bit[name] for name in reads[ahead] if name in self.machine.bit)
            mask |= sum(way.once for way in self.machine.exits[self.machine.index[ahead]])
        return mask

    def __call__(self, state: State) -> State:
        """Project a state that the mover has reached."""
        scene, bits, clock, axes, back = state
        spent = bits & self._fired == self._fired and not self._clock_read
        clock = 0 if spent or not self._fired else min(clock, self._cap)
        return State(scene, bits & self.live[scene], clock, axes, back if self._goes_back[scene] else -1)


def explore(case: Case, limit: int = LIMIT) -> Space:
    """Find all projected states; raise TooManyStates beyond the limit."""
    machine = Machine(case.logic)
    project = Projection(case, machine)
    space = Space(case, machine)
    mover = project.mover
    start = project(mover.start)
    known = {start: 0}
    space.states.append(start)
    space.came.append((0, 0))
    waiting = deque([0])
    while waiting:
        at = waiting.popleft()
        state = space.states[at]
        ways = []
        for number in mover.offered(state):
            after = project(mover.take(state, number))
            index = known.get(after)
            if index is None:
                index = known[after] = len(space.states)
                if index >= limit:
                    raise _too_many(space, project, limit)
                space.states.append(after)
                space.came.append((at, number))
                waiting.append(index)
            ways.append((number, index))
        space.edges.append(ways)
    return space


def _too_many(space: Space, project: Projection, limit: int) -> TooManyStates:
    """Say where states pile up and what multiplies them."""
    scene = Counter(state.scene for state in space.states).most_common(1)[0][0]
    name = space.case.logic.scenes[scene].id
    here = [state for state in space.states if state.scene == scene]
    once = sum(way.once for ways in space.machine.exits for way in ways)
    met = (project.live[scene] & once).bit_count()
    flags = (project.live[scene] & ~once).bit_count()
    parts = [f"{met} once-only choices and {flags} flags meet in scene '{name}'"]
    for position, axis in enumerate(space.case.logic.axes):
        if project.axes_read[position]:
            values = len({state.axes[position] for state in here})
            parts.append(f"conditions read the axis '{axis}', which takes {values} values there")
    times = len({state.clock for state in here})
    if times > 1:
        parts.append(f"the clock takes {times} values there")
    return TooManyStates(limit, "; ".join(parts), name)
