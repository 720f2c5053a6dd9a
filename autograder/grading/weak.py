"""Find tests that pass without the answer: each is run once more with a stand-in for what it asks for.

    rooms.prepare([master])
    rooms.weak(master).weak      # [Weak("check-area", "area", ["an empty array"], score=3.0, points=3.0)]

A comparison with an empty array, with NaN or over no pairs is true of everything. It is the commonest fault
in tests, and no hidden test or closed room makes up for it.
"""

from __future__ import annotations

import symtable
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.grading import names, substitutes
from autograder.grading.master import Master
from autograder.grading.plan import CellPlan, Plan, solved
from autograder.grading.room import Job, Run
from autograder.grading.running import Running
from autograder.grading.scoring import score_cells
from autograder.rooms.handle import RoomLost

__all__ = ["ANYTHING", "Found", "Weak", "find"]

ANYTHING = ""
"""Stands for all names at once, with a notebook as it was handed out."""

_OWN = "__substitutes__"
_NO_ANSWER = {substitutes.MISSING, *substitutes.EMPTY}
# A test that waits for a right answer must not hold up the release: for one try at least, and how many times
# what the solution needed; and for a notebook.
_TRY_SECONDS = 4.0
_TIMES = 4
_BLANK_SECONDS = 20
_WHOLE_SECONDS = 180.0


@dataclass
class Weak:
    """A test cell that gives points without the answer.

    name: what was replaced; empty for everything.
    instead: what stood in its place, most telling first.
    score, points: the most that it gave, of how many.
    """

    cell: str
    name: str
    instead: list[str]
    score: float
    points: float

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return next((what for mark, what in _REMEDIES if mark in self.instead[0]), _REMEDIES[-1][1])

    def __str__(self) -> str:
        more = f" (and {len(self.instead) - 1} more)" if len(self.instead) > 1 else ""
        place = f" in place of '{self.name}'" if self.name else ""
        return (
            f"cell '{self.cell}' gives {self.score:g} of {self.points:g} points with "
            f"{self.instead[0]}{place}{more}; {self.remedy}"
        )


_REMEDIES = (
    ("empty array", "compare shapes before values: any comparison with an empty array holds"),
    ("empty", "compare how many there are first: a loop over nothing and a subset of all pass"),
    ("NaN", "write the comparison so that NaN fails: abs(x - y) < e, and not any(abs(x - y) > e)"),
    ("constant", "ask for several arguments with different answers"),
    ("each place", "ask for entries that differ from each other"),
    ("", "assert something that holds of the answer alone"),
)


@dataclass
class Found:
    """What came of a notebook.

    untried: tests for which there were no rooms or no time.
    """

    weak: list[Weak] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)


def find(
    master: Master,
    plan: Plan,
    job: Callable[[Any], Job],
    run: Callable[[Job], Run],
    pair: Callable[[Job], AbstractContextManager[Any]],
) -> Found:
    """Try every test of a notebook whose solution has been rehearsed.

    job: makes one of a notebook.
    run: runs one like any submission.
    pair: opens a pair of rooms.
    """
    found = Found()
    tried: set[tuple[int, tuple[str, ...], str]] = set()
    until = time.monotonic() + _WHOLE_SECONDS
    blank = replace(job(master.graded), timeout=_BLANK_SECONDS)
    for cell, score, points in _blank(run(blank)):
        found.weak.append(Weak(cell, ANYTHING, ["the notebook as it was handed out"], score, points))
    work = job(solved(master))
    while time.monotonic() < until:
        with pair(work) as both:
            trial = _Trial(plan, work, both, tried, until)
            trial.run()
        found.weak += trial.weak
        if not trial.broken:
            break
    free = {one.cell for one in found.weak if one.name == ANYTHING}
    found.weak = [one for one in found.weak if one.name == ANYTHING or one.cell not in free]
    found.untried = trial.untried if not trial.broken else ["what comes after a test that took too long"]
    return found


def _blank(run: Run) -> Iterator[tuple[str, float, float]]:
    """Tests that give points for a notebook as it was handed out."""
    for one in score_cells(run, set())[0]:
        if one.score:
            yield one.grade_id, one.score, one.max_score


