"""Write scores into the gradebook and run notebooks into autograded/, so that nbgrader's tools go on."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.files import new_folder, write_text
from autograder.gradebook import gradebook
from autograder.grading.model import CellResult

__all__ = ["Graded", "save_notebooks", "save_scores", "timestamp_text"]


class Graded:
    """One notebook with its scores.

    name: file name without ending.
    notebook: as it was run; None when nothing was handed in under this name.
    cells: its scores.
    answered: grade ids whose text the learner changed.
    """

    def __init__(self, name: str, notebook: Any, cells: list[CellResult], answered: set[str]) -> None:
        self.name = name
        self.notebook = notebook
        self.cells = cells
        self.answered = answered


def timestamp_text(moment: datetime) -> str:
    """Write a time as nbgrader's timestamp.txt has it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") + " UTC"


def save_notebooks(
    course: Course, exercise: str, learner: str, graded: list[Graded], received: datetime | None
) -> None:
    """Write autograded/<learner>/<exercise>/ whole: run notebooks, shipped files, time."""
    import nbformat

    target = course.autograded(learner, exercise)
    with new_folder(target) as folder:
        _copy_shipped(course.source(exercise), folder)
        if received is not None:
            write_text(folder / "timestamp.txt", timestamp_text(received))
        for one in graded:
            if one.notebook is None:
                continue
            for cell in one.notebook.cells:
                _calm(cell)
            text = nbformat.writes(one.notebook) + "\n"
            write_text(folder / f"{one.name}.ipynb", text, 0o444)


def _copy_shipped(source: Path, target: Path) -> None:
    ignore = shutil.ignore_patterns("*.ipynb", ".*", "__pycache__")
    shutil.copytree(source, target, ignore=ignore, dirs_exist_ok=True)


def _calm(cell: Any) -> None:
    """Let warnings of a test cell stand as ordinary output: nbgrader gives 0 for anything on stderr."""
    if cell.metadata.get("nbgrader", {}).get("grade"):
        for output in cell.get("outputs", []):
            if output.get("output_type") == "stream":
                output["name"] = "stdout"


def save_scores(
    course: Course, exercise: str, learner: str, graded: list[Graded], received: datetime | None
) -> bool:
    """Write scores and comments; marks that people gave stay. Return whether the hand-in was late."""
    with gradebook(course) as book:
        book.update_or_create_student(learner)
        time = {} if received is None else {"timestamp": received.replace(tzinfo=None)}
        submission = book.update_or_create_submission(exercise, learner, **time)
        for one in graded:
            known = book.find_submission_notebook(one.name, exercise, learner)
            _scores(known, one)
            known.late_submission_penalty = None
        book.db.commit()
        late = bool(submission.total_seconds_late > 0)
    if late:
        _penalty(course, exercise, learner, [one.name for one in graded])
    return late


def _scores(known: Any, one: Graded) -> None:
    by_name = {cell.grade_id: cell for cell in one.cells}
    for grade in known.grades:
        cell = by_name.get(grade.name)
        grade.auto_score = cell.score if cell is not None else 0.0
        # As nbgrader has it: what a person marked before is shown to them again after a new run.
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    for comment in known.comments:
        comment.auto_comment = None if comment.name in one.answered else "No response."


def _penalty(course: Course, exercise: str, learner: str, names: list[str]) -> None:
    """Let the course's own plugin decide what lateness costs; nbgrader's default costs nothing."""
    from nbformat.v4 import new_notebook
    from nbgrader.preprocessors import AssignLatePenalties

    for name in names:
        place = {"student": learner, "assignment": exercise, "notebook": name, "db_url": course.db_url}
        AssignLatePenalties(config=course.config).preprocess(new_notebook(), {"nbgrader": place})
