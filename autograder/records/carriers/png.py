"""A record in a PNG picture: one uncompressed iTXt chunk (Open Badges 3.0, section 5.3, baking)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from autograder.records import safejson
from autograder.records.errors import Fault

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
# A picture of sixteen megabytes in the usual 8 kB pieces has two thousand.
MAX_CHUNKS = 10_000


def bake(picture: bytes, text: bytes) -> bytes:
    """Put the JSON text of a record into a picture, before its end."""
    body = KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0" + text
    end = picture.rindex(b"IEND") - 4
    return picture[:end] + _chunk(b"iTXt", body) + picture[end:]


def read(data: bytes, path: Path | str | None = None) -> bytes:
    """Take the JSON text out of a picture; every fault of the picture on the way is told."""
    found: list[bytes] = []
    for kind, body in _chunks(data, path):
        if kind == b"iTXt" and body.startswith(KEYWORD + b"\0"):
            found.append(_text(body[len(KEYWORD) + 1 :], path))
        elif kind in (b"iTXt", b"tEXt") and body.startswith(b"openbadges\0"):
            raise Fault("carries an Open Badges 1 or 2 assertion, which is not read here", path=path)
    if not found:
        raise Fault("is a PNG picture without a record", path=path, remedy="ask its holder for the file")
    if len(found) > 1:
        raise Fault("carries more than one record, so nobody can say which is meant", path=path)
    return found[0]


def _chunks(data: bytes, path: Path | str | None) -> Iterator[tuple[bytes, bytes]]:
    """The pieces of a picture up to its end; a length is believed only as far as the file goes."""
    place = len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if place + 12 > len(data):
            raise Fault("is a PNG picture that is cut off", path=path)
        length, kind = struct.unpack_from(">I4s", data, place)
        if length > len(data) - place - 12:
            raise Fault("is a PNG picture with a piece that claims more than the file holds", path=path)
        body = data[place + 8 : place + 8 + length]
        (told,) = struct.unpack_from(">I", data, place + 8 + length)
        if zlib.crc32(kind + body) != told:
            raise Fault("is a PNG picture with a damaged piece", path=path)
        if kind == b"IEND":
            return
        yield kind, body
        place += 12 + length
    raise Fault(f"is a PNG picture of more than {MAX_CHUNKS} pieces", path=path)


def _text(rest: bytes, path: Path | str | None) -> bytes:
    """The text behind the keyword of an iTXt chunk (PNG, 11.3.4.5)."""
    if rest[:1] != b"\0":
        # Baking forbids it, and so nothing has to be inflated here.
        raise Fault("carries a compressed record, which Open Badges forbids", path=path)
    parts = rest[2:].split(b"\0", 2)
    if len(parts) != 3:
        raise Fault("is a PNG picture whose record is cut off", path=path)
    return safejson.within(parts[2], path)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
