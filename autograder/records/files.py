"""Write files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from autograder.records.errors import Fault

# Nobody but the owner; a group may be let in to read, for an auditor.
OWNER_ONLY = 0o077
GROUP_READS = 0o027


def private(path: Path, what: str, forbidden: int = OWNER_ONLY) -> None:
    """Refuse a secret file that others may read or change."""
    if path.is_file() and path.stat().st_mode & forbidden:
        raise Fault(
            f"this {what} can be read or changed by others", path=path, remedy=f"run: chmod 600 {path}"
        )


def check_folder(path: Path) -> None:
    """Refuse a folder that cannot be made, before anything is signed that would lie in it."""
    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    if not there.is_dir():
        raise Fault("is no folder, or lies in a file", path=path, remedy="name a folder, old or new")


def private_folder(path: Path) -> None:
    """Make a folder that only its owner may look into, where there is none: names of files name people."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Fault(f"cannot be made ({error.strerror})", path=path) from None


def write(path: Path, data: bytes, *, mode: int = 0o644, durable: bool = True) -> None:
    """Write through a temporary name beside the target, flushed to disk, then rename.

    durable: wait for the disk; what can be written again from elsewhere need not.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    except OSError as error:
        raise Fault(f"cannot be written ({error.strerror})", path=path) from None
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode)
            file.write(data)
            file.flush()
            if durable:
                os.fsync(handle)
        Path(temporary).replace(path)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Fault(f"cannot be written ({error.strerror})", path=path) from None
        raise
