"""Write submissions down: run notebooks into autograded/, scores into the gradebook, a line into the results.

In this order, so that a kill at any moment costs no more than doing the last few again: the line says that
a submission is done. Notebooks are written at once. Rows and lines go in batches: a transaction and a line
that is safe on the disk cost far more than what stands in them.
"""

from __future__ import annotations

import re
import shutil
import time
from contextlib import chdir
from datetime import datetime
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.files import new_folder, swept
from autograder.grading.ledger import Ledger
from autograder.grading.model import CellResult, Result
from autograder.grading.writing import notebook_text

__all__ = ["Graded", "Unwritable", "Writer", "timestamp_text"]

# Submissions a transaction, and the seconds after which it is closed with fewer.
_MANY = 20
_SECONDS = 1.0


class Unwritable(Exception):
    """A submission that cannot be written down, whatever the disk; its text is the reason."""


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
        self.words: dict[str, str] = {}
        """For each graded cell a digest of the words that a mark would be given for (`answers`)."""


def timestamp_text(moment: datetime) -> str:
    """Write a time as nbgrader's timestamp.txt has it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") + " UTC"


class Writer:
    """Writes one exercise's submissions; not for several threads."""

    def __init__(self, course: Course, exercise: str) -> None:
        self._course = course
        self._exercise = exercise
        self._ledger = Ledger(course.root)
        self._source = course.source(exercise)
        self._shipped = [path.relative_to(self._source) for path in _shipped(self._source)]
        self._entries: list[Any] = []
        self._lines: list[Result] = []
        self._results: dict[str, list[Result]] = {}
        self._since = 0.0
        self._book: Any = None

    def add(
        self,
        learner: str,
        received: datetime | None,
        graded: list[Graded],
        new: list[Result],
        all_: list[Result] | None = None,
    ) -> None:
        """Write one submission's notebooks now; its rows and lines follow with the next transaction.

        graded: all its notebooks, or none where one is held.
        new: the results that results.jsonl does not say yet.
        all_: all its results; where its rows cannot be written they are held.
        """
        if graded:
            from autograder.grading.answers import answers
            from autograder.grading.book import Entry

            self._notebooks(learner, received, graded)
            for one in graded:
                one.words = answers(one.notebook)
                # A class has more outputs than a memory; only scores wait here.
                one.notebook = None
            self._entries.append(Entry(learner, received, graded))
            self._results[learner] = new if all_ is None else all_
        if not self._lines:
            self._since = time.monotonic()
        self._lines += new
        if len(self._lines) >= _MANY or len(self._entries) >= _MANY:
            self.flush()

    def due(self) -> float | None:
        """Tell in how many seconds what waits should be written; None when nothing waits."""
        if not self._entries and not self._lines:
            return None
        return max(0.0, self._since + _SECONDS - time.monotonic())

    def flush(self) -> None:
        """Write what waits: first the rows, then the lines."""
        if self._entries:
            late = self._write_rows()
            for entry in self._entries:
                if entry.learner in late:
                    self._penalty(entry.learner, [one.name for one in entry.notebooks])
        self._ledger.add(self._lines)
        self._entries, self._lines, self._results = [], [], {}

    def _write_rows(self) -> list[str]:
        """Write all rows, or each submission's alone where one cannot be written; give who was late."""
        try:
            return list(self._rows().write(self._entries))
        except Exception as error:
            if not _is_of_one(error):
                raise
        late: list[str] = []
        for entry in list(self._entries):
            try:
                late += self._rows().write([entry])
            except Exception as error:
                if not _is_of_one(error):
                    raise
                self._hold(entry, error)
        return late

    def _hold(self, entry: Any, error: Exception) -> None:
        """Hold the results of a submission whose scores the gradebook does not take."""
        said = f"its scores cannot be written into the gradebook ({type(_cause(error)).__name__})"
        mine = self._results[entry.learner]
        for one in mine:
            one.status, one.score, one.cells, one.certifiable = "held", None, [], False
            one.reasons = [said]
        self._entries.remove(entry)
        self._lines += [one for one in mine if not any(one is line for line in self._lines)]

    def _rows(self) -> Any:
        if self._book is None:
            from autograder.grading.book import Book

            self._book = Book(self._course, self._exercise)
        return self._book

    def close(self) -> None:
        """Give the database back."""
        if self._book is not None:
            self._book.close()

    def _notebooks(self, learner: str, received: datetime | None, graded: list[Graded]) -> None:
        """Write autograded/<learner>/<exercise>/ whole: run notebooks, shipped files, time."""
        target = self._course.autograded(learner, self._exercise)
        try:
            swept(target)
            with new_folder(target) as folder:
                for path in self._shipped:
                    (folder / path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(self._source / path, folder / path)
                if received is not None:
                    (folder / "timestamp.txt").write_text(timestamp_text(received), encoding="utf-8")
                for one in graded:
                    if one.notebook is not None:
                        _write_notebook(folder / f"{one.name}.ipynb", one.notebook)
        except OSError as error:
            raise InputFault(
                f"cannot be written ({error.strerror or error})",
                path=target,
                remedy="make room and run the command again; what is graded stays graded",
            ) from None
        except Exception as error:
            raise Unwritable(f"it was run and cannot be written down ({type(error).__name__})") from error

    def _penalty(self, learner: str, names: list[str]) -> None:
        """Let the course's own plugin decide what lateness costs; nbgrader's default costs nothing."""
        if not {"AssignLatePenalties", "LateSubmissionPlugin"} & set(self._course.config):
            return
        from nbformat.v4 import new_notebook
        from nbgrader.preprocessors import AssignLatePenalties

        for name in names:
            place = {
                "student": learner,
                "assignment": self._exercise,
                "notebook": name,
                "db_url": self._course.db_url,
            }
            step = AssignLatePenalties(config=self._course.config)
            with chdir(self._course.root):  # as stock: a plugin's own files lie there
                step.preprocess(new_notebook(), {"nbgrader": place})


def _cause(error: Exception) -> BaseException:
    """Find the database's own error behind our sentence about it."""
    return error.__context__ or error if isinstance(error, InputFault) else error


def _is_of_one(error: Exception) -> bool:
    """Tell whether it may be one submission's rows that failed, and not the gradebook or the disk."""
    from sqlalchemy.exc import InterfaceError, OperationalError

    cause = _cause(error)
    return not isinstance(cause, OSError | MemoryError | InputFault | OperationalError | InterfaceError)


def _shipped(source: Path) -> list[Path]:
    """List what an exercise ships beside its notebooks."""
    hidden = re.compile(r"\..*|__pycache__")
    return sorted(
        path
        for path in source.rglob("*")
        if path.is_file()
        and path.suffix != ".ipynb"
        and not any(hidden.fullmatch(part) for part in path.relative_to(source).parts)
    )


def _write_notebook(path: Path, notebook: Any) -> None:
    for cell in notebook["cells"]:
        _calm(cell)
    path.write_text(notebook_text(notebook) + "\n", encoding="utf-8", newline="\n")
    path.chmod(0o444)


def _calm(cell: Any) -> None:
    """Let warnings of a test cell stand as ordinary output: nbgrader gives 0 for anything on stderr."""
    if cell["metadata"].get("nbgrader", {}).get("grade"):
        for output in cell.get("outputs", []):
            if output.get("output_type") == "stream":
                output["name"] = "stdout"
