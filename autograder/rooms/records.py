"""Instances of classes that the exercise itself gives: what they hold travels, their class does not.

A class is known by a name to both rooms, which have executed the same text of the instructor's. The reader
makes an instance of its own class from plain attributes, and calls nothing of the class for that.
"""

from __future__ import annotations

import enum
import functools
import types
from collections.abc import Callable
from typing import Any

from autograder.rooms.bounds import Refused, Unknown
from autograder.rooms.tree import Reader, Writer

__all__ = ["READERS", "write"]


def write(writer: Writer, value: Any) -> Any:
    """Write an instance of a given class; None for anything else."""
    kind = type(value)
    name = writer.given.get(id(kind))
    if name is None:
        return None
    if issubclass(kind, enum.Enum):
        member = object.__getattribute__(value, "__dict__").get("_name_")
        if type(member) is not str or member not in kind._member_map_:
            raise Unknown("a combination of flags does not travel")
        return ["g", name, "m", member]
    if issubclass(kind, tuple):
        return ["g", name, "t", writer.each(tuple.__iter__(value))]
    if _layout(kind) is not object:
        return None
    held = dict(_slots(kind, value))
    held.update(getattr(value, "__dict__", {}))
    return ["g", name, "d", writer.each(part for pair in held.items() for part in pair)]


def _layout(kind: type) -> type:
    """Tell the builtin class whose content an instance has besides its attributes."""
    return next(one for one in kind.__mro__ if one.__module__ == "builtins")


def _slots(kind: type, value: Any) -> list[tuple[str, Any]]:
    found = []
    for one in reversed(kind.__mro__):
        for name, member in one.__dict__.items():
            if type(member) is types.MemberDescriptorType:
                try:
                    found.append((name, member.__get__(value, kind)))
                except AttributeError:
                    continue  # never set
    return found


def _read(reader: Reader, name: Any, way: Any, held: Any) -> Any:
    kind = reader.given.get(name) if type(name) is str else None
    if kind is None:
        raise Refused("an instance of a class that was not given")
    if issubclass(kind, enum.Enum):
        if way != "m" or type(held) is not str or held not in kind._member_map_:
            raise Refused("not a member")
        return kind._member_map_[held]
    if issubclass(kind, tuple):
        return _read_tuple(reader, kind, way, held)
    if way != "d" or _layout(kind) is not object:
        raise Refused("an instance of another kind of class")
    flat = reader.each(held)
    made = object.__new__(kind)
    for attribute, value in zip(flat[::2], flat[1::2], strict=True):
        _set(made, kind, attribute, value)
    return made


def _read_tuple(reader: Reader, kind: Any, way: Any, held: Any) -> Any:
    items = reader.each(held)
    if way != "t" or len(items) != len(getattr(kind, "_fields", items)):
        raise Refused("a record with other fields")
    return tuple.__new__(kind, items)


def _set(made: Any, kind: type, attribute: Any, value: Any) -> None:
    """Set an attribute past everything that the class says about it, and nothing that is not one."""
    if type(attribute) is not str or not attribute.isidentifier() or attribute.startswith("__"):
        raise Refused("an attribute with an odd name")
    known = next((one.__dict__[attribute] for one in kind.__mro__ if attribute in one.__dict__), None)
    if type(known) is types.MemberDescriptorType:
        known.__set__(made, value)
        return
    # What a class works out once it works out again: the value that came is a claim.
    if isinstance(known, functools.cached_property):
        return
    field = attribute in getattr(kind, "__dataclass_fields__", {})
    if not field and (callable(known) or hasattr(type(known), "__get__")):
        raise Refused("an attribute in the place of a method")
    object.__getattribute__(made, "__dict__")[attribute] = value


READERS: dict[str, Callable[..., Any]] = {"g": _read}
