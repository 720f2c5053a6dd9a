"""Values as JSON trees: None, booleans, texts and numbers as they are, everything else as `[tag, …]`.

Writing goes by base type, so a subclass arrives as its base and loses whatever it pretended. It happens in
the learner's room, where a lie harms nobody else. Reading happens in the examiner's and trusts nothing.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, namedtuple
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from autograder.rooms import arrays, quantum
from autograder.rooms.bounds import Bounds, Refused, Unknown
from autograder.rooms.tree import Describe, Reader, Take, Writer

__all__ = ["decode", "encode"]

_FACTORIES: dict[str, Callable[[], Any]] = {
    one.__name__: one for one in (int, float, complex, str, list, dict, set, tuple)
}
_LONGEST_RANGE = 10_000_000
_LONGEST_NUMBER = 1 << 16  # hexadecimal digits
_DECIMAL_EXPONENT = 10_000
_FIELDS = 64


def encode(value: Any, blocks: list[bytes], bounds: Bounds, strange: Describe | None = None) -> Any:
    """Write a value as a tree; its large parts go to `blocks`."""
    return Writer(blocks, bounds, _write, strange).write(value)


def decode(tree: Any, blocks: list[memoryview], bounds: Bounds, handle: Take | None = None) -> Any:
    """Read a tree; every block must have been used exactly once."""
    reader = Reader(blocks, bounds, _READERS, handle)
    value = reader.read(tree)
    reader.finish()
    return value


def _write(writer: Writer, value: Any) -> Any:
    # Arrays first, because numpy's float64 is a float as well, and would lose its type.
    for known in (arrays.write, _write_number, _write_container, quantum.write):
        tree = known(writer, value)
        if tree is not None:
            return tree
    raise Unknown(f"a value of type {type(value).__name__[:80]!r} does not travel")


def _write_number(_: Writer, value: Any) -> Any:
    if isinstance(value, int):
        number = int.__index__(value)
        return number if number.bit_length() < 64 else ["i", hex(number)]
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, complex):
        plain = complex.__complex__(value)
        return ["c", plain.real, plain.imag]
    if isinstance(value, Fraction):
        return ["q", hex(value.numerator), hex(value.denominator)]
    if isinstance(value, Decimal):
        return ["D", Decimal.__str__(value)]
    return None


def _write_container(writer: Writer, value: Any) -> Any:
    if isinstance(value, dict):
        return _write_mapping(writer, value)
    if isinstance(value, tuple):
        items, fields = writer.each(tuple.__iter__(value)), getattr(type(value), "_fields", None)
        return ["t", items] if fields is None else ["T", type(value).__name__, list(fields), items]
    if isinstance(value, list):
        return ["l", writer.each(list.__iter__(value))]
    if isinstance(value, set):
        return ["s", writer.each(set.__iter__(value))]
    if isinstance(value, frozenset):
        return ["f", writer.each(frozenset.__iter__(value))]
    if isinstance(value, bytes | bytearray):
        return ["b" if isinstance(value, bytes) else "B", writer.block(bytes(value))]
    if isinstance(value, range):
        return ["r", hex(value.start), hex(value.stop), hex(value.step)]
    return None


def _write_mapping(writer: Writer, value: dict[Any, Any]) -> Any:
    pairs = [part for pair in dict.items(value) for part in pair]
    if isinstance(value, defaultdict):
        factory = getattr(value.default_factory, "__name__", None)
        if factory is None or factory in _FACTORIES:
            return ["dd", factory, writer.each(pairs)]
    counts = quantum.write_counts(value)
    if counts:
        return [counts, writer.each(pairs)]
    tags = ((Counter, "dc"), (OrderedDict, "do"), (dict, "d"))
    return [next(tag for kind, tag in tags if isinstance(value, kind)), writer.each(pairs)]


def _integer(text: Any) -> int:
    if not isinstance(text, str) or len(text) > _LONGEST_NUMBER:
        raise Refused("an integer that is too long")
    return int(text, 16)


def _plain_float(value: Any) -> float:
    if type(value) not in (int, float):
        raise Refused("not a number")
    return float(value)


def _read_decimal(_: Reader, text: Any) -> Decimal:
    if not isinstance(text, str) or len(text) > 1000:
        raise Refused("a decimal that is too long")
    value = Decimal(text)
    # Decimal("1e999999999") is short to write, and to turn it into an integer takes all memory.
    if value.is_finite() and abs(value.adjusted()) > _DECIMAL_EXPONENT:
        raise Refused("a decimal with too large an exponent")
    return value


def _read_range(_: Reader, *bounds: Any) -> range:
    start, stop, step = (_integer(one) for one in bounds)
    made = range(start, stop, step)
    # Not len(), which fails past the size of a register.
    if abs(stop - start) // abs(step) > _LONGEST_RANGE:
        raise Refused("a range that would never end")
    return made


def _read_record(reader: Reader, name: Any, fields: Any, values: Any) -> Any:
    if not isinstance(name, str) or not isinstance(fields, list) or len(fields) > _FIELDS:
        raise Refused("a record of too many fields")
    if not all(isinstance(one, str) and len(one) < 100 and one.isascii() for one in [name, *fields]):
        raise Refused("a record with odd names")
    kind = namedtuple(name, fields)  # type: ignore[misc]  # refuses what is no identifier
    return kind(*reader.each(values))


def _fair(keys: Iterable[Any], bounds: Bounds) -> None:
    """Refuse keys made to collide: forty thousand of them would take half a minute to put into a set."""
    crowded = Counter(hash(key) for key in keys).most_common(1)
    if crowded and crowded[0][1] > bounds.alike:
        raise Refused("keys that were made to collide")


def _read_set(reader: Reader, items: Any) -> set[Any]:
    values = reader.each(items)
    _fair(values, reader.bounds)
    return set(values)


def _pairs(reader: Reader, items: Any) -> list[tuple[Any, Any]]:
    flat = reader.each(items)
    if len(flat) % 2:
        raise Refused("a key without a value")
    _fair(flat[::2], reader.bounds)
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


def _read_handle(reader: Reader, description: Any, *values: Any) -> Any:
    if reader.handle is None or len(values) > 1 or type(description) is not dict:
        raise Refused("something that is not handed out by value")
    reader.plain(description)
    return reader.handle(description, *(reader.each(one) for one in values))


_READERS: dict[str, Callable[..., Any]] = {
    "i": lambda _, text: _integer(text),
    "c": lambda _, real, imaginary: complex(_plain_float(real), _plain_float(imaginary)),
    "q": lambda _, top, bottom: Fraction(_integer(top), _integer(bottom)),
    "D": _read_decimal,
    "l": lambda reader, items: reader.each(items),
    "t": lambda reader, items: tuple(reader.each(items)),
    "s": _read_set,
    "f": lambda reader, items: frozenset(_read_set(reader, items)),
    "T": _read_record,
    "b": lambda reader, number: bytes(reader.block(number)),
    "B": lambda reader, number: bytearray(reader.block(number)),
    "r": _read_range,
    "d": lambda reader, items: dict(_pairs(reader, items)),
    "do": lambda reader, items: OrderedDict(_pairs(reader, items)),
    "dd": _read_default,
    "dc": _read_counter,
    "h": _read_handle,
    **arrays.READERS,
    **quantum.READERS,
}
