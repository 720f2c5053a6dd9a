"""NumPy arrays and scalars as a type, a shape and bytes; never as pickles."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from typing import Any

from autograder.rooms.bounds import Refused, Unknown
from autograder.rooms.tree import Reader, Writer

__all__ = ["READERS", "read_array", "write"]

# Numbers and truth values of the usual sizes, and texts of fixed length; little-endian.
_TYPE = re.compile(r"\|b1|[|<][iu]1|<[iu][248]|<f[248]|<c(?:8|16)|\|S[1-9]\d{0,4}|<U[1-9]\d{0,3}")
_DIMENSIONS = 32
_LONGEST_SIDE = 1 << 40


def write(writer: Writer, value: Any) -> Any:
    """Write an array or a scalar; None for anything else. Nothing is an array while NumPy is not loaded."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(value, numpy.ndarray | numpy.generic):
        return None
    plain = numpy.asarray(value)
    if plain.dtype.kind == "O":
        return ["ao", list(plain.shape), writer.each(plain.ravel().tolist())]
    kind = plain.dtype.newbyteorder("<")
    if kind.itemsize == 0 and kind.kind in "SU":
        kind = numpy.dtype(f"<{kind.kind}1")
    if not _TYPE.fullmatch(kind.str):
        raise Unknown(f"an array of type {str(kind)[:80]!r} does not travel")
    content = numpy.ascontiguousarray(plain, dtype=kind).tobytes()
    tag = "n" if isinstance(value, numpy.generic) else "a"
    return [tag, kind.str, list(plain.shape), writer.block(content)]


def _shape(shape: Any) -> tuple[int, ...]:
    if not isinstance(shape, list) or len(shape) > _DIMENSIONS:
        raise Refused("an array of too many dimensions")
    if not all(type(side) is int and 0 <= side <= _LONGEST_SIDE for side in shape):
        raise Refused("an array with an impossible side")
    # Without its empty sides: (0, 10**18) holds nothing, and still overflows inside NumPy.
    if math.prod(side for side in shape if side) > _LONGEST_SIDE:
        raise Refused("an array with impossible sides")
    return tuple(shape)


def read_array(reader: Reader, kind: Any, shape: Any, number: Any) -> Any:
    """Build an array; its bytes must be exactly as many as its type and shape say, and mean something."""
    import numpy

    if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
        raise Refused("an array of a type that does not travel")
    sides, content = _shape(shape), reader.block(number)
    dtype = numpy.dtype(kind)
    if math.prod(sides) * dtype.itemsize != len(content):
        raise Refused("an array whose bytes do not fit its shape")
    # Other bytes than 0 and 1 make truth values that are neither, other code points no text.
    if dtype.kind == "b" and numpy.frombuffer(content, "u1").max(initial=0) > 1:
        raise Refused("truth values that are neither")
    if dtype.kind == "U" and numpy.frombuffer(content, "<u4").max(initial=0) > 0x10FFFF:
        raise Refused("text that is none")
    return numpy.frombuffer(content, dtype).reshape(sides).copy()


def _read_scalar(reader: Reader, kind: Any, shape: Any, number: Any) -> Any:
    return read_array(reader, kind, shape, number)[()]


def _read_objects(reader: Reader, shape: Any, items: Any) -> Any:
    import numpy

    sides, values = _shape(shape), reader.each(items)
    if math.prod(sides) != len(values):
        raise Refused("an array whose values do not fit its shape")
    flat = numpy.empty(len(values), dtype=object)
    for position, value in enumerate(values):  # one by one: NumPy would look into lists
        flat[position] = value
    return flat.reshape(sides)


READERS: dict[str, Callable[..., Any]] = {"a": read_array, "n": _read_scalar, "ao": _read_objects}
