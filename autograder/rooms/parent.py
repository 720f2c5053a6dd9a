"""The warm parent: a process that imports, walls itself off, and then only forks rooms.

It is started afresh with an empty environment, reads no course, no notebook and no key, and runs nothing: one
transpile or one simulation would start threads, and a fork of a process with threads hangs sooner or later.
`python -m autograder.rooms.parent FD MODULE...`, where FD is the driver's socket; see launched.py.
"""

from __future__ import annotations

import dataclasses
import fcntl
import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.rooms import isolation, loading, namespaces, shipped, view, wire
from autograder.rooms.findings import NoIsolation
from autograder.rooms.limits import Limits

__all__ = ["main", "resolve"]

_REQUEST = 1 << 20
_FILES = 16  # that come with one request
_OBJECTS = 5000  # after which a room looks for garbage; at Python's 700 a short cell does so several times
_AT_START = frozenset(os.environ)  # before anything is imported that could set more
Main = Callable[..., None]  # (channel), or (channel, hatch) in a room that was given one


def resolve(name: str) -> Main:
    """Find `module:function`, which runs in a room."""
    module, _, function = name.partition(":")
    found: Main = getattr(importlib.import_module(module), function)
    return found


def _prepare(names: list[str]) -> None:
    """Let the modules of what will run in rooms make ready what every room needs, once."""
    gc.freeze()  # IPython looks for garbage when its names are taken away; what was imported holds none
    for name in names:
        ready = getattr(importlib.import_module(name.partition(":")[0]), "prepare", None)
        if ready is not None:
            ready()


