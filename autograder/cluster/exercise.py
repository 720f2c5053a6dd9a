"""An exercise as bytes: what a worker has to know of it, and which programs it has to run it with."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from autograder.grading.master import Master
from autograder.light import lighten
from autograder.sheets import Sealed

__all__ = ["pack", "programs", "unpack"]

_PACKAGES = ("numpy", "scipy", "qiskit", "qiskit-aer", "ipython", "matplotlib", "pandas")


def pack(
    masters: list[Master],
    folder: Path,
    known: list[dict[str, Any]] | None = None,
    sheet: Sealed | None = None,
) -> bytes:
    """Write an exercise: its notebooks, what it ships besides, and what the solutions have shown.

    sheet: on which the solutions run.
    """
    files = {
        path.relative_to(folder).as_posix(): base64.b64encode(path.read_bytes()).decode("ascii")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".ipynb" and not _is_hidden(path.relative_to(folder))
    }
    notebooks = [vars(one) for one in masters]
    whole = {"notebooks": notebooks, "files": files, "known": known}
    return json.dumps(whole | {"sheet": sheet and vars(sheet)}, sort_keys=True).encode()


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def unpack(body: bytes, folder: Path) -> tuple[list[Master], list[dict[str, Any]] | None, Sealed | None]:
    """Read an exercise; lay the files that it ships into a folder."""
    lighten()
    from nbformat import from_dict

    found = json.loads(body)
    for name, data in found["files"].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))
    masters = [
        Master(one["name"], *(from_dict(one[part]) for part in ("graded", "released", "solution")))
        for one in found["notebooks"]
    ]
    return masters, found["known"], Sealed(**found["sheet"]) if found["sheet"] else None


@functools.cache
def programs() -> dict[str, str]:
    """Say with which programs this process would grade; other ones might give other scores."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    own = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(own.rglob("*.py")):
        digest.update(path.relative_to(own).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found | {"autograder": digest.hexdigest()[:16]}
