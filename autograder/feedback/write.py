"""Write everybody's feedback for an exercise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.feedback.exchange import for_exchange
from autograder.feedback.page import held_page, page
from autograder.feedback.saved import saved_outputs, saved_token
from autograder.files import new_folder, write_text
from autograder.gradebook import private_jupyter
from autograder.grading.ledger import Ledger
from autograder.grading.master import Master, load
from autograder.grading.model import Result
from autograder.marks import Submission, read_marks
from autograder.release.student import read_notebook

__all__ = ["Written", "write_feedback"]


@dataclass
class Written:
    """What was written.

    pages: the files.
    blocked: folders that could not be written, each with its reason.
    """

    pages: list[Path] = field(default_factory=list)
    blocked: dict[str, str] = field(default_factory=dict)


def write_feedback(
    course: Course, exercise: str, learners: tuple[str, ...], progress: Callable[[int, int], None]
) -> Written:
    """Write feedback/<learner>/<exercise>/ for everybody with a result."""
    course.must_exist()
    with private_jupyter():
        masters = {master.name: master for master in load(course, exercise)}
        marks = {one.learner: one for one in read_marks(course, exercise)}
        by_learner: dict[str, list[Result]] = {}
        for result in Ledger(course.root).latest(exercise).values():
            if not learners or result.learner in learners:
                by_learner.setdefault(result.learner, []).append(result)
        if not by_learner:
            raise InputFault(
                f"nothing of '{exercise}' is graded yet",
                path=course.root,
                remedy=f"run: autograder grade {exercise}",
            )
        written = Written()
        for count, (learner, results) in enumerate(sorted(by_learner.items()), start=1):
            try:
                written.pages += _learner(course, exercise, learner, results, masters, marks.get(learner))
            except (InputFault, OSError):
                raise
            except Exception as error:  # noqa: BLE001 - one strange hand-in must not cost the others their pages
                said = f"the page could not be written ({type(error).__name__}); please report it"
                written.blocked[str(course.feedback(learner, exercise))] = said
            progress(count, len(by_learner))
        return written


def _learner(
    course: Course,
    exercise: str,
    learner: str,
    results: list[Result],
    masters: dict[str, Master],
    submission: Submission | None,
) -> list[Path]:
    title = str(course.meta(exercise).get("title", exercise))
    target = course.feedback(learner, exercise)
    with new_folder(target) as folder:
        for result in results:
            master = masters.get(result.notebook)
            if result.status == "held" or submission is None or master is None:
                text = held_page(title, result)
            else:
                handed = course.submitted(learner, exercise), result.submission_sha256
                own = saved_outputs(*handed), saved_token(*handed)
                text = page(title, result, submission, master, _run(course, result), *own)
            write_text(folder / f"{result.notebook}.html", text)
        for_exchange(course, learner, exercise, folder, results[0].collected_at or results[0].graded_at)
    return [target / f"{result.notebook}.html" for result in results]


def _run(course: Course, result: Result) -> Any:
    path = course.autograded(result.learner, result.exercise) / f"{result.notebook}.ipynb"
    return read_notebook(path) if path.exists() else None