class _Parent:
    """The server that forks."""

    def __init__(
        self,
        control: socket.socket,
        plan: dict[str, Any],
        inside: isolation.Inside,
        files: list[shipped.Shipped],
        hooks: namespaces.Hooks,
        imported: _Imported,
    ) -> None:
        self.imported = imported
        self.hooks = hooks
        self.control = control
        self.user_namespace = bool(plan["user_namespace"])
        self.first = isolation.some_users()
        self.cores: list[int] = plan["cores"]
        self.usual: dict[str, int] = plan["limits"]
        self.files = files
        self.size = shipped.size(files)
        self.mains = {name: resolve(name) for name in plan["mains"]}
        self.inside = inside
        self.opened = 0
        self.known: dict[tuple[Any, ...], isolation.Walls] = {}
        self.rooms: dict[int, int] = {}  # number: process
        self.dropped: set[int] = set()  # ended, and nobody asks how

    def serve(self) -> None:
        """Answer until the driver hangs up."""
        doings = {"open": self.open, "end": self.end, "state": self.state, "load": self.load}
        doings["variables"] = self.variables
        while True:
            body, descriptors, _, _ = socket.recv_fds(self.control, _REQUEST, _FILES)
            if not body:
                return
            request = json.loads(body)
            self.reap(request.get("dropped", []))
            try:
                reply, sent = doings[request["do"]](request, descriptors)
            except (OSError, NoIsolation) as problem:
                reply, sent = {"error": str(problem)}, []
            finally:
                for one in descriptors:
                    os.close(one)
            socket.send_fds(self.control, [json.dumps(reply).encode()], sent)
            for one in sent:
                os.close(one)

    def open(self, request: dict[str, Any], descriptors: list[int]) -> tuple[dict[str, Any], list[int]]:
        """Fork rooms; a process's descriptor lets the driver kill just this one for certain."""
        numbers, processes, at = [], [], 0
        # For these rooms and no others: whoever shares one reads in /proc/net which names others have taken.
        namespaces.own_network()
        try:
            for wanted in request["rooms"]:
                walls = self.walls(wanted)  # here once, and not in each room
                own = descriptors[at : at + wanted["files"]]
                at += len(own)
                self.opened += 1
                child = namespaces.fork_room(self.inside.own, self.hooks.fork)
                if child == 0:
                    self._be_room(wanted["main"], walls, own)
                self.rooms[self.opened] = child
                numbers.append(self.opened)
                processes.append(os.pidfd_open(child))
        except OSError:
            for number in numbers:
                os.kill(self.rooms[number], signal.SIGKILL)
                self.dropped.add(number)
            for process in processes:
                os.close(process)
            raise
        return {"rooms": numbers}, processes

    def end(self, request: dict[str, Any], _: list[int]) -> tuple[dict[str, Any], list[int]]:
        """Kill a room, and with it all its processes, and say how it ended."""
        room = self.rooms.pop(int(request["room"]))
        # Gone by itself but not yet waited for, so the number cannot be another's.
        with suppress(ProcessLookupError):
            os.kill(room, signal.SIGKILL)
        return {"status": os.waitstatus_to_exitcode(os.waitpid(room, 0)[1])}, []

    def reap(self, dropped: list[int]) -> None:
        """Wait for nobody, but bury those that are dead by now."""
        self.dropped |= set(dropped)
        for number in list(self.dropped):
            if os.waitpid(self.rooms[number], os.WNOHANG) != (0, 0):
                del self.rooms[number]
                self.dropped.remove(number)

    def load(self, request: dict[str, Any], _: list[int]) -> tuple[dict[str, Any], list[int]]:
        """Import what a rehearsal has imported, except what starts threads."""
        gc.disable()
        names = [str(one) for one in request["names"]]
        loaded, left = loading.load([one for one in names if not self.imported.is_shipped(one)])
        self.imported.leave_to_rooms()
        gc.freeze()
        gc.enable()
        return {"loaded": loaded, "left": left}, []

    def state(self, _: dict[str, Any], __: list[int]) -> tuple[dict[str, Any], list[int]]:
        """Count what could leak."""
        return {
            "rooms": len(self.rooms),
            "threads": len(os.listdir("/proc/self/task")),  # noqa: PTH208
            "files": len(os.listdir("/proc/self/fd")) - 1,  # noqa: PTH208
        }, []

    def variables(self, _: dict[str, Any], __: list[int]) -> tuple[dict[str, Any], list[int]]:
        """Name the variables that imports have set here; whatever was there before them is not among them."""
        return {"variables": self.imported.variables()}, []

    def _be_room(self, name: str, walls: isolation.Walls, descriptors: list[int]) -> None:
        """Wall this fork off and run in it; never return."""
        ended = 70
        try:
            channel, *hatch = _only(descriptors)
            main = self.mains[name]
            user = isolation.room_user(self.first, self.opened, user_namespace=self.user_namespace)
            try:
                held = walls.put_up(user)
                self._furnish(channel)
            except (NoIsolation, OSError) as problem:
                wire.send(channel, {"failed": str(problem)})
                return
            wire.send(channel, {"ready": held})
            main(channel, *hatch)
            ended = 0
        finally:
            os._exit(ended)

    def walls(self, request: dict[str, Any]) -> isolation.Walls:
        """A room's walls; what an exercise ships does not count against what its learner may write."""
        core = self.cores[int(request["slot"]) % len(self.cores)] if self.cores else None
        limits = request.get("limits") or self.usual
        key = (core, *limits.values())
        if key not in self.known:
            told = Limits.read(limits)
            folder, names = told.folder + self.size, told.names + len(self.files)
            own = dataclasses.replace(told, folder=folder, names=names)
            inside, walled = self.inside, self.user_namespace
            self.known[key] = isolation.Walls(own, inside, user_namespace=walled, core=core)
        return self.known[key]

    def _furnish(self, channel: socket.socket) -> None:
        """Give the room what is its own: files, and variables that never pass through the parent's memory."""
        if self.files:
            shipped.lay_out(self.files, Path(view.ROOM))
        told = wire.receive(channel, limit=_REQUEST)
        os.environ.update(told["environment"])
        sys.path.insert(0, view.ROOM)  # modules that an exercise ships lie there, as beside a notebook


