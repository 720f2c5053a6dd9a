"""The files that an exercise ships: read once by the warm parent, and laid out anew in every room.

They are held in memory, so no folder of the host has to be shown for them, and a room can neither change what
the next one gets nor follow a link to what was not shipped. Notebooks and hidden files are not shipped: the
instructor's own lies among them, with solutions and hidden tests.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from autograder.rooms.findings import NoIsolation

__all__ = ["Shipped", "lay_out", "modules", "read", "size"]

_MOST = 512 << 20
_NEVER = (".ipynb", ".db")
_NEVER_FOLDERS = (".ipynb_checkpoints", ".git", "__pycache__")
_LIKE_A_COPY = 0o700  # a file stays executable for its owner, and is nobody else's


@dataclass(frozen=True)
class Shipped:
    """One entry, by its path below the folder.

    body: a file's bytes, a link's target, or None for a folder.
    """

    path: str
    body: bytes | str | None
    executable: bool = False


def read(folder: Path) -> list[Shipped]:
    """Read a folder; links stay links, and what is neither file, link nor folder is left out."""
    if not folder.is_dir():
        raise NoIsolation(f"no such folder to copy into rooms: {folder}")
    found: list[Shipped] = []
    total = 0
    for where, folders, files in os.walk(folder):
        folders[:], files = _shipped(folders), _shipped(files)
        below = Path(where).relative_to(folder)
        folders[:] = [name for name in folders if name not in _NEVER_FOLDERS]
        files = [name for name in files if not name.lower().endswith(_NEVER)]
        for name in sorted([*folders, *files]):
            one = _entry(Path(where, name), str(below / name))
            if one is not None:
                found.append(one)
                total += len(one.body) if isinstance(one.body, bytes) else 0
        if total > _MOST:
            raise NoIsolation(f"the files of {folder} take more than {_MOST >> 20} MB; each room holds them")
    return found


def modules(folder: Path) -> set[str]:
    """The names under which what lies in a folder can be imported from beside a notebook."""
    if not folder.is_dir():
        return set()
    files = {one.stem for one in folder.glob("*.py")}
    return files | {one.name for one in folder.iterdir() if one.is_dir() and any(one.rglob("*.py"))}


def _shipped(names: list[str]) -> list[str]:
    """Leave out what nbgrader does not hand out either, and any copy of a notebook."""
    return [
        one
        for one in names
        if not one.startswith(".") and one != "__pycache__" and ".ipynb" not in one.lower()
    ]


def _entry(path: Path, name: str) -> Shipped | None:
    if path.is_symlink():
        return Shipped(name, str(path.readlink()))
    if path.is_dir():
        return Shipped(name, None)
    if not path.is_file():
        return None
    return Shipped(name, path.read_bytes(), bool(path.stat().st_mode & 0o100))


def size(files: list[Shipped]) -> int:
    """How many bytes of memory they take in a room."""
    page = os.sysconf("SC_PAGESIZE")
    return sum(-(-len(one.body) // page) * page for one in files if isinstance(one.body, bytes))


def lay_out(files: list[Shipped], place: Path) -> None:
    """Write them, as the user who is to own them; folders come before what is in them."""
    for one in files:
        path = place / one.path
        if one.body is None:
            path.mkdir(exist_ok=True)
        elif isinstance(one.body, str):
            path.symlink_to(one.body)
        else:
            path.write_bytes(one.body)
            if one.executable:
                path.chmod(_LIKE_A_COPY)
