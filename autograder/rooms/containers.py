"""Lists, tuples, sets, mappings and bytes; long runs of one kind of number as a block."""

from __future__ import annotations

import json
import sys
from array import array
from collections import Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple
from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any

from autograder.rooms import arrays, quantum
from autograder.rooms.bounds import Bounds, Refused, Unknown
from autograder.rooms.numbers import integer
from autograder.rooms.tree import Reader, Writer, name_of

__all__ = ["EXACT", "READERS", "fair", "write"]

_FACTORIES: dict[str, Callable[[], Any]] = {
    one.__name__: one for one in (int, float, complex, str, list, dict, set, tuple)
}
_LONGEST_RANGE = 10_000_000
_FIELDS = 64
_KINDS_OF_RECORD = 32  # each costs a class
_NUMBERS = "bBhHiIlLqQfd"
_RUN = 64  # from how many numbers on a list travels as a block
_SMALLEST, _LARGEST = -(1 << 63), (1 << 63) - 1
_ORDERED = {frozenset({str}), frozenset({int})}


def write(writer: Writer, value: Any) -> Any:
    """Write a container; None for anything else."""
    kind = type(value)
    for base, writes in _BASES:
        if issubclass(kind, base):
            return writes(writer, value)
    return None


def _run(writer: Writer, values: list[Any]) -> Any:
    """Write many numbers of one kind at once, as `[code, block]`; None where they are not."""
    kinds = set(map(type, values)) if len(values) >= _RUN else set()
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    if kind is float:
        return ["d", writer.block(array("d", values).tobytes())]
    if kind is int and _SMALLEST <= min(values) <= max(values) <= _LARGEST:
        return ["q", writer.block(array("q", values).tobytes())]
    if kind is complex:
        flat = [part for one in values for part in (one.real, one.imag)]
        return ["c", writer.block(array("d", flat).tobytes())]
    return _run_of_scalars(writer, kind, values)


def _run_of_scalars(writer: Writer, kind: type, values: list[Any]) -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is None or not issubclass(kind, (numpy.number, numpy.bool_)):
        return None
    held = numpy.array(values)
    return ["n", arrays.write(writer, held)] if held.ndim == 1 and held.dtype.type is kind else None


def _write_list(writer: Writer, value: list[Any]) -> Any:
    items = list(list.__iter__(value))
    run = _run(writer, items)
    return ["l", writer.each(items)] if run is None else ["L", *run]


def _write_tuple(writer: Writer, value: tuple[Any, ...]) -> Any:
    items = list(tuple.__iter__(value))
    fields = getattr(type(value), "_fields", None) if type(value) is not tuple else None
    if fields is not None:
        return ["T", name_of(type(value)), [str(one) for one in fields], writer.each(items)]
    run = _run(writer, items)
    return ["t", writer.each(items)] if run is None else ["N", *run]


def _write_set(writer: Writer, value: Any) -> Any:
    frozen = issubclass(type(value), frozenset)
    items = list((frozenset if frozen else set).__iter__(value))
    if frozenset(map(type, items)) in _ORDERED:
        items.sort()
    trees = writer.each(items)
    if writer.canonical and frozenset(map(type, items)) not in _ORDERED:
        trees.sort(key=json.dumps)
    return ["f" if frozen else "s", trees]


def _write_bytes(writer: Writer, value: Any) -> Any:
    return ["B" if issubclass(type(value), bytearray) else "b", writer.block(bytes(memoryview(value)))]


def _write_range(_: Writer, value: range) -> Any:
    return ["r", hex(value.start), hex(value.stop), hex(value.step)]


def _write_memory(writer: Writer, value: memoryview) -> Any:
    return ["mv", value.format, list(value.shape or ()), writer.block(value.tobytes())]


def _flat(mapping: Any) -> list[Any]:
    return [part for pair in dict.items(mapping) for part in pair]


def _write_plain_mapping(writer: Writer, value: dict[Any, Any]) -> Any:
    return ["d", writer.each(_flat(value))]


def _write_mapping(writer: Writer, value: Any) -> Any:
    kind, items = type(value), writer.each(_flat(value))
    if issubclass(kind, defaultdict):
        factory = getattr(value.default_factory, "__name__", None)
        if factory is None or _FACTORIES.get(factory) is value.default_factory:
            return ["dd", factory, items]
    counts = quantum.write_counts(kind)
    if counts:
        return [counts, items]
    for name in _RESULTS:
        found = _result(name)
        if found is not None and issubclass(kind, found):
            return ["dr", name, items]
    tags = ((Counter, "dc"), (OrderedDict, "do"), (dict, "d"))
    return [next(tag for base, tag in tags if issubclass(kind, base)), items]


