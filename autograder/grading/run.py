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
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder import secret, tokens
from autograder.course import Course
from autograder.gradebook import private_jupyter
from autograder.grading import finding, record
from autograder.grading.choose import room_for
from autograder.grading.ledger import Ledger
from autograder.grading.master import load, source_digest
from autograder.grading.model import Result
from autograder.grading.outcome import Done, Outcome
from autograder.grading.reading import Unreadable, read_submission
from autograder.grading.rebuild import Rebuilt, rebuild
from autograder.grading.room import Job, Room, RoomFailed

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
    without_isolation: run learner code with the grader's own rights; nothing can be certified then.
    progress: called with (done, all) after each notebook.
    stage: called with what is done before the first notebook.
    """

    exercise: str
    learners: tuple[str, ...] = ()
    jobs: int = 1
    force: bool = False
    without_isolation: bool = False
    progress: Callable[[int, int], None] = lambda done, all_: None
    stage: Callable[[str], None] = lambda text: None


def grade(course: Course, order: Order) -> list[Result]:
    """Grade an exercise; return one result for every submission found, graded now or before.

    The instructor's own solution goes first through the same rooms. Raises NoIsolation, and has graded
    nothing, where learner code cannot be walled off and the order does not say to do without.
    """
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

    def grade(self) -> list[Result]:
        handed = self._found()
        to_grade = [one for group in handed.values() if self._is_new(group) for one in group]
        jobs = max(1, min(self.order.jobs, len(to_grade)))
        room = room_for(
            self.course,
            self.order.exercise,
            self.masters,
            jobs=jobs,
            without_isolation=self.order.without_isolation,
            home=self.home,
        )
        self.outcome = Outcome(self.order.exercise, self.source, self._practice, self.timeout, room)
        fresh: dict[tuple[str, str], Result] = {}
        try:
            if to_grade:
                self.order.stage("the course's own solution goes first")
                room.prepare(self.masters)
                self.order.stage("")
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
        back: dict[str, list[Done]] = defaultdict(list)
        pool = ThreadPoolExecutor(self.order.jobs)
        futures: dict[Future[Done], finding.Handed] = {
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

    def _one(self, one: finding.Handed, room: Room) -> Done:
        """Take one notebook from file to scores; whatever it is, it ends as a result."""
        began = time.monotonic()
        if one.path is None:
            return self.outcome.missing(one)
        try:
            built = rebuild(one.master, read_submission(one.path))
            run = room.run(self._job(one, built))
        except (Unreadable, RoomFailed) as reason:
            return self.outcome.held(one, str(reason), began)
        except Exception as error:  # noqa: BLE001 - one strange notebook must not stop the class
            said = f"the grader failed on this notebook ({type(error).__name__}); please report it"
            return self.outcome.held(one, said, began)
        return self.outcome.scored(one, built, run, began)

    def _job(self, one: finding.Handed, built: Rebuilt) -> Job:
        environment = {}
        if not self._practice:
            token = tokens.make(self.secret, self.order.exercise, one.learner)
            environment["COURSE_VARIANT_TOKEN"] = token
        folder = self.course.source(self.order.exercise)
        return Job(
            dict(built.notebook),
            folder,
            environment,
            self.timeout,
            WHOLE_SECONDS,
            one.master.name,
            built.origin,
        )

    def _write(self, learner: str, done: list[Done]) -> None:
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
