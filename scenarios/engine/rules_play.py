"""Rules about judgement: real dilemmas, no single-minded way to the best ending, no luck.

Each rule first looks at weighted sums, which are cheap for all states at once and refute most candidates, and
works out fronts only for what is left; what it says is exact.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property

import numpy as np

from scenarios.engine import numbers
from scenarios.engine.findings import Finding
from scenarios.engine.fronts import Fronts
from scenarios.engine.model import STANCES, Stance
from scenarios.engine.numbers import NOWHERE, Order
from scenarios.engine.space import Bools, Ints, Space

LUCK = Fraction(2, 100)
SINGLE_MINDED: tuple[Stance, ...] = ("restrict", "open", "escalate")
_WEIGHTS = 16
"""How many mixed weighings are tried; more refute more without fronts."""
_LOOK = 200
"""How many of the latest choices are compared by their fronts before weighings narrow the rest."""


class Decisions:
    """Every state in which a play has more than one choice, and what each choice can still lead to."""

    def __init__(self, space: Space, ordered: Order) -> None:
        self.space = space
        self.order = ordered
        self.fronts = Fronts(space, depth=int(ordered.level.max()) + 1)
        self._scores: list[Ints] = []
        stances = [choice.stance for scene in space.case.scenes for choice in scene.choices]
        self._stance = np.array([STANCES.index(each) if each else -1 for each in stances] or [-1])
        self.open: Bools = space.degree > 1
        """The states with a decision."""
        self.edges: Ints = np.flatnonzero(self.open[space.source])
        """The choices in them."""

    def stances(self, stance: Stance) -> Bools:
        """Tell which edges are declared to be of a stance."""
        found: Bools = self._stance[self.space.exit] == STANCES.index(stance)
        return found

    @cached_property
    def weights(self) -> list[tuple[int, ...]]:
        """Give some ways to weigh the axes: all alike, each alone, and mixtures."""
        axes, dice = self.space.effects.shape[1], random.Random(0)
        alone = [tuple(int(at == one) for at in range(axes)) for one in range(axes)]
        mixed = [tuple(dice.randint(1, 20) for _ in range(axes)) for _ in range(_WEIGHTS)]
        return [(1,) * axes, *alone, *mixed]

    def scores(self) -> Iterator[tuple[Ints, Ints]]:
        """For each weighing, give the best that each edge and each state can still bring."""
        space = self.space
        for at, weights in enumerate(self.weights):
            if at == len(self._scores):
                self._scores.append(numbers.scores(space, self.order, weights))
            state = self._scores[at]
            yield space.gain @ np.array(weights) + state[space.target], state

    @cached_property
    def unbeaten(self) -> list[int]:
        """List the choices that no weighing shows to be beaten, or that are missing, at some visit."""
        space, alive = self.space, self.open[self.space.source]
        visits = np.bincount(space.scene_of[self.open], minlength=len(space.case.scenes))
        wanted = np.array([visits[scene] for scene, _ in space.choices])
        found = np.zeros(0, dtype=np.int64)
        for edge, state in self.scores():
            alive = alive & (edge == state[space.source])
            wins = np.bincount(space.exit[alive], minlength=len(space.choices))
            found = np.flatnonzero((wins == wanted) & (wanted > 0))
            if not len(found):
                break
        return [int(each) for each in found]

    def scenes(self) -> dict[str, Ints]:
        """List the states of each scene in which there is a decision, the last of a play first."""
        level = self.order.level
        return {
            scene: (kept := states[self.open[states]])[np.argsort(-level[kept], kind="stable")]
            for scene, states in self.space.by_scene.items()
        }

    def worse(self, stance: Stance, among: Bools) -> bool:
        """Tell whether in one of some states a choice of this stance is strictly worse than another."""
        space, own = self.space, self.stances(stance)
        found = np.flatnonzero(own & self.open[space.source] & among[space.source])
        # Where little is left to come, fronts are small: the latest first.
        found = found[np.argsort(-self.order.level[space.source[found]], kind="stable")]
        if any(self._outdone(edge, own) for edge in found[:_LOOK].tolist()):
            return True
        found = found[_LOOK:]
        for edge, _ in self.scores():
            if not len(found):
                break
            others = np.full(len(space), NOWHERE * 2)
            np.maximum.at(others, space.source[~own], edge[~own])
            found = found[others[space.source[found]] >= edge[found]]
        return any(self._outdone(edge, own) for edge in found.tolist())

    def _outdone(self, edge: int, own: Bools) -> bool:
        """Tell whether a choice of another stance is strictly better than this one."""
        space, at = self.space, self.space.source[edge]
        others = [one for one in range(space.first[at], space.first[at + 1]) if not own[one]]
        front, better = self.fronts.ahead(edge), self.fronts.packing.strictly_better
        return any(better(self.fronts.ahead(other), front) for other in others)


def declared(decisions: Decisions) -> Iterator[Finding]:
    """Find decisions with a choice that declares no stance."""
    space = decisions.space
    for exit_number in np.unique(space.exit[decisions.edges]).tolist():
        scene, number = space.choices[exit_number]
        choice = space.case.scenes[scene].choices[number - 1]
        if choice.stance is None:
            message = f"the choice '{choice.label}' declares no stance"
            yield Finding("stance", message, choice.line, f"write one of {', '.join(STANCES)} as a mark")


def dilemmas(decisions: Decisions) -> Iterator[Finding]:
    """Find decisions that one choice wins at every visit, so that there is nothing to weigh."""
    for scene, visits in decisions.scenes().items():
        won = winners(decisions, visits, scene)
        if won:
            yield _no_dilemma(decisions, scene, won[0], len(won))


def winners(decisions: Decisions, visits: Ints, scene: str) -> list[int]:
    """List the choices of a scene whose front is the whole front at every visit."""
    space, fronts, index = decisions.space, decisions.fronts, decisions.space.machine.index[scene]
    places = {one: space.choices[one] for one in decisions.unbeaten}
    possible = {one: number for one, (at, number) in places.items() if at == index}
    for at in visits.tolist():
        if not possible:
            break
        whole = fronts.of(at)
        edges = range(space.first[at], space.first[at + 1])
        same = {int(space.exit[edge]) for edge in edges if fronts.ahead(edge) == whole}
        possible = {one: number for one, number in possible.items() if one in same}
    return sorted(possible.values())


def _no_dilemma(decisions: Decisions, scene: str, number: int, winners: int) -> Finding:
    words = decisions.space.case.scene(scene)
    choice = words.choices[number - 1]
    remedy = "give it a cost on some axis, or another choice a merit that this one lacks"
    if winners > 1:
        message = f"'{words.title}' is no decision: {winners} choices come to the same and win at every visit"
        return Finding("no-dilemma", message, words.line, remedy)
    message = f"'{choice.label}' is at least as good as every other choice at every visit, on every axis"
    return Finding("no-dilemma", message, choice.line, remedy)


def restriction(decisions: Decisions) -> Iterator[Finding]:
    """Ask for one decision, at least, where a more restrictive choice is the worse one."""
    if not decisions.worse("restrict", np.ones(len(decisions.space), dtype=bool)):
        message = "at no decision is a choice marked `restrict` strictly worse than another"
        remedy = "too much secrecy is an error in this course as well: let it cost something somewhere"
        yield Finding("restrict-worse", message, 1, remedy)


def single_minded(decisions: Decisions) -> Iterator[Finding]:
    """Play with one stance wherever it is offered: it must lose outright once, and never reach the best."""
    space = decisions.space
    for stance in SINGLE_MINDED:
        met, walk = numbers.met(space, _ways(decisions, stance))
        best = np.flatnonzero(met & space.ending(space.case.best))
        if len(best):
            steps = ", ".join(map(str, _shortest(walk(int(at)) for at in best)))
            message = f"always choosing `{stance}` can reach the best ending (choices {steps})"
            remedy = f"offer `{stance}` at a decision on the best way, where it is not the right answer"
            yield Finding("single-minded", message, space.case.line_of(space.case.best or ""), remedy)
        if not decisions.worse(stance, met):
            message = f"always choosing `{stance}` never meets a decision where it is strictly worse"
            remedy = f"let a choice marked `{stance}` lose on every axis to another one somewhere"
            yield Finding("single-minded", message, 1, remedy)


def _shortest(walks: Iterable[list[int]]) -> list[int]:
    return min(walks, key=lambda walk: (len(walk), walk))


def _ways(decisions: Decisions, stance: Stance) -> Bools:
    """Tell what this player may do: its stance where it is offered, anything else where it is not."""
    space, own = decisions.space, decisions.stances(stance)
    has = np.zeros(len(space), dtype=bool)
    has[space.source[own]] = True
    return own | ~has[space.source]


def luck(space: Space, chances: tuple[numbers.Values, int]) -> Iterator[Finding]:
    """Refuse a case whose best ending a player at random reaches too often."""
    chance = numbers.chance(chances[0], space.ending(space.case.best), chances[1])
    if chance > LUCK:
        message = f"a player at random reaches the best ending in {float(chance):.1%} of plays"
        remedy = "ask for more than one good decision on the way (at most 2 % are allowed)"
        yield Finding("luck", message, space.case.line_of(space.case.best or ""), remedy)


def best(decisions: Decisions) -> Iterator[Finding]:
    """Refuse a best ending of which every result is outdone by another ending."""
    space, case = decisions.space, decisions.space.case
    own, rest = space.ending(case.best), space.ended & ~space.ending(case.best)
    if not own.any() or not rest.any() or _best_in_some_weighing(decisions, own, rest):
        return
    if not _on_the_front(decisions, own):
        message = f"another ending outdoes all results of the best one, '{case.scene(case.best or '').title}'"
        remedy = "name another ending as best, or let the way to this one earn more"
        yield Finding("best", message, case.lines.get("best"), remedy)


def _best_in_some_weighing(decisions: Decisions, own: Bools, rest: Bools) -> bool:
    """Tell whether in some weighing no other ending brings more: then nothing outdoes that result."""
    for weights in decisions.weights:
        if 0 in weights:
            continue
        mine, other = (
            numbers.scores(decisions.space, decisions.order, weights, among) for among in (own, rest)
        )
        if mine[0] >= other[0]:
            return True
    return False


def _on_the_front(decisions: Decisions, own: Bools) -> bool:
    """Follow each result of the start's front back to the endings that bring it."""
    space, fronts = decisions.space, decisions.fronts
    waiting = [(0, vector) for vector in fronts.of(0)]
    seen = set(waiting)
    while waiting:
        at, wanted = waiting.pop()
        if space.ended[at]:
            if own[at]:
                return True
            continue
        for edge in range(space.first[at], space.first[at + 1]):
            target = int(space.target[edge])
            left = wanted - fronts.packing.pack(space.gain[edge].tolist())
            if left in fronts.of(target) and (target, left) not in seen:
                seen.add((target, left))
                waiting.append((target, left))
    return False


def bounds(space: Space, ranges: tuple[Ints, Ints]) -> Iterator[Finding]:
    """Compare the declared bounds of each axis with what play reaches, at any moment."""
    lows, highs = ranges[0].min(axis=0).tolist(), ranges[1].max(axis=0).tolist()
    for axis, low, high in zip(space.case.axes, lows, highs, strict=True):
        line = space.case.lines.get(f"axes.{axis.name}")
        exact = f"write {axis.name}: {{from: {low}, to: {high}}}"
        if low < axis.low or high > axis.high:
            message = f"'{axis.name}' runs from {low} to {high}, outside its bounds {axis.low} to {axis.high}"
            yield Finding("bounds", message, line, exact)
        elif low > axis.low or high < axis.high:
            message = f"'{axis.name}' runs from {low} to {high} only, not {axis.low} to {axis.high}"
            yield Finding("bounds", message, line, exact, "warning")
