"""The memory of a whole room: all its processes together stay below a bound, or the room is ended.

Where a control group can be had, the kernel keeps the bound and this only looks whether it had to. Elsewhere
a thread of the driver adds up what the room's processes hold, twenty times a second, and ends the room: so it
can be over its bound for a moment, and what no process maps, such as full pipes, is not seen.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from autograder.rooms import groups

__all__ = ["Keeper", "Kept", "available", "fitting", "held", "shared", "tree"]

_LOOK = 0.05  # seconds; a core fills 100 to 200 MB in this time
_REST = 2.0
_LEAST = 256 << 20
_PAGE = os.sysconf("SC_PAGESIZE") if hasattr(os, "sysconf") else 4096
_KB = 1024


def available() -> int:
    """How much memory this machine could give now."""
    return _kilobytes(Path("/proc/meminfo"), ("MemAvailable",)) or (1 << 62)


def fitting(bound: int, rooms: int) -> int:
    """A bound for each of so many rooms that this machine can keep even when all of them are full."""
    return min(bound, max(_LEAST, available() // max(1, rooms)))


def tree(process: int) -> Iterator[int]:
    """A process and all its descendants; those whose parent ended belong to the room's first process."""
    waiting = [process]
    while waiting:
        one = waiting.pop()
        yield one
        with suppress(OSError):
            for task in os.scandir(f"/proc/{one}/task"):
                with suppress(OSError):
                    told = Path(task.path, "children").read_text(encoding="ascii")
                    waiting += map(int, told.split())


def held(process: int, bound: int, before: int = 0) -> int:
    """How many bytes the processes of a room hold besides those that its first one was forked with.

    First every page in full, which is quick; only where that is too much, pages shared with the warm parent
    and among themselves in shares, and at least those that no other process has. What was there at the fork
    is taken off in full, and so up to as much again may escape where a room shares pages among its own. A
    process that will not be looked into counts in full.
    """
    every = list(tree(process))
    full = {one: _resident(one) for one in every}
    if sum(full.values()) <= bound:
        return sum(full.values())
    names = ("Pss_Anon", "Pss_Shmem", "SwapPss")
    rolled = {one: Path(f"/proc/{one}/smaps_rollup") for one in every}
    shares = sum(_kilobytes(file, names) or full[one] for one, file in rolled.items())
    # Rooms of other slots have a share in the pages of the fork, too, so that `before` may be too much.
    alone = sum(_kilobytes(file, ("Private_Dirty",)) for file in rolled.values())
    return max(alone, shares - before)


def _resident(process: int) -> int:
    return _kilobytes(Path(f"/proc/{process}/status"), ("RssAnon", "RssShmem", "VmSwap"))


def _mapped(process: int) -> int:
    return sum(_kilobytes(Path(f"/proc/{one}/status"), ("VmSize",)) for one in tree(process))


def _kilobytes(file: Path, names: tuple[str, ...]) -> int:
    """Add up lines of the form `Name:   12 kB`, in bytes; 0 for what cannot be read."""
    total = 0
    with suppress(OSError, ValueError):
        for line in file.read_text(encoding="ascii", errors="replace").splitlines():
            name, _, rest = line.partition(":")
            if name in names:
                total += int(rest.split()[0]) * _KB
    return total


@dataclass(eq=False)
class Kept:
    """One room whose memory is bounded.

    end: what ends the room. before: what it was forked with. full: whether it had to be ended.
    """

    process: int
    bound: int
    end: Callable[[], None]
    group: Path | None = None
    kills: int = 0
    before: int = 0
    full: bool = field(default=False)


class Keeper:
    """Bounds rooms, for one driver; it works as long as there is a room."""

    def __init__(self, *, use_groups: bool = True) -> None:
        self._groups = groups.find() if use_groups else None
        self._rooms: set[Kept] = set()
        self._turn = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    @property
    def way(self) -> str:
        """Which of the two ways is in force."""
        return "control group" if self._groups else "watcher"

    @property
    def place(self) -> Path | None:
        """Where the groups are."""
        return self._groups.folder if self._groups else None

    def keep(self, process: int, bound: int, end: Callable[[], None]) -> Kept:
        """Bound a room by its first process, before it runs anything of a learner's."""
        room = Kept(process, bound, end)
        if self._groups:
            try:
                room.group = self._groups.enter(process, bound)
                room.kills = self._groups.kills(room.group)
            except ProcessLookupError:
                return room  # already dead
            except OSError:
                room.group = None  # this one is watched instead
        if room.group is None:
            room.before = _resident(process)
        with self._turn:
            self._rooms.add(room)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="memory of rooms", daemon=True)
                self._thread.start()
            self._turn.notify()
        return room

    def release(self, room: Kept) -> None:
        """A room is over."""
        with self._turn:
            self._rooms.discard(room)
        if room.group and self._groups:
            self._check(room)
            self._groups.leave(room.group)

    def close(self) -> None:
        """Stop looking, and remove the groups."""
        with self._turn:
            self._closed.set()
            self._turn.notify()
        if self._thread:
            self._thread.join()
        if self._groups:
            self._groups.close()

    def _look(self) -> None:
        while True:
            with self._turn:
                if self._closed.is_set():
                    return
                if not self._rooms and not self._turn.wait(_REST):
                    self._thread = None
                    return
                rooms = list(self._rooms)
            for room in rooms:
                if self._check(room):
                    self._end(room)
            self._keep_the_machine([one for one in rooms if one.group is None])
            self._closed.wait(_LOOK)

    def _check(self, room: Kept) -> bool:
        if room.group and self._groups:
            room.full = room.full or self._groups.kills(room.group) > room.kills
        elif not room.full:
            room.full = held(room.process, room.bound, room.before) > room.bound
        return room.full

    def _end(self, room: Kept) -> None:
        with self._turn:
            known = room in self._rooms
        if known:
            room.end()

    def _keep_the_machine(self, rooms: list[Kept]) -> None:
        """End the room that maps most when the machine itself is nearly full: some memory cannot be seen."""
        if rooms and available() < _LEAST:
            room = max(rooms, key=lambda one: _mapped(one.process))
            room.full = True
            self._end(room)
            time.sleep(_LOOK)


_SHARED: dict[int, Keeper] = {}
_MAKING = threading.Lock()


def shared() -> Keeper:
    """The keeper of this process, made when it is first asked for."""
    with _MAKING:
        if os.getpid() not in _SHARED:  # a fork has the object, but neither its thread nor its groups
            _SHARED[os.getpid()] = Keeper()
            atexit.register(_SHARED[os.getpid()].close)
        return _SHARED[os.getpid()]
