"""Keep hidden arguments out of what learners are shown.

A learner's function sees the arguments of a hidden test, and a later cell of the learner's may print them. So
what such a cell printed stays only where the copy that was handed in shows the very same, and was therefore
known before.
"""

from __future__ import annotations

from typing import Any

from autograder.grading.master import Master
from autograder.grading.outputs import said
from autograder.grading.rebuild import Rebuilt
from autograder.grading.room import Run

__all__ = ["first_hidden", "keep_back"]

_INSTEAD = "[not shown: this cell ran after a hidden check, and said something else in the copy handed in]\n"


def first_hidden(run: Run, built: Rebuilt, master: Master) -> int | None:
    """The position of the first test with a hidden part that was run."""
    for at, origin in enumerate(built.origin):
        if origin is None or run.replies.get(at) is None or not _is_test(master.graded.cells[origin]):
            continue
        if master.graded.cells[origin].source != master.released.cells[origin].source:
            return at
    return None


def keep_back(run: Run, built: Rebuilt, hidden: int | None) -> None:
    """Mark the cells that ran later, and empty those whose outputs the learner did not hand in."""
    for at, cell in enumerate(run.notebook.cells):
        if run.ways.get(at) == "fallback":
            cell.outputs = [one for one in cell.outputs if one.output_type in {"error", "execute_result"}]
        if hidden is None or at <= hidden:
            continue
        cell.metadata["autograder"] = {"after_hidden": True}
        own = cell.cell_type == "code" and not _is_test(cell)
        if own and cell.outputs and said(cell.outputs) != built.saved[at]:
            cell.outputs = [_stream(_INSTEAD)]


def _is_test(cell: Any) -> bool:
    own = cell.metadata.get("nbgrader", {})
    return bool(own.get("grade")) and not own.get("solution")


def _stream(text: str) -> Any:
    from nbformat import NotebookNode

    return NotebookNode(output_type="stream", name="stdout", text=text)
