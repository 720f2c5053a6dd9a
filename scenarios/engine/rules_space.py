"""Rules about the graph: everything is reached, nothing is stuck or endless, what is declared is used."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenarios.engine import conditions
from scenarios.engine.findings import Finding
from scenarios.engine.model import Case, Prose
from scenarios.engine.projection import conditions_of
from scenarios.engine.space import Bools, Space


def flags(case: Case) -> Iterator[Finding]:
    """Find flags that nothing sets, or nothing reads."""
    choices = [choice for scene in case.logic.scenes for choice in scene.choices]
    written = {flag for choice in choices for flag in choice.set}
    read = set[str]().union(
        *(conditions.names(each) for scene in case.scenes for each in conditions_of(case, scene))
    )
    for flag in case.logic.flags:
        line = case.lines.get(f"flags.{flag}")
        if flag not in written:
            remedy = f"write `set {flag}` at a choice, or take the flag out"
            yield Finding("unset-flag", f"nothing sets the flag '{flag}'", line, remedy)
        if flag not in read:
            remedy = f"write `if {flag}` somewhere, or take the flag out"
            yield Finding("unread-flag", f"nothing reads the flag '{flag}'", line, remedy)


def reached(space: Space) -> Iterator[Finding]:
    """Find scenes and choices that no walk meets."""
    taken = set(np.unique(space.exit).tolist())
    offered = {place for one, place in enumerate(space.choices) if one in taken}
    for index, scene in enumerate(space.case.scenes):
        if not len(space.by_scene[scene.id]):
            remedy = "let a choice lead here, or take it out"
            yield Finding("unreached-scene", f"no walk reaches '{scene.title}'", scene.line, remedy)
            continue
        for number, choice in enumerate(scene.choices, 1):
            if (index, number) not in offered:
                remedy = "its condition never holds here: correct it, or take the choice out"
                message = f"no walk is offered the choice '{choice.label}'"
                yield Finding("unreached-choice", message, choice.line, remedy)


def stuck(space: Space) -> Iterator[Finding]:
    """Find scenes in which a play can stand without any choice."""
    found = set[str]()
    for at in np.flatnonzero((space.degree == 0) & ~space.ended).tolist():
        scene = space.scene(at)
        if scene in found:
            continue
        found.add(scene)
        message = f"play stops in '{space.case.scene(scene).title}' with no choice left {_walk(space, at)}"
        remedy = "add a choice without a condition, or one marked `else`"
        yield Finding("stuck", message, space.case.line_of(scene), remedy)


def endless(space: Space, cycle: list[int]) -> Finding:
    """Name a walk that can go on for ever."""
    names = list(dict.fromkeys(space.scene(at) for at in cycle))
    titles = ", ".join(f"'{space.case.scene(name).title}'" for name in names)
    message = f"a play can go round for ever through {titles} {_walk(space, cycle[0])}"
    remedy = "take `again` off a choice on this way, or give it a condition that ends"
    return Finding("endless", message, space.case.line_of(names[0]), remedy)


def deadlines(space: Space) -> Iterator[Finding]:
    """Find a deadline that no walk misses, or that every walk misses."""
    clock = space.case.logic.clock
    ends = {space.states[at] & space.layout.bits for at in np.flatnonzero(space.ended)}
    for deadline in clock.deadlines if clock else ():
        bit = space.machine.bit[deadline.name]
        lines = space.case.lines
        line = lines.get(f"clock.deadlines.{deadline.name}", lines.get("clock.deadline"))
        which = f"the deadline of {deadline.at} {clock.unit if clock else ''} ('{deadline.name}')"
        if not any(bits & bit for bits in ends):
            remedy = "let choices take more time, set it earlier, or ask for more in its 'unless'"
            yield Finding("deadline", f"no walk misses {which}", line, remedy)
        elif all(bits & bit for bits in ends):
            remedy = "let choices take less time, set it later, or give it an 'unless' that can be met"
            yield Finding("deadline", f"every walk misses {which}", line, remedy)


def hidden(space: Space) -> Iterator[Finding]:
    """Find text whose condition never holds, or always does."""
    for scene, states in space.by_scene.items():
        words = space.case.scene(scene)
        for prose in (*words.prose, *words.debrief):
            if prose.when is not None and len(states):
                yield from _shown(prose, space.holding(space.machine.compile(prose.when), states))
        for number, choice in enumerate(words.choices, 1):
            for prose in choice.feedback:
                if prose.when is not None:
                    shown = [after for _, after in feedback_shown(space, scene, number, prose)]
                    yield from _shown(prose, np.array(shown, dtype=bool))


def feedback_shown(space: Space, scene: str, number: int, prose: Prose) -> Iterator[tuple[int, bool]]:
    """Tell for each edge of a choice whether it shows some feedback, which is read after the effects."""
    machine, condition = space.machine, space.machine.compile(prose.when)
    index = space.machine.index[scene]
    one = space.choices.index((index, number))
    for edge in np.flatnonzero(space.exit == one).tolist():
        after = machine.take(space.state(int(space.source[edge])), number)
        yield edge, machine.holds(condition, after)


def _shown(prose: Prose, shown: Bools) -> Iterator[Finding]:
    if not len(shown):
        return
    if not shown.any():
        yield Finding("hidden-text", "no walk shows this text", prose.line, "correct its condition")
    elif shown.all():
        remedy = "take the condition off"
        yield Finding("hidden-text", "every walk shows this text", prose.line, remedy, "warning")


def _walk(space: Space, at: int) -> str:
    walk = space.walk(at)
    return f"(choices {', '.join(map(str, walk))})" if walk else "(at once)"
