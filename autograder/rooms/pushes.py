"""In the examiner's room: what a test sets or changes that the learner's functions read by name.

A name that a test sets goes over only where the instructor's own solution reads it, which is a key of the
contract: else a function could read the expected value by naming it. What a test changes within a value that
is the learner's own goes back to the learner.
"""

from __future__ import annotations

import sys
import types
import zlib
from typing import Any

from autograder.rooms import lent, messages
from autograder.rooms.bounds import Refused
from autograder.rooms.contract import Contract

__all__ = ["Pushes", "attributes"]

_SMALL = 1 << 15
_MUTABLE = (list, dict, set, bytearray)


class Own:
    """An argument that the learner's room has itself, under a name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __reduce__(self) -> Any:
        """As what stands there under the name."""
        return lent.yours, (self.name,)


class Pushes:
    """What the learner's room has been told of this room's names."""

    def __init__(self, names: dict[str, Any], contract: Contract) -> None:
        self._names = names
        self._contract = contract
        self._known: dict[str, Any] = {}
        self._marks: dict[str, tuple[Any, Any]] = {}
        self._owned: dict[int, str] = {}
        self.kept: list[Any] = []

    def settle(self) -> None:
        """Both rooms have the same names now."""
        self._known = dict(self._names)

    def watch(self, name: str, value: Any) -> None:
        """Look at this before each call, if it is small enough."""
        self._known[name] = value
        self.unwatch(name)
        mark = _mark(value)
        if mark is not None:
            self._marks[name] = (value, mark)
            self._owned[id(value)] = name

    def unwatch(self, name: str) -> None:
        """There is no such name any more."""
        former = self._marks.pop(name, None)
        if former is not None:
            self._owned.pop(id(former[0]), None)

    def own(self, value: Any) -> Any:
        """An argument as the learner's room has it; by value where a test has changed it since."""
        name = self._owned.get(id(value))
        if name is None or self._names.get(name) is not value:
            return value
        mark = self._marks[name][1]
        if isinstance(mark, tuple) and _mark(value) != mark:
            self.unwatch(name)
            return value
        return Own(name)

    def told(self, mentioned: tuple[str, ...]) -> dict[str, Any]:
        """What the next request has to bring along; `mentioned` are the names that what is called reads."""
        told: dict[str, Any] = {}
        wanted = mentioned if self._contract.own is None else self._contract.globals
        fresh = {name: self._names[name] for name in wanted if self._set_here(name)}
        if fresh:
            told["set"] = fresh
            self._known |= fresh
            self.kept += fresh.values()
            if self._contract.own is None:
                self._contract.used |= {f"global:{name}" for name in fresh}
        changed = self._changed()
        if changed:
            told["merge"] = changed
        return told

    def _set_here(self, name: str) -> bool:
        missing = object()
        value = self._names.get(name, missing)
        return value is not missing and value is not self._known.get(name, missing)

    def _changed(self) -> dict[str, Any]:
        changed = {}
        for name, (value, mark) in self._marks.items():
            if self._names.get(name) is value and isinstance(mark, bytes):
                now = _mark(value)
                if now is not None and now != mark:
                    changed[name] = value
                    self._marks[name] = (value, now)
        return changed


def _mark(value: Any) -> Any:
    """Bytes to compare, which are looked at before each call; of a large array a checksum, which is not."""
    numpy = sys.modules.get("numpy")
    array = numpy is not None and isinstance(value, numpy.ndarray)
    if array and value.nbytes >= _SMALL:
        return _checksum(value)
    if not array and (not issubclass(type(value), _MUTABLE) or len(value) > _SMALL >> 4):
        return None
    try:
        body = messages.pack(value, strange=lambda one: {"id": id(one)})
    except Refused:
        return None
    return body if len(body) < _SMALL else None


def _checksum(array: Any) -> Any:
    if not array.flags.c_contiguous or array.dtype.hasobject:
        return None
    return array.shape, array.dtype.str, zlib.crc32(array.reshape(-1).view("u1"))


def attributes(function: Any) -> dict[str, Any]:
    """What a test or a learner has set on a function."""
    if not isinstance(function, types.FunctionType):
        return {}
    return {name: value for name, value in vars(function).items() if not name.startswith("_")}
