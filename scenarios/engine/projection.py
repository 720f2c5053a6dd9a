"""What of a state can still matter: it tells which states are alike for all that comes after."""

from __future__ import annotations

from scenarios.engine import conditions
from scenarios.engine.graph import reachable
from scenarios.engine.model import Case, Condition, Scene
from scenarios.engine.state import Machine


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
    """For each scene, by its number: what something ahead still asks for."""

    def __init__(self, case: Case, machine: Machine) -> None:
        self._case = case
        self._machine = machine
        logic = case.logic
        reads = {
            scene.id: set[str]().union(*(conditions.names(each) for each in conditions_of(case, scene)))
            for scene in case.scenes
        }
        everything = set[str]().union(*reads.values())
        self.axes_read = tuple(axis in everything for axis in logic.axes)
        self.clock_read = "clock" in everything
        self.cap = self._clock_cap()
        """The time beyond which all times are alike."""
        edges = self._edges()
        ahead = {scene.id: reachable(edges, scene.id) for scene in logic.scenes}
        self.live = [self._live(ahead[scene.id], reads) for scene in logic.scenes]
        back = {scene.id for scene in logic.scenes if any(choice.to is None for choice in scene.choices)}
        self.goes_back = [not back.isdisjoint(ahead[scene.id]) for scene in logic.scenes]
        timed = {scene.id for scene in logic.scenes if any(choice.takes for choice in scene.choices)}
        asks = {scene for scene in reads if "clock" in reads[scene]} | (timed if logic.clock else set())
        self.clock_live = [not asks.isdisjoint(ahead[scene.id]) for scene in logic.scenes]

    def _clock_cap(self) -> int:
        clock = self._case.logic.clock
        read = [
            value
            for scene in self._case.scenes
            for condition in conditions_of(self._case, scene)
            for conj in condition or ()
            for name, _, value in conj
            if name == "clock"
        ]
        return max([clock.deadlines[-1].at if clock else 0, *read]) + 1

    def _edges(self) -> dict[str, list[str]]:
        """Where each scene may lead, by choices, by deadlines and back from them."""
        logic = self._case.logic
        sent = [each.to for each in (logic.clock.deadlines if logic.clock else ()) if each.to is not None]
        timed = {scene.id for scene in logic.scenes if any(choice.takes for choice in scene.choices)}
        ahead = {scene.id: [choice.to for choice in scene.choices if choice.to] for scene in logic.scenes}
        # Play was on its way to where a choice that takes time leads, or back there already.
        back = [to for scene in timed for to in ahead[scene]]
        return {
            scene.id: ahead[scene.id]
            + (sent if scene.id in timed else [])
            + (back if any(choice.to is None for choice in scene.choices) else [])
            for scene in logic.scenes
        }

    def _live(self, ahead: set[str], reads: dict[str, set[str]]) -> int:
        """Bits that some scene ahead still looks at; the checker asks for deadlines at the end."""
        mask = sum(deadline.bit for deadline in self._machine.deadlines)
        for scene in ahead:
            mask |= sum(self._machine.bit[name] for name in reads[scene] if name in self._machine.bit)
            mask |= sum(way.once for way in self._machine.exits[self._machine.index[scene]])
        return mask
