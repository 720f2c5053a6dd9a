"""All walls of a room, in the order in which they can be put up.

Once for the warm parent: new namespaces, and a view in which only an interpreter can be read. In each fork: a
folder and a /proc of its own, limits, a user that owns nothing, no capabilities, Landlock, seccomp.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.rooms import kernel, landlock, namespaces, seccomp, view
from autograder.rooms.findings import NoIsolation
from autograder.rooms.limits import Limits

__all__ = ["FIRST_USER", "Inside", "close_off", "enter_view", "slot_user"]

# Past every range that distributions and container managers hand out, so that these own nothing.
FIRST_USER = 1_900_000_000
_PR_SET_NO_NEW_PRIVS = 38
_NOSUID_NODEV, _NOEXEC = 6, 8


@contextmanager
def _wall(name: str) -> Iterator[None]:
    """Name the wall that could not be put up."""
    try:
        yield
    except OSError as problem:
        raise NoIsolation(f"{name}: {problem.strerror or problem}") from problem


def slot_user(slot: int, *, user_namespace: bool) -> int:
    """The user of a slot, as seen inside the room."""
    return namespaces.INSIDE if user_namespace else FIRST_USER + slot


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
        return Inside(own, view.telling())


@dataclass(frozen=True)
class _Owner:
    user: int
    become: bool


def close_off(slot: int, limits: Limits, inside: Inside, *, user_namespace: bool) -> dict[str, int]:
    """Wall off this fork, for good; say which versions the second walls have."""
    owner = _Owner(slot_user(slot, user_namespace=user_namespace), not user_namespace)
    with _wall("session"):
        os.setsid()
    with _wall("own folder and /proc"):
        _own_places(owner, limits)
        view.cover(inside.covered)
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
    Path(".shm").mkdir()
    with _wall("Landlock"):
        held = landlock.restrict(
            {"/": landlock.READ, view.ROOM: landlock.EVERYTHING, "/dev": landlock.READ | landlock.WRITE}
        )
    with _wall("seccomp"):
        seccomp.refuse(listening=held >= landlock.SCOPES_FROM)
    return {"landlock": held}


def _own_places(owner: _Owner, limits: Limits) -> None:
    kernel.unshare("mount", "ipc")
    options = f"mode=0700,size={limits.folder},nr_inodes={limits.names},uid={owner.user},gid={owner.user}"
    kernel.mount("room", view.ROOM, "tmpfs", _NOSUID_NODEV, options)
    kernel.mount("proc", "/proc", "proc", _NOSUID_NODEV | _NOEXEC, "hidepid=2")


def _become(owner: _Owner) -> None:
    kernel.bounding_set_away()
    if owner.become:
        os.setgroups([])
        os.setresgid(owner.user, owner.user, owner.user)
        os.setresuid(owner.user, owner.user, owner.user)
