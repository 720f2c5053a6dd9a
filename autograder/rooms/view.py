"""What the warm parent and its rooms see of the file system: an interpreter to read, and nothing else.

A memory file system becomes the root; the interpreter, the installed packages and the system's libraries are
shown in it read-only at their usual paths; then the host's root is let go.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from importlib.machinery import PathFinder
from pathlib import Path

from autograder.rooms import kernel

__all__ = ["HIDDEN", "ROOM", "build", "covering", "hidden_folders", "readable_trees", "telling"]

ROOM = "/room"
HIDDEN = ("answersheet",)
"""Packages that no room may find, wherever they are installed."""
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin")
_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts")
_DEVICES = ("null", "zero", "full", "random", "urandom")
_ACCOUNTS = "root:x:0:0:root:/nonexistent:/usr/sbin/nologin\n"
_EMPTY = "/etc/empty"
# What programs ask before they take memory or start threads; the rest of /proc tells of the host.
_TOLD = frozenset(
    ("cpuinfo", "filesystems", "loadavg", "meminfo", "mounts", "net", "self", "stat", "thread-self", "uptime")
)
_STAGE = "/tmp"  # always there; it is covered only in this process's own namespace


def readable_trees(extra: Iterable[Path] = ()) -> list[Path]:
    """Where the interpreter, its packages and libraries are; none of them lies below another."""
    wanted = [Path(one) for one in _SYSTEM if Path(one).is_dir() and not Path(one).is_symlink()]
    wanted += [Path(one) for one in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)]
    wanted += [one.resolve() for one in extra]
    kept: list[Path] = []
    for path in sorted(set(wanted), key=lambda one: len(one.parts)):
        if path == Path("/"):
            raise ValueError("the whole file system is not a tree to show")
        if not any(path.is_relative_to(known) for known in kept):
            kept.append(path)
    return kept


def hidden_folders() -> list[Path]:
    """Where packages lie that no room may import; what draws answers may be installed beside the rest."""
    specs = (PathFinder.find_spec(name) for name in HIDDEN)
    return [Path(one).resolve() for spec in specs if spec for one in spec.submodule_search_locations or ()]


def _links() -> dict[str, str]:
    """System folders that are links into /usr, as on a merged system."""
    return {one: str(Path(one).readlink()) for one in _SYSTEM if Path(one).is_symlink()}


def build(extra: Iterable[Path] = ()) -> None:
    """Change this process's root; it must be alone in a new mount namespace, as process 1 of its own."""
    kernel.mount("none", "/", None, _MS_REC | _MS_PRIVATE)
    files = [Path(one) for one in _FILES if Path(one).exists()]
    # Held open first, because what covers the stage might cover them too (an interpreter below /tmp).
    hidden = hidden_folders()
    held = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in [*readable_trees(extra), *files]}
    links = _links()
    kernel.mount("room", _STAGE, "tmpfs", _MS_NOSUID, "mode=0755,size=1m,nr_inodes=4096")
    for path, descriptor in held.items():
        _show(path, descriptor)
    for name, target in links.items():
        Path(_STAGE + name).symlink_to(target)
    _devices()
    _furnish()
    for path in hidden:
        if Path(f"{_STAGE}{path}").is_dir():
            kernel.bind(_STAGE + _EMPTY, f"{_STAGE}{path}")
    # Its own: the rooms' is mounted over it, and a user namespace mounts one only where it can see one.
    kernel.mount("proc", _STAGE + "/proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    os.chdir(_STAGE)
    kernel.pivot_root(".", ".")
    kernel.umount(".")
    os.chdir("/")
    kernel.read_only("/", devices=True, below=False)


def _show(path: Path, descriptor: int) -> None:
    target = Path(f"{_STAGE}{path}")
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):  # its path may be covered by now
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    kernel.bind(f"/proc/self/fd/{descriptor}", str(target))
    kernel.read_only(str(target))
    os.close(descriptor)


def _devices() -> None:
    folder = Path(_STAGE + "/dev")
    folder.mkdir()
    for name in _DEVICES:
        (folder / name).touch()
        kernel.bind(f"/dev/{name}", str(folder / name))
    # Semaphores and shared arrays of `multiprocessing` count against the room's own folder.
    (folder / "shm").symlink_to(f"{ROOM}/.shm")
    for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        (folder / name).symlink_to(f"/proc/self/fd{target}")


def _furnish() -> None:
    for name in ("room", "proc"):
        Path(f"{_STAGE}/{name}").mkdir()
    # The parent's own home, for libraries that insist on one while they are imported; rooms cover it.
    kernel.mount("room", _STAGE + ROOM, "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=0700,size=1m,nr_inodes=256")
    etc = Path(_STAGE + "/etc")
    etc.mkdir(exist_ok=True)
    Path(_STAGE + _EMPTY).mkdir()
    (etc / "passwd").write_text(_ACCOUNTS, encoding="ascii")
    (etc / "group").write_text("root:x:0:\n", encoding="ascii")
    temporary = Path(_STAGE + "/tmp")
    if not temporary.exists():  # it does where the interpreter lies below it
        temporary.symlink_to(ROOM)


def telling() -> list[tuple[str, str]]:
    """What in a whole /proc tells of the host, each with what is put over it."""
    found = []
    for one in os.scandir("/proc"):
        if one.name.isdigit() or one.name in _TOLD or one.is_symlink():
            continue
        if one.is_dir():
            found.append((f"/proc/{one.name}", _EMPTY))
        elif one.stat().st_mode & stat.S_IROTH:  # the others are closed to the rooms' user anyway
            found.append((f"/proc/{one.name}", "/dev/null"))
    return found


def covering(places: Iterable[tuple[str, str]]) -> list[kernel.Call]:
    """Make ready to put something empty over each of these."""
    return [kernel.mounting(empty, place, None, _MS_BIND) for place, empty in places]