# Mappings whose keys are attributes, too.
_RESULTS = {"OptimizeResult": "scipy.optimize", "Bunch": "sklearn.utils"}


def _result(name: str) -> type | None:
    """Find the class of this name, where its library is loaded."""
    found = getattr(sys.modules.get(_RESULTS[name]), name, None)
    return found if isinstance(found, type) else None


def _read_result(reader: Reader, name: Any, items: Any) -> Any:
    kind, pairs = _result(name) if name in _RESULTS else None, _pairs(reader, items)
    if kind is None or not all(type(key) is str for key, _ in pairs):
        raise Refused("a result of a library that is not in use")
    return kind(dict(pairs)) if name == "OptimizeResult" else kind(**dict(pairs))


def _write_queue(writer: Writer, value: deque[Any]) -> Any:
    return ["dq", writer.each(deque.__iter__(value)), value.maxlen]


_VIEWS: dict[type, str] = {type({}.keys()): "dk", type({}.values()): "dv", type({}.items()): "di"}


def _write_view(writer: Writer, value: Any) -> Any:
    tag = _VIEWS[type(value)]
    if tag == "di":
        return [tag, writer.each(part for pair in value for part in pair)]
    return [tag, writer.each(value)]


def _write_proxy(writer: Writer, value: Any) -> Any:
    return ["mp", writer.write(dict(value))]


def _write_numbers(writer: Writer, value: array[Any]) -> Any:
    if value.typecode not in _NUMBERS:
        raise Unknown("an array of characters does not travel")
    return ["ar", value.typecode, writer.block(value.tobytes())]


def _write_user(writer: Writer, value: Any) -> Any:
    return ["us", next(name for name, base in _USER.items() if type(value) is base), writer.write(value.data)]


_HELD: dict[str, type] = {"UserDict": dict, "UserList": list, "UserString": str}
_USER: dict[str, type[Any]] = {one.__name__: one for one in (UserDict, UserList, UserString)}
EXACT: dict[type, Callable[[Writer, Any], Any]] = {
    list: _write_list,
    tuple: _write_tuple,
    dict: _write_plain_mapping,
    set: _write_set,
    frozenset: _write_set,
    bytes: _write_bytes,
    bytearray: _write_bytes,
    range: _write_range,
    memoryview: _write_memory,
    MappingProxyType: _write_proxy,
    array: _write_numbers,
    **dict.fromkeys(_VIEWS, _write_view),
    **dict.fromkeys(_USER.values(), _write_user),
}
_BASES: tuple[tuple[type, Callable[[Writer, Any], Any]], ...] = (
    (dict, _write_mapping),
    (deque, _write_queue),
    *((one, EXACT[one]) for one in (list, tuple, set, frozenset, bytes, bytearray)),
)


