"""Control groups of memory: the kernel's own bound on all processes of a room together, where one can be had.

Both kinds are known: version 1 with a tree for memory alone, and version 2. Groups are made below or beside
the grader's own, one for each room that lives at the same time; they are used again when empty and removed at
the end. Those of a run that was killed are removed by the next.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Groups", "Version", "find", "places"]

_MARK = "autograder-rooms"
_DYING = 2.0  # seconds


@dataclass(frozen=True)
class Version:
    """Which files of a group say what.

    limits: what is written for a bound, in this order; a file that is not there is passed over.
    kills: the file that counts processes ended for want of memory, in a line `oom_kill N`.
    """

    limit: tuple[str, ...]
    no_swap: tuple[tuple[str, str], ...]
    kills: str


FIRST = Version(
    ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes"),
    (("memory.swappiness", "0"),),
    "memory.oom_control",
)
SECOND = Version(("memory.max",), (("memory.swap.max", "0"), ("memory.oom.group", "1")), "memory.events")


class Groups:
    """The groups of this process."""

    def __init__(self, folder: Path, version: Version) -> None:
        self.folder = folder
        self._version = version
        self._turn = threading.Lock()
        self._made = 0
        self._free: list[Path] = []
        self._bounds: dict[Path, int] = {}

    def enter(self, process: int, bound: int) -> Path:
        """Put a process, and all that it will start, into a group with this bound."""
        group = self._take()
        try:
            if self._bounds.get(group) != bound:
                for name in self._version.limit:
                    _write(group / name, str(bound))
                if _read(group / self._version.limit[0]).strip() == str(bound):
                    self._bounds[group] = bound  # and need not be said again when the group is used again
            _write(group / "cgroup.procs", str(process), must=True)
        except OSError:
            self.leave(group)
            raise
        return group

    def leave(self, group: Path) -> None:
        """Say that a group's room is over; it is used again when everything in it is dead."""
        with self._turn:
            self._free.append(group)

    def kills(self, group: Path) -> int:
        """Count the processes that the kernel ended because the group was full."""
        for line in _read(group / self._version.kills).splitlines():
            name, _, number = line.partition(" ")
            if name == "oom_kill":
                return int(number)
        return 0

    def close(self) -> None:
        """Remove every group; one in which something dies for long stays for the next run to remove."""
        until = time.monotonic() + _DYING
        while not _remove(self.folder) and time.monotonic() < until:
            time.sleep(0.01)

    def _take(self) -> Path:
        with self._turn:
            for group in self._free:
                if group.is_dir() and not _read(group / "cgroup.procs"):
                    self._free.remove(group)
                    return group
            self._made += 1
            group = self.folder / str(self._made)
            self._bounds.pop(group, None)
        group.mkdir(parents=True)  # another run may have swept the folder away while it was empty
        for name, value in self._version.no_swap:
            _write(group / name, value)
        return group


def find() -> Groups | None:
    """Make a place for groups, or None where this machine does not let this user."""
    for parent, version in places():
        _sweep(parent)
        folder = parent / f"{_MARK}-{os.getpid()}-{_started(os.getpid())}"
        try:
            folder.mkdir(exist_ok=True)
            if version is SECOND:
                _write(folder / "cgroup.subtree_control", "+memory", must=True)
            probe = folder / "probe"
            probe.mkdir(exist_ok=True)
            fits = (probe / version.limit[0]).is_file() and os.access(probe / "cgroup.procs", os.W_OK)
            probe.rmdir()
        except OSError:
            fits = False
        if fits:
            return Groups(folder, version)
        _remove(folder)
    return None


def places() -> list[tuple[Path, Version]]:
    """Where this process may try: below its own group, and beside it where processes bar what is below."""
    found: list[tuple[Path, Version]] = []
    own = dict(_own_groups())
    for line in _read(Path("/proc/self/mountinfo")).splitlines():
        before, _, after = line.partition(" - ")
        root, target = before.split()[3:5]
        kind, _, options = after.split()[:3]
        if kind == "cgroup" and "memory" in options.split(","):
            found.append((_seen(Path(target), root, own.get("memory", "/")), FIRST))
        if kind == "cgroup2":
            mine = _seen(Path(target), root, own.get("", "/"))
            # A group may not hold processes and groups with bounds at once, but its neighbours may.
            for one in (mine, mine.parent):
                if "memory" in _read(one / "cgroup.subtree_control").split():
                    found.append((one, SECOND))
    return [one for one in found if os.access(one[0], os.W_OK)]


def _own_groups() -> list[tuple[str, str]]:
    """The group of this process in each tree; version 2 has no name."""
    found = []
    for line in _read(Path("/proc/self/cgroup")).splitlines():
        _, names, path = line.split(":", 2)
        found += [(name, path) for name in names.split(",")]
    return found


def _seen(target: Path, root: str, path: str) -> Path:
    """A group's folder, which in a container may lie elsewhere than its path says."""
    with suppress(ValueError):
        below = target / Path(path).relative_to(root)
        if below.is_dir():
            return below
    return target


def _sweep(parent: Path) -> None:
    """Remove the groups of runs that were killed."""
    for folder in parent.glob(f"{_MARK}-*-*"):
        process, _, started = folder.name.removeprefix(f"{_MARK}-").partition("-")
        if process.isdigit() and _started(int(process)) != started:
            _remove(folder)


def _started(process: int) -> str:
    """When a process began, which tells it from a later one of the same number."""
    fields = _read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""  # the 22nd of proc_pid_stat(5)


def _remove(folder: Path) -> bool:
    """Remove a group and those below it, unless there are processes in one."""
    with suppress(OSError):
        for one in folder.iterdir():
            if one.is_dir():
                with suppress(OSError):
                    one.rmdir()
        folder.rmdir()
    return not folder.exists()


def _read(path: Path) -> str:
    try:
        # Asked for with every room, where a stream would cost more than the kernel's answer.
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return ""
    try:
        parts = iter(lambda: os.read(descriptor, 1 << 16), b"")
        return b"".join(parts).decode("ascii", "replace")
    except OSError:
        return ""
    finally:
        os.close(descriptor)


def _write(path: Path, text: str, *, must: bool = False) -> None:
    try:
        # In one piece and without making a file: this is a request to the kernel.
        descriptor = os.open(path, os.O_WRONLY)
    except OSError:
        if must:
            raise
        return
    try:
        os.write(descriptor, text.encode())
    except OSError:
        if must:
            raise
    finally:
        os.close(descriptor)
