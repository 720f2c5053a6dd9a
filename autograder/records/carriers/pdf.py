"""A record in a PDF page: an embedded file (ISO 32000-2, 7.11.4).

This is no PDF reader. A stream is never inside another object, so an embedded file stands in the bytes with
its own dictionary and can be found without following a single reference. `/Type /EmbeddedFile` is optional
and usual tools leave it out, so every stream is looked at: one that begins as JSON does is taken for an
attachment. A file that is encrypted, or that packs an embedded file in an unusual way, is refused in words.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from autograder.records import safejson
from autograder.records.errors import Fault

SIGNATURE = b"%PDF-"
# Mail programs put bytes before the signature, and PDF readers look for it in the first kilobyte.
HEAD = 1024
MARK = re.compile(rb"/EmbeddedFile(?![A-Za-z])")
STREAM = re.compile(rb"stream(?:\r\n|\n)")
FILTER = re.compile(rb"/Filter\s{0,9}(\[?)\s{0,9}/(\w{1,40})\s{0,9}(/?)")
LENGTH = re.compile(rb"/Length\s{0,9}(\d{1,9})(?!\s{1,9}\d{1,9}\s{1,9}R)")
LONGEST_DICTIONARY = 4096
MAX_FILES = 32
MAX_STREAMS = 20_000
# So many packed bytes tell whether a stream begins as JSON does.
PEEK = 4096
JSON_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*\{")


def read(data: bytes, path: Path | str | None = None) -> bytes:
    """Take the JSON text out of the page's attachments; exactly one of them must be a record."""
    if re.search(rb"/Encrypt\b", data):
        raise Fault("is an encrypted PDF", path=path, remedy="ask its holder for the file itself")
    found: list[bytes] = []
    for number, (filters, raw) in enumerate(_attachments(data, path)):
        if number >= MAX_FILES:
            raise Fault(f"is a PDF with more than {MAX_FILES} attachments", path=path)
        text = _open(filters, raw, path)
        if JSON_BEGIN.match(text) and b'"credentialSubject"' in text and text not in found:
            found.append(text)
    if not found:
        raise Fault("is a PDF that carries no record", path=path, remedy="ask its holder for the file itself")
    if len(found) > 1:
        raise Fault("carries more than one record, so nobody can say which is meant", path=path)
    return safejson.within(found[0], path)


def _attachments(data: bytes, path: Path | str | None) -> Iterator[tuple[list[bytes], bytes]]:
    """Filters and packed bytes of each stream that is called an embedded file or begins as JSON does."""
    for number, stream in enumerate(STREAM.finditer(data)):
        if number >= MAX_STREAMS:
            raise Fault(f"is a PDF of more than {MAX_STREAMS} streams", path=path)
        begin = data.rfind(b"obj", max(0, stream.start() - LONGEST_DICTIONARY), stream.start())
        dictionary = data[begin + 3 : stream.start()]
        if begin < 0 or b"endobj" in dictionary or not dictionary.rstrip().endswith(b">>"):
            continue
        filters = _filters(dictionary)
        begins = data[stream.end() : stream.end() + PEEK]
        if not MARK.search(dictionary) and not _begins_as_json(filters, begins):
            continue
        told = LENGTH.search(dictionary)
        end = stream.end() + int(told.group(1)) if told else data.find(b"endstream", stream.end())
        if not stream.end() <= end <= len(data):
            raise Fault("is a PDF whose attachment is cut off", path=path)
        yield filters, data[stream.end() : end]


def _begins_as_json(filters: list[bytes], packed: bytes) -> bool:
    """Whether a stream could be the text of a record; one that cannot be opened is somebody's picture."""
    if filters == [b"FlateDecode"]:
        try:
            packed = zlib.decompressobj().decompress(packed, PEEK)
        except zlib.error:
            return False
    elif filters:
        return False
    return JSON_BEGIN.match(packed) is not None


def _filters(dictionary: bytes) -> list[bytes]:
    found = FILTER.search(dictionary)
    if found is None:
        return []
    several = found.group(1) and found.group(3)
    return [b"several"] if several or b"/Predictor" in dictionary else [found.group(2)]


def _open(filters: list[bytes], raw: bytes, path: Path | str | None) -> bytes:
    """Unpack an attachment as far as a record may go; what is larger is no record, or a bomb."""
    if not filters:
        return safejson.within(raw, path)
    if filters != [b"FlateDecode"]:
        raise Fault("is a PDF that packs its attachment in a way that is not read here", path=path)
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(raw, safejson.MAX_BYTES + 1)
    except zlib.error:
        raise Fault("is a PDF whose attachment is damaged", path=path) from None
    if not stream.eof and len(text) <= safejson.MAX_BYTES:
        raise Fault("is a PDF whose attachment is cut off", path=path)
    return safejson.within(text, path)
