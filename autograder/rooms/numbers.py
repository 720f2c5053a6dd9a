"""Numbers of Python's own and long texts, exactly."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from autograder.rooms.bounds import Refused
from autograder.rooms.tree import Reader, Writer

__all__ = ["EXACT", "READERS", "integer", "write"]

_LONGEST_NUMBER = 1 << 16  # hexadecimal digits
_LONGEST_HALF = 1 << 12  # of a fraction: to reduce one takes time that grows with the square
_LONGEST_DECIMAL = 1000
_DECIMAL_EXPONENT = 10_000


def write(writer: Writer, value: Any) -> Any:
    """Write a number; None for anything else."""
    kind = type(value)
    for base, writes in EXACT.items():
        if issubclass(kind, base):
            return writes(writer, value)
    return float.__float__(value) if issubclass(kind, float) else None


def _write_integer(_: Writer, value: int) -> Any:
    number = int.__index__(value)
    return number if number.bit_length() < 64 else ["i", hex(number)]


def _write_complex(_: Writer, value: complex) -> Any:
    plain = complex.__complex__(value)
    return ["c", plain.real, plain.imag]


def _write_fraction(_: Writer, value: Fraction) -> Any:
    return ["q", hex(value.numerator), hex(value.denominator)]


def _write_decimal(_: Writer, value: Decimal) -> Any:
    return ["D", Decimal.__str__(value)]


EXACT: dict[type, Callable[[Writer, Any], Any]] = {
    int: _write_integer,
    complex: _write_complex,
    Fraction: _write_fraction,
    Decimal: _write_decimal,
}


def integer(text: Any, most: int = _LONGEST_NUMBER) -> int:
    """Read an integer in hexadecimal."""
    if type(text) is not str or len(text) > most:
        raise Refused("an integer that is too long")
    return int(text, 16)


def _float(value: Any) -> float:
    if type(value) not in (int, float):
        raise Refused("not a number")
    return float(value)


def _read_fraction(_: Reader, top: Any, bottom: Any) -> Fraction:
    return Fraction(integer(top, _LONGEST_HALF), integer(bottom, _LONGEST_HALF))


def _read_decimal(_: Reader, text: Any) -> Decimal:
    if type(text) is not str or len(text) > _LONGEST_DECIMAL:
        raise Refused("a decimal that is too long")
    value = Decimal(text)
    # Decimal("1e999999999") is short to write, and to turn it into an integer takes all memory.
    if value.is_finite() and abs(value.adjusted()) > _DECIMAL_EXPONENT:
        raise Refused("a decimal with too large an exponent")
    return value


READERS: dict[str, Callable[..., Any]] = {
    "i": lambda _, text: integer(text),
    "c": lambda _, real, imaginary: complex(_float(real), _float(imaginary)),
    "q": _read_fraction,
    "D": _read_decimal,
    "u": lambda reader, number: bytes(reader.block(number)).decode("utf-8", "surrogatepass"),
}
