"""Grade one notebook as a class is graded: the same source, rooms, tests and scores, and no book-keeping."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder import tokens
from autograder.course import Course
from autograder.gradebook import private_jupyter
from autograder.grading.choose import launch, seconds
from autograder.grading.finding import Handed
from autograder.grading.lock import only_run
from autograder.grading.master import Master, Masters, source_digest
from autograder.grading.model import Result
from autograder.grading.room import GRADERS_TOKEN, Job, Room
from autograder.practice.own import Own
from autograder.practice.scratch import Shown, scratch
from autograder.rooms.findings import NoIsolation
from autograder.sheets import Drawer

__all__ = ["Practised", "practise"]

NO_ROOMS = "this machine has no closed rooms, so your notebook ran with your own rights, as in JupyterLab"
_ME = "me"


@dataclass
class Practised:
    """What came of it.

    notebook: as it was run.
    """

    result: Result
    master: Master
    notebook: Any


def practise(
    course: Course, exercise: str, own: Own, transcripts: Path, stage: Callable[[str], None]
) -> Practised:
    """Grade the learner's own notebook; nothing is written but into the course for practice.

    transcripts: where the learner's cases lie, for an exercise that asks for one.
    stage: called with what is being done.
    """
    mine = scratch(course, exercise)
    with private_jupyter() as home, only_run(mine.root, exercise), ExitStack() as ends:
        drawer = ends.enter_context(Drawer())
        return _Practice(mine, exercise, own, home, ends, stage, drawer).run(transcripts)


@dataclass
class _Practice:
    course: Course
    exercise: str
    own: Own
    home: Path
    ends: ExitStack
    stage: Callable[[str], None]
    drawer: Drawer

    def run(self, transcripts: Path) -> Practised:
        """Warm the rooms beside the making of the masters, then run and score."""
        source = source_digest(self.course, self.exercise)
        making = Masters(self.course, self.exercise, source)
        self.ends.callback(making.stop)
        # Before there is a second thread, so that the helper can be a fork.
        launched = launch(without_isolation=False, scheduler=None)
        if launched is not None:
            self.ends.callback(launched.close)
        if making.late:
            self.stage("reading the exercise")
            making.begin()
        rooms = self._rooms(launched)
        masters = making.get()
        master = self._mine(masters)
        room = self._ready(rooms, masters, source)
        self.stage("running your notebook")
        return self._graded(room, master, source, transcripts)

    def _rooms(self, launched: Any) -> Any:
        """Begin to warm closed rooms, where there can be any."""
        if sys.platform != "linux":
            return None
        from autograder.grading.two_rooms import TwoRooms

        cell, whole = seconds(self.course)
        rooms = TwoRooms(
            self.course.source(self.exercise),
            1,
            timeout=cell,
            whole=whole,
            rehearsal=partial(self.drawer.rehearsal, self.exercise),
        )
        self.ends.callback(rooms.close)
        rooms.begin(launched=launched)
        return rooms

    def _ready(self, rooms: Any, masters: list[Master], source: str) -> Room:
        """Let the course's own solution go first, unless it has; without rooms a kernel has to do."""
        kept = Shown(self.course, self.exercise, source)
        known = kept.read()
        if rooms is not None:
            try:
                self.stage(
                    "opening the rooms" if known else "the course's own solution goes first, this once"
                )
                rooms.prepare(masters, known)
            except NoIsolation:
                rooms = None
        if rooms is None:
            from autograder.grading.stock import StockRoom

            stock = StockRoom(1, self.home)
            self.ends.callback(stock.close)
            return stock
        # What did not pass may have had a bad day; it is tried again next time.
        if known is None and not rooms.notes:
            kept.write([one.plain() for one in rooms.rehearsed.values()])
        found: Room = rooms
        return found

    def _mine(self, masters: list[Master]) -> Master:
        """Tell which of the exercise's notebooks it is."""
        named = [one for one in masters if one.name == self.own.path.stem]
        if named or len(masters) == 1:
            return (named or masters)[0]
        raise InputFault(
            "the exercise has several notebooks, and this is none of their names",
            path=self.own.path,
            remedy=f"call it one of {', '.join(one.name for one in masters)}",
        )

    def _graded(self, room: Room, master: Master, source: str, transcripts: Path) -> Practised:
        from autograder.grading.outcome import Outcome
        from autograder.grading.rebuild import rebuild

        cell, whole = seconds(self.course)
        began = time.monotonic()
        built = rebuild(master, self.own.cells)
        token = {} if self.own.token is None else {GRADERS_TOKEN: self.own.token}
        folder = self.course.source(self.exercise)
        job = Job(dict(built.notebook), folder, token, cell, whole, master.name, built.origin)
        if self.own.token is not None:
            sheet = self.drawer.sheet(tokens.PRACTICE, self.exercise, self.own.token)
            job = job.with_sheet(sheet)
        run = room.run(job)
        one = Handed(self.own.name or _ME, master, self.own.path, self.own.digest)
        done = Outcome(self.exercise, source, True, cell, room).scored(one, built, run, began)
        if done.graded is None:
            raise InputFault(f"it could not be graded ({'; '.join(done.result.reasons)})", path=self.own.path)
        self._play(transcripts, done.result)
        if room.isolation == "none":
            done.result.reasons = [
                NO_ROOMS if said in room.shortfalls else said for said in done.result.reasons
            ]
        return Practised(done.result, master, done.graded.notebook)

    def _play(self, transcripts: Path, result: Result) -> None:
        """Score the cases that the exercise asks for, where it asks for any."""
        if not self.course.meta(self.exercise).get("transcripts"):
            return
        from autograder.grading.played import Played

        Played(self.course, self.exercise, None).score(transcripts.parent, result.cells)
        result.score = sum(cell.score for cell in result.cells if cell.score is not None)
