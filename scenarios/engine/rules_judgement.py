"""Rules of the second edition about one case: what is asked of the learner, and whether the end is earned.

A slogan, a long label or a ready telephone must not win; what the feedback calls wrong must cost; and what
was done must be remembered. Every finding names scene and remedy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from scenarios.engine import cues
from scenarios.engine.findings import Finding
from scenarios.engine.fitting import Fitting
from scenarios.engine.graph import reachable
from scenarios.engine.model import VERDICTS, Case, Choice, Scene
from scenarios.engine.plain_text import plain

LUCK = 0.02
"""Share of plays in which a player who reads nothing may reach the best ending."""
REMEMBERED = 8
ONLY_SOME = 2
SPREAD = 0.15
"""How far the labels of a scene may lie from their mean length, on average over the scenes of a case."""
MOST_OF_ONE = 0.5
_NAMED = 3


def rules(fitting: Fitting) -> Iterator[Finding]:
    """Hold a case to all of them."""
    for rule in (blind_players, deserved, fork, memory, stances, labels, costs):
        yield from rule(fitting)


def named(scenes: list[Scene]) -> str:
    """Name a few scenes."""
    return ", ".join(f"'{scene.title}'" for scene in scenes[:_NAMED])


def blind_players(fitting: Fitting) -> Iterator[Finding]:
    """Find players who read nothing and reach the best ending."""
    for player in cues.surface_players():
        yield from blind(fitting, player)


def blind(fitting: Fitting, player: cues.Player) -> Iterator[Finding]:
    """Find that one player reaches the best ending without reading."""
    score = player.score(fitting)
    best = fitting.tally(score).best
    if best > LUCK:
        scenes = [scene for excess, scene in fitting.excess(score) if excess > 0]
        message = f"a player who {player.name} reaches the best ending in {best:.0%} of plays"
        remedy = f"let another choice be the right one in {named(scenes) or 'some scenes'} (at most 2 %)"
        yield Finding("cues", message, scenes[0].line if scenes else 1, remedy)


def deserved(fitting: Fitting) -> Iterator[Finding]:
    """Ask of each choice whether its feedback is adverse, and let no wrong one lead to the best ending."""
    space, case = fitting.space, fitting.case
    for number in np.unique(space.exit[space.degree[space.source] > 1]).tolist():
        index, place = space.choices[number]
        scene, edges = case.scenes[index], space.exit == number
        choice = scene.choices[place - 1]
        if choice.stance is None:
            continue
        if choice.verdict is None:
            message = f"'{scene.title}': nothing says whether '{choice.label}' is right"
            remedy = f"mark it with one of {', '.join(VERDICTS)}, as its feedback says"
            yield Finding("deserved", message, choice.line, remedy)
        elif choice.verdict == "wrong" and fitting.fits[edges].any():
            message = f"'{scene.title}': '{choice.label}' is wrong and can still lead to the best ending"
            remedy = "let it set a flag that the best ending excludes, or mark it `harmless` and say why"
            yield Finding("deserved", message, choice.line, remedy)


def fork(fitting: Fitting) -> Iterator[Finding]:
    """Ask for a fork with scenes of its own, and for scenes that only some players meet."""
    case = fitting.case
    some = _met_by_some(case)
    if not any(len(targets & some) > 1 for targets in _targets(case).values()):
        message = "no choice decides which scene comes next: every player walks the same corridor"
        remedy = "let two choices of one scene lead to scenes that the other's player does not meet"
        first = next((case.scene(scene).line for scene in fitting.scenes), 1)
        yield Finding("fork", message, first, remedy)
    if len(some) < ONLY_SOME:
        message = f"only some players meet {len(some)} of the scenes; at least {ONLY_SOME} are wanted"
        yield Finding("fork", message, 1, "let a choice lead to a scene that the others pass by")


def _targets(case: Case) -> Mapping[str, set[str]]:
    return {scene.id: {each.to for each in scene.choices if each.to} for scene in case.logic.scenes}


def _met_by_some(case: Case) -> set[str]:
    """List the scenes that a play can pass by; endings, and what a deadline sends to, do not count."""
    logic, targets = case.logic, _targets(case)
    sent = {each.to for each in (logic.clock.deadlines if logic.clock else ())}
    endings, start = set(case.endings), logic.start or ""
    found = set[str]()
    for scene in targets.keys() - endings - sent - {start}:
        without = {each: to - {scene} for each, to in targets.items() if each != scene}
        if reachable(without, start) & endings:
            found.add(scene)
    return found


def memory(fitting: Fitting) -> Iterator[Finding]:
    """Ask for texts before the ending that depend on what was done."""
    scenes = [scene for scene in fitting.case.scenes if scene.kind == "scene"]
    kept = Counter({scene.id: _conditional(scene) for scene in scenes})
    if kept.total() < REMEMBERED:
        silent = [scene for scene in scenes[1:] if not kept[scene.id] and len(scene.choices) > 1]
        message = f"{kept.total()} texts before the ending depend on what was done, of at least {REMEMBERED}"
        remedy = f"begin a paragraph with `if …`, such as in {named(silent) or 'a late scene'}"
        yield Finding("memory", message, silent[0].line if silent else 1, remedy)


def _conditional(scene: Scene) -> int:
    proses = (*scene.prose, *(prose for choice in scene.choices for prose in choice.feedback))
    return sum(prose.when is not None for prose in proses)


def stances(fitting: Fitting) -> Iterator[Finding]:
    """Let no attitude be the right one more than half of the time."""
    single = fitting.single
    counts = Counter(choice.stance for choice in single.values())
    for stance, count in counts.items():
        if len(single) > 1 and count > MOST_OF_ONE * len(single):
            scenes = [fitting.case.scene(at) for at, choice in single.items() if choice.stance == stance]
            message = f"`{stance}` is the one right choice in {count} of {len(single)} decisive scenes"
            remedy = f"let another attitude be right in {named(scenes)} (at most half)"
            yield Finding("stances", message, scenes[0].line, remedy)


def spread(scene: Scene) -> float:
    """Give the mean distance of a scene's labels from their mean length, as a share of it."""
    lengths = np.array([len(plain(choice.label)) for choice in scene.choices], dtype=float)
    return float(np.abs(lengths - lengths.mean()).mean() / lengths.mean())


