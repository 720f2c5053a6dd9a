"""A record in a PDF page: an embedded file (ISO 32000-2, 7.11.4).

This is no PDF reader. A stream is never inside another object, so an embedded file stands in the bytes with
its own dictionary and can be found without following a single reference; a file that is encrypted, or that
packs its attachment in an unusual way, is refused in words.
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
MAX_MARKS = 1000


def read(data: bytes, path: Path | str | None = None) -> bytes:
    """Take the JSON text out of the page's attachments; exactly one of them must be a record."""
    if re.search(rb"/Encrypt\b", data):
        raise Fault("is an encrypted PDF", path=path, remedy="ask its holder for the file itself")
    found: list[bytes] = []
    for number, (filters, raw) in enumerate(_streams(data, path)):
        if number >= MAX_FILES:
            raise Fault(f"is a PDF with more than {MAX_FILES} attachments", path=path)
        text = _open(filters, raw, path)
        if text.lstrip()[:1] == b"{" and b'"credentialSubject"' in text and text not in found:
            found.append(text)
    if not found:
        raise Fault("is a PDF that carries no record", path=path, remedy="ask its holder for the file itself")
    if len(found) > 1:
        raise Fault("carries more than one record, so nobody can say which is meant", path=path)
    return safejson.within(found[0], path)


def _streams(data: bytes, path: Path | str | None) -> Iterator[tuple[list[bytes], bytes]]:
    """Filters and packed bytes of each embedded file."""
    last = -1
    for number, mark in enumerate(MARK.finditer(data)):
        if number >= MAX_MARKS:
            raise Fault(f"is a PDF that speaks of attachments more than {MAX_MARKS} times", path=path)
        begin = data.rfind(b"obj", max(0, mark.start() - LONGEST_DICTIONARY), mark.start())
        stream = STREAM.search(data, mark.end(), mark.end() + LONGEST_DICTIONARY)
        if begin < 0 or stream is None or stream.start() == last:
            continue
        dictionary = data[begin + 3 : stream.start()]
        if b"endobj" in dictionary or not dictionary.rstrip().endswith(b">>"):
            continue
        last = stream.start()
        told = LENGTH.search(dictionary)
        end = stream.end() + int(told.group(1)) if told else data.find(b"endstream", stream.end())
        if not stream.end() <= end <= len(data):
            raise Fault("is a PDF whose attachment is cut off", path=path)
        yield _filters(dictionary), data[stream.end() : end]


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
