"""Run one notebook in a pair of rooms: the learner's cells in one, the instructor's tests in the other."""

from __future__ import annotations

import re
import time
from typing import Any

from autograder.grading import outputs
from autograder.grading.plan import CellPlan, Plan
from autograder.grading.room import ANSWERS, Job, Run
from autograder.rooms.handle import RoomLost
from autograder.rooms.pair import Pair

__all__ = ["Running", "run_pair"]

_WORD = re.compile(r"[^\W\d]\w*")


def run_pair(plan: Plan, job: Job, pair: Pair) -> Run:
    """Run a notebook by its plan; of plain data alone, and so the same in any process."""
    return Running(plan, job, pair).run()


class Running:
    """One notebook on its way through two rooms."""

    def __init__(self, plan: Plan, job: Job, pair: Pair) -> None:
        from nbformat import NotebookNode, from_dict

        self.plan = plan
        self.job = job
        self.pair = pair
        self.until = time.monotonic() + job.whole
        made = job.notebook if isinstance(job.notebook, NotebookNode) else from_dict(job.notebook)
        self.done = Run(made)
        self.own: list[str] | None = plan.found.own
        self.most: int | None = None  # how often a given cell may ask the learner's room one by one
        self.count = 0
        self.missing: set[str] = set()
        self.elsewhere: list[str] = []  # what has run in the examiner's room since the learner's last cell
        self.at = 0  # the position of the cell that runs

    def run(self) -> Run:
        """Run cell after cell, as long as there is time and both rooms live."""
        plan = self.plan
        # Whatever becomes of the rest, these wait for a person.
        self.done.ways = {
            at: "manual"
            for at, origin in enumerate(self.job.origin)
            if origin is not None and plan.cells[origin].way == "manual"
        }
        try:
            self.pair.examiner.begin(
                own=self.own,
                classes=plan.classes,
                given_classes=plan.given_classes,
                imports=plan.imports,
                answers=None if self.job.answers is None else {ANSWERS: self.job.answers},
            )
            self._lay_out()
            for at, cell in enumerate(self.done.notebook.cells):
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
                    if cell.source.strip():
                        self._cell(at, cell)
        except _Stopped as reason:
            self.done.stopped = str(reason)
        except RoomLost as reason:
            self.done.stopped, self.done.lost = "the room in which the notebook ran ended early", True
            self.done.log.append(outputs.text(reason)[:500])
        return self.done

    def _lay_out(self) -> None:
        """Lay out what was handed in beside the notebook, and over it the sheet, which nobody hands in."""
        if self.job.sheet:
            self.pair.examiner.given(_laid_out(self.job.sheet), [], self._seconds())
        files = {**self.job.beside, **self.job.sheet}
        if files:
            self.pair.learner.run(_laid_out(files), seconds=self._seconds())

    def _cell(self, at: int, cell: Any) -> None:
        origin = self.job.origin[at]
        own = CellPlan("solution") if origin is None else self.plan.cells[origin]
        self.count += 1
        self.at = at
        {"given": self._given, "solution": self._solution, "test": self._test}[own.role](at, cell, own)

    def _seconds(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise _Stopped(f"the notebook took longer than {self.job.whole} s")
        return min(self.job.timeout, left)

    def _learner(self, at: int, cell: Any, source: str, record: list[str] | None = None) -> None:
        """Run in the learner's room, and note what came of it."""
        cells = [*self.elsewhere, source]
        ran = self.pair.learner.run(source, seconds=self._seconds(), cells=cells, record=record or [])
        self.elsewhere = []
        shown = outputs.clean(ran.outputs, self.count)
        if ran.error is not None and not any(one.output_type == "error" for one in shown):
            shown += outputs.failure(ran.error, self.count)
        self._note(at, cell, shown, late=ran.late, failed=ran.error is not None)

    def _note(self, at: int, cell: Any, shown: list[Any], *, late: bool, failed: bool) -> None:
        cell.outputs, cell.execution_count = shown, self.count
        self.done.replies[at] = "timeout" if late else "error" if failed else "ok"

    def _solution(self, at: int, cell: Any, _: CellPlan) -> None:
        self._learner(at, cell, cell.source)
        self.pair.examiner.learned(cell.source)

    def _given(self, at: int, cell: Any, own: CellPlan) -> None:
        if own.recorded:
            self.pair.examiner.fetch(own.bring, self._seconds())
            self._learner(at, cell, cell.source, own.bring)
            told = self.pair.examiner.given(cell.source, [], self._seconds(), replay=True)
            self._asked(at, told.asked)
            return
        # First the examiner, because the learner's room may change in place what is fetched here.
        if not own.left_out:
            told = self.pair.examiner.given(cell.source, own.bring, self._seconds(), most=self.most)
            self._asked(at, told.asked)
        self._learner(at, cell, cell.source)

    def _asked(self, at: int, many: int) -> None:
        """Hear how often a given cell has asked the learner's room."""

    def _test(self, at: int, cell: Any, own: CellPlan) -> None:
        if own.way == "rooms":
            self._examined(at, cell, own)
        elif own.way == "fallback":
            self._learner(at, cell, cell.source)
            self.done.ways[at] = "fallback"
        if own.echo:
            self.pair.examiner.given(cell.source, own.bring, self._seconds())
        text = own.also
        if own.way == "rooms" and text != own.text and self._mentioned(at, own.offers):
            text = own.text
        if own.way != "fallback":
            # Never with what is hidden of it: `In` is there to be read.
            self.elsewhere.append(own.text)
            if text:
                self.pair.learner.run(text, seconds=self._seconds())

    def _mentioned(self, at: int, offers: list[str]) -> bool:
        """Tell whether a later cell of the learner's uses what a test has defined, as it could in Jupyter."""
        if not offers:
            return False
        later = zip(self.done.notebook.cells[at + 1 :], self.job.origin[at + 1 :], strict=True)
        theirs = [
            cell.source for cell, origin in later if cell.cell_type == "code" and self._learners(origin)
        ]
        return any(not words.isdisjoint(offers) for words in map(_words, theirs))

    def _learners(self, origin: int | None) -> bool:
        return origin is None or self.plan.cells[origin].role == "solution"

    def _examined(self, at: int, cell: Any, own: CellPlan) -> Any:
        """Run a test in the examiner's room; what it gives is what counts."""
        self._lend(own.lent)
        tested = self.pair.examiner.test(cell.source, own.bring, self._seconds())
        shown = outputs.clean(tested.outputs, self.count)
        shown = [one for one in shown if one.output_type not in {"error", "execute_result"}]
        if tested.result is not None:
            shown += outputs.value(tested.result, self.count)
        if tested.error is not None:
            shown += outputs.failure(tested.error, self.count)
        self._note(at, cell, shown, late=tested.late, failed=tested.error is not None)
        self.done.ways[at] = "handles" if tested.handles else "hatch"
        if tested.error is not None and tested.error.get("from") == "learner":
            self.done.raised[at] = str(tested.error.get("builtin"))
        if tested.values:
            self.done.values[at] = {
                outputs.text(k)[:80]: outputs.text(v)[:80] for k, v in tested.values.items()
            }
        if tested.refused:
            self._refused(at, [outputs.text(reason)[:300] for reason in tested.refused])
        if tested.lost:
            raise RoomLost(tested.lost)
        return tested

    def _refused(self, at: int, reasons: list[str]) -> None:
        """Note what was refused: by the plan's names, because the reasons may hold words of the learner's."""
        self.done.log += [
            f"{self.done.notebook.cells[at].metadata['nbgrader']['grade_id']}: {one}" for one in reasons
        ]
        said = {reason.partition(":")[0] for reason in reasons}
        self.done.refused[at] = sorted(said & set(self.plan.names))

    def _lend(self, lent: list[str]) -> None:
        """Give a test the modules that the solution imports only where the learner has imported them too."""
        for name in lent:
            lacks = self.pair.learner.run(name, seconds=self._seconds()).error is not None
            if lacks and name not in self.missing:
                self.pair.examiner.given(f"globals().pop({name!r}, None)", [], self._seconds())
                self.missing.add(name)
            elif not lacks and name in self.missing:
                self.pair.examiner.given(self.plan.imports, [], self._seconds())
                self.missing.clear()


class _Stopped(Exception):
    """The rest is not run; the text says why."""


def _laid_out(files: dict[str, str]) -> str:
    """Write a cell that lays files out in the learner's room and binds no name there."""
    each = "".join(
        f"__import__('pathlib').Path({name!r}).write_bytes(__import__('base64').b64decode({content!r}));\n"
        for name, content in files.items()
    )
    return each + "None"


def _words(source: str) -> set[str]:
    return set(_WORD.findall(source))