def _read_run(reader: Reader, code: Any, held: Any) -> list[Any]:
    if code == "n":
        return list(arrays.read_numbers(reader, held, "biufc", 1))
    if code not in ("d", "q", "c"):
        raise Refused("numbers of an unknown kind")
    numbers = array("q" if code == "q" else "d")
    numbers.frombytes(reader.block(held))
    if code != "c":
        return numbers.tolist()
    return [complex(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]


def _read_range(_: Reader, *bounds: Any) -> range:
    start, stop, step = (integer(one) for one in bounds)
    made = range(start, stop, step)
    # Not len(), which fails past the size of a register.
    if abs(stop - start) // abs(step) > _LONGEST_RANGE:
        raise Refused("a range that would never end")
    return made


def _read_record(reader: Reader, name: Any, fields: Any, values: Any) -> Any:
    if type(name) is not str or type(fields) is not list or len(fields) > _FIELDS:
        raise Refused("a record of too many fields")
    if not all(type(one) is str and len(one) < 100 and one.isascii() for one in [name, *fields]):
        raise Refused("a record with odd names")
    known = (name, *fields)
    if known not in reader.kinds:
        if len(reader.kinds) >= _KINDS_OF_RECORD:
            raise Refused("too many kinds of records")
        reader.kinds[known] = namedtuple(name, fields)  # refuses what is no identifier
    return reader.kinds[known](*reader.each(values))


def fair(keys: Iterable[Any], bounds: Bounds) -> None:
    """Refuse keys made to collide: forty thousand of them would take half a minute to put into a set."""
    hashes = list(map(hash, keys))
    if len(hashes) <= bounds.alike:
        return
    crowded = Counter(hashes).most_common(1)
    if crowded and crowded[0][1] > bounds.alike:
        raise Refused("keys that were made to collide")


def _read_set(reader: Reader, items: Any) -> set[Any]:
    values = reader.each(items)
    fair(values, reader.bounds)
    return set(values)


def _pairs(reader: Reader, items: Any) -> list[tuple[Any, Any]]:
    flat = reader.each(items)
    if len(flat) % 2:
        raise Refused("a key without a value")
    fair(flat[::2], reader.bounds)
    return list(zip(flat[::2], flat[1::2], strict=True))


def _read_default(reader: Reader, factory: Any, items: Any) -> Any:
    made = None if factory is None else _FACTORIES[factory]
    return defaultdict(made, _pairs(reader, items))


def _read_counter(reader: Reader, items: Any) -> Any:
    counted: Counter[Any] = Counter()
    # One by one: the constructor would count the pairs.
    for key, value in _pairs(reader, items):
        counted[key] = value
    return counted


def _read_queue(reader: Reader, items: Any, most: Any) -> Any:
    if most is not None and (type(most) is not int or not 0 <= most <= 1 << 40):
        raise Refused("a queue of an impossible length")
    return deque(reader.each(items), most)


def _read_values(reader: Reader, items: Any) -> Any:
    return dict(enumerate(reader.each(items))).values()


def _read_proxy(reader: Reader, tree: Any) -> Any:
    held = reader.read(tree)
    if type(held) is not dict:
        raise Refused("a view of what is no mapping")
    return MappingProxyType(held)


def _read_numbers(reader: Reader, code: Any, number: Any) -> Any:
    content = reader.block(number)
    if type(code) is not str or code not in _NUMBERS or len(code) != 1:
        raise Refused("numbers of an unknown kind")
    made: array[Any] = array(code)
    if len(content) % made.itemsize:
        raise Refused("numbers that are cut off")
    made.frombytes(content)
    return made


def _read_user(reader: Reader, name: Any, tree: Any) -> Any:
    base, held = _HELD[name], reader.read(tree)
    if type(held) is not base:
        raise Refused("a container of something else")
    return _USER[name](held)


def _read_memory(reader: Reader, kind: Any, shape: Any, number: Any) -> Any:
    content: Any = memoryview(bytes(reader.block(number)))
    if type(kind) is not str or kind not in "bBchHiIlLqQfd" or len(kind) != 1 or type(shape) is not list:
        raise Refused("a view of memory of an unknown kind")
    if not all(type(side) is int and 0 < side <= len(content) for side in shape) or len(shape) > 8:
        raise Refused("a view of memory of an impossible shape")
    return content.cast(kind, shape) if len(shape) > 1 else content.cast(kind)


READERS: dict[str, Callable[..., Any]] = {
    "l": lambda reader, items: reader.each(items),
    "t": lambda reader, items: tuple(reader.each(items)),
    "L": _read_run,
    "N": lambda reader, code, held: tuple(_read_run(reader, code, held)),
    "s": _read_set,
    "f": lambda reader, items: frozenset(_read_set(reader, items)),
    "T": _read_record,
    "b": lambda reader, number: bytes(reader.block(number)),
    "B": lambda reader, number: bytearray(reader.block(number)),
    "mv": _read_memory,
    "r": _read_range,
    "d": lambda reader, items: dict(_pairs(reader, items)),
    "do": lambda reader, items: OrderedDict(_pairs(reader, items)),
    "dd": _read_default,
    "dc": _read_counter,
    "dr": _read_result,
    "dk": lambda reader, items: dict.fromkeys(_distinct(reader, items)).keys(),
    "dv": _read_values,
    "di": lambda reader, items: dict(_pairs(reader, items)).items(),
    "dq": _read_queue,
    "mp": _read_proxy,
    "us": _read_user,
    "ar": _read_numbers,
}


def _distinct(reader: Reader, items: Any) -> list[Any]:
    keys = reader.each(items)
    fair(keys, reader.bounds)
    return keys
