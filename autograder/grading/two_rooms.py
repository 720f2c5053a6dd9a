"""Run notebooks in two rooms: learner code in one, the instructor's tests in the other.

rooms = TwoRooms(course.source("ps1"), jobs=2)
rooms.prepare(masters)            # a parent started, its walls tried, the solutions run
rooms.run(job)
rooms.close()
"""

from __future__ import annotations

import functools
import os
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from autograder import tokens
from autograder.grading import weak
from autograder.grading.bytecode import compile_once
from autograder.grading.master import Master
from autograder.grading.plan import language
from autograder.grading.reading import Unreadable, read_submission
from autograder.grading.room import GRADERS_TOKEN, Job, RoomFailed, Run
from autograder.grading.running import run_pair
from autograder.grading.solution_first import Rehearsed, as_member, rehearse
from autograder.grading.variant import OWN
from autograder.grading.warm import prove, start
from autograder.rooms.findings import NoIsolation
from autograder.rooms.handle import RoomLost, WarmParent
from autograder.rooms.launched import Launched
from autograder.sheets import Sealed

__all__ = ["TwoRooms", "run_pair"]

# Loading costs as long as a few rooms take to import by themselves; a first transpile imports two thousand.
_WORTH_LOADING = 40


class TwoRooms:
    """A warm parent, and as many pairs of rooms at a time as there are jobs.

    rehearsed: what the instructor's own solutions have shown, by notebook.
    shown: folders of this machine that every room may read.
    rehearsal: gives the sheet on which the solutions run, of an exercise with sheets.
    """

    shortfalls: tuple[str, ...] = ()

    def __init__(
        self,
        source: Path,
        jobs: int,
        *,
        timeout: int = 120,
        whole: int = 900,
        shown: Iterable[Path] = (),
        rehearsal: Callable[[], Sealed | None] = lambda: None,
    ) -> None:
        self.isolation = "root" if os.geteuid() == 0 else "user namespace"
        self.rehearsed: dict[str, Rehearsed] = {}
        self._source = source
        self._rehearsal = functools.cache(rehearsal)
        self._shown = tuple(shown)
        self._timeout, self._whole, self._jobs = timeout, whole, jobs
        # While one notebook of a slot runs, the rooms of its next are opened, which is mostly waiting.
        self._slots: queue.LifoQueue[int] = queue.LifoQueue()
        for slot in [*reversed(range(jobs)), *reversed(range(jobs))]:
            self._slots.put(slot)
        self._turns = [threading.Lock() for _ in range(jobs)]
        self._warm: WarmParent | None = None
        self._starting: Future[WarmParent] | None = None
        self._proof: Future[None] | None = None
        self._closed = threading.Event()
        self._end = ExitStack()

    @property
    def threads(self) -> int:
        """How many threads can call `run` with profit: for each job that runs one that makes ready."""
        return 2 * self._jobs

    def begin(self, texts: list[str] | None = None, launched: Launched | None = None) -> None:
        """Begin to start the parent, while the grader does something else.

        texts: the code of the instructor's notebooks; without it they are read from the exercise's folder.
        launched: the parent's process, where that has been started already.
        """
        if self._starting is None:
            own = _texts(self._source) if texts is None else texts
            pool = self._end.enter_context(ThreadPoolExecutor(2))
            limits = {"seconds": self._whole, "jobs": self._jobs}
            self._starting = pool.submit(
                start, self._source, own, **limits, launched=launched, shown=self._shown
            )
            self._proof = pool.submit(lambda: prove(self._started()))

    def _started(self) -> WarmParent:
        assert self._starting is not None
        return self._starting.result()

    def prepare(
        self, masters: list[Master], known: list[dict[str, Any]] | None = None, *, for_class: bool = True
    ) -> None:
        """Start the parent, try every wall of its rooms, and run each notebook's own solution.

        Raises NoIsolation where a wall does not stand; the solution may have run by then, and nobody's work.
        known: what these solutions have shown elsewhere, as plain data; then they are not run again.
        for_class: whether they are run once more as members of a class, and the walls waited for.
        """
        mine = [one for one in masters if language(one.graded) == "python"]
        self.begin([cell.source for one in mine for cell in one.solution.cells if cell.cell_type == "code"])
        self._warm = self._started()
        told = [Rehearsed.read(one) for one in known or []]
        self.rehearsed = {one.plan.notebook: one for one in told}
        for master in mine:
            if master.name not in self.rehearsed:
                self.rehearsed[master.name] = rehearse(master, self._job, self._pair)
        compile_once(dict.fromkeys(file for one in self.rehearsed.values() for file in one.bare))
        found = dict.fromkeys(name for one in self.rehearsed.values() for name in one.modules)
        if len(found) > _WORTH_LOADING:
            self._warm.load(found)
        if not for_class:
            return
        if known is None:
            for master in mine:
                self._as_member(master)
        assert self._proof is not None
        self._proof.result()

    def _as_member(self, master: Master) -> None:
        """Grade the solution once more as one of the class, in rooms with everything loaded."""
        if self.rehearsed[master.name].has_tests:
            rehearsed = self.rehearsed[master.name]
            try:
                told = as_member(rehearsed, master, lambda notebook: self._once(self._job(notebook, master)))
            except RoomFailed as problem:
                raise NoIsolation(str(problem)) from problem
            self.rehearsed[master.name] = told

    def weak(self, master: Master) -> weak.Found:
        """Try the tests of a notebook that has been prepared with stand-ins for what they ask for."""
        plan = self.rehearsed[master.name].plan
        return weak.find(master, plan, lambda notebook: self._job(notebook, master), self.run, self._pair)

    @property
    def notes(self) -> list[str]:
        """What the instructor should know of the solutions' runs, a sentence each."""
        return [one.note for one in self.rehearsed.values() if one.note]

    def _job(self, notebook: Any, master: Master) -> Job:
        cells = list(range(len(notebook.cells)))
        # The notebook itself names nobody yet, and then there are no data to solve.
        sheet = self._rehearsal()
        token = tokens.make(tokens.PRACTICE, "", OWN) if sheet is None else sheet.token
        job = Job(
            dict(notebook),
            self._source,
            {GRADERS_TOKEN: token},
            self._timeout,
            self._whole,
            master.name,
            list(cells),
        )
        return job.with_sheet(sheet)

    @contextmanager
    def _pair(self, job: Job) -> Iterator[Any]:
        from autograder.rooms.pair import Pair

        if self._warm is None:
            raise RoomFailed("no rooms have been prepared")
        slot = self._slots.get()
        try:
            pair = Pair(self._warm, slot=slot, environment=job.environment)
            try:
                with self._turns[slot]:
                    if self._closed.is_set():
                        raise RoomFailed("the run was stopped")
                    yield pair
            finally:
                # Killed at once; the kernel takes them apart while the next are opened.
                pair.learner.room.close(wait=False)
                pair.examiner.room.close(wait=False)
        finally:
            self._slots.put(slot)

    def run(self, job: Job) -> Run:
        """Run one notebook in a pair of rooms of its own, and once more where a room was lost.

        A machine without memory ends rooms before anything else, and that is not the learner's doing. But a
        notebook can end its room itself, when a draw by chance has gone against it: the result says that it
        ran twice, and is for a person. What took too long is not begun again.
        """
        begun = time.monotonic()
        run = self._once(job)
        if run.lost and time.monotonic() - begun - run.waited < job.timeout:
            again = self._once(job)
            again.twice = True
            again.waited, again.log = again.waited + run.waited, [*run.log, *again.log]
            return again
        return run

    def _once(self, job: Job) -> Run:
        if job.master not in self.rehearsed:
            told = language(job.notebook)
            raise RoomFailed(f"a notebook in {told} can be run with --without-isolation only")
        begun = time.monotonic()
        try:
            with self._pair(job) as pair:
                waited = time.monotonic() - begun
                run = run_pair(self.rehearsed[job.master].plan, job, pair)
        except (NoIsolation, RoomLost) as problem:
            raise RoomFailed(f"no room could be had ({problem})") from problem
        if self._closed.is_set():
            raise RoomFailed("the run was stopped")
        run.waited = waited
        return run

    def close(self) -> None:
        """End the parent, and with it every room."""
        if self._closed.is_set():
            return
        self._closed.set()
        if self._starting is not None:
            with suppress(Exception):  # whoever waited for it has been told
                self._starting.result().close()
        self._end.close()


def _texts(source: Path) -> list[str]:
    """The code of all notebooks in a folder; one that cannot be read is told of elsewhere."""
    found: list[str] = []
    for path in sorted(source.glob("*.ipynb")):
        with suppress(Unreadable):
            found += [cell.text for cell in read_submission(path) if cell.kind == "code"]
    return found
