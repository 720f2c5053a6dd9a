"""Which walls this machine could put around learner code, tried and not guessed."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Finding", "examine"]

_CLONE = {
    "mount": 0x00020000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "user": 0x10000000,
    "pid": 0x20000000,
    "network": 0x40000000,
}
_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_VERSION = 1


@dataclass
class Finding:
    """One wall.

    needed: whether isolation cannot be had without it.
    remedy: the command or step that mends it; None when it stands.
    """

    wall: str
    ok: bool
    needed: bool
    detail: str
    remedy: str | None = None


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
    return [_root(), _namespaces(), _landlock(), _seccomp(), _memory(), _bubblewrap()]


def _root() -> Finding:
    if os.geteuid() == 0:
        return Finding("root", True, False, "rooms can run under users that own nothing on this machine")
    return Finding("root", False, False, "not root: rooms would live in a user namespace", None)


def _unshares(flags: int) -> bool:
    """Try in a child, because a namespace once entered cannot be left."""
    child = os.fork()
    if child == 0:
        ended = 1
        try:
            ended = 0 if ctypes.CDLL(None, use_errno=True).unshare(flags) == 0 else 1
        finally:
            os._exit(ended)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _namespaces() -> Finding:
    wanted = ["mount", "pid", "network", "ipc"]
    user = 0 if os.geteuid() == 0 else _CLONE["user"]
    lacking = [name for name in wanted if not _unshares(_CLONE[name] | user)]
    if not lacking:
        return Finding(
            "namespaces", True, True, "own files, processes, network and shared memory for each room"
        )
    remedy = (
        "run the container with --cap-add SYS_ADMIN, or outside a container"
        if os.geteuid() == 0
        else "as root: sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000"
    )
    return Finding("namespaces", False, True, f"refused: {', '.join(lacking)}", remedy)


def _landlock() -> Finding:
    version = ctypes.CDLL(None, use_errno=True).syscall(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION)
    if version > 0:
        return Finding("Landlock", True, False, f"version {version}")
    return Finding(
        "Landlock", False, False, "not in this kernel", "boot a kernel from 5.13 with lsm=landlock"
    )


def _seccomp() -> Finding:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    if "Seccomp:" in status:
        return Finding("seccomp", True, True, "system calls can be refused")
    return Finding("seccomp", False, True, "not in this kernel", "boot a kernel with CONFIG_SECCOMP_FILTER")


def _memory() -> Finding:
    places = [Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")]
    for place in places:
        known = place.name == "memory" or "memory" in _read(place / "cgroup.controllers")
        if place.is_dir() and known and os.access(place, os.W_OK):
            return Finding("memory limit", True, False, f"control group below {place}")
    return Finding(
        "memory limit",
        False,
        False,
        "no control group can be written: a watcher must do",
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