class _Imported:
    """What imports have left in this process besides modules of their own.

    shipped: names of modules that the exercise ships. In every room its own file comes first, as beside a
        notebook, so an installed module of that name must not be loaded here.
    """

    def __init__(self, shipped: set[str]) -> None:
        # What rooms themselves are made of stays, as a kernel has loaded it before a notebook's first line.
        own = {name.partition(".")[0] for name in sys.modules}
        self._shipped = shipped - own
        self._at_start = _AT_START

    def is_shipped(self, name: str) -> bool:
        """Whether the exercise ships this module, or the package that it belongs to."""
        return name.partition(".")[0] in self._shipped

    def leave_to_rooms(self) -> None:
        """Forget installed modules that have the name of a shipped one; who has imported them keeps them."""
        for name in [one for one in sys.modules if self.is_shipped(one)]:
            del sys.modules[name]

    def variables(self) -> list[str]:
        """Environment variables that were not there when this process began."""
        return sorted(set(os.environ) - self._at_start)


def _only(descriptors: list[int]) -> list[socket.socket]:
    """Keep these descriptors as numbers 3 and up, and nothing else: no driver's socket, no other room's."""
    # Out of the way first, because one of them may bear the number that another is to have.
    held = [fcntl.fcntl(one, fcntl.F_DUPFD, 64) for one in descriptors]
    for number, one in enumerate(held, 3):
        os.dup2(one, number, inheritable=False)
    os.closerange(3 + len(held), 1 << 16)
    # Told what they are, because finding out takes two calls of the system's.
    kind = (socket.AF_UNIX, socket.SOCK_STREAM, 0)
    return [socket.socket(*kind, number) for number in range(3, 3 + len(held))]


def _quiet() -> None:
    """What a room prints goes nowhere unless its main says otherwise."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _settle() -> None:
    """Forget what the rooms need not know, and refuse to fork where forking is not safe."""
    threads = loading.threads()
    if threads != 1:
        raise NoIsolation(f"an import started {threads - 1} threads, and forks of such a process hang")
    sys.path[:] = [one for one in sys.path if one and Path(one).exists()]
    importlib.import_module("resource")  # every room needs it for its limits
    os.environ.pop("PYTHONPATH", None)  # it says where the driver's code lies
    sys.dont_write_bytecode = True
    gc.set_threshold(_OBJECTS)
    gc.freeze()
    gc.enable()


def main(descriptor: int, early: list[str]) -> None:
    """Read the plan from the driver, import, wall off, serve.

    early: modules to load while the driver makes its plan.
    """
    gc.disable()  # imports make next to no garbage, and looking for it takes a tenth of the start
    hooks = namespaces.Hooks()
    for name in early:
        with suppress(ImportError):  # the plan will name it again
            importlib.import_module(name)
    control = socket.socket(fileno=descriptor)
    asked = control.recv(_REQUEST)
    if not asked:
        return  # the driver was stopped before it had a plan
    plan = json.loads(asked)
    try:
        sys.path += [one for one in plan["path"] if one not in sys.path]
        files = shipped.read(Path(plan["files"])) if plan["files"] else []
        for name in plan["mains"]:
            resolve(name)
        imported = _Imported(shipped.modules(Path(plan["files"])) if plan["files"] else set())
        for name in plan["imports"]:
            importlib.import_module(name)
        imported.leave_to_rooms()
        readable = [Path(one) for one in plan["readable"]]
        inside = isolation.enter_view(readable, user_namespace=bool(plan["user_namespace"]))
        _prepare(plan["mains"])
        _settle()
    except (NoIsolation, ImportError, OSError) as problem:
        control.send(json.dumps({"failed": str(problem)}).encode())
        return
    _quiet()
    parent = _Parent(control, plan, inside, files, hooks, imported)
    control.send(json.dumps({"ready": True}).encode())
    parent.serve()
    os._exit(0)  # what is in memory has nothing to lose, and taking it apart takes time


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
