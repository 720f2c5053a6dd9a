"""Pictures and pages that carry a record: PNG, SVG and PDF around the one JSON file, which alone is signed.

    >>> from autograder.records import carriers
    >>> carriers.unwrap(b'{"id": "a record"}')
    b'{"id": "a record"}'

What a carrier shows proves nothing; a reader takes the JSON out and verifies that.
Every reader here is bounded, because the file comes from a stranger: sizes, counts and depths have limits,
nothing is followed, and a file that carries two different records is refused instead of guessed about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from autograder.records import safejson
from autograder.records.carriers import pdf, png, svg
from autograder.records.errors import Fault

__all__ = ["kind_of", "unwrap"]

JWT = re.compile(rb"[\w-]{2,}\.[\w-]{2,}\.[\w-]{2,}")
READERS: dict[str, Callable[[bytes, Path | str | None], bytes]] = {
    "png": png.read,
    "pdf": pdf.read,
    "svg": svg.read,
    "json": safejson.within,
}


def kind_of(data: bytes) -> str:
    """Tell the kind of a file by its first bytes: `json`, `png`, `svg` or `pdf`; names are not believed."""
    if data.startswith(png.SIGNATURE):
        return "png"
    first = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if first == b"{":
        return "json"
    if pdf.SIGNATURE in data[: pdf.HEAD]:
        return "pdf"
    return "svg" if first == b"<" else "json"


def unwrap(data: bytes, path: Path | str | None = None) -> bytes:
    """The JSON of the record in a file, as the bytes that were put in; a Fault says why there is none."""
    text = READERS[kind_of(data)](data, path)
    if JWT.fullmatch(text.strip()):
        raise Fault("holds a record as JWT, which this program does not read", path=path)
    return text
