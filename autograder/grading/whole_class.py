"""Grade a class: find, rebuild, run, score, write down; in an order that a kill at any moment cannot spoil.

For each submission first autograded/ is written, then the gradebook, then the line in results.jsonl. The line
says that it is done: what has none, or whose bytes have changed since, is graded again.
"""

from __future__ import annotations

import gc
import math
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from itertools import islice
from pathlib import Path

from coursefacts.errors import InputFault

from autograder import roster, secret, tokens
from autograder.course import ATTEMPTS, Course
from autograder.grading import finding
from autograder.grading.choose import room_for, seconds
from autograder.grading.ledger import Ledger
from autograder.grading.master import Master, Masters
from autograder.grading.model import Result
from autograder.grading.outcome import Done, Outcome
from autograder.grading.played import Played
from autograder.grading.reading import SubmittedCell, Unreadable, read_submission
from autograder.grading.rebuild import Rebuilt, rebuild
from autograder.grading.record import Unwritable, Writer
from autograder.grading.room import GRADERS_TOKEN, Job, Room, RoomFailed
from autograder.grading.run import Order
from autograder.grading.twins import SAME, Twins
from autograder.grading.variant import foreign, granted
from autograder.sheets import Drawer, Sealed, released_sheet

__all__ = ["WholeClass"]

# Notebooks a job that may be begun or wait for the writer.
_AHEAD = 3
_NEAR = 1e-6


