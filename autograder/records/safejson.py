"""Read JSON that a stranger wrote: bounded, and without anything that two readers could take differently."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from autograder.records.errors import Fault

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
# A bracket, or a whole text, in which brackets mean nothing; an open text ends the document.
BRACKET = re.compile(r'"(?:[^"\\]+|\\.?)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
# RFC 7493 2.2: integers beyond this are not the same number for every reader.
MAX_INTEGER = 2**53 - 1


def read(path: Path, *, limit: int = MAX_BYTES) -> Any:
    """Read a JSON file; a file that is missing, too large or unclear is a Fault that names it."""
    return parse(read_bytes(path, limit=limit), path)


def read_bytes(path: Path, *, limit: int = MAX_BYTES) -> bytes:
    """Read at most `limit` bytes of a regular file."""
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "does not exist"
            raise Fault(what, path=path, remedy="name a JSON file")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise Fault(f"cannot be read ({error.strerror})", path=path) from None
    return within(data, path, limit=limit)


def within(data: bytes, path: Path | str | None = None, *, limit: int = MAX_BYTES) -> bytes:
    """The bytes again, or a Fault when there are more than a file of this format has."""
    if len(data) > limit:
        raise Fault(f"is larger than {limit} bytes", path=path, remedy="this is not a file of this format")
    return data


def parse(data: bytes, path: Path | str | None = None) -> Any:
    """Turn bytes into JSON values, or say why they are not."""
    try:
        # Editors on Windows put a mark of byte order in front (RFC 8259, 8.1 lets a reader pass over it).
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault("is not UTF-8 text", path=path, remedy="name a JSON file") from None
    _check_depth(text, path)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        raise Fault(
            "is not JSON from this line on", path=path, line=error.lineno, remedy="name a JSON file"
        ) from None
    except ValueError as error:
        raise Fault(str(error), path=path) from None
    return value


def _check_depth(text: str, path: Path | str | None) -> None:
    """Refuse deep nesting before a recursive reader meets it."""
    depth = 0
    for found in BRACKET.finditer(text):
        bracket = found.group()
        if bracket in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise Fault(f"is nested deeper than {MAX_DEPTH} levels", path=path)
        elif bracket in "]}":
            depth -= 1


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"has the key {key[:40]!r} twice in one object")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"holds {name}, which is not a JSON number")


def _integer(text: str) -> int:
    # A long digit string would make int() itself slow.
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        raise ValueError("holds an integer that not every reader takes as the same number")
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("holds a number that is too large")
    return value
