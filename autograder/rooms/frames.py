"""Tables of pandas column by column, with their indexes, names and types; never as pickles."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import UTC
from typing import Any

from autograder.rooms import arrays, columns
from autograder.rooms.bounds import Refused
from autograder.rooms.containers import fair
from autograder.rooms.tree import Reader, Writer

__all__ = ["READERS", "write"]

_LEVELS = 16
_STEP = re.compile(r"-?\d{0,4}(?:D|B|h|min|s|ms|us|ns|MS|ME|W(?:-[A-Z]{3})?|[QY][ES](?:-[A-Z]{3})?)")
_SLOW_STEPS = 100_000  # moments that are checked against their step
_UNITS = ("s", "ms", "us", "ns")


def write(writer: Writer, value: Any) -> Any:
    """Write a table, a column, an index or a moment of pandas; None for anything else."""
    pandas = sys.modules.get("pandas")
    kind = type(value)
    # While pandas is being imported it is there, and has nothing yet.
    if pandas is None or not hasattr(pandas, "DataFrame"):
        return None
    if value is pandas.NA or value is pandas.NaT:
        return ["pna", value is pandas.NA]
    for base, writes in (
        (pandas.DataFrame, _write_frame),
        (pandas.Series, _write_series),
        (pandas.MultiIndex, _write_levels),
        (pandas.RangeIndex, _write_range),
        (pandas.Index, _write_index),
        (pandas.api.extensions.ExtensionArray, _write_values),
        (pandas.Timestamp, _write_moment),
        (pandas.Timedelta, _write_span),
    ):
        if issubclass(kind, base):
            return writes(writer, value)
    return None


def _write_frame(writer: Writer, value: Any) -> Any:
    held = [columns.write(writer, value.iloc[:, place].array) for place in range(value.shape[1])]
    return ["pd", writer.write(value.columns), writer.write(value.index), held]


def _write_series(writer: Writer, value: Any) -> Any:
    return ["ps", columns.write(writer, value.array), writer.write(value.index), writer.write(value.name)]


def _write_range(writer: Writer, value: Any) -> Any:
    return ["pr", value.start, value.stop, value.step, writer.write(value.name)]


def _write_index(writer: Writer, value: Any) -> Any:
    freq = getattr(value, "freqstr", None)
    return ["pi", columns.write(writer, value.array), writer.write(value.name), freq]


def _write_levels(writer: Writer, value: Any) -> Any:
    levels = writer.each(value.levels)
    codes = [arrays.write(writer, one.astype("int64")) for one in value.codes]
    return ["pm", levels, codes, writer.each(value.names)]


def _write_values(writer: Writer, value: Any) -> Any:
    return ["pv", columns.write(writer, value)]


def _write_moment(writer: Writer, value: Any) -> Any:
    zone = None if value.tzinfo is None else writer.write(columns.fixed(value.tzinfo))
    return ["pt", value.asm8.astype("int64").item(), value.unit, zone]


def _write_span(_: Writer, value: Any) -> Any:
    return ["px", value.asm8.astype("int64").item(), value.unit]


def _read_frame(reader: Reader, names: Any, index: Any, held: Any) -> Any:
    import pandas

    labels, rows = _index(reader, names), _index(reader, index)
    if type(held) is not list or len(held) != len(labels):
        raise Refused("a table whose columns do not fit their names")
    reader.count(10 * len(held))
    parts = [columns.read(reader, one) for one in held]
    if any(len(one) != len(rows) for one in parts):
        raise Refused("a table whose columns do not fit its rows")
    made = pandas.DataFrame(dict(enumerate(parts)), index=rows, copy=False)
    made.columns = labels
    return made


def _index(reader: Reader, tree: Any) -> Any:
    import pandas

    made = reader.read(tree)
    if not isinstance(made, pandas.Index):
        raise Refused("rows without an index")
    return made


def _name(reader: Reader, tree: Any) -> Any:
    name = reader.read(tree)
    hash(name)
    return name


def _read_series(reader: Reader, column: Any, index: Any, name: Any) -> Any:
    import pandas

    values, rows = columns.read(reader, column), _index(reader, index)
    if len(values) != len(rows):
        raise Refused("a column that does not fit its rows")
    return pandas.Series(values, index=rows, name=_name(reader, name), dtype=_kept(values), copy=False)


def _kept(values: Any) -> Any:
    """Keep pandas from looking into objects for a better type; others have theirs."""
    return object if values.dtype == object else None


def _read_range(reader: Reader, start: Any, stop: Any, step: Any, name: Any) -> Any:
    import pandas

    if not all(type(one) is int and abs(one) < 1 << 40 for one in (start, stop, step)) or step == 0:
        raise Refused("rows without end")
    if len(range(start, stop, step)) > reader.bounds.block // 8:
        raise Refused("rows without end")
    return pandas.RangeIndex(start, stop, step, name=_name(reader, name))


def _read_index(reader: Reader, column: Any, name: Any, freq: Any) -> Any:
    import pandas

    values = columns.read(reader, column)
    _searchable(reader, values)
    made = pandas.Index(values, name=_name(reader, name), dtype=_kept(values), copy=False)
    if freq is not None:
        if type(freq) is not str or not _STEP.fullmatch(freq) or len(made) > _SLOW_STEPS:
            raise Refused("moments with an unknown step")
        made.freq = freq
    return made


def _searchable(reader: Reader, values: Any) -> None:
    """Refuse labels that were made to collide in the hash tables of pandas."""
    import numpy

    if values.dtype == object:
        fair(values, reader.bounds)
    elif isinstance(values, numpy.ndarray) and values.dtype.kind in "iumMfc" and values.dtype.itemsize >= 8:
        _spread(reader, values.view("u8"))


def _spread(reader: Reader, words: Any) -> None:
    """Mix numbers as pandas does, into 32 bits, and see how many different ones meet in one place."""
    import numpy

    most = 4 * reader.bounds.alike
    # Twice: a label that is there many times is honest, and to sort out those takes longer.
    for held in (lambda: words, lambda: numpy.unique(words)):
        some = held()
        mixed = (some >> numpy.uint64(33)) ^ some ^ (some << numpy.uint64(11))
        low = numpy.sort(mixed.astype("u4"))
        if len(low) <= most or not (low[most:] == low[:-most]).any():
            return
    raise Refused("labels that were made to collide")


def _read_levels(reader: Reader, levels: Any, codes: Any, names: Any) -> Any:
    import pandas

    if type(levels) is not list or not 0 < len(levels) <= _LEVELS or type(codes) is not list:
        raise Refused("an index of too many levels")
    parts = [_index(reader, one) for one in levels]
    places = [arrays.read_numbers(reader, one, "i", 1) for one in codes]
    labels = reader.each(names)
    if len({len(parts), len(places), len(labels)}) != 1 or len({len(one) for one in places}) != 1:
        raise Refused("an index whose levels do not fit")
    return pandas.MultiIndex(levels=parts, codes=places, names=labels)


def _read_moment(reader: Reader, value: Any, unit: Any, zone: Any) -> Any:
    import pandas

    moment = pandas.Timestamp(_moment(value, unit, "M"))
    return moment if zone is None else moment.tz_localize(UTC).tz_convert(columns.zone(reader.read(zone)))


def _moment(value: Any, unit: Any, kind: str) -> Any:
    import numpy

    if type(value) is not int or abs(value) >= 1 << 63 or unit not in _UNITS:
        raise Refused("not a moment")
    return numpy.array([value], "<i8").view(f"<{kind}8[{unit}]")[0]


def _read_span(_: Reader, value: Any, unit: Any) -> Any:
    import pandas

    return pandas.Timedelta(_moment(value, unit, "m"))


def _read_missing(_: Reader, which: Any) -> Any:
    import pandas

    if type(which) is not bool:
        raise Refused("missing in an unknown way")
    return pandas.NA if which else pandas.NaT


READERS: dict[str, Callable[..., Any]] = {
    "pd": _read_frame,
    "ps": _read_series,
    "pi": _read_index,
    "pr": _read_range,
    "pm": _read_levels,
    "pv": lambda reader, tree: columns.read(reader, tree),
    "pt": _read_moment,
    "px": _read_span,
    "pna": _read_missing,
}
