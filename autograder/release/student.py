"""nbgrader's own chain from source to student version, run in memory so that a fault can be told."""

from __future__ import annotations

import copy
from contextlib import chdir
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder.course import Course

__all__ = ["master", "read_notebook", "run_steps", "same_cells", "student_version"]


def read_notebook(path: Path) -> Any:
    """Read an instructor's notebook."""
    import nbformat

    try:
        notebook = nbformat.read(str(path), as_version=4)
    except Exception as error:  # noqa: BLE001 - nbformat lets parser and validator errors through
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputFault(
            f"is not a notebook ({said})", path=path, remedy="save it again from Jupyter"
        ) from None
    if notebook.metadata.get("kernelspec") is None:
        notebook.metadata.pop(
            "kernelspec", None
        )  # some editors write null, which nbgrader takes for a kernel
    return notebook


def student_version(course: Course, exercise: str, path: Path, notebook: Any) -> Any:
    """Make the learners' version and note its cells in the gradebook, as nbgrader does."""
    return run_steps(_chain(), course, exercise, path, notebook)


def master(course: Course, exercise: str, path: Path, notebook: Any, *, save: bool) -> Any:
    """Make the version that is graded: no solutions, hidden tests in their place, checksums as released.

    save: note the cells in the gradebook, for a course whose gradebook does not know them yet.
    """
    from nbgrader.preprocessors import SaveCells

    chain = _chain()
    upto = next((i for i, step in enumerate(chain) if issubclass(step, SaveCells)), len(chain))
    return run_steps(chain[: upto + (1 if save else 0)], course, exercise, path, notebook)


def same_cells(book: Any, exercise: str, name: str, notebook: Any) -> bool:
    """Tell whether the gradebook knows this notebook's cells as they are now."""
    from nbgrader import utils
    from nbgrader.api import MissingEntry

    try:
        known = book.find_notebook(name, exercise)
    except MissingEntry:
        return False
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id")]
    now = {
        cell.metadata.nbgrader["grade_id"]: cell.metadata.nbgrader.get("checksum")
        for cell in cells
        if utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell) or utils.is_task(cell)
    }
    points = {
        cell.metadata.nbgrader["grade_id"]: float(cell.metadata.nbgrader["points"])
        for cell in cells
        if utils.is_grade(cell) or utils.is_task(cell)
    }
    kept = {cell.name: cell.max_score for cell in [*known.grade_cells, *known.task_cells]}
    return {cell.name: cell.checksum for cell in known.source_cells} == now and kept == points


def _chain() -> list[Any]:
    from nbgrader.converters import GenerateAssignment

    return list(GenerateAssignment.class_traits()["preprocessors"].default())


def run_steps(chain: list[Any], course: Course, exercise: str, path: Path, notebook: Any) -> Any:
    """Let nbgrader's preprocessors work on a notebook, and tell which of them refuses it and why."""
    resources: dict[str, Any] = {
        "unique_key": path.stem,
        "metadata": {"path": str(path.parent)},
        "nbgrader": {
            "student": ".",
            "assignment": exercise,
            "notebook": path.stem,
            "db_url": course.db_url,
        },
    }
    result = copy.deepcopy(notebook)
    for step in chain:
        try:
            with chdir(course.root):  # a relative path in the configuration is nbgrader's, which runs there
                result, resources = step(config=course.config).preprocess(result, resources)
        except InputFault:
            raise
        except Exception as error:  # noqa: BLE001 - each of nbgrader's steps has its own
            said = (str(error).strip().splitlines() or [type(error).__name__])[0]
            old = type(error).__name__ == "SchemaTooOldError"
            remedy = f"run: nbgrader update {path}" if old else "mend that cell"
            what = f"nbgrader's {step.__name__} refuses the notebook: {said}"
            raise InputFault(what, path=path, remedy=remedy) from None
    return result
