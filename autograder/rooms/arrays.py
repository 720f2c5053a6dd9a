"""NumPy arrays and scalars as a type, a shape and bytes; never as pickles."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from typing import Any

from autograder.rooms.bounds import Refused, Unknown
from autograder.rooms.tree import Block, Reader, Writer

__all__ = ["READERS", "read_array", "read_numbers", "write"]

# Numbers and truth values of the usual sizes, texts of fixed length, moments and spans; little-endian.
_TYPE = re.compile(
    r"\|b1|[|<][iu]1|<[iu][248]|<f[248]|<c(?:8|16)|\|S[1-9]\d{0,4}|<U[1-9]\d{0,3}"
    r"|<[mM]8(?:\[[1-9]?\d{0,3}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
)
_DIMENSIONS = 32
_LONGEST_SIDE = 1 << 40
_WIDEST = {"f": 8, "c": 16}
_FIELDS = 64
_LONGEST_NAME = 200
_LONGEST_INNER = 1 << 20


def write(writer: Writer, value: Any) -> Any:
    """Write an array or a scalar; None for anything else. Nothing is an array while NumPy is not loaded."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    base = type(value)
    if not issubclass(base, (numpy.ndarray, numpy.generic)):
        return ["dt", value.str] if issubclass(base, numpy.dtype) and _TYPE.fullmatch(value.str) else None
    plain = value if base is numpy.ndarray else numpy.asarray(value)
    scalar, kind = issubclass(base, numpy.generic), plain.dtype
    if kind.kind == "O":
        return ["ao", list(plain.shape), writer.each(plain.ravel().tolist())]
    if kind.kind == "V" and kind.names:
        return _write_fields(writer, plain, scalar)
    if not kind.isnative:
        kind = kind.newbyteorder("<")
    # Wider floats differ from machine to machine; what they lose is below what a test can ask for.
    if kind.kind in "fc" and kind.itemsize > _WIDEST[kind.kind]:
        kind = numpy.dtype(f"<{kind.kind}{_WIDEST[kind.kind]}")
    if kind.itemsize == 0 and kind.kind in "SU":
        kind = numpy.dtype(f"<{kind.kind}1")
    if not _TYPE.fullmatch(kind.str):
        raise Unknown(f"an array of type {str(kind)[:80]!r} does not travel")
    if scalar:
        return ["n", kind.str, plain.astype(kind, copy=False).tobytes().hex()]
    return ["a", kind.str, list(plain.shape), writer.block(_content(plain, kind))]


def _content(plain: Any, kind: Any) -> Block:
    """Give the bytes of an array in rows, without copying those that lie so already."""
    if plain.dtype != kind or not plain.flags.c_contiguous:
        plain = plain.astype(kind, order="C")
    # Moments have no buffer of their own, and an empty one cannot be cast.
    return plain.reshape(-1).view("u1").data if plain.size else b""


def _write_fields(writer: Writer, plain: Any, scalar: bool) -> Any:
    names = plain.dtype.names
    if len(names) > _FIELDS or not all(len(name) <= _LONGEST_NAME for name in names):
        raise Unknown("an array of too many fields does not travel")
    held = [write(writer, plain[name]) for name in names]
    return ["as", list(names), list(plain.shape), held, scalar]


def _shape(shape: Any) -> tuple[int, ...]:
    if type(shape) is not list or len(shape) > _DIMENSIONS:
        raise Refused("an array of too many dimensions")
    if not all(type(side) is int and 0 <= side <= _LONGEST_SIDE for side in shape):
        raise Refused("an array with an impossible side")
    # Without its empty sides: (0, 10**18) holds nothing, and still overflows inside NumPy.
    if math.prod(side for side in shape if side) > _LONGEST_SIDE:
        raise Refused("an array with impossible sides")
    return tuple(shape)


def _count(sides: tuple[int, ...]) -> int:
    return math.prod(sides)


