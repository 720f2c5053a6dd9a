"""The instructor's version of a notebook, twice: as it is graded and as it was released."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.gradebook import gradebook
from autograder.release.student import master as graded_version
from autograder.release.student import read_notebook, same_cells

__all__ = ["Master", "load", "source_digest"]


@dataclass
class Master:
    """One source notebook.

    name: file name without ending.
    graded: no solutions, hidden tests in place.
    released: the same cells as the learner got them.
    solution: the same cells as the instructor wrote them, solutions in place.
    """

    name: str
    graded: Any
    released: Any
    solution: Any

    @property
    def max_score(self) -> float:
        """All points of its graded cells."""
        cells = (cell.metadata.get("nbgrader", {}) for cell in self.graded.cells)
        return float(
            sum(float(data.get("points", 0)) for data in cells if data.get("grade") or data.get("task"))
        )


def load(course: Course, exercise: str) -> list[Master]:
    """Load an exercise's notebooks, and let the gradebook know their cells if it does not."""
    found = [(path, read_notebook(path)) for path in course.notebooks(exercise)]
    masters: list[Master] = []
    for path, notebook in found:
        graded = graded_version(course, exercise, path, notebook, save=False)
        with gradebook(course) as book:
            book.update_or_create_assignment(exercise)
            known = same_cells(book, exercise, path.stem, graded)
        if not known:
            graded_version(course, exercise, path, notebook, save=True)
        for cell in graded.cells:
            # A graded cell that the source says to skip would be scored without having been run.
            tags = cell.metadata.get("tags", [])
            if cell.metadata.get("nbgrader", {}).get("grade") and "skip-execution" in tags:
                tags.remove("skip-execution")
        masters.append(Master(path.stem, graded, _released(course, graded), notebook))
    return masters


def _released(course: Course, graded: Any) -> Any:
    import copy

    from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme

    result = copy.deepcopy(graded)
    for step in (ClearHiddenTests, ClearMarkScheme):
        result, _ = step(config=course.config).preprocess(result, {})
    return result


def source_digest(folder: Path) -> str:
    """Digest everything that decides a score: names and bytes of the source folder's files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not any(
            part.startswith(".") or part == "__pycache__" for part in relative.parts
        ):
            digest.update(f"{relative.as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
