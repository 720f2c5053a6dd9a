"""The instructor's own solution goes through the rooms before the class: what it cannot pass is known then.

A test that the solution does not pass in full is tried in the learner's room, and is for a person where it
does not pass there either. So no class gets 0 because the rooms could not do what its course needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.grading.master import Master
from autograder.grading.one_room import for_one_room
from autograder.grading.plan import Found, Plan, make_plan, role_of, solved
from autograder.grading.rehearsal import Rehearsal
from autograder.grading.room import Job, Run
from autograder.grading.scoring import score_cells

__all__ = ["Rehearsed", "as_member", "rehearse"]

_ROUNDS = 5
_WHOLE_PATH = re.compile(r"['\"]/(?!room/)")


@dataclass
class Rehearsed:
    """What came of it.

    plan: how the class's notebooks are run.
    modules: what was loaded in the rooms at the end of the first run.
    why: what went wrong first where a test did not pass; for the instructor.
    lost: tests that the solution passed then, and did not pass as one of the class.
    bare: sources of libraries that the rooms had to compile.
    """

    plan: Plan
    modules: list[str]
    why: str | None = None
    lost: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As plain data, for another process."""
        return {**vars(self), "plan": self.plan.plain()}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Rehearsed:
        """From plain data."""
        return cls(**{**plain, "plan": Plan.read(plain["plan"])})

    @property
    def has_tests(self) -> bool:
        """Whether there is a test that the solution passes at all."""
        return any(cell.role == "test" and cell.way != "manual" for cell in self.plan.cells)

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
        never = [one for one in found.manual if one not in self.lost]
        if never:
            told.append(f"{', '.join(never)} not at all ({self.why}), so a person has to mark it")
        if self.lost:
            told.append(
                f"{', '.join(self.lost)} alone, but not as one of the class ({self.why}), a fault of "
                "the grader's: please report it; a person has to mark it"
            )
        return f"{name}: the course's own solution passes {'; '.join(told)}" if told else None


def rehearse(
    master: Master, job: Callable[[Any, Master], Job], pair: Callable[[Job], AbstractContextManager[Any]]
) -> Rehearsed:
    """Run a notebook's own solution until each test has its way: once, where all goes well."""
    notebook = solved(master)
    found = Found(fallback=for_one_room(notebook))
    first: tuple[list[str], list[str]] | None = None
    why, doubted, left = None, False, _ROUNDS
    while left:
        left -= 1
        work = job(notebook, master)
        with pair(work) as both:
            run = Rehearsal(master, found, work, both)
            run.run()
            first = first or run.loaded()
        failed = _failed(run)
        if failed and not doubted and _by_chance(run.done):
            doubted = True
            continue
        why = why or (_why(run.done, failed) if failed and not run.often else None)
        found = _next(run, failed)
        if found == run.found:
            break
        before = run.found
        left += (found.recorded, found.singly) != (before.recorded, before.singly)
        # A test that ends the rooms hides what comes after it; each of them has rounds of its own.
        doubted, left = (False, left + 1) if run.culprit is not None else (doubted, left)
    else:
        # Where each attempt finds something new, nothing is certain.
        unsure = sorted({*found.fallback, *found.manual, *failed})
        found = replace(found, fallback=[], manual=unsure)
    modules, bare = first or ([], [])
    return Rehearsed(make_plan(master, found), modules, why, bare=bare)


def as_member(rehearsed: Rehearsed, master: Master, run: Callable[[Any], Run]) -> Rehearsed:
    """Run the solution once more, as one of the class: what it loses there, everybody would lose.

    run: runs a notebook like any other submission.
    """
    notebook = solved(master)
    for _ in range(2):  # twice, because a draw by chance or a busy machine may be the reason
        done = run(notebook)
        lost = _lost(done, None) - set(rehearsed.plan.found.manual)
        if not lost:
            return rehearsed
    found = rehearsed.plan.found
    found = replace(found, manual=sorted({*found.manual, *lost}))
    why = rehearsed.why or _why(done, lost)
    return Rehearsed(make_plan(master, found), rehearsed.modules, why, sorted(lost))


def _next(run: Rehearsal, failed: set[str]) -> Found:
    """What is known after a run; the same as before it where nothing new has come up."""
    found = replace(run.found, own=sorted(run.used))
    if not found.singly and run.often - set(found.recorded):
        return replace(found, recorded=sorted({*found.recorded, *run.often}))
    if found.recorded and not found.singly and (failed or run.often):
        return replace(found, recorded=[], singly=True)
    if run.late - set(run.found.changed):
        return replace(found, changed=sorted({*found.changed, *run.late}))
    if failed and run.plan.leaves_out:
        return replace(found, whole=True)
    manual = {*found.manual, *(failed & set(found.fallback))}
    fallback = {*found.fallback, *failed, *run.sharing} - manual
    return replace(found, fallback=sorted(fallback), manual=sorted(manual))


def _by_chance(run: Run) -> bool:
    """Tell whether a busy machine may be the reason; then a whole class must not pay for it."""
    return run.stopped is not None or "timeout" in run.replies.values()


def _failed(run: Rehearsal) -> set[str]:
    """The tests that the solution did not pass in full; of a run that one of them ended, none after it."""
    return _lost(run.done, run.culprit)


def _lost(run: Run, until: int | None) -> set[str]:
    """The tests that were not passed in full, up to this position or all."""
    cells, _ = score_cells(run, set())
    seen = run.notebook.cells if until is None else run.notebook.cells[: until + 1]
    tests = {cell.metadata["nbgrader"]["grade_id"] for cell in seen if role_of(cell) == "test"}
    return {
        one.grade_id for one in cells if one.grade_id in tests and one.outcome not in {"passed", "manual"}
    }


def _why(run: Run, failed: set[str]) -> str:
    """Say what went wrong first, for the instructor alone: a cell before the test, or the test."""
    for cell in run.notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        error = next((one for one in cell.get("outputs", ()) if one.output_type == "error"), None)
        meant = role_of(cell) == "test" or "raises-exception" in cell.metadata.get("tags", [])
        if error is not None and (name in failed or not meant):
            where = "" if name in failed else f" in the cell '{name}'" if name else " in a cell before it"
            said = f"{error.ename}: {error.evalue}" if error.evalue else str(error.ename)
            return said[:300] + where + _hint(error)
        if name in failed:
            return run.stopped or "it takes too long, or gives less than all its points"
    return run.stopped or "unknown"


def _hint(error: Any) -> str:
    """Tell how a room is shown a folder, where the solution looked for a file by its whole path."""
    missing = error.ename in {"FileNotFoundError", "PermissionError", "NotADirectoryError"}
    return "; rooms read that folder with --show DIR" if missing and _WHOLE_PATH.search(error.evalue) else ""
