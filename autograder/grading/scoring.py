"""From a run notebook to scores: nbgrader's own rule where its answer is sound, closed where it is open."""

from __future__ import annotations

import math
import re
from typing import Any

from autograder.grading.messages import explain
from autograder.grading.model import CellResult
from autograder.grading.room import Run

__all__ = ["score_cells"]

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def score_cells(run: Run, answered: set[str]) -> tuple[list[CellResult], list[str]]:
    """Score every graded cell of a notebook that was run; tell what a person should look at."""
    scored: list[CellResult] = []
    doubts: list[str] = []
    for index, cell in enumerate(run.notebook.cells):
        data = cell.metadata.get("nbgrader", {})
        if not (data.get("grade") or data.get("task")):
            continue
        name, most = data["grade_id"], float(data["points"])
        if data.get("task"):
            scored.append(CellResult(grade_id=name, score=None, max_score=most, outcome="manual"))
        elif data.get("solution"):
            scored.append(_written(name, most, name in answered))
        elif cell.cell_type != "code":
            scored.append(CellResult(grade_id=name, score=None, max_score=most, outcome="manual"))
        else:
            scored.append(_tested(cell, name, most, run.replies.get(index), doubts))
    return scored, doubts


def _written(name: str, most: float, answered: bool) -> CellResult:
    if answered:
        return CellResult(grade_id=name, score=None, max_score=most, outcome="manual")
    return CellResult(
        grade_id=name, score=0.0, max_score=most, outcome="failed", message="no answer was given"
    )


def _tested(cell: Any, name: str, most: float, reply: str | None, doubts: list[str]) -> CellResult:
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
        outcome = "failed" if ename == "AssertionError" else "error"
        return result(0.0, outcome, explain(cell.source, ename, evalue))
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
    """Read partial credit as nbgrader does: the value's text as one number, else no partial credit."""
    text = output.get("data", {}).get("text/plain")
    if isinstance(text, list):
        text = text[0] if len(text) == 1 else None
    try:
        return float(text)
    except (TypeError, ValueError):
        return None
