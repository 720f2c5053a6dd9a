"""The columns of a table: numbers, texts, categories and moments, each with the type that it has there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timezone
from typing import Any

from autograder.rooms import arrays
from autograder.rooms.bounds import Refused, Unknown
from autograder.rooms.containers import fair
from autograder.rooms.tree import Reader, Writer, name_of

__all__ = ["fixed", "read", "write", "zone"]

_SIZES = (8, 16, 32, 64)
_MASKED = frozenset(
    ("boolean", "Float32", "Float64", *(f"{one}{size}" for one in ("Int", "UInt") for size in _SIZES))
)


def write(writer: Writer, column: Any) -> Any:
    """Write the values of a column, an array of pandas's or of NumPy's."""
    import numpy
    import pandas

    kind = column.dtype
    name = str(kind)
    if isinstance(kind, pandas.StringDtype):
        texts = [None if pandas.isna(one) else str(one) for one in column]
        return ["xs", kind.na_value is pandas.NA, writer.each(texts)]
    if isinstance(kind, pandas.CategoricalDtype):
        categories = ["pi", write(writer, column.categories.array), None, None]
        return ["xc", categories, arrays.write(writer, column.codes.astype("int64")), bool(column.ordered)]
    if isinstance(kind, pandas.DatetimeTZDtype):
        values = column.tz_convert(UTC).tz_localize(None).to_numpy()
        return ["xz", arrays.write(writer, values), writer.write(fixed(kind.tz))]
    if name in _MASKED:
        missing = pandas.isna(column)
        return [
            "xm",
            name,
            arrays.write(writer, column.to_numpy(kind.numpy_dtype, na_value=0)),
            arrays.write(writer, missing),
        ]
    if name_of(type(kind)) == "NumpyEADtype":
        kind = kind.numpy_dtype
    if not isinstance(kind, numpy.dtype) or kind.kind not in "biufcmMO":
        raise Unknown(f"a column of type {name[:80]!r} does not travel")
    return ["xn", arrays.write(writer, column.to_numpy())]


def fixed(tz: Any) -> Any:
    """Write a fixed offset as the standard library's; zones with rules of their own do not travel."""
    if isinstance(tz, timezone):
        return tz
    if str(tz) == "UTC":
        return UTC
    raise Unknown("moments in a zone with rules of its own do not travel")


def zone(value: Any) -> timezone:
    """Take an offset for what it must be."""
    if not isinstance(value, timezone):
        raise Refused("not a zone")
    return value


def read(reader: Reader, tree: Any) -> Any:
    """Build the values of a column."""
    if type(tree) is not list or not tree or tree[0] not in _READERS:
        raise Refused("not a column")
    reader.enter()
    made = _READERS[tree[0]](reader, *tree[1:])
    reader.depth -= 1
    return made


def _read_plain(reader: Reader, tree: Any) -> Any:
    if type(tree) is not list or tree[:1] not in (["a"], ["ao"]):
        raise Refused("not a column")
    made = reader.read(tree)
    if made.ndim != 1 or made.dtype.kind not in "biufcmMO":
        raise Refused("a column of several dimensions")
    return made


def _read_texts(reader: Reader, missing: Any, texts: Any) -> Any:
    import numpy
    import pandas

    values = reader.each(texts)
    if type(missing) is not bool or not all(one is None or type(one) is str for one in values):
        raise Refused("a column of texts that are none")
    kind = pandas.StringDtype(na_value=pandas.NA if missing else numpy.nan)
    return pandas.array(values, dtype=kind)


def _read_categories(reader: Reader, categories: Any, codes: Any, ordered: Any) -> Any:
    import pandas

    values = reader.read(categories) if type(categories) is list and categories[:1] == ["pi"] else None
    places = arrays.read_numbers(reader, codes, "i", 1)
    if values is None or type(ordered) is not bool:
        raise Refused("not categories")
    fair(values, reader.bounds)
    return pandas.Categorical.from_codes(places, categories=values, ordered=ordered)


def _read_moments(reader: Reader, tree: Any, offset: Any) -> Any:
    import pandas

    values = arrays.read_numbers(reader, tree, "M", 1)
    return pandas.DatetimeIndex(values).tz_localize(UTC).tz_convert(zone(reader.read(offset))).array


def _read_masked(reader: Reader, name: Any, tree: Any, mask: Any) -> Any:
    import pandas

    if name not in _MASKED:
        raise Refused("not a column")
    values, missing = arrays.read_numbers(reader, tree, "biuf", 1), arrays.read_numbers(reader, mask, "b", 1)
    if len(values) != len(missing) or values.dtype != pandas.api.types.pandas_dtype(name).numpy_dtype:
        raise Refused("not a column")
    made = pandas.array(values, dtype=name)
    made[missing] = pandas.NA
    return made


_READERS: dict[str, Callable[..., Any]] = {
    "xn": _read_plain,
    "xs": _read_texts,
    "xc": _read_categories,
    "xz": _read_moments,
    "xm": _read_masked,
}
