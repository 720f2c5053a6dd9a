"""Prove every wall in a real room, before anything is trusted to it.

    python -m autograder.rooms.selftest

A secret, a process and a port are put on the host, and the probes look for them from inside.
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
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.rooms import isolation, probes
from autograder.rooms.findings import Finding, NoIsolation
from autograder.rooms.handle import ENVIRONMENT, Room, RoomLost, WarmParent
from autograder.rooms.limits import Limits
from autograder.rooms.view import ROOM

__all__ = ["WALLS", "stage", "walls", "what_is_given"]

# The wall as a person knows it, its probe, and what that probe has shown when it found nothing.
WALLS = {
    "own user": ("user", "a user without any right on this machine; it stays that user"),
    "own processes": ("processes", "sees none but its own"),
    "no signals out": ("signals", "reaches no process of this machine"),
    "no network": ("network", "no TCP, no UDP, no kernel socket, no socket of this machine"),
    "no writing": ("writing", "nowhere but in its own folder"),
    "no reading": ("reading", "nothing but the interpreter, by no way round"),
    "clean environment": ("environment", "nothing of the grader's variables and open files"),
    "no privileges": ("privileges", "no namespace, mount, device or priority can be had"),
    "limits": ("limits", "on memory, processes, files and bytes, each met as an ordinary error"),
}
_LIMITS = Limits(memory=256 << 20, seconds=10, processes=32, files=64, folder=8 << 20, names=256)
_SECONDS = 20.0
_REMEDY = "do not grade here; report this wall with the output of `autograder doctor --json`"


def _remedy(user_namespace: bool) -> str:
    if not user_namespace:
        return "run the container with --cap-add SYS_ADMIN, or outside a container"
    return (
        "run as root, or as root: sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000"
    )


@contextmanager
def stage() -> Iterator[dict[str, Any]]:
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
        sleeper = subprocess.Popen(["sleep", "60"], env={**os.environ, "ROOM_SECRET": secret})
        try:
            yield {
                "secret": secret,
                "secret_file": str(file),
                "sleeper": sleeper.pid,
                "port": port.getsockname()[1],
                "abstract": name,
            }
            if sleeper.poll() is not None:
                raise NoIsolation("a room ended a process of the host")
        finally:
            sleeper.kill()
            sleeper.wait()


def what_is_given(found: dict[str, Any], limits: Limits, user: int) -> dict[str, Any]:
    """Tell the probes what there is to find."""
    folders = ["/", "/usr", "/usr/lib", "/etc", "/dev", "/proc", "/var", "/root", sys.prefix, sys.base_prefix]
    return {
        **found,
        "user": user,
        "host": socket.gethostname(),
        "folder": ROOM,
        "folders": [*folders, str(Path(found["secret_file"]).parent), "/proc/self"],
        "unreadable": ["/etc/shadow", "/etc/hostname", "/proc/kallsyms", "/dev/mem"],
        "variables": sorted({*ENVIRONMENT, "LC_CTYPE"}),
        "memory": limits.memory,
        "processes": limits.processes,
        "files": limits.files,
        "bytes": limits.folder,
    }


def walls(*, user_namespace: bool | None = None) -> list[Finding]:
    """Try every wall in real rooms; anything that goes wrong is a wall that does not stand."""
    inside = os.geteuid() != 0 if user_namespace is None else user_namespace
    try:
        with (
            stage() as found,
            WarmParent(mains=[probes.MAIN], limits=_LIMITS, user_namespace=inside) as parent,
        ):
            given = what_is_given(found, _LIMITS, isolation.slot_user(0, user_namespace=inside))
            tried = [_tried(parent, wall, given) for wall in WALLS]
            return [*tried, _fresh(parent, given), _ends(parent, given)]
    except NoIsolation as problem:
        return [Finding("rooms", False, True, str(problem), _remedy(inside))]


def _verdict(wall: str, breaches: list[str], stands: str) -> Finding:
    if breaches:
        return Finding(wall, False, True, "; ".join(breaches), _REMEDY)
    return Finding(wall, True, True, stands)


def _probe(room: Room, probe: str, given: dict[str, Any]) -> list[str]:
    try:
        reply = room.ask({"probe": probe, "given": given}, seconds=_SECONDS)
    except RoomLost as problem:
        return [f"no answer from the room: {problem}"]
    return [str(one) for one in reply]


def _tried(parent: WarmParent, wall: str, given: dict[str, Any]) -> Finding:
    probe, stands = WALLS[wall]
    with parent.open() as room:
        return _verdict(wall, _probe(room, probe, given), stands)


def _fresh(parent: WarmParent, given: dict[str, Any]) -> Finding:
    """A second room finds nothing of a first that is still open, in another slot and in the same."""
    with parent.open() as first:
        breaches = _probe(first, "leave", given)
        with parent.open(slot=1) as second:
            breaches += _probe(second, "find", given)
    with parent.open() as third:
        breaches += _probe(third, "find", given)
    return _verdict("fresh rooms", breaches, "a room finds nothing of another")


def _ends(parent: WarmParent, given: dict[str, Any]) -> Finding:
    """Whatever a room started holds its channel; when all of it is dead, the channel is at its end."""
    room = parent.open()
    with room.channel.dup() as watch:
        breaches = _probe(room, "outlive", given)
        room.close()
        watch.settimeout(5)
        try:
            breaches += ["a process wrote after its room had ended"] if watch.recv(1) else []
        except OSError:
            breaches.append("a process outlived its room")
    return _verdict("the end", breaches, "a detached process died with its room")


def main() -> None:
    """Print the findings as JSON; end with 3 when a wall does not stand."""
    found = walls()
    print(json.dumps([asdict(one) for one in found], indent=1))
    sys.exit(0 if all(one.ok for one in found if one.needed) else 3)


if __name__ == "__main__":
    main()
