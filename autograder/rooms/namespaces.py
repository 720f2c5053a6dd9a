"""Namespaces of the warm parent, and the fork that gives each room its own processes.

A new namespace of processes takes effect for children only, and a process can go back to its own. So the warm
parent unshares, forks once and returns: the child is process 1 of a namespace, and ending it ends everything
that was ever started in it.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from autograder.rooms import kernel

__all__ = [
    "INSIDE",
    "Hooks",
    "die_with_parent",
    "dying_with_parent",
    "fork_room",
    "hold_own",
    "leave_host",
    "own_network",
    "own_user",
]

INSIDE = 1000  # the user inside a user namespace: any but root
_PR_SET_PDEATHSIG = 1


def leave_host(*, user_namespace: bool) -> None:
    """Leave the host's namespaces, and go on in a child that is process 1 of the new ones.

    The caller waits for that child and ends as it ended; what returns from here is the child.
    """
    user, group = os.geteuid(), os.getegid()
    kinds = ("mount", "network", "ipc", "uts", "pid")
    kernel.unshare(*(("user", *kinds) if user_namespace else kinds))
    if user_namespace:
        _map(user, group)
    socket.sethostname("room")
    child = os.fork()
    if child == 0:
        die_with_parent()
        return
    os.closerange(3, 1 << 16)  # else the driver would never see the far end closed
    _end_as(os.waitpid(child, 0)[1])


def _map(user: int, group: int) -> None:
    """Name one user and one group: all that an ordinary account may map (user_namespaces(7))."""
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{INSIDE} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{INSIDE} {group} 1", encoding="ascii")


def own_user() -> None:
    """Enter a user namespace of this room's own, because processes are counted for each."""
    kernel.unshare("user")
    _map(INSIDE, INSIDE)


def own_network() -> None:
    """Leave for an empty network; whatever is forked from now on shares it, and it ends with them."""
    kernel.unshare("network")


def _end_as(status: int) -> None:
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def die_with_parent() -> None:
    """Be killed when the parent ends; a change of user forgets this, so it is said after one."""
    kernel.take(dying_with_parent(), "parent's death")


def dying_with_parent() -> kernel.Call:
    """Make ready for that."""
    return kernel.controlling(_PR_SET_PDEATHSIG, signal.SIGKILL)


def hold_own() -> int:
    """Open this process's own namespace of processes, to come back to."""
    return os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)


def fork_room(own: int, fork: Callable[[], int] = os.fork) -> int:
    """Fork a child that is process 1 of a namespace of its own; 0 in the child, as fork() does."""
    kernel.unshare("pid")
    try:
        child = fork()
    except OSError:
        kernel.setns(own, "pid")
        raise
    if child != 0:
        kernel.setns(own, "pid")
    return child


class Hooks:
    """Who has asked Python to do something at each fork; made before anything else is imported.

    What Python's own library asks for serves processes of several threads: locks are made anew that nobody
    holds here, at the cost of two hundred pages for each room. So rooms are forked without, unless a library
    of somebody's has asked for something as well.
    """

    _KNOWN = frozenset(
        ("threading", "random", "logging", "concurrent.futures.thread", "IPython.core.history")
    )

    def __init__(self) -> None:
        self.others: set[str] = set()
        self._register = os.register_at_fork
        os.register_at_fork = self._noted  # type: ignore[assignment]

    def _noted(self, **doings: Callable[[], object]) -> None:
        asked = str(sys._getframe(1).f_globals.get("__name__"))
        if asked not in self._KNOWN:
            self.others.add(asked)
        self._register(**doings)

    def fork(self) -> int:
        """Fork; in the child Python's generator of random numbers starts anew, as after os.fork()."""
        if self.others:
            return os.fork()
        child = kernel.fork()
        if child == 0:
            random.seed()
        return child
