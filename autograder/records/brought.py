"""What somebody brought to be verified: a file's bytes, and the one record in them, bare or carried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.records import carriers, safejson
from autograder.records.errors import Fault
from autograder.records.verify import Settings, Verdict, verify

# A picture or a page may be much larger than the record in it.
MAX_BYTES = 20_000_000


def read(path: Path) -> Any:
    """The parsed record in a JSON, PNG, SVG or PDF file; a Fault names the file."""
    return parse(safejson.read_bytes(path, limit=MAX_BYTES), path)


def parse(data: bytes, path: Path | str | None = None) -> Any:
    """The parsed record in the bytes of a file of any kind."""
    found = carriers.unwrap(data, path)
    if len(found) > safejson.MAX_BYTES:
        what = f"is larger than {safejson.MAX_BYTES} bytes"
        raise Fault(what, path=path, remedy="this is not a file of this format")
    return safejson.parse(found, path)


def verify_bytes(data: bytes, settings: Settings, path: Path | str | None = None) -> Verdict:
    """Verify the record in the bytes of a file of any kind."""
    return verify(parse(data, path), settings)
