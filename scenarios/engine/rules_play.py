"""Rules about judgement: real dilemmas, no single-minded way to the best ending, no luck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from scenarios.engine.explore import Space
from scenarios.engine.findings import Finding
from scenarios.engine.fronts import Front, Future, ahead, backward, covers, future, pareto, strictly_better
from scenarios.engine.model import STANCES, Stance
from scenarios.engine.numbers import Range

LUCK = Fraction(2, 100)
SINGLE_MINDED: tuple[Stance, ...] = ("restrict", "open", "escalate")


class Decisions:
    """Every state in which a play has more than one choice, and what each choice can still lead to."""

    def __init__(self, space: Space, ordered: Sequence[int]) -> None:
        self.space = space
        self.fronts = backward(space, ordered)
        self._ahead: dict[Future, dict[int, Front]] = {}
        self.visits = {
            scene: [at for at in states if len(space.edges[at]) > 1]
            for scene, states in space.by_scene().items()
        }
        self._stances = {scene.id: [choice.stance for choice in scene.choices] for scene in space.case.scenes}

    def ahead(self, at: int) -> dict[int, Front]:
        """Give the front of every offered choice."""
        key = future(self.space, self.fronts, at)
        if key not in self._ahead:
            self._ahead[key] = {
                number: pareto(ahead(self.space, self.fronts, at, number, target))
                for number, target in self.space.edges[at]
            }
        return self._ahead[key]

    def stance(self, at: int, number: int) -> Stance | None:
        """Tell what a choice is declared to be."""
        return self._stances[self.space.scene(at)][number - 1]

    def worse(self, at: int, stance: Stance) -> bool:
        """Tell whether a choice of this stance is strictly worse here than one of another."""
        fronts = self.ahead(at)
        mine = [number for number in fronts if self.stance(at, number) == stance]
        others = [number for number in fronts if self.stance(at, number) != stance]
        return any(strictly_better(fronts[other], fronts[number]) for number in mine for other in others)


def declared(decisions: Decisions) -> Iterator[Finding]:
    """Find decisions with a choice that declares no stance."""
    case = decisions.space.case
    for scene, visits in decisions.visits.items():
        offered = {number for at in visits for number, _ in decisions.space.edges[at]}
        for number in sorted(offered):
            choice = case.scene(scene).choices[number - 1]
            if choice.stance is None:
                message = f"the choice '{choice.label}' declares no stance"
                yield Finding("stance", message, choice.line, f"write one of {', '.join(STANCES)} as a mark")


def dilemmas(decisions: Decisions) -> Iterator[Finding]:
    """Find decisions that one choice wins at every visit, so that there is nothing to weigh."""
    for scene, visits in decisions.visits.items():
        winners: set[int] | None = None
        for at in visits:
            fronts = decisions.ahead(at)
            candidates = set(fronts) if winners is None else winners & set(fronts)
            winners = {
                number
                for number in candidates
                if all(covers(fronts[number], other) for other in fronts.values())
            }
            if not winners:
                break
        if winners:
            yield _no_dilemma(decisions, scene, min(winners), len(winners))


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
    visits = [at for states in decisions.visits.values() for at in states]
    if not any(decisions.worse(at, "restrict") for at in visits):
        message = "at no decision is a choice marked `restrict` strictly worse than another"
        remedy = "too much secrecy is an error in this course as well: let it cost something somewhere"
        yield Finding("restrict-worse", message, 1, remedy)


def single_minded(decisions: Decisions) -> Iterator[Finding]:
    """Play with one stance wherever it is offered: it must lose outright once, and never reach the best."""
    space = decisions.space
    for stance in SINGLE_MINDED:
        met = _states_of(decisions, stance)
        best = next((at for at in sorted(met) if space.scene(at) == space.case.best), None)
        if best is not None:
            numbers = ", ".join(map(str, _walk_within(decisions, stance, best)))
            message = f"always choosing `{stance}` can reach the best ending (choices {numbers})"
            remedy = f"offer `{stance}` at a decision on the best way, where it is not the right answer"
            yield Finding("single-minded", message, space.case.line_of(space.case.best or ""), remedy)
        if not any(decisions.worse(at, stance) for at in met if len(space.edges[at]) > 1):
            message = f"always choosing `{stance}` never meets a decision where it is strictly worse"
            remedy = f"let a choice marked `{stance}` lose on every axis to another one somewhere"
            yield Finding("single-minded", message, 1, remedy)


def _ways(decisions: Decisions, stance: Stance, at: int) -> list[tuple[int, int]]:
    """List what this player may do: its stance where it is offered, anything else where it is not."""
    ways = decisions.space.edges[at]
    own = [way for way in ways if decisions.stance(at, way[0]) == stance]
    return own or ways


def _came(decisions: Decisions, stance: Stance) -> dict[int, tuple[int, int]]:
    came, waiting = {0: (0, 0)}, [0]
    for at in waiting:
        for number, target in _ways(decisions, stance, at):
            if target not in came:
                came[target] = (at, number)
                waiting.append(target)
    return came


def _states_of(decisions: Decisions, stance: Stance) -> set[int]:
    return set(_came(decisions, stance))


def _walk_within(decisions: Decisions, stance: Stance, at: int) -> list[int]:
    came, numbers = _came(decisions, stance), []
    while at:
        at, number = came[at]
        numbers.append(number)
    return numbers[::-1]


def luck(space: Space, chances: Sequence[Fraction]) -> Iterator[Finding]:
    """Refuse a case whose best ending a player at random reaches too often."""
    chance = _chance(space, chances, space.case.best)
    if chance > LUCK:
        message = f"a player at random reaches the best ending in {float(chance):.1%} of plays"
        remedy = "ask for more than one good decision on the way (at most 2 % are allowed)"
        yield Finding("luck", message, space.case.line_of(space.case.best or ""), remedy)


def _chance(space: Space, chances: Sequence[Fraction], ending: str | None) -> Fraction:
    return sum((chances[at] for at in range(len(space.states)) if space.scene(at) == ending), Fraction(0))


def best(space: Space, ordered: Sequence[int]) -> Iterator[Finding]:
    """Refuse a best ending of which every result is outdone by another ending."""
    case = space.case
    own = backward(space, ordered, lambda at: space.scene(at) == case.best)[0]
    rest = backward(space, ordered, lambda at: space.scene(at) != case.best)[0]
    if own and rest and all(any(strictly_better((other,), (mine,)) for other in rest) for mine in own):
        message = f"another ending outdoes all results of the best one, '{case.scene(case.best or '').title}'"
        remedy = "name another ending as best, or let the way to this one earn more"
        yield Finding("best", message, case.lines.get("best"), remedy)


def bounds(space: Space, ranges: Sequence[Range]) -> Iterator[Finding]:
    """Compare the declared bounds of each axis with what play reaches, at any moment."""
    for index, axis in enumerate(space.case.axes):
        low, high = min(each.low[index] for each in ranges), max(each.high[index] for each in ranges)
        line = space.case.lines.get(f"axes.{axis.name}")
        exact = f"write {axis.name}: {{from: {low}, to: {high}}}"
        if low < axis.low or high > axis.high:
            message = f"'{axis.name}' runs from {low} to {high}, outside its bounds {axis.low} to {axis.high}"
            yield Finding("bounds", message, line, exact)
        elif low > axis.low or high < axis.high:
            message = f"'{axis.name}' runs from {low} to {high} only, not {axis.low} to {axis.high}"
            yield Finding("bounds", message, line, exact, "warning")