def labels(fitting: Fitting) -> Iterator[Finding]:
    """Let the labels of a scene be of one length."""
    scenes = [fitting.case.scene(scene) for scene in fitting.scenes]
    if not scenes:
        return
    far = {scene.id: spread(scene) for scene in scenes}
    mean = sum(far.values()) / len(far)
    if mean > SPREAD:
        worst = sorted(scenes, key=lambda scene: -far[scene.id])
        message = (
            f"the labels of a scene differ by {mean:.0%} of their length on average (at most {SPREAD:.0%})"
        )
        yield Finding("labels", message, worst[0].line, f"level them, first of all in {named(worst)}")


def costs(fitting: Fitting) -> Iterator[Finding]:
    """Let every fitting choice cost something."""
    case = fitting.case
    rules = {scene.id: scene.choices for scene in case.logic.scenes}
    for scene in fitting.scenes:
        words = case.scene(scene)
        for choice in fitting.fitting(scene):
            logic = rules[scene][_place(words, choice)]
            if choice.costs is None and all(change > 0 for change in logic.effects.values()):
                message = f"'{words.title}': '{choice.label}' is right and costs nobody anything"
                remedy = "take a point off some axis, or write `costs NAME` and let the feedback tell it"
                yield Finding("costs", message, choice.line, remedy)


def _place(scene: Scene, choice: Choice) -> int:
    return next(at for at, each in enumerate(scene.choices) if each is choice)
