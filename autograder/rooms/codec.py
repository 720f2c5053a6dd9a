"""Values as JSON trees: None, booleans, texts and numbers as they are, everything else as `[tag, …]`.

Writing goes by base type, so a subclass arrives as its base and loses whatever it pretended. It happens in
the learner's room, where a lie harms nobody else. Reading happens in the examiner's and trusts nothing.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

from autograder.rooms import (
    algebra,
    arrays,
    containers,
    frames,
    numbers,
    quantum,
    randoms,
    records,
    references,
    things,
)
from autograder.rooms.bounds import Bounds, Refused, Unknown
from autograder.rooms.tree import Block, Describe, Reader, Take, Writer, name_of

__all__ = ["READERS", "decode", "encode", "prepare"]


def encode(
    value: Any,
    bounds: Bounds,
    *,
    strange: Describe | None = None,
    given: Mapping[str, type] | None = None,
    canonical: bool = False,
) -> tuple[Any, list[Block]]:
    """Write a value as a tree, with its large parts apart."""
    writer = Writer(bounds, _EXACT, _write, strange=strange, given=given, canonical=canonical)
    return writer.write(value), writer.blocks


def decode(
    tree: Any,
    blocks: list[memoryview],
    bounds: Bounds,
    *,
    handle: Take | None = None,
    given: Mapping[str, type] | None = None,
    noted: Callable[[Any], None] | None = None,
) -> Any:
    """Read a tree; every block must have been used exactly once."""
    reader = Reader(blocks, bounds, READERS, handle=handle, given=given, noted=noted)
    value = reader.read(tree)
    reader.finish()
    return value


# Classes given by name come first. Arrays and pandas' moments before numbers and dates, whose subclasses some
# of them are, and would lose their type.
_KNOWN: tuple[Callable[[Writer, Any], Any], ...] = (
    records.write,
    arrays.write,
    frames.write,
    numbers.write,
    containers.write,
    quantum.write,
    algebra.write,
    randoms.write,
    things.write,
    references.write,
)


def _write(writer: Writer, value: Any) -> Any:
    for known in _KNOWN:
        tree = known(writer, value)
        if tree is not None:
            return tree
    raise Unknown(f"a value of type {name_of(type(value))[:80]!r} does not travel")


def _read_handle(reader: Reader, description: Any, *values: Any) -> Any:
    if reader.handle is None or len(values) > 1 or type(description) is not dict:
        raise Refused("something that is not handed out by value")
    reader.plain(description)
    reader.describing += 1
    inner = [reader.each(one) for one in values]
    reader.describing -= 1
    return reader.note(reader.handle(description, *inner))


def _write_function(writer: Writer, value: Any) -> Any:
    tree = references.write(writer, value)
    if tree is None:
        raise Unknown("a value of type 'function' does not travel")
    return tree


# By exact type, for speed; the same functions that a subclass would reach one after the other.
_EXACT: dict[type, Callable[[Writer, Any], Any]] = {
    types.FunctionType: _write_function,
    **numbers.EXACT,
    **containers.EXACT,
}


def prepare() -> None:
    """Add what most values are besides, as far as it is loaded; once, in the warm parent."""
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        kinds = (numpy.ndarray, numpy.float64, numpy.int64, numpy.bool_, numpy.complex128)
        _EXACT.update(dict.fromkeys(kinds, arrays.write))
    _EXACT.update(quantum.exact())


READERS: dict[str, Callable[..., Any]] = {
    "h": _read_handle,
    **numbers.READERS,
    **containers.READERS,
    **things.READERS,
    **records.READERS,
    **references.READERS,
    **arrays.READERS,
    **randoms.READERS,
    **frames.READERS,
    **quantum.READERS,
    **algebra.READERS,
}
