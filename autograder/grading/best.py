"""The best attempt counts: every attempt of a learner is graded, and the best score is put in place.

What trials say stands in attempts.jsonl, apart from results.jsonl, whose lines are what counts. The gradebook
and autograded/ see the chosen attempt alone, so that a mark which a person gave is never put in question by
a trial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from autograder.collecting.attempts import Attempt, is_another_there, put_in_place, read_attempts
from autograder.collecting.counting import Counting
from autograder.course import Course
from autograder.decisions.accept import accepted
from autograder.decisions.store import of_course
from autograder.grading.costs import Costs
from autograder.grading.finding import Desk, Handed
from autograder.grading.ledger import Ledger
from autograder.grading.model import Result
from autograder.grading.reading import Unreadable, read_submission
from autograder.marking.store import COUNTING, Key, Mark, digest, latest, marks_of_course

__all__ = ["FILE", "Best"]

FILE = "attempts.jsonl"
_Trial = tuple[str, str, str | None]


class Best:
    """The attempts of those who have several, at one exercise; not where a person has picked one.

    source: digest of all that decides a score; what was graded with another one is graded again.
    learners: only these; empty for all.
    """

    def __init__(
        self,
        course: Course,
        exercise: str,
        source: str,
        desk: Desk,
        learners: Iterable[str],
    ) -> None:
        wanted, counting = set(learners), Counting(course, exercise)
        self._course, self._exercise, self._lateness = course, exercise, counting.lateness
        self._ledger = Ledger(course.root, FILE)
        self._attempts = {
            learner: kept
            for learner, mine in read_attempts(course, exercise).items()
            if (not wanted or learner in wanted)
            and counting.picked_of(mine) is None
            and len(kept := [one for one in mine if one.is_kept]) > 1
        }
        self._handed: dict[Path, list[Handed]] = {
            one.folder: desk.find(learner, one.folder)
            for learner, mine in self._attempts.items()
            for one in mine
        }
        self._results: dict[_Trial, Result] = {}
        for ledger in (self._ledger, Ledger(course.root)) if self._attempts else ():
            for result in ledger.read():
                if (result.exercise, result.source_sha256) == (exercise, source):
                    self._results[result.learner, result.notebook, result.submission_sha256] = result

    def untried(self, *, force: bool) -> list[Handed]:
        """Find the notebooks without a result that can be kept; with force all."""
        found = {
            _key(one): one
            for group in self._handed.values()
            for one in group
            if force or (last := self._results.get(_key(one))) is None or last.status == "held"
        }
        return list(found.values())

    def try_all(
        self, untried: list[Handed], grade: Callable[[Handed], Result], stop: Callable[[], None], jobs: int
    ) -> Iterator[Result]:
        """Grade notebooks, a few at a time; write down and give each result.

        stop: ends what is being graded, when this is interrupted.
        """
        pool = ThreadPoolExecutor(jobs)
        try:
            running = [pool.submit(grade, one) for one in untried]
            for future in as_completed(running):
                result = future.result()
                self._ledger.add([result])
                self._results[result.learner, result.notebook, result.submission_sha256] = result
                yield result
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop()
            raise
        finally:
            pool.shutdown()

    def put_in_place(self) -> None:
        """Let each learner's best attempt be what lies in submitted/."""
        if not self._attempts:
            return
        decisions = of_course(self._course, self._exercise)
        costs = Costs(self._course, decisions)
        marks = latest(marks_of_course(self._course, self._exercise), *COUNTING)
        for mine in self._attempts.values():

            def worth(one: Attempt) -> tuple[bool, float]:
                handed = self._handed[one.folder]
                results = [self._results[_key(each)] for each in handed]
                settled = all(
                    each.status == "graded" or accepted(each, decisions) is not None for each in results
                )
                points = [
                    (result.score or 0.0) + _marked(each, marks)
                    for each, result in zip(handed, results, strict=True)
                ]
                return settled, sum(points) - costs.of(one.learner, points, self._lateness(one))

            best = max(reversed(mine), key=worth)  # of equals the newest
            if is_another_there(self._course, best, mine):
                put_in_place(self._course, best)


def _marked(handed: Handed, marks: dict[Key, Mark]) -> float:
    """Add up what people gave for the very words of a notebook."""
    try:
        cells = read_submission(handed.path) if handed.path else []
    except Unreadable:
        return 0.0
    points = 0.0
    for cell in cells:
        mark = marks.get((handed.learner, handed.master.name, cell.grade_id or ""))
        if mark is not None and mark.answer == digest(cell.text, cell.attachments):
            points += mark.score
    return points


def _key(one: Handed) -> _Trial:
    return one.learner, one.master.name, one.digest