class _Trial(Running):
    """A run of the solution in which each test is run again with every stand-in.

    broken: whether a try ended a room; then the next run goes on behind it.
    """

    def __init__(
        self, plan: Plan, job: Job, pair: Any, tried: set[tuple[int, tuple[str, ...], str]], until: float
    ) -> None:
        super().__init__(plan, job, pair)
        self.tried = tried
        self.deadline = until
        self.weak: list[Weak] = []
        self.untried: list[str] = []
        self.broken = False
        self.patience = _TRY_SECONDS
        self._laid = False

    def _examined(self, at: int, cell: Any, own: CellPlan) -> Any:
        began = time.monotonic()
        tested = super()._examined(at, cell, own)
        self.patience = max(_TRY_SECONDS, _TIMES * (time.monotonic() - began))
        if tested.error is None and own.name:
            said = cell.outputs, cell.execution_count
            self.broken = True
            self._try_all(at, cell, own)
            self.broken = False
            cell.outputs, cell.execution_count = said
        return tested

    def _try_all(self, at: int, cell: Any, own: CellPlan) -> None:
        asked = sorted(_asked(cell.source) & set(own.bring) & set(self.plan.names))
        groups = [(one,) for one in asked] + ([tuple(asked)] if len(asked) > 1 else [])
        for group in groups:
            kinds: list[str] = []
            best = 0.0
            for kind in substitutes.KINDS:
                if (at, group, kind) in self.tried:
                    continue
                if time.monotonic() > self.deadline:
                    self.untried = list(dict.fromkeys([*self.untried, str(own.name)]))
                    return
                self.tried.add((at, group, kind))
                score, points = self._try(at, cell, own, group, kind)
                # Where another name is right, a part of the points is right, too; and so for a constant.
                if score == points or (score and group == tuple(asked) and kind in _NO_ANSWER):
                    kinds.append(kind)
                    best = max(best, score)
            # What a single name shows need not be said again of all together.
            if kinds and not (len(group) > 1 and any(one.cell == own.name for one in self.weak)):
                self.weak.append(Weak(str(own.name), _joined(group), kinds, best, points))

    def _try(
        self, at: int, cell: Any, own: CellPlan, group: tuple[str, ...], kind: str
    ) -> tuple[float, float]:
        """Score one test with a stand-in for some names: 0 where the solution says the same."""
        points = float(cell.metadata["nbgrader"]["points"])
        learner, seconds = self.pair.learner, min(self.patience, self._seconds())
        if not self._laid:
            self._laid = True
            learner.run(_laid_out(), seconds=self._seconds())
        if learner.run(_call("swap", group, kind), seconds=seconds).error is not None:
            return 0.0, points
        try:
            tested = self.pair.examiner.test(cell.source, own.bring, seconds)
        finally:
            learner.run(_call("restore"), seconds=self._seconds())
        if tested.late:
            # A test that waits for a right answer would do so for the next as well.
            self.tried |= {(at, group, other) for other in substitutes.KINDS}
        if tested.lost:
            raise RoomLost(tested.lost)
        if tested.error is not None or tested.refused:
            return 0.0, points
        return self._score(cell, tested), points

    def _score(self, cell: Any, tested: Any) -> float:
        """Score what a test gave, by the rule for a class."""
        from nbformat import NotebookNode

        from autograder.grading import outputs

        again = NotebookNode(**cell)
        again.outputs = outputs.value(tested.result, 1) if tested.result is not None else []
        (scored,), _ = score_cells(Run(NotebookNode(cells=[again]), replies={0: "ok"}), set())
        return scored.score or 0.0


def _laid_out() -> str:
    """Lay out the stand-ins under one name that no solution has."""
    text = Path(substitutes.__file__).read_text(encoding="utf-8")
    return f"{_OWN} = {{'__name__': {_OWN!r}}}; exec({text!r}, {_OWN}); None"


def _asked(source: str) -> set[str]:
    """The names that a test cell has from elsewhere; what a loop of its own binds is not among them."""
    try:
        table = symtable.symtable(source, "<test>", "exec")
    except (SyntaxError, ValueError):  # magics, say
        return names.read(source).words
    own = {one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()}
    return {name for one in _scopes(table) for name in _globals(one)} - own


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def _globals(table: symtable.SymbolTable) -> Iterator[str]:
    for one in table.get_symbols():
        if one.is_referenced() and (one.is_global() or table.get_type() == "module"):
            yield one.get_name()


def _joined(group: tuple[str, ...]) -> str:
    return "', '".join(group)


def _call(what: str, *words: Any) -> str:
    return f"{_OWN}[{what!r}](globals(), {', '.join(map(repr, words))}); None"
