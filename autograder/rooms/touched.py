"""Which files of its own folder the code in a room opens and changes; asked only where the solution runs."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Files", "Touched"]

_MOST = 1000


class Files(NamedTuple):
    """Paths below the room's folder.

    opened: whether to be read or written. changed: written, made or removed.
    """

    opened: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()


class Touched:
    """Looks from now on; it cannot be stopped, and is taken down with its room."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._opened: set[str] = set()
        self._before = self._states()
        self._looking = True
        sys.addaudithook(self._see)

    def told(self) -> dict[str, list[str]]:
        """Say what has happened since this was last asked."""
        self._looking = False
        now = self._states()
        every = self._before.keys() | now.keys()
        changed = sorted(one for one in every if self._before.get(one) != now.get(one))
        opened = sorted(self._opened)
        self._before, self._opened, self._looking = now, set(), True
        return {"opened": opened[:_MOST], "changed": changed[:_MOST]}

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._looking and event in ("open", "sqlite3.connect") and arguments:
            with suppress(TypeError, ValueError):
                place = os.path.realpath(os.fsdecode(arguments[0]))
                if place.startswith(self._folder + os.sep):
                    self._opened.add(place[len(self._folder) + 1 :])

    def _states(self) -> dict[str, tuple[int, int, int]]:
        """Every file with what tells it from a later one; hidden ones are libraries' own."""
        found: dict[str, tuple[int, int, int]] = {}
        for where, folders, files in os.walk(self._folder):
            folders[:] = [one for one in folders if not one.startswith(".") and one != "__pycache__"]
            for name in files:
                with suppress(OSError):
                    path = Path(where, name)
                    about = path.lstat()
                    below = str(path.relative_to(self._folder))
                    found[below] = (about.st_ino, about.st_size, about.st_mtime_ns)
        return found
