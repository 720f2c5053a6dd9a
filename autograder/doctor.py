"""Which walls this machine puts around learner code, tried and not guessed."""

from __future__ import annotations

import os
import sys

from autograder.rooms import Finding

__all__ = ["WEAKER", "Finding", "examine", "isolation", "weaker"]

# What a user namespace does not give, a sentence each.
WEAKER = (
    "rooms run as you, so that only the view, and not the rights of files, keeps them from your folders",
    "the groups that you belong to cannot be given up",
    "all rooms have the same user, so that its numbers of pipes and watches are shared",
)
_WATCHED = "what no process maps, such as full pipes, does not count against the memory of a room"
_LISTEN = "rooms may not listen on local sockets, because this kernel's Landlock cannot keep them apart"


def examine() -> list[Finding]:
    """Try every wall."""
    if sys.platform != "linux":
        return [
            Finding(
                "Linux",
                False,
                True,
                f"this is {sys.platform}",
                "grade on a Linux machine, or in a virtual one",
            )
        ]
    return [_root(), *_rooms(), _landlock(), _memory()]


def isolation(found: list[Finding]) -> str | None:
    """The kind of isolation that was found to stand: root, user namespace, or None."""
    if not all(one.ok for one in found if one.needed):
        return None
    return "root" if any(one.wall == "root" and one.ok for one in found) else "user namespace"


def weaker(found: list[Finding]) -> list[str]:
    """What holds less firmly on this machine than it could, a sentence each."""
    kind = isolation(found)
    lacking = {one.wall for one in found if not one.ok}
    told = list(WEAKER) if kind == "user namespace" else []
    told += [_WATCHED] if kind and "control group" in lacking else []
    return told + ([_LISTEN] if kind and "Landlock" in lacking else [])


def _root() -> Finding:
    if os.geteuid() == 0:
        return Finding("root", True, False, "each room runs under a user that owns nothing on this machine")
    return Finding("root", False, False, "not root, so rooms live in a user namespace", "run as root")


def _rooms() -> list[Finding]:
    """Close off real rooms and try their walls; where none can be had, say which namespace is refused."""
    from autograder.rooms import selftest  # here, because it can be read on Linux only

    found = selftest.walls()
    if all(one.ok for one in found):
        return found
    user = ("user",) if os.geteuid() else ()
    lacking = [kind for kind in ("mount", "pid", "network", "ipc") if not _unshares(*user, kind)]
    if lacking:
        found[-1].detail += f" (refused: {', '.join(lacking)})"
    return found


def _unshares(*kinds: str) -> bool:
    """Try in a child, because a namespace once entered cannot be left."""
    from autograder.rooms import kernel

    child = os.fork()
    if child == 0:
        ended = 1
        try:
            kernel.unshare(*kinds)
            ended = 0
        finally:
            os._exit(ended)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _landlock() -> Finding:
    from autograder.rooms import landlock

    version = landlock.version()
    if version >= landlock.SCOPES_FROM:
        return Finding("Landlock", True, False, f"version {version}")
    if version:
        detail = f"version {version}; before {landlock.SCOPES_FROM}, so rooms may not listen on local sockets"
        return Finding("Landlock", False, False, detail, "boot a kernel from 6.12")
    return Finding(
        "Landlock", False, False, "not in this kernel", "boot a kernel from 6.12 with lsm=landlock"
    )


def _memory() -> Finding:
    from autograder.rooms import memory

    keeper = memory.shared()
    if keeper.place:
        return Finding("control group", True, False, "the kernel itself bounds each room's memory")
    return Finding(
        "control group",
        False,
        False,
        "none can be made here; the grader adds up each room's memory itself, twenty times a second",
        "run as root, or with: systemd-run --user --scope -p Delegate=yes autograder grade …",
    )