class WholeClass:
    """One run over one exercise."""

    def __init__(
        self, course: Course, order: Order, home: Path, source: str, early: Room | None, drawer: Drawer
    ) -> None:
        self.course = course
        self.order = order
        self.home = home
        self.source = source
        self.early = early
        self.ready: Room | None = None
        self.played: Played | None = None
        """Scores the cases that the exercise asks for, where it asks for any."""
        self.drawer = drawer

    def prepare(self, making: Masters) -> None:
        """Read what was graded before, and wait for the masters."""
        self.secret = secret.load(self.course.home)
        self.before = Ledger(self.course.root).latest(self.order.exercise)
        if self.early is None and self._somebody_is_new():
            self.early = self._room_for([], self.order.jobs)
        self.masters = making.get()
        self.kept = self._scores_kept()
        self.timeout, self.whole = seconds(self.course)

    def grade(self) -> list[Result]:
        """Grade what is new; give the results of all."""
        self._try_attempts()
        handed = self._found()
        self.twins = Twins((one for group in handed.values() for one in group), self.before)
        to_grade = [group for group in handed.values() if self._is_new(group)]
        fresh: dict[tuple[str, str], Result] = {}
        if to_grade:
            room = self._room(len(to_grade))
            for done in self._run(to_grade, room):
                for one in done:
                    fresh[one.result.learner, one.result.notebook] = one.result
        keys = [(one.learner, one.master.name) for group in handed.values() for one in group]
        results = [fresh.get(key) or self.before[(self.order.exercise, *key)] for key in keys]
        for note in self.twins.told(results):
            self.order.note(note)
        return results

    def _try_attempts(self) -> None:
        """Where the best attempt counts, grade all attempts and put each learner's best in place."""
        if not (self.course.root / ATTEMPTS).is_dir():
            return
        from autograder.collecting.counting import rule_of
        from autograder.grading.best import Best

        if rule_of(self.course) != "best":
            return

        desk = finding.Desk(self.course, self.order.exercise, self.masters)
        best = Best(self.course, self.order.exercise, self.source, desk, self.order.learners)
        if trials := best.untried(force=self.order.force):
            room = self._room(len(trials))
            self.twins = Twins((), {})
            tried = best.try_all(trials, lambda one: self._one(one, room).result, room.close, self.order.jobs)
            for count, _ in enumerate(tried, start=1):
                self.order.progress(count, len(trials))
        best.put_in_place()

    def close(self) -> None:
        """End what was begun early."""
        for room in (self.early, self.ready):
            if room is not None:
                room.close()

    def _room_for(self, masters: list[Master], jobs: int) -> Room:
        return room_for(
            self.course,
            self.order.exercise,
            masters,
            jobs=jobs,
            without_isolation=self.order.without_isolation,
            home=self.home,
            scheduler=self.order.scheduler,
            shown=self.order.show,
            rehearsal=partial(self.drawer.rehearsal, self.order.exercise),
        )

    def _room(self, submissions: int) -> Room:
        """Make the room once, and let the instructor's own solution go first."""
        if self.ready is not None:
            return self.ready
        jobs = max(1, min(self.order.jobs, submissions * len(self.masters)))
        room = self.early or self._room_for(self.masters, jobs)
        try:
            self.order.stage("the course's own solution goes first")
            room.prepare(self.masters)
            self.order.stage("")
            for note in room.notes:
                self.order.note(note)
        except BaseException:
            room.close()
            raise
        self.ready = room
        self.outcome = Outcome(self.order.exercise, self.source, self._practice, self.timeout, room)
        return room

    def _found(self) -> dict[str, list[finding.Handed]]:
        present = list(self.course.learners(self.order.exercise))
        for name in self.course.unnamed(self.order.exercise):
            self.order.note(f"submitted/{name} is not graded: its name cannot be written down; rename it")
        known = set(present)
        for learner in self.order.learners:
            if learner not in known:
                raise InputFault(
                    f"'{learner}' has handed in nothing for '{self.order.exercise}'",
                    path=self.course.submitted(learner, self.order.exercise),
                    remedy="check the id, or collect the hand-in first",
                )
        wanted = set(self.order.learners)
        desk = finding.Desk(self.course, self.order.exercise, self.masters)
        return {learner: desk.find(learner) for learner in present if not wanted or learner in wanted}

    def _somebody_is_new(self) -> bool:
        """Tell, without a look into any hand-in, that rooms will be needed; so they can get warm at once."""
        known = {learner for _, learner, _ in self.before}
        wanted = set(self.order.learners)
        there = (one for one in self.course.learners(self.order.exercise) if not wanted or one in wanted)
        return any(self.order.force or one not in known for one in there)

    def _scores_kept(self) -> dict[tuple[str, str, str], float | None]:
        if not self.before:
            return {}
        from autograder.grading.book import Book

        book = Book(self.course, self.order.exercise)
        try:
            return book.scores()
        finally:
            book.close()

    def _is_new(self, group: list[finding.Handed]) -> bool:
        """Tell whether a submission, its source or its gradebook has changed since it was graded.

        What was held is tried again, and what was graded without isolation can be certified now.
        """
        if self.order.force:
            return True
        for one in group:
            last = self.before.get((self.order.exercise, one.learner, one.master.name))
            if last is None or last.status == "held" or last.practice != self._practice:
                return True
            if (last.submission_sha256, last.source_sha256) != (one.digest, self.source):
                return True
            if self.twins.differs(one, last):
                return True
            if last.isolation == "none" and not self.order.without_isolation:
                return True
            if not self._stands(last) or (self.played is not None and self.played.is_stale(last)):
                return True
        return not self.course.autograded(group[0].learner, self.order.exercise).is_dir()

    def _stands(self, last: Result) -> bool:
        """Tell whether the gradebook says what the results say; it may be an older copy or another one."""
        kept = (
            (cell.score, self.kept.get((last.learner, last.notebook, cell.grade_id), math.nan))
            for cell in last.cells
        )
        return all(
            said == score if said is None or score is None else abs(said - score) < _NEAR
            for said, score in kept
        )

    @property
    def _practice(self) -> bool:
        return self.secret == tokens.PRACTICE

    def _run(self, to_grade: list[list[finding.Handed]], room: Room) -> Iterator[list[Done]]:
        """Run notebooks side by side; this thread alone writes each submission down when it is complete."""
        writer = Writer(self.course, self.order.exercise)
        gc.freeze()  # what is here now stays, and need not be looked through for garbage again and again
        pool = ThreadPoolExecutor(getattr(room, "threads", self.order.jobs))
        try:
            for group, done in self._complete(to_grade, room, pool, writer):
                self._write(writer, group, done)
                yield done
            writer.flush()
        except KeyboardInterrupt:
            _stop(pool, room)
            writer.flush()
            raise
        except BaseException:
            _stop(pool, room)
            raise
        finally:
            pool.shutdown(wait=True)
            writer.close()

    def _complete(
        self,
        to_grade: list[list[finding.Handed]],
        room: Room,
        pool: ThreadPoolExecutor,
        writer: Writer,
    ) -> Iterator[tuple[list[finding.Handed], list[Done]]]:
        """Keep the rooms busy, but never more than a few notebooks ahead of the writer: memory stays flat."""
        total, count = sum(len(group) for group in to_grade), 0
        waiting = iter([(number, one) for number, group in enumerate(to_grade) for one in group])
        running: dict[Future[Done], int] = {}
        back: dict[int, list[Done]] = defaultdict(list)
        self.order.progress(0, total)
        while True:
            for number, one in islice(waiting, _AHEAD * self.order.jobs - len(running)):
                running[pool.submit(self._one, one, room)] = number
            if not running:
                return
            ended = wait(running, timeout=writer.due(), return_when=FIRST_COMPLETED).done
            for future in ended:
                number = running.pop(future)
                back[number].append(future.result())
                count += 1
                if len(back[number]) == len(to_grade[number]):
                    yield to_grade[number], back.pop(number)
                self.order.progress(count, total)
            if writer.due() == 0.0:
                writer.flush()

    def _one(self, one: finding.Handed, room: Room) -> Done:
        """Take one notebook from file to scores; whatever it is, it ends as a result."""
        began = time.monotonic()
        if one.path is None:
            return self.outcome.missing(one)
        try:
            cells = read_submission(one.path)
            built = rebuild(one.master, cells)
            token, told = granted(self.secret, self.order.exercise, one.learner, one.master, cells)
            built.reasons += told
            self._tell_foreign(one, built, cells)
            built.review |= one.review
            if built.answered and self.twins.has(one):
                built.reasons.append(SAME)
                built.review = True
            run = room.run(self._job(one, built, token))
            done = self.outcome.scored(one, built, run, began)
            if self.played is not None and done.graded is not None and one.folder is not None:
                self.played.score(one.folder, done.graded.cells)
                done.result.cells = done.graded.cells
                done.result.score = sum(cell.score for cell in done.graded.cells if cell.score is not None)
        except (Unreadable, RoomFailed) as reason:
            return self.outcome.held(one, str(reason), began)
        except InputFault:
            raise
        except Exception as error:  # noqa: BLE001 - one strange notebook must not stop the class
            return self.outcome.held(one, _failed(error), began)
        return done

    def _tell_foreign(self, one: finding.Handed, built: Rebuilt, cells: list[SubmittedCell]) -> None:
        """Leave to a person what bears another's token."""
        said = foreign(self.secret, self.order.exercise, one.learner, cells, self._people)
        if said is not None:
            built.reasons.append(said)
            built.review = True

    def _people(self) -> list[str]:
        path = self.course.root / roster.FILE
        known = roster.read(path) if path.exists() else []
        return [one.id for one in known] or list(self.course.learners(self.order.exercise))

    def _job(self, one: finding.Handed, built: Rebuilt, token: str | None) -> Job:
        folder = self.course.source(self.order.exercise)
        job = Job(
            dict(built.notebook),
            folder,
            {} if token is None else {GRADERS_TOKEN: token},
            self.timeout,
            self.whole,
            one.master.name,
            built.origin,
            one.beside,
        )
        sheet = None if token is None else self.drawer.sheet(self.secret, self.order.exercise, token)
        if sheet is not None:
            self._hold_to_release(one.learner, sheet)
        return job.with_sheet(sheet)

    def _hold_to_release(self, learner: str, sheet: Sealed) -> None:
        """Refuse to grade on another sheet than was handed out; one learner never stops another."""
        said = released_sheet(self.course, self.order.exercise, learner, sheet)
        if said is not None:
            raise RoomFailed(said)

    def _write(self, writer: Writer, group: list[finding.Handed], done: list[Done]) -> None:
        """Hand one complete submission to the writer; one with a held notebook gets no scores at all.

        What cannot be written is held, too, with its reason.
        """
        try:
            self._put_down(writer, group, done)
        except Unwritable as reason:
            for at, one in enumerate(done):
                done[at] = self.outcome.held(group[at], str(reason), time.monotonic())
                done[at].result.seconds = one.result.seconds
            self._put_down(writer, group, done)

    def _put_down(self, writer: Writer, group: list[finding.Handed], done: list[Done]) -> None:
        graded = [one.graded for one in done if one.graded is not None]
        new = []
        for one in done:
            last = self.before.get((self.order.exercise, one.result.learner, one.result.notebook))
            if last is None or self.order.force or not one.result.same_as(last):
                new.append(one.result)
        complete = graded if len(graded) == len(done) else []
        came = [one.received for one in group if one.received is not None]
        writer.add(group[0].learner, max(came, default=None), complete, new, [one.result for one in done])
        for one in done:
            one.graded = None


def _failed(error: Exception) -> str:
    return f"the grader failed on this notebook ({type(error).__name__}); please report it"


def _stop(pool: ThreadPoolExecutor, room: Room) -> None:
    """Begin nothing new before what runs is ended; else each end would begin the next."""
    pool.shutdown(wait=False, cancel_futures=True)
    room.close()
