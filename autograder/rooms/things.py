"""Small things of the standard library: dates and times, names, paths, slices."""

from __future__ import annotations

import pathlib
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from types import SimpleNamespace
from typing import Any

from autograder.rooms.bounds import Refused, Unknown
from autograder.rooms.tree import Reader, Writer

__all__ = ["READERS", "write"]

_DAY = 86_400_000_000  # microseconds
_LONGEST_PATH = 4096
_NAME = re.compile(r"[^\W\d]\w{0,99}")
_PATHS = ("PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath", "PurePath")


def write(writer: Writer, value: Any) -> Any:
    """Write one of them; None for anything else."""
    if value is Ellipsis or value is NotImplemented:
        return ["e" if value is Ellipsis else "ni"]
    kind = type(value)
    for base, writes in _BASES:
        if issubclass(kind, base):
            return writes(writer, value)
    return None


def _zone(zone: tzinfo | None) -> Any:
    """Write an offset in microseconds, with its name if it has one of its own."""
    if zone is None:
        return None
    if type(zone) is not timezone:
        raise Unknown("a moment in a zone with rules of its own does not travel")
    offset = zone.utcoffset(None) // timedelta(microseconds=1)
    name = zone.tzname(None)
    return [offset] if name == timezone(timedelta(microseconds=offset)).tzname(None) else [offset, name]


def _write_datetime(_: Writer, value: datetime) -> Any:
    parts = [value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond]
    return ["tt", parts, _zone(value.tzinfo), value.fold]


def _write_date(_: Writer, value: date) -> Any:
    return ["td", value.year, value.month, value.day]


def _write_time(_: Writer, value: time) -> Any:
    parts = [value.hour, value.minute, value.second, value.microsecond]
    return ["tc", parts, _zone(value.tzinfo), value.fold]


def _write_delta(_: Writer, value: timedelta) -> Any:
    return ["ts", value.days, value.seconds, value.microseconds]


def _write_space(writer: Writer, value: SimpleNamespace) -> Any:
    held = object.__getattribute__(value, "__dict__")
    return ["sn", writer.each(part for pair in dict.items(held) for part in pair)]


def _write_slice(writer: Writer, value: slice) -> Any:
    return ["sl", writer.each([value.start, value.stop, value.step])]


def _write_uuid(_: Writer, value: uuid.UUID) -> Any:
    return ["uu", format(value.int, "032x")]


def _write_path(_: Writer, value: pathlib.PurePath) -> Any:
    name = next(one for one in _PATHS if issubclass(type(value), getattr(pathlib, one)))
    return ["pp", name, pathlib.PurePath.__str__(value)]


def _write_zone(_: Writer, value: timezone) -> Any:
    return ["tz", _zone(value)]


_BASES: tuple[tuple[type, Callable[[Writer, Any], Any]], ...] = (
    (datetime, _write_datetime),
    (date, _write_date),
    (time, _write_time),
    (timedelta, _write_delta),
    (timezone, _write_zone),
    (SimpleNamespace, _write_space),
    (slice, _write_slice),
    (uuid.UUID, _write_uuid),
    (pathlib.PurePath, _write_path),
)


def _integers(values: Any, count: int) -> list[int]:
    if type(values) is not list or len(values) != count or not all(type(one) is int for one in values):
        raise Refused("not a moment")
    return values


def _read_zone(tree: Any) -> timezone | None:
    if tree is None:
        return None
    if type(tree) is not list or not 1 <= len(tree) <= 2 or type(tree[0]) is not int or abs(tree[0]) >= _DAY:
        raise Refused("not a zone")
    offset = timedelta(microseconds=tree[0])
    if len(tree) == 1:
        return UTC if tree[0] == 0 else timezone(offset)
    if type(tree[1]) is not str or len(tree[1]) > 100:
        raise Refused("not a zone")
    return timezone(offset, tree[1])


def _read_datetime(_: Reader, parts: Any, zone: Any, fold: Any) -> datetime:
    year, month, day, hour, minute, second, micro = _integers(parts, 7)
    return datetime(year, month, day, hour, minute, second, micro, _read_zone(zone), fold=_fold(fold))


def _fold(fold: Any) -> int:
    return 1 if _integers([fold], 1)[0] else 0


def _read_date(_: Reader, *parts: Any) -> date:
    year, month, day = _integers(list(parts), 3)
    return date(year, month, day)


def _read_time(_: Reader, parts: Any, zone: Any, fold: Any) -> time:
    hour, minute, second, micro = _integers(parts, 4)
    return time(hour, minute, second, micro, _read_zone(zone), fold=_fold(fold))


def _read_delta(_: Reader, *parts: Any) -> timedelta:
    days, seconds, micro = _integers(list(parts), 3)
    return timedelta(days, seconds, micro)


def _read_space(reader: Reader, items: Any) -> SimpleNamespace:
    flat = reader.each(items)
    names = flat[::2]
    if not all(type(one) is str and _NAME.fullmatch(one) and not one.startswith("__") for one in names):
        raise Refused("a namespace with odd names")
    return SimpleNamespace(**dict(zip(names, flat[1::2], strict=True)))


def _read_slice(reader: Reader, items: Any) -> slice:
    start, stop, step = reader.each(items)
    return slice(start, stop, step)


def _read_uuid(_: Reader, text: Any) -> uuid.UUID:
    if type(text) is not str or not re.fullmatch(r"[0-9a-f]{32}", text):
        raise Refused("not an identifier")
    return uuid.UUID(int=int(text, 16))


def _read_path(_: Reader, name: Any, text: Any) -> pathlib.PurePath:
    if name not in _PATHS or type(text) is not str or len(text) > _LONGEST_PATH:
        raise Refused("not a path")
    return getattr(pathlib, name)(text)  # type: ignore[no-any-return]


READERS: dict[str, Callable[..., Any]] = {
    "e": lambda _: Ellipsis,
    "ni": lambda _: NotImplemented,
    "tt": _read_datetime,
    "td": _read_date,
    "tc": _read_time,
    "ts": _read_delta,
    "tz": lambda _, tree: _read_zone(tree),
    "sn": _read_space,
    "sl": _read_slice,
    "uu": _read_uuid,
    "pp": _read_path,
}
