"""What of the learner's may be used in a test: as much as the solution brought to that place.

An operand from a test can be the expected value; an `__add__` of the learner's that sees it could answer
right without having computed anything. And an object of the learner's own class that is asked for
`num_qubits` and `count_ops()` can say whatever a check wants to hear, where a circuit would have to be one.
So instances and functions are used only where the solution had such, too; plain data may come anywhere.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from typing import Any

from autograder.rooms.bounds import Refused
from autograder.rooms.handles import Handle

__all__ = ["Contract"]

# Going through something and showing it give plain values, or things that are looked at anew.
_FREE = frozenset(("iter", "len", "next", "send", "str", "repr", "format", "dir", "exit"))
_LOOK_AT = 3


class Contract:
    """The keys that hold, and those that were used. Without any the solution itself runs: all is noted."""

    def __init__(self, given: dict[str, type], numbers: dict[int, int], members: set[int]) -> None:
        self.own: frozenset[str] | None = None
        self.classes: frozenset[str] = frozenset()
        self.globals: tuple[str, ...] = ()
        self.used: set[str] = set()
        self._given = given
        self._numbers = numbers
        self._members = members
        self._places: dict[int, str] = {}
        self._names: dict[int, str] = {}
        self._open: set[int] = set()
        self._closed: set[int] = set()
        self._derived: set[int] = set()
        self._kept: list[Any] = []

    def begin(self, own: Iterable[str] | None, classes: Iterable[str]) -> None:
        """Set what holds."""
        self.own = None if own is None else frozenset(own)
        self.classes = frozenset(classes)
        told = [one.partition(":") for one in self.own or ()]
        self.globals = tuple(name for kind, _, name in told if kind == "global")

    def named(self, name: str, value: Any, strange: list[Any]) -> None:
        """A value was fetched by name; `strange` is all in it that is no plain data."""
        if strange:
            self._names.setdefault(id(value), name)
            self._kept.append(value)
        self._note(value, f"name:{name}")
        self._arrived(f"name:{name}", value, strange)

    def came(self, value: Any, do: str, args: tuple[Any, ...], strange: list[Any]) -> None:
        """A value was the result of something."""
        if not args:
            return
        asked = args[0]
        name = self._names.get(id(asked)) or getattr(asked, "__name__", None)
        if do == "get":
            self._note(value, f"attr:{type(asked).__name__}.{args[1]}")
            place = f"attr:{args[1]}"
        elif do in ("call", "wait") and name is not None:
            place = f"call:{name}"
            self._note(value, place)
        else:
            place = f"{do}:{type(asked).__name__}"
            self._note(value, place)
        if id(asked) in self._derived or (_kind(asked, self._given) == "thing" and id(asked) in self._open):
            # What an installed library's object gives is the library's.
            self._kept += strange
            self._derived |= {id(one) for one in strange}
        else:
            self._arrived(place, value, strange)

    def changed(self, strange: list[Any]) -> None:
        """An argument was changed in place, and these are in it now."""
        self._arrived("changed", None, strange)

    def bars(self, do: str, args: tuple[Any, ...]) -> bool:
        """Whether this may not be asked, because the solution had no such thing in its place."""
        if do in _FREE or do.startswith("op "):
            return False
        asked = args[0]
        if id(asked) in self._members and len(args) > 1 and isinstance(args[1], Handle):
            asked = args[1]
        return self.closed(asked)

    def closed(self, value: Any) -> bool:
        """Whether the solution had no such thing wherever this came from."""
        return id(value) in self._closed and id(value) not in self._open | self._derived

    def may(self, handle: Any, operator: str) -> bool:
        """Whether this handle may be an operand of this operator."""
        kind = type(handle).__name__
        place = self._places.get(id(handle))
        if kind not in self.classes or place is None:
            return False
        keys = {place, f"op:{kind}.{operator}"}
        if self.own is None:
            self.used |= keys
            return True
        return keys <= self.own

    def _note(self, value: Any, place: str) -> None:
        if isinstance(value, Handle) and id(value) not in self._places:
            self._places[id(value)] = place
            self._kept.append(value)

    def _arrived(self, place: str, value: Any, strange: list[Any]) -> None:
        if self.own is None:
            self.used |= {f"{place}~{kind}" for kind in _stands_for(value, self._given)}
        for one in strange:
            kind = _kind(one, self._given)
            if kind is None:
                continue
            self._kept.append(one)
            key = f"{place}~{kind}"
            if self.own is None:
                self.used.add(key)
            # A function under a name that the solution binds gives nothing by itself.
            known = place.startswith("name:") and kind == "function"
            if self.own is None or known or key in self.own:
                self._open.add(id(one))
            elif id(one) not in self._numbers:
                raise Refused("a function where the solution has none")
            else:
                self._closed.add(id(one))


def _kind(value: Any, given: dict[str, type]) -> str | None:
    """Tell what must be allowed apart from what is as harmless as plain data."""
    kind = type(value)
    if isinstance(value, Handle):
        if any(one in kind.__mro__ for one in given.values()):
            return "given"
        if callable(value):
            return "function"
        return "thing" if type(kind) is type else "instance"
    return "function" if callable(value) else None


def _stands_for(value: Any, given: dict[str, type]) -> Iterator[str]:
    """Tell what a learner might return instead of this value of the solution's, which has parts by name."""
    parts = [value]
    if type(value) in (list, tuple):
        parts = list(value[:_LOOK_AT])
    elif type(value) is dict:
        parts = list(value.values())[:_LOOK_AT]
    for one in parts:
        if type(one) in given.values():
            yield "given"
        elif isinstance(one, types.SimpleNamespace) or hasattr(type(one), "_fields"):
            yield "instance"
