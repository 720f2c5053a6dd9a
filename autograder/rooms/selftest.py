"""Prove every wall in real rooms, before anything is trusted to them.

    python -m autograder.rooms.selftest

A secret, a process and a port are put on the host, and the probes look for them from inside. Given the warm
parents that will grade, it is their rooms that are tried, the learner's and the examiner's.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from autograder.rooms import isolation, probes
from autograder.rooms.findings import Finding, NoIsolation
from autograder.rooms.handle import Room, RoomLost, WarmParent
from autograder.rooms.launched import ENVIRONMENT
from autograder.rooms.limits import Limits
from autograder.rooms.view import ROOM

__all__ = ["MORE", "WALLS", "prove", "remedy", "stage", "walls", "what_is_given"]

# The wall as a person knows it, its probe, and what that probe has shown when it found nothing.
WALLS = {
    "own user": ("user", "a user without any right on this machine; it stays that user"),
    "own processes": ("processes", "sees none but its own"),
    "no signals out": ("signals", "reaches no process of this machine"),
    "no network": ("network", "no TCP, no UDP, no kernel socket, no socket of this machine"),
    "no writing": ("writing", "nowhere but in its own folder"),
    "no reading": ("reading", "nothing but the interpreter, by no way round"),
    "clean environment": ("environment", "nothing of the grader's variables and open files"),
    "no privileges": ("privileges", "no namespace, mount, device, dump or priority can be had"),
    "kernel": ("calls", "answers no call that reaches another process, or memory that is nobody's"),
    "limits": ("limits", "on memory, processes, files, bytes and names, each met as an ordinary error"),
}
# Walls that take more than one room to try.
MORE = ("whole room's memory", "fresh rooms", "hatch", "the end")
_LIMITS = Limits(seconds=10, processes=6, files=48, folder=2 << 20, names=64)
_SMALL = 32 << 20  # less than a person would give a room, so that filling it is quick
_SECONDS = 20.0
_PATIENCE = 5.0
_NAMELESS = 65534  # what an unmapped user or group is called (user_namespaces(7))
_REMEDY = "do not grade here; report this wall with the output of `autograder doctor --json`"
Given = dict[str, Any]


def remedy(*, user_namespace: bool) -> str:
    """What would let rooms be made where none can."""
    if not user_namespace:
        return "run the container with --cap-add SYS_ADMIN, or outside a container"
    return (
        "run as root, or as root: sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000"
    )


@contextmanager
def stage() -> Iterator[Given]:
    """Put on the host what a room must not reach, and say where it is."""
    secret = secrets.token_hex(16)
    name = f"room-{secret[:8]}"
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as port,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        abstract.bind("\0" + name)
        abstract.listen()
        Path(folder).chmod(0o755)
        file = Path(folder, "gradebook")
        file.write_text(secret, encoding="ascii")
        file.chmod(0o644)  # only the wall may keep it away, not its rights
        # It ends with its input, so that a driver that is killed leaves nothing behind.
        with subprocess.Popen(
            ["cat"],
            env={**os.environ, "ROOM_SECRET": secret},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as waiter:
            try:
                yield {
                    "secret": secret,
                    "secret_file": str(file),
                    "sleeper": waiter.pid,
                    "port": port.getsockname()[1],
                    "abstract": name,
                }
                if waiter.poll() is not None:
                    raise NoIsolation("a room ended a process of the host")
            finally:
                waiter.kill()


def what_is_given(found: Given, limits: Limits) -> Given:
    """Tell the probes what there is to find."""
    folders = ["/", "/usr", "/usr/lib", "/etc", "/dev", "/proc", "/var", "/root", sys.prefix, sys.base_prefix]
    return {
        **found,
        "sockets": 0,
        "host": socket.gethostname(),
        "folder": ROOM,
        "folders": [*folders, str(Path(found["secret_file"]).parent), "/proc/self"],
        "unreadable": ["/etc/shadow", "/etc/hostname", "/proc/kallsyms", "/dev/mem"],
        "variables": sorted({*ENVIRONMENT, "LC_CTYPE"}),
        "memory": limits.memory,
        "processes": limits.processes,
        "files": limits.files,
        "bytes": limits.folder,
        "names": limits.names,
        "room": _SMALL,
        "patience": _PATIENCE,
    }


def walls(*, user_namespace: bool | None = None) -> list[Finding]:
    """Try every wall in rooms of a parent that is started for it."""
    inside = os.geteuid() != 0 if user_namespace is None else user_namespace
    try:
        with WarmParent(mains=[probes.MAIN], user_namespace=inside) as parent:
            return prove(parent)
    except NoIsolation as problem:
        return [Finding("rooms", False, True, str(problem), remedy(user_namespace=inside))]


def prove(parent: WarmParent) -> list[Finding]:
    """Try every wall in rooms of this parent; what goes wrong is a wall that falls."""
    with stage() as found:
        breaches = _Proof(parent, what_is_given(found, _LIMITS)).all()
    stands = {wall: text for wall, (_, text) in WALLS.items()} | _proved_by_more(parent)
    return [_verdict(wall, breaches[wall], stands[wall]) for wall in stands]


def _proved_by_more(parent: WarmParent) -> dict[str, str]:
    return {
        "whole room's memory": f"all processes together stay below a bound, by {parent.keeper.way}",
        "fresh rooms": "a room finds nothing of another, not even the names of its sockets",
        "hatch": "two rooms that are joined reach each other by one socket and in no other way",
        "the end": "a detached process died with its room",
    }


def _verdict(wall: str, breaches: list[str], stands: str) -> Finding:
    if breaches:
        return Finding(wall, False, True, "; ".join(breaches), _REMEDY)
    return Finding(wall, True, True, stands)


class _Proof:
    """The walls of one parent's rooms; each attempt says what it breached."""

    def __init__(self, parent: WarmParent, given: Given) -> None:
        self.parent = parent
        self.given = given

    def all(self) -> dict[str, list[str]]:
        """Try all, with as few rooms as it takes: each is a fork of everything that was imported."""
        with self._open() as first:
            told = self._alone(first)
            fresh = self._ask(first, "leave")
            with self._open(slot=1) as second:
                fresh += self._ask(second, "find")
                told[MORE[0]] = self._full(second)
        near, far = socket.socketpair()
        with near, far, self._open(hatch=far) as third:  # in the slot of the first
            told[MORE[1]] = fresh + self._ask(third, "find")
            told[MORE[2]] = self._ask(third, "environment", sockets=1)
        return {**told, MORE[3]: self._ends()}

    def _open(self, slot: int = 0, **more: Any) -> Room:
        more.setdefault("limits", _LIMITS)
        return self.parent.open(main=probes.MAIN, slot=slot, **more)

    def _ask(self, room: Room, probe: str, **more: Any) -> list[str]:
        # In a user namespace the groups of whoever grades cannot be given up; they are nameless there.
        groups = [_NAMELESS] if self.parent.user_namespace else []
        # Imports set variables in the parent, which began with ours alone; asked for after the room was
        # forked, because the parent may be importing more meanwhile.
        variables = [*self.given["variables"], *self.parent.variables()]
        own = {"user": room.held["user"], "groups": groups, "variables": variables}
        given = {**self.given, **own, **more}
        try:
            return [str(one) for one in room.ask({"probe": probe, "given": given}, seconds=_SECONDS)]
        except RoomLost as problem:
            return [f"no answer from the room: {problem}"]

    def _alone(self, room: Room) -> dict[str, list[str]]:
        """One room and all its probes: what one of them breaks open, the next may find."""
        told = {wall: self._ask(room, probe) for wall, (probe, _) in WALLS.items()}
        if not self.parent.user_namespace and room.held["user"] < isolation.FIRST_USER:
            told["own user"].append(f"user {room.held['user']} may be somebody's")
        return told

    def _full(self, neighbour: Room) -> list[str]:
        """Fill a room by several processes: it is ended, and its neighbour and the host go on."""
        room = self._open(limits=replace(_LIMITS, room=_SMALL))
        told = self._ask(room, "fill")
        room.close()
        beside = [one for one in self._ask(neighbour, "signals") if one.startswith("no answer")]
        return [*([] if room.full else told), *beside]

    def _ends(self) -> list[str]:
        """Whatever a room started holds its channel; when all of it is dead, the channel is at its end."""
        room = self._open()
        with room.channel.dup() as watch:
            breaches = self._ask(room, "outlive")
            room.close()
            watch.settimeout(5)
            with suppress(ConnectionResetError):
                try:
                    breaches += ["a process wrote after its room had ended"] if watch.recv(1) else []
                except TimeoutError:
                    breaches.append("a process outlived its room")
        return breaches


def main() -> None:
    """Print the findings as JSON; end with 3 when a wall does not stand."""
    found = walls()
    print(json.dumps([asdict(one) for one in found], indent=1))
    sys.exit(0 if all(one.ok for one in found if one.needed) else 3)


if __name__ == "__main__":
    main()
