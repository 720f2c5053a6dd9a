"""The driver's side of rooms: start a warm parent, open rooms, ask them, end them."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograder.rooms import memory, packages, wire
from autograder.rooms.findings import NoIsolation
from autograder.rooms.launched import Launched, has_word
from autograder.rooms.limits import Limits

__all__ = ["SCRIPT", "Room", "RoomLost", "Wanted", "WarmParent"]

SCRIPT = "autograder.rooms.script:answer"
PROBES = "autograder.rooms.probes:answer"  # in every parent, so that just this one's rooms can be tried
_REPLY = 1 << 20
_SOME_JOBS = 2
_AT_ONCE = 8  # rooms
_LOOK = 0.2  # seconds for which what the machine could give is taken as known
_DEATH = 30.0  # seconds for a killed room to give back its memory
_MODULES = "import sys; result = list(sys.modules)"


class RoomLost(Exception):
    """A room gave no usable answer; the text is the reason, and the room is no more."""


class Room:
    """One room, from its fork to its end."""

    def __init__(
        self, parent: WarmParent, number: int, process: int, channel: socket.socket, limits: Limits
    ) -> None:
        self._parent = parent
        self._number = number
        self._process = process
        self._turn = threading.Lock()
        self.channel = channel
        self.limits = limits
        self.status: int | None = None
        self.held: dict[str, int] = {}
        # Before the room is told to go on, so before anything of a learner's runs.
        self._kept = parent.keeper.keep(_number_on_host(process), parent.bound(limits), self.kill)

    def settle(self, *, seconds: float = 30) -> None:
        """Wait until its walls stand; without one of them it is ended and refused."""
        try:
            first = wire.receive(self.channel, limit=_REPLY, seconds=seconds)
        except wire.Broken as problem:
            raise NoIsolation(f"a room ended with {self.close()} before its walls stood") from problem
        if "ready" not in first:
            self.close()
            raise NoIsolation(str(first["failed"]))
        self.held = first["ready"]

    def ask(self, message: Any, *, seconds: float) -> Any:
        """Send a message and wait for the answer; a room that fails to answer is ended."""
        try:
            self.channel.settimeout(seconds)
            wire.send(self.channel, message)
            return wire.receive(self.channel, limit=self.limits.message, seconds=seconds)
        except (wire.Broken, OSError) as problem:
            self.close()
            why = "it took more memory than a room may" if self.full else str(problem)
            raise RoomLost(f"{why}; the room ended with {self.status}") from problem

    def kill(self) -> None:
        """End every process of the room at once."""
        self._send(signal.SIGKILL)

    def interrupt(self) -> None:
        """Interrupt what runs, as a person does with Ctrl-C."""
        self._send(signal.SIGINT)

    def _send(self, which: signal.Signals) -> None:
        # Not while it is closed, when the descriptor's number may become another's.
        with self._turn:
            if self.status is None:
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._process, which)

    @property
    def full(self) -> bool:
        """Whether all its processes together took more memory than a room may."""
        return self._kept.full

    def speaks(self, seconds: float) -> bool:
        """Wait until something can be read from the room, or it has ended."""
        return has_word(self.channel.fileno(), seconds)

    def ended(self, seconds: float) -> bool:
        """Wait until the room has ended, by itself or not."""
        return self.status is not None or has_word(self._process, seconds)

    def close(self, *, wait: bool = True) -> int:
        """End the room if it has not, and say how it ended: an exit code, or a negative signal.

        wait: whether to see it dead; else it is killed, dies while others are opened, and -9 is said.
        """
        if self.status is None:
            self.kill()
            # Waited for here and not in the parent, which could open no other room meanwhile.
            seen = wait and self.ended(_DEATH)
            with self._turn:
                self.status = -signal.SIGKILL
                os.close(self._process)
            self.channel.close()
            self._parent.keeper.release(self._kept)
            if seen:
                self.status = self._parent.bury(self._number)
            else:
                self._parent.drop(self._number)
        return self.status

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class Wanted:
    """A room that is to be opened.

    main: what runs in it, of the parent's mains; by default the first.
    hatch: one end of a pair whose other end another room gets; the room's main is given it.
    environment: what the room finds in its environment besides what every room does.
    limits: other limits than its siblings'.
    """

    main: str | None = None
    slot: int = 0
    hatch: socket.socket | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Limits | None = None


class WarmParent:
    """A process that has imported, sees nothing of the host, and forks rooms.

    imports: modules that every room finds loaded.
    readable: folders that rooms may read besides the interpreter; what lies beside one stays hidden.
    files: a folder of which every room gets a copy in /room, its own to change.
    mains: what may run in a room, as `module:function`.
    user_namespace: whether to live in one; by default where the driver is not root.
    keeper: what bounds the memory of whole rooms; by default one for all parents of this process.
    launched: its process, where that has been started already.
    jobs: how many submissions are graded at a time, each in two rooms, so that all of them fit into memory;
        when there is a core for each of several, a slot's rooms stay on one. 0: not known.
    """

    def __init__(
        self,
        imports: Iterable[str] = (),
        *,
        readable: Iterable[Path] = (),
        files: Path | None = None,
        mains: Iterable[str] = (SCRIPT,),
        limits: Limits | None = None,
        user_namespace: bool | None = None,
        keeper: memory.Keeper | None = None,
        jobs: int = 0,
        launched: Launched | None = None,
        seconds: float = 120,
    ) -> None:
        if sys.platform != "linux":
            raise NoIsolation(f"rooms need Linux; this is {sys.platform}")
        self.limits = limits or Limits()
        self.keeper = keeper or memory.shared()
        self._jobs = jobs
        if user_namespace and os.geteuid() == 0:
            # The kernel never counts the processes of the host's user 0, whatever a namespace calls it.
            raise NoIsolation("in a user namespace of root's the limit on processes does not hold")
        self.user_namespace = os.geteuid() != 0 if user_namespace is None else user_namespace
        self._mains = list(dict.fromkeys((*mains, PROBES)))
        self._turn = threading.Lock()
        self._dropped: list[int] = []
        self._looked, self._fits = -_LOOK, 0
        self._process = launched or Launched(self._mains)
        self._control = self._process.control
        shown = list(readable)
        plan = {
            "imports": list(imports),
            "readable": [str(one) for one in shown],
            "path": packages.entries(shown),
            "files": str(files) if files else None,
            "mains": self._mains,
            "cores": _cores(jobs),
            "limits": self.limits.plain(),
            "user_namespace": self.user_namespace,
        }
        self._control.settimeout(seconds)
        try:
            self._ready(plan)
        except BaseException:
            self.close()
            raise

    def _ready(self, plan: dict[str, Any]) -> None:
        try:
            self._control.send(json.dumps(plan).encode())
            body = self._control.recv(_REPLY)
        except OSError as problem:
            raise NoIsolation(f"the warm parent did not start: {problem}") from problem
        reply = json.loads(body) if body else {"failed": "the warm parent ended while it was starting"}
        if "failed" in reply:
            raise NoIsolation(str(reply["failed"]))

    def open(self, *, settled: bool = True, seconds: float = 30, **wanted: Any) -> Room:
        """Fork a room and wait until its walls stand; without one of them it is ended and refused.

        wanted: what Wanted says of it.
        settled: else it is still putting up its walls, and settle() must be called before anything is asked.
        """
        (room,) = self.open_all([Wanted(**wanted)], seconds=seconds)
        if settled:
            room.settle(seconds=seconds)
        return room

    def open_all(self, every: Sequence[Wanted], *, seconds: float = 30) -> list[Room]:
        """Fork rooms in one go, which is cheaper than one by one; all are still putting up their walls."""
        pairs = [socket.socketpair() for _ in every]
        limits = [one.limits or self.limits for one in every]
        asked, sent = [], []
        for one, most, (_, far) in zip(every, limits, pairs, strict=True):
            files = [far, *([one.hatch] if one.hatch is not None else [])]
            sent += [file.fileno() for file in files]
            main = one.main or self._mains[0]
            wanted = {"main": main, "slot": one.slot, "files": len(files)}
            asked.append(wanted if most is self.limits else {**wanted, "limits": most.plain()})
        try:
            reply, processes = self.request({"do": "open", "rooms": asked}, sent)
        except BaseException:
            for near, _ in pairs:
                near.close()
            raise
        finally:
            for _, far in pairs:
                far.close()
        rooms = []
        for at, one in enumerate(every):
            near = pairs[at][0]
            rooms.append(Room(self, int(reply["rooms"][at]), processes[at], near, limits[at]))
            near.settimeout(seconds)
            with suppress(OSError):  # a room that failed has said why
                # Not through the parent: its memory is what the next room starts from.
                wire.send(near, {"environment": dict(one.environment)})
        return rooms

    def rehearse(self, source: str, *, seconds: float = 120) -> int:
        """Run a trusted text once in a room, and import here what it imported there; say how many modules.

        A first transpile imports two thousand modules; without this every room would, which takes seconds.
        Nothing is run here, because running starts threads.
        """
        with self.open() as room:
            known = room.ask({"source": _MODULES}, seconds=seconds)["value"]
            told = room.ask({"source": source}, seconds=seconds)
            if told["error"]:
                raise RoomLost(f"the rehearsal failed: {told['error']}")
            names = room.ask({"source": _MODULES}, seconds=seconds)["value"]
        already = set(known)
        return self.load([one for one in names if one not in already])

    def load(self, names: Iterable[str]) -> int:
        """Import these modules here, so that every later room finds them loaded; say how many came in.

        What cannot be imported, or starts a thread when it is, is left out.
        """
        every = list(dict.fromkeys(names))
        # In portions, because one datagram has to hold each.
        portions = [every[at : at + 500] for at in range(0, len(every), 500)]
        return sum(self.request({"do": "load", "names": one})[0]["loaded"] for one in portions)

    def bound(self, limits: Limits) -> int:
        """How much memory a room with these limits may have here and now."""
        now = time.monotonic()
        if now - self._looked > _LOOK:
            # In this order: another thread that finds it looked up must find what was seen.
            self._fits = memory.fitting(1 << 62, 2 * (self._jobs or _SOME_JOBS))
            self._looked = now
        return min(limits.room, self._fits)

    def bury(self, number: int) -> int:
        """Take a dead room off the parent's list, and say how it ended."""
        return int(self.request({"do": "end", "room": number})[0]["status"])

    def drop(self, number: int) -> None:
        """Let the parent bury a room that was killed, with the next request and whenever it is dead."""
        with self._turn:
            self._dropped.append(number)

    def state(self) -> dict[str, int]:
        """Count the parent's rooms, threads and open files."""
        return self.request({"do": "state"})[0]

    def variables(self) -> list[str]:
        """Name the environment variables that imports have set in the parent, and so in its rooms."""
        return [str(one) for one in self.request({"do": "variables"})[0]["variables"]]

    def request(self, message: dict[str, Any], sent: Iterable[int] = ()) -> tuple[dict[str, Any], list[int]]:
        """Ask the parent; its answer and the descriptors that came with it."""
        try:
            with self._turn:  # an answer belongs to the question before it
                told = {**message, "dropped": self._dropped}
                self._dropped = []
                socket.send_fds(self._control, [json.dumps(told).encode()], list(sent))
                body, descriptors, _, _ = socket.recv_fds(self._control, _REPLY, _AT_ONCE)
        except OSError as problem:
            raise NoIsolation(f"the warm parent is gone: {problem}") from problem
        if not body:
            raise NoIsolation("the warm parent is gone")
        reply: dict[str, Any] = json.loads(body)
        if "error" in reply:
            raise NoIsolation(f"the warm parent could not do it: {reply['error']}")
        return reply, descriptors

    def close(self) -> None:
        """End the parent, and with it every room."""
        self._process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _cores(jobs: int) -> list[int]:
    """One core for each slot: its two rooms take turns, and no room can take another slot's time.

    Measured with two jobs on two cores: 6 to 13 % quicker than free. A single job keeps all cores instead.
    """
    mine = sorted(os.sched_getaffinity(0))
    return mine[:jobs] if 1 < jobs <= len(mine) else []


def _number_on_host(process: int) -> int:
    """The number of a process by which the driver knows it; its parent knows it by another."""
    descriptor = os.open(f"/proc/self/fdinfo/{process}", os.O_RDONLY)
    try:
        told = os.read(descriptor, 4096)
    finally:
        os.close(descriptor)
    return next((int(line.split()[1]) for line in told.splitlines() if line.startswith(b"Pid:")), -1)
