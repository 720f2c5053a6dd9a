"""The driver's side of a learner's room: run cells, interrupt slow ones. It never reads a value of theirs.

with WarmParent(imports=("numpy",), mains=[visit.MAIN]) as parent, parent.open() as room:
    visit.Visit(room).run("print(0.25)", seconds=30).outputs
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.rooms import wire
from autograder.rooms.handle import Room, RoomLost
from autograder.rooms.touched import Files

__all__ = ["MAIN", "Ran", "Visit"]

MAIN = "autograder.rooms.learner:answer"
_GRACE = 2.0  # seconds for an interrupted cell to end; stock nbgrader waits, too


@dataclass
class Ran:
    """How a cell ended.

    error: type, builtin (the builtin type that it is) and text of what it raised; None when it ended well.
    outputs: in nbformat's shape. They are the learner's, and not to be trusted.
    late: whether it was interrupted.
    """

    error: dict[str, str] | None = None
    outputs: list[dict[str, Any]] = field(default_factory=list)
    late: bool = False


class Visit:
    """A conversation with one learner's room; what comes back is bounded, and no answer ends the room."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def run(
        self, source: str, *, seconds: float, cells: Sequence[str] = (), record: Sequence[str] = ()
    ) -> Ran:
        """Run a cell. One that takes too long is interrupted, and what it had done stays, as in a kernel.

        cells: what `In` is to keep besides, in order: this cell and what came before it elsewhere.
        record: functions whose answers to this cell are kept for the examiner.
        """
        self._say({"do": "run", "source": source, "cells": list(cells), "record": list(record)}, seconds)
        late = not self.room.speaks(seconds)
        if late:
            self.room.interrupt()
            if not self.room.speaks(_GRACE):
                self.room.close()
                raise RoomLost("the cell took too long and would not be interrupted")
        reply = self._hear(_GRACE + seconds)
        error, outputs = reply.get("error"), reply.get("outputs")
        if not isinstance(outputs, list) or not (error is None or isinstance(error, dict)):
            self.room.close()
            raise RoomLost("the room answered nonsense")
        return Ran({str(k): str(v) for k, v in error.items()} if error else None, outputs, late)

    def modules(self, *, seconds: float = 60) -> list[str]:
        """Names of the modules that are loaded there."""
        return self.loaded(seconds=seconds)[0]

    def loaded(self, *, seconds: float = 60) -> tuple[list[str], list[str]]:
        """Names of the modules that are loaded there, and sources of those that had to be compiled."""
        self._say({"do": "modules"}, seconds)
        reply = self._hear(seconds)
        return _texts(reply.get("modules")), _texts(reply.get("bare"))

    def files(self, *, seconds: float = 60) -> Files:
        """Which files its code has opened and changed since it was last asked, which begins it."""
        self._say({"do": "files"}, seconds)
        told = self._hear(seconds)
        return Files(*(frozenset(map(str, told.get(name, ()))) for name in ("opened", "changed")))

    def _say(self, message: dict[str, Any], seconds: float) -> None:
        if self.room.status is not None:
            raise RoomLost("the room has ended")
        try:
            self.room.channel.settimeout(seconds)
            wire.send(self.room.channel, message)
        except OSError as problem:
            self.room.close()
            raise RoomLost(f"the room does not listen: {problem}") from problem

    def _hear(self, seconds: float) -> dict[str, Any]:
        limit = self.room.limits.message
        try:
            reply = wire.receive(self.room.channel, limit=limit, seconds=seconds)
        except wire.Broken as problem:
            self.room.close()
            raise RoomLost(f"{problem}; the room ended with {self.room.status}") from problem
        if not isinstance(reply, dict):
            self.room.close()
            raise RoomLost("the room answered nonsense")
        return reply


def _texts(told: Any) -> list[str]:
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []
