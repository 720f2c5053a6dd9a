"""All walls of a room, in the order in which they can be put up.

Once for the warm parent: new namespaces, and a view in which only an interpreter can be read. In each fork: a
folder and a /proc of its own, limits, a user that owns nothing, no capabilities, Landlock, seccomp.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from autograder.rooms import kernel, landlock, namespaces, seccomp, view
from autograder.rooms.findings import NoIsolation
from autograder.rooms.limits import Limits

__all__ = ["FIRST_USER", "USERS", "Inside", "close_off", "enter_view", "room_user", "some_users"]

# Past every range that distributions and container managers hand out, so that these own nothing; and below
# 2**31, where some programs take a user for a negative number.
FIRST_USER = 1_900_000_000
USERS = 1 << 16  # of one parent; by the time that they are used again, their rooms are long dead
_PR_SET_NO_NEW_PRIVS = 38
_NOSUID_NODEV, _NOEXEC = 6, 8


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
    seccomp.code(listening=landlock.version() >= landlock.SCOPES_FROM)
    return Inside(own, covered)


@dataclass(frozen=True)
class _Owner:
    user: int
    become: bool


def close_off(
    user: int, limits: Limits, inside: Inside, *, user_namespace: bool, core: int | None
) -> dict[str, int]:
    """Wall off this fork, for good; say which versions the second walls have."""
    owner = _Owner(user, not user_namespace)
    with _wall("session"):
        os.setsid()
    with _wall("own folder and /proc"):
        _own_places(owner, limits)
        view.cover(inside.covered)
        # The first to go when the whole machine is out of memory.
        _write("/proc/self/oom_score_adj", b"1000")
    if core is not None:
        with suppress(OSError):  # a core may be taken from the driver while it runs
            os.sched_setaffinity(0, {core})
    if user_namespace:
        with _wall("own user namespace"):
            namespaces.own_user()
    with _wall("limits"):
        limits.apply()
    with _wall("user that owns nothing"):
        _become(owner)
    with _wall("no new privileges"):
        kernel.prctl("no new privileges", _PR_SET_NO_NEW_PRIVS, 1)
        kernel.capabilities_away()
        namespaces.die_with_parent()
    os.umask(0o077)
    os.chdir(view.ROOM)
    os.mkdir(".shm")  # noqa: PTH102 - no Path: each object that is touched is a page to copy
    with _wall("Landlock"):
        held = landlock.restrict(
            {"/": landlock.READ, view.ROOM: landlock.EVERYTHING, "/dev": landlock.READ | landlock.WRITE}
        )
    with _wall("seccomp"):
        seccomp.refuse(listening=held >= landlock.SCOPES_FROM)
    return {"landlock": held, "user": user}


def _own_places(owner: _Owner, limits: Limits) -> None:
    kernel.unshare("mount", "ipc")
    options = f"mode=0700,size={limits.folder},nr_inodes={limits.names},uid={owner.user},gid={owner.user}"
    kernel.mount("room", view.ROOM, "tmpfs", _NOSUID_NODEV, options)
    kernel.mount("proc", "/proc", "proc", _NOSUID_NODEV | _NOEXEC, "hidepid=2")


def _write(path: str, text: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text)
    finally:
        os.close(descriptor)


def _become(owner: _Owner) -> None:
    if not owner.become:
        kernel.bounding_set_away()  # a new user namespace has a full one
    else:
        os.setgroups([])
        os.setresgid(owner.user, owner.user, owner.user)
        os.setresuid(owner.user, owner.user, owner.user)
