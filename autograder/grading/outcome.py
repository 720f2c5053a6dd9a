"""From what a room gave back to a result: scores, status and reasons."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from autograder.files import iso, now
from autograder.grading import finding, record
from autograder.grading.hidden import first_hidden, keep_back
from autograder.grading.model import CellResult, Result
from autograder.grading.rebuild import Rebuilt
from autograder.grading.room import Room, Run
from autograder.grading.scoring import score_cells

__all__ = ["Done", "Outcome"]


@dataclass
class Done:
    """One notebook, graded or held."""

    result: Result
    graded: record.Graded | None


@dataclass
class Outcome:
    """Makes the results of one exercise.

    source: digest of all that decides a score.
    practice: whether the course has no secret.
    timeout: seconds for one cell.
    """

    exercise: str
    source: str
    practice: bool
    timeout: int
    room: Room

    def scored(self, one: finding.Handed, built: Rebuilt, run: Run, began: float) -> Done:
        """Score what came back from the room."""
        hidden = first_hidden(run, built, one.master)
        cells, doubts = score_cells(run, built.answered, hidden, one.master.texts)
        keep_back(run, built, hidden)
        slow = [
            run.notebook.cells[at].get("id", at) for at, reply in run.replies.items() if reply == "timeout"
        ]
        doubts += [f"the cell '{name}' took longer than {self.timeout} s" for name in slow]
        if run.twice:
            doubts.append("its room had ended early, so the notebook was run a second time")
        reasons = [*built.reasons, *doubts, *([run.stopped] if run.stopped else []), *_ways(run)]
        # A run that ended early may be the machine's doing, which the program cannot tell from the learner's.
        status = "needs-review" if built.review or doubts or run.stopped else "graded"
        score = sum(cell.score for cell in cells if cell.score is not None)
        result = self._result(one, score, status, reasons, cells, began + run.waited)
        result.certifiable = self._certifiable(result)
        result.log = list(run.log)
        return Done(result, record.Graded(one.master.name, run.notebook, cells, built.answered))

    def _certifiable(self, result: Result) -> bool:
        """Tell whether a record may rest on it: nothing that learner code could have changed by itself."""
        apart = result.isolation != "none" and not self.room.shortfalls
        honest = all(cell.through != "fallback" for cell in result.cells)
        return apart and honest and not self.practice and result.status == "graded"

    def missing(self, one: finding.Handed) -> Done:
        """Score a notebook that was not handed in: nothing; a person looks where it may be lost."""
        cells = [
            CellResult(
                grade_id=cell.metadata["nbgrader"]["grade_id"],
                score=0.0,
                max_score=float(cell.metadata["nbgrader"]["points"]),
                outcome="failed",
                message="no notebook was handed in",
            )
            for cell in one.master.graded.cells
            if cell.metadata.get("nbgrader", {}).get("grade") or cell.metadata.get("nbgrader", {}).get("task")
        ]
        reasons = [f"no notebook {one.master.name}.ipynb was handed in"]
        result = self._result(
            one, 0.0, "needs-review" if one.review else "graded", reasons, cells, time.monotonic()
        )
        return Done(result, record.Graded(one.master.name, None, cells, set()))

    def held(self, one: finding.Handed, reason: str, began: float) -> Done:
        """Give no score, and say why."""
        return Done(self._result(one, None, "held", [reason], [], began), None)

    def _result(
        self,
        one: finding.Handed,
        score: float | None,
        status: Any,
        reasons: list[str],
        cells: list[CellResult],
        began: float,
    ) -> Result:
        told = [*one.reasons, *reasons, *self.room.shortfalls]
        if self.practice:
            told.append("practice: the course has no secret")
        if one.received is not None and not one.proved:
            told.append("the time of hand-in stands only in timestamp.txt")
        return Result(
            exercise=self.exercise,
            learner=one.learner,
            notebook=one.master.name,
            score=score,
            max_score=one.master.max_score,
            status=status,
            reasons=told,
            certifiable=False,
            practice=self.practice,
            isolation=self.room.isolation,
            submission_sha256=one.digest,
            source_sha256=self.source,
            collected_at=iso(one.received) if one.received else None,
            graded_at=iso(now()),
            graded_by=_program(self.room.isolation),
            seconds=round(time.monotonic() - began, 3),
            cells=cells,
        )


@cache
def _program(isolation: str) -> str:
    ours = f"autograder {version('open-by-default')}"
    if isolation == "none":
        return f"{ours}, nbgrader {version('nbgrader')} in a kernel"
    return f"{ours} in two rooms"


def _ways(run: Run) -> list[str]:
    """Name the checks that were not run as the others were."""
    told: list[str] = []
    for index, way in sorted(run.ways.items()):
        name = run.notebook.cells[index].metadata["nbgrader"]["grade_id"]
        if way == "fallback":
            told.append(f"the check '{name}' ran in the learner's room: the course's own solution needs that")
        elif way == "manual":
            told.append(f"the check '{name}' is for a person: the course's own solution does not pass it")
    return told
