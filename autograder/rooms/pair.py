"""The driver's side of both rooms of one submission: the learner's, the examiner's, and the hatch between.

    with Pair(parent, slot=0, environment={}) as pair:
        pair.examiner.begin()
        pair.learner.run("def double(x): return 2 * x", seconds=30)
        pair.examiner.test("assert double(4) == 8", ["double"], seconds=30)      # Tested(error=None, …)

The driver never reads a value of the learner's; it only hears from the examiner how a test ended.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from autograder.rooms import visit, wire
from autograder.rooms.handle import Room, RoomLost, Wanted, WarmParent
from autograder.rooms.touched import Files

__all__ = ["EXAMINER", "LEARNER", "Examination", "Given", "Pair", "Tested"]

LEARNER = visit.MAIN
EXAMINER = "autograder.rooms.examiner:answer"
_GRACE = 2.0  # seconds for what was interrupted to end; stock nbgrader waits, too


@dataclass
class Tested:
    """How a test cell ended.

    error: type, builtin, text and traceback of what it raised; None when it passed.
    result: its last expression as text, which may be a part of the marks.
    outputs: the cell's own, in nbformat's shape; what learner code printed meanwhile is not among them.
    refused: why values of the learner's did not travel; such a cell has not passed.
    values: short texts of the learner's plain values that a failed test mentions; no learner is shown them.
    own: keys of the contract that it used (see contract.py); only where the solution itself runs.
    handles: whether it used anything that came as a stand-in.
    late: whether it was interrupted.
    lost: why a room is no more, or None.
    """

    error: dict[str, Any] | None = None
    result: str | None = None
    outputs: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    handles: bool = False
    late: bool = False
    lost: str | None = None


@dataclass
class Given:
    """How a given cell ended in the examiner's room.

    asked: how many questions it has put to the learner's room.
    """

    error: dict[str, Any] | None = None
    outputs: list[dict[str, Any]] = field(default_factory=list)
    late: bool = False
    asked: int = 0


class Examination:
    """A conversation with the examiner's room. Nothing here raises: a room that is gone is an answer too."""

    def __init__(self, room: Room, learner: Room) -> None:
        self.room = room
        self._learner = learner
        self._learned: list[str] = []
        self._first: dict[str, Any] = {}
        self.lost: str | None = None

    def begin(
        self,
        *,
        own: Iterable[str] | None = None,
        classes: Iterable[str] = (),
        given_classes: Iterable[str] = (),
        imports: str = "",
        answers: dict[str, Any] | None = None,
    ) -> None:
        """Tell, with the first question, what the plan of the notebook says.

        own: keys of the contract; None where the instructor's solution itself runs, which makes them.
        classes: names of classes that the solution defines.
        given_classes: names of classes that given cells of the source define.
        imports: the import statements of the solution.
        answers: plain data that tests find under these names, and the learner's room never.
        """
        told = {"own": None if own is None else sorted(own), "imports": imports}
        told |= {"classes": sorted(classes), "given_classes": sorted(given_classes)}
        self._first = {"begin": told if answers is None else {**told, "answers": answers}}

    def fetch(self, bring: Iterable[str], seconds: float = 60) -> None:
        """Bind the learner's names that a given cell mentions, before the learner's room has run it."""
        self._ask({"do": "fetch", "bring": sorted(bring)}, seconds)

    def given(
        self,
        source: str,
        bring: Iterable[str] = (),
        seconds: float = 60,
        *,
        replay: bool = False,
        most: int | None = None,
    ) -> Given:
        """Run a given cell, after binding the learner's names that it mentions.

        replay: whether the learner's room has run it already, and has kept what it answered.
        most: after how many questions it is ended; None for never.
        """
        request = {"do": "given", "source": source, "bring": sorted(bring), "replay": replay, "most": most}
        reply, late = self._ask(request, seconds)
        return Given(reply.get("error"), reply.get("outputs", []), late, int(reply.get("asked", 0)))

    def learned(self, text: str) -> None:
        """Tell, with the next question, the text of a cell that ran in the learner's room."""
        self._learned.append(text)

    def test(self, source: str, bring: Iterable[str] = (), seconds: float = 60) -> Tested:
        """Run a test cell with the learner's names bound."""
        reply, late = self._ask({"do": "test", "source": source, "bring": sorted(bring)}, seconds)
        known = Tested.__dataclass_fields__.keys() & reply.keys()
        tested = Tested(**{name: reply[name] for name in known})
        tested.late = late
        tested.lost = tested.lost or self.lost
        if late and tested.error is None:
            tested.error = _failed("KeyboardInterrupt", "the cell took too long")
        return tested

    def changed(self, names: Iterable[str], seconds: float = 60) -> list[str]:
        """Which of these given names the learner's room holds with another value."""
        reply, _ = self._ask({"do": "changed", "names": sorted(names)}, seconds)
        return [str(one) for one in reply.get("changed", [])]

    def modules(self, seconds: float = 60) -> list[str]:
        """Names of the modules that are loaded."""
        return self.loaded(seconds)[0]

    def loaded(self, seconds: float = 60) -> tuple[list[str], list[str]]:
        """Names of the modules that are loaded, and sources of those that had to be compiled."""
        reply, _ = self._ask({"do": "modules"}, seconds)
        modules, bare = ([str(one) for one in reply.get(name, [])] for name in ("modules", "bare"))
        return modules, bare

    def files(self, seconds: float = 60) -> Files:
        """Which files its code has opened and changed since it was last asked, which begins it."""
        reply, _ = self._ask({"do": "files"}, seconds)
        return Files(*(frozenset(map(str, reply.get(name, ()))) for name in ("opened", "changed")))

    def _ask(self, message: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bool]:
        """One question; a slow answer is hurried, first the learner's room, then the examiner's."""
        if self.lost is not None or self.room.status is not None:
            self.lost = self.lost or "the examiner's room has ended"
            return {"error": _failed("RoomLost", self.lost)}, False
        try:
            self.room.channel.settimeout(seconds)
            wire.send(self.room.channel, {**message, **self._first, "learned": self._learned})
            self._first, self._learned = {}, []
            late = not self._heard(seconds)
            limit = self.room.limits.message
            reply = wire.receive(self.room.channel, limit=limit, seconds=_GRACE + seconds)
        except (wire.Broken, OSError, RoomLost) as problem:
            self._end(f"the examiner's room: {problem}")
            return {"error": _failed("RoomLost", str(self.lost))}, isinstance(problem, RoomLost)
        if reply.get("lost"):
            self._learner.close()
        return reply, late

    def _heard(self, seconds: float) -> bool:
        """Whether it answered by itself; RoomLost when not even an interrupt helped."""
        if self.room.speaks(seconds):
            return True
        for room in (self._learner, self.room):
            room.interrupt()
            if self.room.speaks(_GRACE):
                return False
        raise RoomLost("the cell took too long and would not be interrupted")

    def _end(self, reason: str) -> None:
        self.lost = reason
        self._learner.close()
        self.room.close()


def _failed(kind: str, text: str) -> dict[str, Any]:
    return {"type": kind, "builtin": "Exception", "text": text, "traceback": []}


class Pair:
    """Both rooms of one submission, from their forks to their ends."""

    def __init__(
        self,
        parent: WarmParent,
        *,
        slot: int = 0,
        environment: dict[str, str] | None = None,
    ) -> None:
        ours, theirs = socket.socketpair()
        own = environment or {}
        with ours, theirs:
            learner, room = parent.open_all(
                [Wanted(LEARNER, slot, theirs, own), Wanted(EXAMINER, slot, ours, own)]
            )
        try:
            learner.settle()
            room.settle()
        except BaseException:
            learner.close()
            room.close()
            raise
        self.learner = visit.Visit(learner)
        self.examiner = Examination(room, learner)

    def close(self) -> None:
        """End both."""
        self.learner.room.close()
        self.examiner.room.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
