"""Open a stranger's zip: every name is looked at, every byte counted, nothing unpacked to disk."""

from __future__ import annotations

import io
import json
import lzma
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

__all__ = [
    "LARGEST_FILE",
    "Limits",
    "Refused",
    "check_name",
    "entry_time",
    "first_member",
    "manifest",
    "open_zip",
]

LARGEST_FILE = 60 * 2**20
_READ = 2**16
# Text and notebooks with base64 pictures shrink by a factor of ten to fifty; a bomb by a thousand.
_RATIO = 200
_RATIO_FROM = 2**20
_LARGEST_MANIFEST = 2**20
# What every LMS and every system makes; the others need memory by the sender's word.
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_UNIX_TIME = 0x5455
# All that zipfile and its packers were seen to raise for a spoilt archive.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class Refused(Exception):
    """A file that is not taken; its text is the reason."""


@dataclass(frozen=True)
class Limits:
    """How much one archive may hold."""

    files: int
    total: int


HANDIN = Limits(files=120, total=80 * 2**20)
DOWNLOAD = Limits(files=20_000, total=2 * 2**30)


def entry_time(entry: zipfile.ZipInfo) -> datetime | None:
    """Read when a member was last changed: the UTC time of Unix archivers, else the local time of all."""
    rest = entry.extra
    while len(rest) >= 4:
        kind, length = int.from_bytes(rest[:2], "little"), int.from_bytes(rest[2:4], "little")
        if kind == _UNIX_TIME and length >= 5 and len(rest) >= 9 and rest[4] & 1:
            return datetime.fromtimestamp(int.from_bytes(rest[5:9], "little", signed=True), UTC)
        rest = rest[4 + length :]
    try:
        return datetime(*entry.date_time).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def check_name(name: str) -> list[str]:
    """Split a path inside an archive or a folder; raise Refused unless it is plainly below its root.

    Names are only read and never written to disk, so it does not matter that macOS takes letters and their
    accents apart, and that old Windows archives have backslashes: both are put right.
    """
    if not name or len(name) > 300:
        raise Refused("a name is empty or too long")
    name = tidy(name)
    if name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        raise Refused("a name is an absolute path")
    if any(unicodedata.category(symbol) in {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"} for symbol in name):
        raise Refused("a name has control or invisible characters")
    parts = name.rstrip("/").split("/")
    if any(part.strip(" .") == "" or ":" in part for part in parts):
        raise Refused("a name climbs out of its folder or cannot exist on every system")
    return parts


def tidy(name: str) -> str:
    """Write a name in the one way that all systems read alike."""
    return unicodedata.normalize("NFC", name).replace("\\", "/")


def open_zip(data: bytes, limits: Limits) -> Iterator[tuple[str, zipfile.ZipInfo, bytes]]:
    """Yield (name, entry, bytes) of each file; raise Refused for the whole archive when one is amiss."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive.infolist(), limits)
            entries = [entry for entry in archive.infolist() if not tidy(entry.filename).endswith("/")]
            total = 0
            for entry in entries:
                content = _read(archive, entry)
                total += len(content)
                if total > limits.total:
                    raise Refused(f"the archive unpacks to more than {limits.total // 2**20} MB")
                yield "/".join(check_name(entry.filename)), entry, content
    except _DAMAGED:
        raise Refused("the archive is damaged or not a zip") from None


def manifest(data: bytes) -> Any:
    """Read manifest.json at the root of an archive; None when there is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "manifest.json" not in archive.namelist():
                return None
            entry = archive.getinfo("manifest.json")
            _check_packed(entry)
            with archive.open(entry) as stream:
                text = stream.read(_LARGEST_MANIFEST)
    except _DAMAGED:
        raise Refused("the archive is damaged or not a zip") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("its manifest is not JSON") from None


def first_member(data: bytes, name: str, largest: int) -> tuple[str, bytes]:
    """Read the file of a name that lies the least deep in an archive, if it is no larger than this."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = [one for one in archive.infolist() if tidy(one.filename).rpartition("/")[2] == name]
            if not found:
                return "", b""
            entry = min(found, key=lambda one: tidy(one.filename).count("/"))
            if entry.file_size > largest:
                return "", b""
            _check_packed(entry)
            return "/".join(check_name(entry.filename)), _read(archive, entry)
    except _DAMAGED:
        raise Refused("the archive is damaged or not a zip") from None


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.files:
        raise Refused(f"the archive holds {len(entries)} files, the limit is {limits.files}")
    seen: set[str] = set()
    for entry in entries:
        # zipfile cuts names at a NUL; what was cut is not what was meant.
        if entry.orig_filename.replace("\\", "/") != entry.filename.replace("\\", "/"):
            raise Refused("a name has control or invisible characters")
        check_name(entry.filename)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise Refused("the archive holds a link or a device")
        _check_packed(entry)
        folded = tidy(entry.filename).rstrip("/").casefold()
        if folded in seen:
            raise Refused("a name stands twice in the archive")
        seen.add(folded)


def _check_packed(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 1:
        raise Refused("the archive is encrypted")
    if entry.compress_type not in _PACKED:
        raise Refused("the archive is packed in an unusual way; pack it as an ordinary zip")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Read one entry, counting: the size that an archive states is its maker's word."""
    parts: list[bytes] = []
    count = 0
    with archive.open(entry) as stream:
        while part := stream.read(_READ):
            count += len(part)
            if count > LARGEST_FILE:
                raise Refused(f"a file in the archive has more than {LARGEST_FILE // 2**20} MB")
            if count > _RATIO_FROM and count > _RATIO * max(1, entry.compress_size):
                raise Refused("the archive unpacks to far more than it holds")
            parts.append(part)
    return b"".join(parts)
