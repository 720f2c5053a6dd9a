"""The instructor's own solution goes through the rooms before the class: what it cannot pass is known then.

A test that the solution does not pass in full is tried in the learner's room, and is for a person where it
does not pass there either. So no class gets 0 because the rooms could not do what its course needs.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from autograder.grading.master import Master
from autograder.grading.one_room import for_one_room
from autograder.grading.plan import CellPlan, Found, Plan, make_plan, solved
from autograder.grading.room import Job, Run
from autograder.grading.running import Running
from autograder.grading.scoring import score_cells
from autograder.rooms.handle import RoomLost

__all__ = ["Rehearsed", "rehearse"]

_ROUNDS = 5


@dataclass
class Rehearsed:
    """What came of it.

    plan: how the class's notebooks are run.
    modules: what was loaded in the rooms at the end of the first run.
    why: what the first test that did not pass said; for the instructor.
    """

    plan: Plan
    modules: list[str]
    why: str | None = None

    def plain(self) -> dict[str, Any]:
        """As plain data, for another process."""
        return {**vars(self), "plan": self.plan.plain()}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Rehearsed:
        """From plain data."""
        return cls(**{**plain, "plan": Plan.read(plain["plan"])})

    @property
    def note(self) -> str | None:
        """What the instructor should know of it, in one sentence; None when all is well."""
        found, name = self.plan.found, self.plan.notebook
        tests = [cell.name for cell in self.plan.cells if cell.role == "test"]
        if tests and len(found.manual) == len(tests):
            return (
                f"{name}: the course's own solution passes none of its checks ({self.why}); mark them by hand"
            )
        told = []
        if found.fallback:
            told.append(
                f"{', '.join(found.fallback)} in the learner's room only, so no record can rest on it"
            )
        if found.manual:
            told.append(f"{', '.join(found.manual)} not at all ({self.why}), so a person has to mark it")
        return f"{name}: the course's own solution passes {'; '.join(told)}" if told else None


def rehearse(
    master: Master, job: Callable[[Any, Master], Job], pair: Callable[[Job], AbstractContextManager[Any]]
) -> Rehearsed:
    """Run a notebook's own solution until each test has its way: once, where all goes well."""
    notebook = solved(master)
    found = Found(fallback=for_one_room(notebook))
    first: list[str] | None = None
    why, doubted = None, False
    for _ in range(_ROUNDS):
        work = job(notebook, master)
        with pair(work) as both:
            run = _Rehearsal(master, found, work, both)
            run.run()
            first = first or run.modules()
        failed = _failed(run.done)
        if failed and not doubted and _by_chance(run.done):
            doubted = True
            continue
        why = why or (_why(run.done, failed) if failed else None)
        found = _next(run, failed)
        if found == run.found:
            break
    else:
        # Where each attempt finds something new, nothing is certain.
        left = sorted({*found.fallback, *found.manual, *failed})
        found = replace(found, fallback=[], manual=left)
    return Rehearsed(make_plan(master, found), first or [], why)


def _next(run: _Rehearsal, failed: set[str]) -> Found:
    """What is known after a run; the same as before it where nothing new has come up."""
    found = replace(run.found, own=sorted(run.used))
    if run.late - set(run.found.changed):
        return replace(found, changed=sorted({*found.changed, *run.late}))
    manual = {*found.manual, *(failed & set(found.fallback))}
    fallback = {*found.fallback, *failed} - manual
    return replace(found, fallback=sorted(fallback), manual=sorted(manual))


def _by_chance(run: Run) -> bool:
    """Tell whether a busy machine may be the reason; then a whole class must not pay for it."""
    return run.stopped is not None or "timeout" in run.replies.values()


def _failed(run: Run) -> set[str]:
    """The tests that the solution did not pass in full."""
    cells, _ = score_cells(run, set())
    waiting = {"manual"}
    tests = {
        cell.metadata["nbgrader"]["grade_id"]
        for cell in run.notebook.cells
        if cell.cell_type == "code"
        and cell.metadata.get("nbgrader", {}).get("grade")
        and not cell.metadata["nbgrader"].get("solution")
    }
    return {
        one.grade_id for one in cells if one.grade_id in tests and one.outcome not in {"passed", *waiting}
    }


def _why(run: Run, failed: set[str]) -> str:
    """Say what the first of them said, for the instructor alone."""
    if run.stopped:
        return run.stopped
    for cell in run.notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in failed:
            error = next((one for one in cell.outputs if one.output_type == "error"), None)
            if error is not None:
                return f"{error.ename}: {error.evalue}"[:300]
            return "it takes too long, or gives less than all its points"
    return "unknown"


class _Rehearsal(Running):
    """A run of the solution that watches which given names it changes, and what it uses."""

    def __init__(self, master: Master, found: Found, job: Job, pair: Any) -> None:
        super().__init__(make_plan(master, found), job, pair)
        self.master = master
        self.found = found
        self.own = None
        self.late: set[str] = set()
        self.used: set[str] = set()

    def _solution(self, at: int, cell: Any, own: CellPlan) -> None:
        super()._solution(at, cell, own)
        changed = self._changed()
        if changed:
            self.found = replace(self.found, changed=sorted({*self.found.changed, *changed}))
            self.plan = make_plan(self.master, self.found)

    def _examined(self, at: int, cell: Any, own: CellPlan) -> Any:
        tested = super()._examined(at, cell, own)
        self.used |= set(tested.own)
        self.found = replace(self.found, own=sorted(self.used))
        if self.done.replies.get(at) == "error":
            self.late |= set(self._changed())
        return tested

    def _changed(self) -> list[str]:
        return list(self.pair.examiner.changed(self.plan.given)) if self.plan.given else []

    def modules(self) -> list[str]:
        """What the rooms have loaded by now."""
        try:
            return list(dict.fromkeys([*self.pair.learner.modules(), *self.pair.examiner.modules()]))
        except RoomLost:
            return []
