"""What a worker does: run one notebook of an exercise, as a pure function of plain data.

Warm parents are kept for the exercises seen last, so that the next notebook finds them; nothing else stays.
A worker that cannot wall learner code off, or has other programs than the command, says so and runs nothing.
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from autograder.cluster import exercise
from autograder.grading.room import Job, RoomFailed
from autograder.grading.two_rooms import TwoRooms
from autograder.rooms.findings import NoIsolation

__all__ = ["prepare", "run"]

_KEPT = 2


class _Ready:
    """An exercise with its warm parents.

    users: how many threads run a notebook of it.
    """

    def __init__(self, body: bytes, slots: int) -> None:
        self.users = 0
        with ExitStack() as end:
            folder = end.enter_context(tempfile.TemporaryDirectory(prefix="autograder-worker-"))
            self.folder = Path(folder)
            masters, known, sheet = exercise.unpack(body, self.folder)
            self.room = end.enter_context(closing(TwoRooms(self.folder, slots, rehearsal=lambda: sheet)))
            self.room.prepare(masters, known)
            self.end = end.pop_all()


_ready: OrderedDict[str, _Ready] = OrderedDict()
_turn = threading.Lock()


def prepare(name: str, programs: dict[str, str], body: bytes) -> bytes:
    """Run the instructor's own solution; answer with what it has shown."""
    return _answer(programs, lambda: _prepared(name, body))


def run(name: str, programs: dict[str, str], job: bytes, body: bytes | None = None) -> bytes:
    """Run one notebook; ask for the exercise where this worker has not seen it."""
    return _answer(programs, lambda: _run(name, job, body))


def _answer(programs: dict[str, str], work: Callable[[], dict[str, Any]]) -> bytes:
    """Turn whatever happens into an answer."""
    different = sorted(key for key, value in exercise.programs().items() if programs.get(key) != value)
    try:
        told = {"unfit": f"it has another {different[0]}"} if different else work()
    except NoIsolation as lack:
        told = {"unfit": f"it cannot isolate learner code: {lack}"}
    except RoomFailed as reason:
        told = {"failed": str(reason)}
    return json.dumps({**told, "worker": _worker().address}).encode()


def _worker() -> Any:
    from distributed import get_worker

    return get_worker()


def _prepared(name: str, body: bytes) -> dict[str, Any]:
    with _exercise(name, body) as found:
        assert found is not None
        room = found.room
        known = [one.plain() for one in room.rehearsed.values()]
        return {"known": known, "notes": room.notes, "isolation": room.isolation}


def _run(name: str, job: bytes, body: bytes | None) -> dict[str, Any]:
    with _exercise(name, body) as found:
        if found is None:
            return {"wanted": True}
        work = Job.read({**json.loads(job), "folder": str(found.folder)})
        return {"run": found.room.run(work).plain(), "isolation": found.room.isolation}


@contextmanager
def _exercise(name: str, body: bytes | None) -> Iterator[_Ready | None]:
    """Find an exercise, or make it ready from its bytes; None where there are none."""
    with _turn:
        found = _ready.get(name)
        if found is None and body is not None:
            _make_room()
            found = _ready[name] = _Ready(body, _worker().state.nthreads)
        if found is not None:
            _ready.move_to_end(name)
            found.users += 1
    try:
        yield found
    finally:
        if found is not None:
            with _turn:
                found.users -= 1


def _make_room() -> None:
    """End the parents of the exercises that were used longest ago."""
    for name in [name for name, one in _ready.items() if not one.users][: max(0, len(_ready) - _KEPT + 1)]:
        _ready.pop(name).end.close()