def _dtype(kind: Any) -> Any:
    import numpy

    if type(kind) is not str or not _TYPE.fullmatch(kind):
        raise Refused("an array of a type that does not travel")
    return numpy.dtype(kind)


def read_array(reader: Reader, kind: Any, shape: Any, number: Any) -> Any:
    """Build an array; its bytes must be exactly as many as its type and shape say, and mean something."""
    dtype = _dtype(kind)
    sides, content = _shape(shape), reader.block(number)
    if math.prod(sides) * dtype.itemsize != len(content):
        raise Refused("an array whose bytes do not fit its shape")
    return _meant(dtype, content).reshape(sides).copy()


def _meant(dtype: Any, content: Block) -> Any:
    """Take bytes for values, if they are values of this type."""
    import numpy

    # Other bytes than 0 and 1 make truth values that are neither, other code points no text.
    if dtype.kind == "b" and numpy.frombuffer(content, "u1").max(initial=0) > 1:
        raise Refused("truth values that are neither")
    if dtype.kind == "U" and numpy.frombuffer(content, "<u4").max(initial=0) > 0x10FFFF:
        raise Refused("text that is none")
    return numpy.frombuffer(content, dtype)


def read_numbers(reader: Reader, tree: Any, kinds: str, dimensions: int | None = None) -> Any:
    """Build an array that must be one, and of certain kinds."""
    if type(tree) is not list or len(tree) != 4 or tree[0] != "a":
        raise Refused("not an array")
    made = read_array(reader, *tree[1:])
    if made.dtype.kind not in kinds or (dimensions is not None and made.ndim != dimensions):
        raise Refused("not an array of the right kind")
    return made


def _read_scalar(_: Reader, kind: Any, digits: Any) -> Any:
    dtype = _dtype(kind)
    if type(digits) is not str or len(digits) != 2 * dtype.itemsize:
        raise Refused("a scalar whose bytes do not fit its type")
    return _meant(dtype, bytes.fromhex(digits))[0]


def _read_objects(reader: Reader, shape: Any, items: Any) -> Any:
    import numpy

    sides, values = _shape(shape), reader.each(items)
    if math.prod(sides) != len(values):
        raise Refused("an array whose values do not fit its shape")
    flat = numpy.empty(len(values), dtype=object)
    for position, value in enumerate(values):  # one by one: NumPy would look into lists
        flat[position] = value
    return flat.reshape(sides)


def _read_fields(reader: Reader, names: Any, shape: Any, held: Any, scalar: Any) -> Any:
    import numpy

    sides = _shape(shape)
    if type(names) is not list or not 0 < len(names) <= _FIELDS or len(set(names)) != len(names):
        raise Refused("an array with impossible fields")
    if not all(type(one) is str and 0 < len(one) <= _LONGEST_NAME for one in names):
        raise Refused("an array with impossible fields")
    if type(held) is not list or not all(type(one) is list and one[:1] in (["a"], ["as"]) for one in held):
        raise Refused("an array with impossible fields")
    parts = reader.each(held)
    if len(parts) != len(names) or any(one.shape[: len(sides)] != sides for one in parts):
        raise Refused("an array whose fields do not fit its shape")
    # Empty sides again: no bytes are needed to ask for a field of a petabyte.
    if any(one.size == 0 for one in parts) and 0 not in sides:
        raise Refused("an array with impossible fields")
    inner: list[tuple[int, ...]] = [one.shape[len(sides) :] for one in parts]
    if 0 in sides and max(map(_count, inner)) > _LONGEST_INNER:
        raise Refused("an array with impossible fields")
    rows = [(name, one.dtype, side) for name, one, side in zip(names, parts, inner, strict=True)]
    made = numpy.zeros(sides, dtype=rows)
    for name, one in zip(names, parts, strict=True):
        made[name] = one
    return made[()] if scalar is True and not sides else made


READERS: dict[str, Callable[..., Any]] = {
    "a": read_array,
    "n": _read_scalar,
    "ao": _read_objects,
    "as": _read_fields,
    "dt": lambda _, kind: _dtype(kind),
}
