"""All walls of a room, in the order in which they can be put up.

Once for the warm parent: new namespaces, and a view in which only an interpreter can be read. In each fork: a
folder and a /proc of its own, limits, a user that owns nothing, no capabilities, Landlock, seccomp.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.rooms import kernel, landlock, namespaces, seccomp, view
from autograder.rooms.findings import NoIsolation
from autograder.rooms.limits import Limits

__all__ = ["FIRST_USER", "USERS", "Inside", "Walls", "enter_view", "room_user", "some_users"]

# Past every range that distributions and container managers hand out, so that these own nothing; and below
# 2**31, where some programs take a user for a negative number.
FIRST_USER = 1_900_000_000
USERS = 1 << 16  # of one parent; by the time that they are used again, their rooms are long dead
_PR_SET_NO_NEW_PRIVS = 38
_NOSUID_NODEV, _NOEXEC = 6, 8
_Step = tuple[str, Callable[..., Any], tuple[Any, ...]]  # the wall, the call, its arguments


@contextmanager
def _wall(name: str) -> Iterator[None]:
    """Name the wall that could not be put up."""
    try:
        yield
    except OSError as problem:
        raise NoIsolation(f"{name}: {problem.strerror or problem}") from problem


def some_users() -> int:
    """The first user of a new parent's own range; parents of two runs hardly ever get the same."""
    return FIRST_USER + USERS * secrets.randbelow(((1 << 31) - FIRST_USER) // USERS)


def room_user(first: int, number: int, *, user_namespace: bool) -> int:
    """The user of a parent's room, as seen inside: new for each, so that no dying room's processes count."""
    return namespaces.INSIDE if user_namespace else first + number % USERS


@dataclass(frozen=True)
class Inside:
    """What the walled-off parent keeps for its rooms.

    own: its own namespace of processes, to come back to. covered: places in /proc and what goes over them.
    """

    own: int
    covered: list[tuple[str, str]]


def enter_view(readable: Iterable[Path], *, user_namespace: bool) -> Inside:
    """Wall off the warm parent; what returns is process 1 of its own namespace, with its way back."""
    os.umask(0o022)
    with _wall("namespaces"):
        namespaces.leave_host(user_namespace=user_namespace)
        own = namespaces.hold_own()
    with _wall("own view of files"):
        view.build(readable)
        covered = view.telling()
    with _wall("privileges"):
        kernel.bounding_set_away()  # nothing here will ever execute a program that needs one
    return Inside(own, covered)


class Walls:
    """The walls of rooms with the same limits, as a list of calls that is made before the fork.

    A fork must copy each page that it writes to, and Python writes to every object that it looks at. So the
    room goes through one flat list, and all that can be known before is known before.
    """

    def __init__(self, limits: Limits, inside: Inside, *, user_namespace: bool, core: int | None) -> None:
        self._limits = limits
        self._become = not user_namespace
        self._first: list[_Step] = [
            ("session", os.setsid, ()),
            ("own folder and /proc", *kernel.unsharing("mount", "ipc")),
        ]
        own_proc = kernel.mounting("proc", "/proc", "proc", _NOSUID_NODEV | _NOEXEC, "hidepid=2")
        self._places: list[_Step] = [
            ("own folder and /proc", *one) for one in (own_proc, *view.covering(inside.covered))
        ]
        # The first to go when the whole machine is out of memory.
        self._places.append(("own folder and /proc", _write, ("/proc/self/oom_score_adj", b"1000")))
        if core is not None:
            self._places.append(("one core", _stay, (core,)))
        if user_namespace:
            self._places.append(("own user namespace", namespaces.own_user, ()))
        self._places += [("limits", setrlimit, one) for setrlimit, one in limits.calls()]
        self._landlock = landlock.Ready(
            {"/": landlock.READ, view.ROOM: landlock.EVERYTHING, "/dev": landlock.READ | landlock.WRITE}
        )
        listening = self._landlock.version >= landlock.SCOPES_FROM
        no_more = kernel.controlling(_PR_SET_NO_NEW_PRIVS, 1)
        self._last: list[_Step] = [
            ("no new privileges", *no_more),
            *(("no new privileges", *one) for one in kernel.giving_up()),
            ("no new privileges", *namespaces.dying_with_parent()),
            ("own folder", os.umask, (0o077,)),
            ("own folder", os.chdir, (view.ROOM,)),
            ("own folder", os.mkdir, (".shm",)),
            ("Landlock", self._landlock.restrict, ()),
            ("seccomp", *seccomp.refusing(listening=listening)),
        ]

    def put_up(self, user: int) -> dict[str, int]:
        """Wall off this fork, for good; say which versions the second walls have."""
        limits = self._limits
        options = f"mode=0700,size={limits.folder},nr_inodes={limits.names},uid={user},gid={user}"
        folder = kernel.mounting("room", view.ROOM, "tmpfs", _NOSUID_NODEV, options)
        become: list[_Step] = [("user that owns nothing", kernel.bounding_set_away, ())]
        if self._become:
            become = [
                ("user that owns nothing", os.setgroups, ([],)),
                ("user that owns nothing", os.setresgid, (user, user, user)),
                ("user that owns nothing", os.setresuid, (user, user, user)),
            ]
        _go([*self._first, ("own folder and /proc", *folder), *self._places, *become, *self._last])
        return {"landlock": self._landlock.version, "user": user}


def _go(steps: list[_Step]) -> None:
    """Take step after step; name the wall that could not be put up."""
    at = 0
    try:
        for at, (_, call, arguments) in enumerate(steps):  # noqa: B007 - asked for when one fails
            if (call(*arguments) or 0) < 0:
                raise kernel.failed()
    except OSError as problem:
        raise NoIsolation(f"{steps[at][0]}: {problem.strerror or problem}") from problem


def _stay(core: int) -> None:
    with suppress(OSError):  # a core may be taken from the driver while it runs
        os.sched_setaffinity(0, {core})


def _write(path: str, text: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text)
    finally:
        os.close(descriptor)
