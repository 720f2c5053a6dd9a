"""Import modules into the warm parent, but none that starts a thread: forks of a process with threads hang.

Whether a module does is seen in a throwaway fork, because a thread cannot be taken back.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys

from autograder.rooms.findings import NoIsolation

__all__ = ["load", "threads"]

_ROUNDS = 6
_SECONDS = 120


def threads() -> int:
    """How many threads this process has."""
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208


def load(names: list[str]) -> tuple[int, list[str]]:
    """Import what can be; how many modules came in, and which names were left out."""
    before = len(sys.modules)
    wanted = [name for name in names if name not in sys.modules]
    left: list[str] = []
    if not wanted:
        return 0, left
    for _ in range(_ROUNDS):
        unfit = _tried(wanted)
        if not unfit:
            break
        left += [name for name in wanted if name in unfit]
        wanted = [name for name in wanted if name not in unfit]
    else:
        left, wanted = [*left, *wanted], []
    _import(wanted)
    if threads() != 1:
        raise NoIsolation("an import started a thread only here, and forks of such a process hang")
    return len(sys.modules) - before, left


def _tried(names: list[str]) -> set[str]:
    """Import in a fork; the names that fail or start a thread, and all that one of the latter pulled in."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            signal.alarm(_SECONDS)
            with os.fdopen(writer, "w") as told:
                json.dump(sorted(_import(names)), told)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        body = told.read()
    os.waitpid(child, 0)
    try:
        return set(json.loads(body))
    except ValueError:
        return set(names)  # it ended or hung while importing


def _import(names: list[str]) -> set[str]:
    """Import these, and name those that should not have been."""
    unfit: set[str] = set()
    for name in names:
        known, running = set(sys.modules), threads()
        try:
            importlib.import_module(name)
        # Some modules exist only in the process that made them, and some end the one that imports them.
        except BaseException:  # noqa: BLE001
            unfit.add(name)
        if threads() > running:
            unfit |= {name, *(set(sys.modules) - known)}
    return unfit
