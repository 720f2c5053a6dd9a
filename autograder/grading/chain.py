"""Make masters with nbgrader's own preprocessors, in a process of its own.

Importing nbgrader costs a second and much memory, and is needed only when a source has changed. So the
grader does not import it: it asks such a process (see helper.py), and keeps the answer.
`python -m autograder.grading.chain` is one that is started afresh.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.light import lighten, seldom_collect, sparingly

__all__ = ["answer", "main", "make"]


def main() -> None:
    """Read an order on standard input, write masters or a fault to standard output."""
    lighten()
    seldom_collect()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # A course's configuration may print; only the answer goes to the one who asked.
    os.dup2(2, 1)
    asked = json.load(sys.stdin)
    with answers:
        json.dump(answer(lambda: Course(Path(asked["root"]), asked["db"]), asked["exercise"]), answers)


def answer(course: Callable[[], Course], exercise: str) -> dict[str, Any]:
    """Make the masters, or tell the fault; only in a process that does nothing else."""
    sparingly()
    warnings.simplefilter("ignore")
    try:
        return {"masters": make(course(), exercise)}
    except InputFault as fault:
        told = {"what": fault.what, "path": fault.path and str(fault.path), "line": fault.line}
        return {"fault": {**told, "remedy": fault.remedy}}
    except Exception as error:  # noqa: BLE001 - each of nbgrader's steps has its own
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        what = f"the source could not be prepared by nbgrader: {said}"
        return {"fault": {"what": what, "path": None, "line": None, "remedy": None}}


def make(course: Course, exercise: str) -> list[dict[str, Any]]:
    """Make an exercise's masters, and let the gradebook know their cells if it does not."""
    from autograder.gradebook import gradebook
    from autograder.release.student import master, read_notebook, same_cells

    made: list[dict[str, Any]] = []
    for path, notebook in [(path, read_notebook(path)) for path in course.notebooks(exercise)]:
        graded = master(course, exercise, path, notebook, save=False)
        with gradebook(course) as book:
            book.update_or_create_assignment(exercise)
            known = same_cells(book, exercise, path.stem, graded)
        if not known:
            master(course, exercise, path, notebook, save=True)
        for cell in graded.cells:
            # A graded cell that the source says to skip would be scored without having been run.
            tags = cell.metadata.get("tags", [])
            if cell.metadata.get("nbgrader", {}).get("grade") and "skip-execution" in tags:
                tags.remove("skip-execution")
        released = _released(course, exercise, path, graded)
        made.append({"name": path.stem, "graded": graded, "released": released, "solution": notebook})
    return made


def _released(course: Course, exercise: str, path: Path, graded: Any) -> Any:
    from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme

    from autograder.release.student import run_steps

    return run_steps([ClearHiddenTests, ClearMarkScheme], course, exercise, path, graded)


if __name__ == "__main__":
    main()
    os._exit(0)  # taking apart what was imported is time that somebody waits for
