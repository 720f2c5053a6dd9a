"""From a run notebook to scores: nbgrader's own rule where its answer is sound, closed where it is open.

Stock nbgrader's rule gives 0 to a test cell that wrote anything to stderr, a warning too. It gives all points
to a check that was not run, to one whose value is negative or no number (NaN), and to a partial score that is
a NumPy scalar, because NumPy 2 writes the number into words; and it stops at a score above the points. Here
noise costs nothing, a check counts only when it was seen to run, a NumPy scalar is the number that it shows,
and a score outside the points is for a person. tests/autograder/test_rebuild.py holds each of these.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, cast

from autograder.grading.messages import explain
from autograder.grading.model import CellResult, Through
from autograder.grading.room import Run

__all__ = ["score_cells"]

_NUMPY = re.compile(r"np\.(?:float|int|uint)\w*\((.*)\)")
# What an answer raises that stands as it was handed out.
_UNTOUCHED = "NotImplementedError"
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def score_cells(
    run: Run, answered: set[str], hidden: int | None = None, released: dict[str, str] | None = None
) -> tuple[list[CellResult], list[str]]:
    """Score every graded cell of a notebook that was run; tell what a person should look at.

    hidden: the position of the first test with a hidden part; what learner code says later may quote it.
    released: the tests as learners got them, by name.
    """
    scored: list[CellResult] = []
    doubts: list[str] = []
    for index, cell in enumerate(run.notebook.cells):
        data = cell.metadata.get("nbgrader", {})
        if not (data.get("grade") or data.get("task")):
            continue
        name, most = data["grade_id"], float(data["points"])
        by_hand = data.get("task") or cell.cell_type != "code" or run.ways.get(index) == "manual"
        if data.get("solution") and not data.get("task"):
            scored.append(_written(name, most, name in answered))
        elif by_hand:
            scored.append(_by_person(name, most))
        else:
            early = hidden is None or index <= hidden
            filled = early and run.ways.get(index) != "fallback"
            raised = run.raised.get(index)
            if raised not in {None, _UNTOUCHED} and hidden is not None and index >= hidden:
                # Which of sixty kinds it raises, learner code may choose by a hidden argument.
                raised = ""
            told = _Told(raised, filled, (released or {}).get(name))
            one = _tested(cell, name, most, run.replies.get(index), told, doubts)
            scored.append(_with_way(one, run, index, doubts))
    return scored, doubts


def _by_person(name: str, most: float) -> CellResult:
    return CellResult(grade_id=name, score=None, max_score=most, outcome="manual", through="person")


def _written(name: str, most: float, answered: bool) -> CellResult:
    if answered:
        return _by_person(name, most)
    return CellResult(
        grade_id=name,
        score=0.0,
        max_score=most,
        outcome="failed",
        message="no answer was given",
        through="person",
    )


def _with_way(one: CellResult, run: Run, index: int, doubts: list[str]) -> CellResult:
    """Say how the score came about; a check that failed for want of a value is for a person to look at."""
    one.through = cast("Through", run.ways.get(index, "kernel"))
    one.values = run.values.get(index, {})
    if index in run.refused and one.outcome in {"failed", "error"}:
        names = " and ".join(f"'{name}'" for name in run.refused[index][:5])
        what = f"of {names} " if names else ""
        doubts.append(f"the check '{one.grade_id}' failed because a value {what}could not be taken over")
        one.outcome, one.score = "refused", 0.0
        one.message = "a value of yours could not be checked; a person will look at it"
    return one


@dataclass(frozen=True)
class _Told:
    """What may be repeated of a failure.

    raised: the builtin type of what learner code itself raised, or None where the test did; empty where not
        even the type may be told.
    filled: whether the author's words may be shown with the values that were filled in.
    released: the test as learners got it.
    """

    raised: str | None
    filled: bool
    released: str | None


def _tested(
    cell: Any, name: str, most: float, reply: str | None, told: _Told, doubts: list[str]
) -> CellResult:
    """Score a test cell. A cell for which no answer came earns nothing, however empty its output."""

    def result(score: float, outcome: Any, message: str | None = None) -> CellResult:
        return CellResult(grade_id=name, score=score, max_score=most, outcome=outcome, message=message)

    if reply is None and cell.source.strip():
        return result(0.0, "error", "this check was not run, because the notebook stopped before it")
    if reply == "timeout":
        return result(0.0, "timeout", "this check took too long")
    error = next((output for output in cell.outputs if output.output_type == "error"), None)
    if error is not None or reply == "error":
        ename = _ANSI.sub("", str(error.get("ename", ""))) if error is not None else ""
        evalue = _ANSI.sub("", str(error.get("evalue", ""))) if error is not None else ""
        if told.raised is not None:
            return result(0.0, "error", explain(cell.source, told.raised, None))
        outcome = "failed" if ename == "AssertionError" else "error"
        said = explain(cell.source, ename, evalue, filled=told.filled, released=told.released)
        return result(0.0, outcome, said)
    value = next((output for output in cell.outputs if output.output_type == "execute_result"), None)
    if value is None:
        return result(most, "passed")
    partial = _partial(value)
    if partial is None:
        return result(most, "passed")
    if math.isnan(partial) or not 0 <= partial <= most:
        # nbgrader gives full marks for a negative score and stops at one above the points; both can be
        # forged.
        doubts.append(f"the check '{name}' gave a score outside 0 to {most:g}")
        return result(0.0, "refused", "the score of this check cannot be right; a person will look at it")
    if partial == most:
        return result(most, "passed")
    return result(partial, "failed", f"{partial:g} of {most:g} points of this check")


def _partial(output: Any) -> float | None:
    """Read partial credit as nbgrader does: the value's text as one number, else no partial credit.

    A NumPy scalar is the number that it shows; nbgrader takes its text for words, and gives all points.
    """
    text = output.get("data", {}).get("text/plain")
    if isinstance(text, list):
        text = text[0] if len(text) == 1 else None
    try:
        if isinstance(text, str) and (scalar := _NUMPY.fullmatch(text)):
            text = scalar[1]
        return float(text)
    except (TypeError, ValueError):
        return None
