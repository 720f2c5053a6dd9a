"""One run of the instructor's own solution, watched: what it changes, what it uses, which files it shares."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import Any

from autograder.grading import names
from autograder.grading.master import Master
from autograder.grading.plan import CellPlan, Found, make_plan
from autograder.grading.room import Job
from autograder.grading.running import Running
from autograder.rooms.handle import RoomLost
from autograder.rooms.touched import Files

__all__ = ["Rehearsal"]

# So many calls through the hatch cost about a third of a second; a cell with more is run in another way.
_OFTEN = 1000


class Rehearsal(Running):
    """A run of the solution that watches.

    found: what is known, with what has come up on the way.
    late: given names that have been changed by a test.
    used: keys of the contract that tests used (see rooms/contract.py).
    sharing: tests that read a file which the other room writes; both rooms have their own.
    often: given cells that have asked the learner's room very often, by position.
    """

    def __init__(self, master: Master, found: Found, job: Job, pair: Any) -> None:
        super().__init__(make_plan(master, found), job, pair)
        self.master = master
        self.found = found
        self.own = None
        # Whatever comes of a cell that asks so often: it is run in another way then.
        self.most = None if found.singly else _OFTEN
        self.late: set[str] = set()
        self.used: set[str] = set()
        self.sharing: set[str] = set()
        self.often: set[int] = set()
        self._written: set[str] = set()
        self._begun = False

    @property
    def culprit(self) -> int | None:
        """The position of the test that ended the run; None where it ran to its end, or no test ended it."""
        origin = self.job.origin[self.at] if self.done.stopped else None
        return self.at if origin is not None and self.plan.cells[origin].role == "test" else None

    def _cell(self, at: int, cell: Any) -> None:
        if not self._begun:
            self._begun = True
            self._look()
        super()._cell(at, cell)

    def _solution(self, at: int, cell: Any, own: CellPlan) -> None:
        super()._solution(at, cell, own)
        self._look()
        self._learn(self._changed())

    def _given(self, at: int, cell: Any, own: CellPlan) -> None:
        super()._given(at, cell, own)
        _, examiners = self._look()
        # What it read here is what the exercise ships, and not what the solution has written.
        if self._written & _met(examiners.opened, cell.source, self._written):
            self._learn(names.read(cell.source).bound)

    def _asked(self, at: int, many: int) -> None:
        if many >= _OFTEN:
            self.often.add(at)

    def _examined(self, at: int, cell: Any, own: CellPlan) -> Any:
        tested = super()._examined(at, cell, own)
        self.used |= set(tested.own)
        self.found = replace(self.found, own=sorted(self.used))
        if self.done.replies.get(at) == "error":
            self.late |= set(self._changed())
        learners, examiners = self._look()
        theirs = self._written & _met(examiners.opened, cell.source, self._written)
        if own.name and (theirs or examiners.changed & learners.opened):
            self.sharing.add(own.name)
        return tested

    def _look(self) -> tuple[Files, Files]:
        """What both rooms have done to their files since the last look."""
        learners, examiners = self.pair.learner.files(), self.pair.examiner.files()
        self._written |= learners.changed - examiners.changed
        return learners, examiners

    def _learn(self, changed: Any) -> None:
        more = {*changed} - set(self.found.changed)
        if more:
            self.found = replace(self.found, changed=sorted({*self.found.changed, *more}))
            self.plan = make_plan(self.master, self.found)

    def _changed(self) -> list[str]:
        return list(self.pair.examiner.changed(self.plan.given)) if self.plan.given else []

    def loaded(self) -> tuple[list[str], list[str]]:
        """What both rooms have loaded by now, and the sources of what they had to compile."""
        try:
            told = [self.pair.learner.loaded(), self.pair.examiner.loaded()]
        except RoomLost:
            return [], []
        modules, bare = (list(dict.fromkeys(one for part in told for one in part[at])) for at in (0, 1))
        return modules, bare


def _met(opened: frozenset[str], source: str, written: set[str]) -> set[str]:
    """The files that a cell has opened, or names: a library's own code opens some unseen."""
    return {*opened, *(one for one in written if PurePath(one).name in source)}
