"""System calls that Python 3.11 does not offer, each raising OSError with the name of the call.

Those that a room makes can also be made ready before its fork: `mounting` gives what `mount` would call.
"""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Callable
from typing import Any

__all__ = [
    "CLONE",
    "MACHINE",
    "Call",
    "bind",
    "bounding_set_away",
    "calling",
    "controlling",
    "failed",
    "fork",
    "giving_up",
    "mount",
    "mounting",
    "pivot_root",
    "prctl",
    "read_only",
    "setns",
    "syscall",
    "take",
    "umount",
    "unshare",
    "unsharing",
]

MACHINE = platform.machine()
CLONE = {
    "mount": 0x00020000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "user": 0x10000000,
    "pid": 0x20000000,
    "network": 0x40000000,
}

_MS_BIND, _MS_REC = 4096, 16384
_MNT_DETACH = 2
_MOUNT_SETATTR = 442
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV = 1, 2, 4
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522
_PR_CAPBSET_READ, _PR_CAPBSET_DROP = 23, 24
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4

_CAPABILITY_HEADER = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
_NO_CAPABILITIES = (ctypes.c_uint32 * 6)()
# Loaded before any wall stands; inside a room nothing needs to be found again.
_LIBC: Any = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
# Holds Python's lock during a call, also in a child.
_WITH_PYTHON: Any = ctypes.PyDLL(None, use_errno=True) if os.name == "posix" else None

Call = tuple[Callable[..., int], tuple[Any, ...]]  # what to call with what; negative when it failed


def failed(name: str = "") -> OSError:
    """What the last call says of its failure."""
    number = ctypes.get_errno()
    return OSError(number, f"{name}: {os.strerror(number)}" if name else os.strerror(number))


def _checked(name: str, outcome: int) -> int:
    if outcome < 0:
        raise failed(name)
    return outcome


def take(call: Call, name: str = "") -> int:
    """Make a call that was made ready; a failure raises OSError, with the name of the call."""
    function, arguments = call
    return _checked(name, function(*arguments))


def calling(number: int, *arguments: object) -> Call:
    """Make ready a system call by number; all arguments as wide as a register, or pointers."""
    wide = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    return _LIBC.syscall, (ctypes.c_long(number), *wide)


def syscall(name: str, number: int, *arguments: object) -> int:
    """Make a system call by number."""
    return take(calling(number, *arguments), name)


def unsharing(*kinds: str) -> Call:
    """Make ready to leave the namespaces of these kinds for new ones."""
    flags = 0
    for kind in kinds:
        flags |= CLONE[kind]
    return _LIBC.unshare, (flags,)


def unshare(*kinds: str) -> None:
    """Leave the namespaces of these kinds for new ones."""
    take(unsharing(*kinds), f"unshare({', '.join(kinds)})")


def setns(descriptor: int, kind: str) -> None:
    """Enter a namespace (of processes: for children only)."""
    _checked(f"setns({kind})", _LIBC.setns(descriptor, CLONE[kind]))


def controlling(option: int, *arguments: object) -> Call:
    """Make ready to set or ask a property of the process that calls; with numbers or pointers."""
    padded = (*arguments, 0, 0, 0, 0)[:4]
    wide = [ctypes.c_ulong(one) if isinstance(one, int) else one for one in padded]
    return _LIBC.prctl, (option, *wide)


def prctl(name: str, option: int, *arguments: int) -> int:
    """Set or ask a property of this process."""
    return take(controlling(option, *arguments), f"prctl({name})")


def mounting(source: str, target: str, kind: str | None, flags: int, options: str = "") -> Call:
    """Make ready to mount a file system."""
    encoded = kind.encode() if kind else None
    wide = ctypes.c_ulong(flags)
    return _LIBC.mount, (source.encode(), target.encode(), encoded, wide, options.encode() or None)


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount a file system."""
    take(mounting(source, target, kind, flags, options), f"mount({kind or 'flags'} at {target})")


def fork() -> int:
    """Fork as the C library does; for a process of one thread."""
    return _checked("fork", _WITH_PYTHON.fork())


def bind(source: str, target: str) -> None:
    """Show a file or a tree at a second place, with what is mounted below it."""
    mount(source, target, None, _MS_BIND | _MS_REC)


def read_only(target: str, *, devices: bool = False, below: bool = True) -> None:
    """Take away writing and set-user-id, and device files unless they are the point.

    mount_setattr(2) only adds flags, which a user namespace may; a remount would have to repeat locked ones.
    """

    class Attributes(ctypes.Structure):
        _fields_ = [
            ("set", ctypes.c_uint64),
            ("clear", ctypes.c_uint64),
            ("propagation", ctypes.c_uint64),
            ("userns", ctypes.c_uint64),
        ]

    wanted = Attributes(_ATTR_RDONLY | _ATTR_NOSUID | (0 if devices else _ATTR_NODEV), 0, 0, 0)
    reach = _AT_RECURSIVE if below else 0
    path = ctypes.c_char_p(target.encode())
    syscall(
        f"mount_setattr({target})",
        _MOUNT_SETATTR,
        _AT_FDCWD,
        path,
        reach,
        ctypes.byref(wanted),
        ctypes.sizeof(wanted),
    )


def umount(target: str) -> None:
    """Take a tree of mounts out of sight."""
    _checked(f"umount({target})", _LIBC.umount2(target.encode(), _MNT_DETACH))


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root and show the former one at `old`."""
    syscall(
        "pivot_root",
        _PIVOT_ROOT[MACHINE],
        ctypes.c_char_p(new.encode()),
        ctypes.c_char_p(old.encode()),
    )


def bounding_set_away() -> None:
    """Drop every capability from the bounding set, while the right to do so is still held."""
    for number in range(64):
        try:
            prctl("bounding set", _PR_CAPBSET_READ, number)
        except OSError:
            return  # past the last capability of this kernel
        prctl("bounding set", _PR_CAPBSET_DROP, number)


def giving_up() -> list[Call]:
    """Make ready to give up every capability that is left: ambient, inheritable, permitted and effective."""
    held = (ctypes.byref(_CAPABILITY_HEADER), ctypes.byref(_NO_CAPABILITIES))
    return [controlling(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL), calling(_CAPSET[MACHINE], *held)]
