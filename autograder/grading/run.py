"""Grade a class: find, rebuild, run, score, write down; in an order that a kill at any moment cannot spoil.

For each submission first autograded/ is written, then the gradebook, then the line in results.jsonl. The line
says that it is done: what has none, or whose bytes have changed since, is graded again.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder import secret, tokens
from autograder.course import Course
from autograder.files import iso, now
from autograder.gradebook import private_jupyter
from autograder.grading import finding, record
from autograder.grading.ledger import Ledger
from autograder.grading.master import load, source_digest
from autograder.grading.model import CellResult, Result
from autograder.grading.reading import Unreadable, read_submission
from autograder.grading.rebuild import Rebuilt, rebuild
from autograder.grading.room import Job, Room, RoomFailed, Run
from autograder.grading.scoring import score_cells
from autograder.grading.stock import StockRoom

__all__ = ["Order", "grade"]

# nbgrader's 30 s cost honest work its marks on a busy machine; a course may set Execute.timeout itself.
CELL_SECONDS = 120
WHOLE_SECONDS = 900


@dataclass
class Order:
    """What to grade and how.

    learners: only these; empty for all.
    jobs: how many at a time.
    force: also what is graded already.
    progress: called with (done, all) after each notebook.
    """

    exercise: str
    learners: tuple[str, ...] = ()
    jobs: int = 1
    force: bool = False
    progress: Callable[[int, int], None] = lambda done, all_: None


@dataclass
class _Done:
    """One notebook, graded or held."""

    result: Result
    graded: record.Graded | None


def grade(course: Course, order: Order) -> list[Result]:
    """Grade an exercise; return one result for every submission found, graded now or before."""
    course.must_exist()
    with private_jupyter() as home:
        return _Class(course, order, home).grade()


class _Class:
    """One run over one exercise."""

    def __init__(self, course: Course, order: Order, home: Path) -> None:
        self.course = course
        self.order = order
        self.home = home
        self.masters = load(course, order.exercise)
        self.source = source_digest(course.source(order.exercise))
        self.secret = secret.load(course.root)
        self.ledger = Ledger(course.root)
        self.before = self.ledger.latest(order.exercise)
        options = course.config.get("Execute", {})
        timeout = options.get("timeout", CELL_SECONDS)
        self.timeout = timeout if isinstance(timeout, int) and timeout > 0 else CELL_SECONDS
        self.graded_by = (
            f"autograder {version('open-by-default')}, nbgrader {version('nbgrader')} in a kernel"
        )

    def grade(self) -> list[Result]:
        handed = self._found()
        to_grade = [one for group in handed.values() if self._is_new(group) for one in group]
        room: Room = StockRoom(max(1, min(self.order.jobs, len(to_grade))), self.home)
        fresh: dict[tuple[str, str], Result] = {}
        try:
            for done in self._run(to_grade, room):
                for one in done:
                    fresh[one.result.learner, one.result.notebook] = one.result
        finally:
            room.close()
        results: list[Result] = []
        for group in handed.values():
            for one in group:
                key = (one.learner, one.master.name)
                results.append(fresh[key] if key in fresh else self.before[(self.order.exercise, *key)])
        return results

    def _found(self) -> dict[str, list[finding.Handed]]:
        present = list(self.course.learners(self.order.exercise))
        for learner in self.order.learners:
            if learner not in present:
                raise InputFault(
                    f"'{learner}' has handed in nothing for '{self.order.exercise}'",
                    path=self.course.submitted(learner, self.order.exercise),
                    remedy="check the id, or collect the hand-in first",
                )
        chosen = [learner for learner in present if not self.order.learners or learner in self.order.learners]
        return {
            learner: finding.find(self.course, self.order.exercise, learner, self.masters)
            for learner in chosen
        }

    def _is_new(self, group: list[finding.Handed]) -> bool:
        """Tell whether a submission or its source has changed since it was graded, or it was held."""
        if self.order.force:
            return True
        for one in group:
            last = self.before.get((self.order.exercise, one.learner, one.master.name))
            if last is None or last.status == "held" or last.practice != self._practice:
                return True
            if (last.submission_sha256, last.source_sha256) != (one.digest, self.source):
                return True
        return not self.course.autograded(group[0].learner, self.order.exercise).is_dir()

    @property
    def _practice(self) -> bool:
        return self.secret == tokens.PRACTICE

    def _run(self, to_grade: list[finding.Handed], room: Room) -> Any:
        """Run notebooks side by side; one writer writes each submission down when its last one is back."""
        waiting: dict[str, int] = defaultdict(int)
        for one in to_grade:
            waiting[one.learner] += 1
        back: dict[str, list[_Done]] = defaultdict(list)
        pool = ThreadPoolExecutor(self.order.jobs)
        futures: dict[Future[_Done], finding.Handed] = {
            pool.submit(self._one, one, room): one for one in to_grade
        }
        try:
            for count, future in enumerate(as_completed(futures), start=1):
                one = futures[future]
                back[one.learner].append(future.result())
                if len(back[one.learner]) == waiting[one.learner]:
                    self._write(one.learner, back[one.learner])
                    yield back.pop(one.learner)
                self.order.progress(count, len(to_grade))
        except BaseException:
            # Nothing new is begun before what runs is ended; else each end would begin the next.
            pool.shutdown(wait=False, cancel_futures=True)
            room.close()
            raise
        finally:
            pool.shutdown(wait=True)

    def _one(self, one: finding.Handed, room: Room) -> _Done:
        """Take one notebook from file to scores; whatever it is, it ends as a result."""
        began = time.monotonic()
        if one.path is None:
            return self._missing(one)
        try:
            built = rebuild(one.master, read_submission(one.path))
            run = room.run(self._job(one, built))
        except (Unreadable, RoomFailed) as reason:
            return _Done(self._result(one, None, "held", [str(reason)], [], began), None)
        except Exception as error:  # noqa: BLE001 - one strange notebook must not stop the class
            reason_text = f"the grader failed on this notebook ({type(error).__name__}); please report it"
            return _Done(self._result(one, None, "held", [reason_text], [], began), None)
        return self._scored(one, built, run, room, began)

    def _job(self, one: finding.Handed, built: Rebuilt) -> Job:
        environment = {}
        if not self._practice:
            token = tokens.make(self.secret, self.order.exercise, one.learner)
            environment["COURSE_VARIANT_TOKEN"] = token
        folder = self.course.source(self.order.exercise)
        return Job(dict(built.notebook), folder, environment, self.timeout, WHOLE_SECONDS)

    def _scored(self, one: finding.Handed, built: Rebuilt, run: Run, room: Room, began: float) -> _Done:
        cells, doubts = score_cells(run, built.answered)
        slow = [
            run.notebook.cells[at].get("id", at) for at, reply in run.replies.items() if reply == "timeout"
        ]
        doubts += [f"the cell '{name}' took longer than {self.timeout} s" for name in slow]
        reasons = [*built.reasons, *doubts, *([run.stopped] if run.stopped else [])]
        status = "needs-review" if built.review or doubts else "graded"
        score = sum(cell.score for cell in cells if cell.score is not None)
        result = self._result(one, score, status, reasons, cells, began, room)
        return _Done(result, record.Graded(one.master.name, run.notebook, cells, built.answered))

    def _missing(self, one: finding.Handed) -> _Done:
        """Score a notebook that was not handed in: nothing, as nbgrader does."""
        cells = [
            CellResult(
                grade_id=cell.metadata["nbgrader"]["grade_id"],
                score=0.0,
                max_score=float(cell.metadata["nbgrader"]["points"]),
                outcome="failed",
                message="no notebook was handed in",
            )
            for cell in one.master.graded.cells
            if cell.metadata.get("nbgrader", {}).get("grade") or cell.metadata.get("nbgrader", {}).get("task")
        ]
        reasons = [f"no notebook {one.master.name}.ipynb was handed in"]
        result = self._result(one, 0.0, "graded", reasons, cells, time.monotonic())
        return _Done(result, record.Graded(one.master.name, None, cells, set()))

    def _result(
        self,
        one: finding.Handed,
        score: float | None,
        status: Any,
        reasons: list[str],
        cells: list[CellResult],
        began: float,
        room: Room | None = None,
    ) -> Result:
        told = [*one.reasons, *reasons, *(room.shortfalls if room else StockRoom.shortfalls)]
        if self._practice:
            told.append("practice: the course has no secret")
        if one.received is not None and not one.proved:
            told.append("the time of hand-in stands only in timestamp.txt")
        return Result(
            exercise=self.order.exercise,
            learner=one.learner,
            notebook=one.master.name,
            score=score,
            max_score=one.master.max_score,
            status=status,
            reasons=told,
            certifiable=False,
            practice=self._practice,
            isolation=room.isolation if room else StockRoom.isolation,
            submission_sha256=one.digest,
            source_sha256=self.source,
            collected_at=iso(one.received) if one.received else None,
            graded_at=iso(now()),
            graded_by=self.graded_by,
            seconds=round(time.monotonic() - began, 3),
            cells=cells,
        )

    def _write(self, learner: str, done: list[_Done]) -> None:
        """Write one submission down: notebooks, gradebook, results, in this order."""
        graded = [one.graded for one in done if one.graded is not None]
        received = finding.received_at(
            self.course, self.order.exercise, learner, done[0].result.submission_sha256
        )[0]
        if graded and len(graded) == len(done):
            record.save_notebooks(self.course, self.order.exercise, learner, graded, received)
            record.save_scores(self.course, self.order.exercise, learner, graded, received)
        for one in done:
            last = self.before.get((self.order.exercise, learner, one.result.notebook))
            if last is None or self.order.force or not one.result.same_as(last):
                self.ledger.add(one.result)
