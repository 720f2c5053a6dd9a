"""Writing without halves: every file and folder appears whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.strangers import clean_json

# Windows keeps these for devices, whatever the ending.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
# The end of a name that tempfile makes.
_RANDOM = re.compile(r"[a-z0-9_]{8}")
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


def is_safe_name(name: str) -> bool:
    """Tell whether a name may become a folder: ASCII, no separator, no leading dot, no device."""
    if not _SAFE.fullmatch(name) or name.endswith("."):
        return False
    return name.split(".")[0].lower() not in _DEVICES


def write_bytes(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file under a temporary name, then rename it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str, mode: int = 0o644) -> None:
    """Write UTF-8 text whole."""
    write_bytes(path, text.encode("utf-8"), mode)


def write_json(path: Path, data: Any, mode: int = 0o644) -> None:
    """Write JSON for people and tools: indented, keys as given, UTF-8, and nothing that moves a cursor."""
    write_text(path, clean_json(data) + "\n", mode)


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Fill a temporary folder; when the block ends well, it takes the place of `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.", dir=target.parent))
    try:
        yield fresh
        fresh.chmod(0o755)
        swap_folder(fresh, target)
    finally:
        if fresh.exists():
            shutil.rmtree(fresh)


def swept(target: Path) -> None:
    """Remove what killed runs left of `new_folder`; only for one who is alone at writing this folder."""
    if target.parent.is_dir():
        for path in target.parent.iterdir():
            name = path.name.removeprefix(f".{target.name[:40]}.")
            if path.name.startswith(".") and _RANDOM.fullmatch(name):
                shutil.rmtree(path, ignore_errors=True)


def swap_folder(fresh: Path, target: Path) -> None:
    """Put a finished folder in the place of an old one."""
    if not target.exists():
        fresh.replace(target)
        return
    # Python offers no exchange of two folders in one step: the old one steps aside first.
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.", dir=target.parent))
    target.replace(aside / "old")
    fresh.replace(target)
    shutil.rmtree(aside)


def sha256(data: bytes) -> str:
    """Digest bytes."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """Digest a file without holding it in memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def now() -> datetime:
    """The time, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def iso(moment: datetime) -> str:
    """Write a moment as 2026-11-22T10:00:00Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
