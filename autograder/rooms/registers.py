"""Registers of qubits and classical bits, and bits that belong to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.rooms.bounds import Refused, Unknown
from autograder.rooms.circuits import MOST_BITS
from autograder.rooms.tree import Reader, Writer

__all__ = ["READERS", "write_bit", "write_register"]

_KINDS = ("QuantumRegister", "ClassicalRegister", "AncillaRegister")
_LONGEST_NAME = 200


def write_register(_: Writer, value: Any) -> Any:
    """Write a register that owns its bits."""
    name, size = value.name, len(value)
    kind = type(value).__name__
    if kind not in _KINDS or type(value)(size, name) != value:
        raise Unknown("a register of somebody else's bits does not travel")
    return ["qr", kind, name, size]


def write_bit(writer: Writer, value: Any) -> Any:
    """Write a bit by its register and its place there."""
    register = getattr(value, "_register", None)
    if register is None:
        raise Unknown("a bit of no register does not travel")
    return ["qb", write_register(writer, register), value._index]


def _read_register(_: Reader, kind: Any, name: Any, size: Any) -> Any:
    from qiskit import circuit

    if kind not in _KINDS or type(name) is not str or len(name) > _LONGEST_NAME:
        raise Refused("not a register")
    if type(size) is not int or not 0 <= size <= MOST_BITS:
        raise Refused("a register of an impossible size")
    return getattr(circuit, kind)(size, name)


def _read_bit(reader: Reader, tree: Any, place: Any) -> Any:
    if type(tree) is not list or tree[:1] != ["qr"] or type(place) is not int or place < 0:
        raise Refused("not a bit")
    return reader.read(tree)[place]


READERS: dict[str, Callable[..., Any]] = {"qr": _read_register, "qb": _read_bit}
