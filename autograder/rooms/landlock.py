"""Landlock, the second wall around files: it holds even where a mount should show too much.

Numbers and structures from the kernel's include/uapi/linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from typing import Final

from autograder.rooms import kernel

__all__ = ["EVERYTHING", "READ", "SCOPES_FROM", "WRITE", "Ready", "version"]

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


class Ready:
    """Rights below some paths and none elsewhere, made ready to be left to processes that fork later.

    It is a second wall: in a kernel without Landlock, whose version is 0, nothing is restricted.
    """

    def __init__(self, allowed: Mapping[str, int]) -> None:
        self.version = version()
        self._ruleset, size = _handled(self.version)
        self._create = kernel.calling(_CREATE, ctypes.byref(self._ruleset), size, 0)
        self._own = ctypes.c_long(-1)
        self._restrict = kernel.calling(_RESTRICT, self._own, 0)
        self._rules = []
        for path, rights in allowed.items():
            rule = _Rule(rights & self._ruleset.files, -1)
            add = kernel.calling(_ADD, self._own, _PATH_BENEATH, ctypes.byref(rule), 0)
            self._rules.append((path, rule, add))

    def restrict(self) -> None:
        """Leave this process only these rights, for good. Needs no_new_privs."""
        if not self.version:
            return
        self._own.value = descriptor = kernel.take(self._create)
        for path, rule, add in self._rules:
            rule.parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
            kernel.take(add)
            os.close(rule.parent)
        kernel.take(self._restrict)
        os.close(descriptor)
