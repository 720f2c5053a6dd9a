"""Files that carry a record: the one JSON is taken out of them, and nothing else of them is believed."""

from __future__ import annotations

from autograder.records.errors import Fault

__all__ = ["CARRIERS", "kind_of", "unwrap"]

# What a file of each kind begins with.
CARRIERS = {"png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}


def kind_of(data: bytes) -> str:
    """Tell the kind of a file by its first bytes: `json`, `png`, `svg` or `pdf`; names are not believed."""
    for kind, begin in CARRIERS.items():
        if data.startswith(begin):
            return kind
    return "svg" if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else "json"


def unwrap(data: bytes) -> bytes:
    """The JSON of the record in a file, as the bytes that were put in; a Fault says why there is none."""
    kind = kind_of(data)
    if kind == "json":
        return data
    raise Fault(
        f"is a {kind.upper()} file, which is not read here", remedy="name the JSON file of the record"
    )
