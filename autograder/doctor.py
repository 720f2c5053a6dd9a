"""Which walls this machine could put around learner code, tried and not guessed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from autograder.rooms import Finding

__all__ = ["Finding", "examine"]


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
    return [_root(), *_rooms(), _landlock(), _memory(), _bubblewrap()]


def _root() -> Finding:
    if os.geteuid() == 0:
        return Finding("root", True, False, "rooms can run under users that own nothing on this machine")
    return Finding("root", False, False, "not root: rooms would live in a user namespace", None)


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
        return Finding("Landlock", True, False, detail)
    return Finding(
        "Landlock", False, False, "not in this kernel", "boot a kernel from 5.13 with lsm=landlock"
    )


def _memory() -> Finding:
    places = [Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")]
    for place in places:
        known = place.name == "memory" or "memory" in _read(place / "cgroup.controllers")
        if place.is_dir() and known and os.access(place, os.W_OK):
            detail = f"one process is limited; for a whole room {place} could be used"
            return Finding("memory limit", True, False, detail)
    return Finding(
        "memory limit",
        False,
        False,
        "one process is limited; a room as a whole is not, and no control group can be written",
        "run as root, or delegate one",
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _bubblewrap() -> Finding:
    found = shutil.which("bwrap")
    if found:
        return Finding("bubblewrap", True, False, f"{found} (only a cross-check)")
    return Finding(
        "bubblewrap", False, False, "not installed (only a cross-check)", "apt-get install bubblewrap"
    )
