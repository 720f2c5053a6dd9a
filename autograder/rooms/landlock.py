"""Landlock, the second wall around files: it holds even where a mount should show too much.

Numbers and structures from the kernel's include/uapi/linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from typing import Final

from autograder.rooms import kernel

__all__ = ["EVERYTHING", "READ", "SCOPES_FROM", "WRITE", "restrict", "version"]

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE, _IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
_FIRST_VERSION = (1 << 13) - 1
READ: Final = _EXECUTE | _READ_FILE | _READ_DIR
WRITE: Final = _WRITE_FILE
EVERYTHING: Final = (1 << 16) - 1
_NETWORK: Final = 3  # bind and connect over TCP, from version 4
_SCOPES: Final = 3  # abstract sockets and signals stay among one's own, from version 6
SCOPES_FROM: Final = 6


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64)]


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version() -> int:
    """Landlock's version in this kernel; 0 without it."""
    try:
        return kernel.syscall("landlock", _CREATE, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def _handled(known: int) -> tuple[_Ruleset, int]:
    """Everything that this version can refuse, and how much of the structure it knows."""
    files = _FIRST_VERSION
    for since, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEVICE)):
        files |= right if known >= since else 0
    if known >= SCOPES_FROM:
        return _Ruleset(files, _NETWORK, _SCOPES), 24
    return _Ruleset(files, _NETWORK if known >= 4 else 0, 0), 16 if known >= 4 else 8


def restrict(allowed: Mapping[str, int]) -> int:
    """Leave this process only these rights below these paths, for good; return Landlock's version.

    Needs no_new_privs. Does nothing, and returns 0, in a kernel without Landlock: it is a second wall.
    """
    known = version()
    if not known:
        return 0
    ruleset, size = _handled(known)
    descriptor = kernel.syscall("landlock_create_ruleset", _CREATE, ctypes.byref(ruleset), size, 0)
    try:
        for path, rights in allowed.items():
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                rule = _Rule(rights & ruleset.files, place)
                kernel.syscall("landlock_add_rule", _ADD, descriptor, _PATH_BENEATH, ctypes.byref(rule), 0)
            finally:
                os.close(place)
        kernel.syscall("landlock_restrict_self", _RESTRICT, descriptor, 0)
    finally:
        os.close(descriptor)
    return known
