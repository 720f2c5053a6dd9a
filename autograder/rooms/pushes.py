"""In the examiner's room: what a test sets or changes that the learner's functions read by name.

A name that a test sets goes over only where the instructor's own solution reads it, which is a key of the
contract: else a function could read the expected value by naming it. What a test changes within a value that
is the learner's own goes back to the learner.
"""

from __future__ import annotations

import sys
import types
from typing import Any

from autograder.rooms import messages
from autograder.rooms.bounds import Refused
from autograder.rooms.contract import Contract

__all__ = ["Pushes", "attributes"]

_SMALL = 1 << 15
_MUTABLE = (list, dict, set, bytearray)


class Pushes:
    """What the learner's room has been told of this room's names."""

    def __init__(self, names: dict[str, Any], contract: Contract) -> None:
        self._names = names
        self._contract = contract
        self._known: dict[str, Any] = {}
        self._marks: dict[str, tuple[Any, bytes]] = {}

    def settle(self) -> None:
        """Both rooms have the same names now."""
        self._known = dict(self._names)

    def watch(self, name: str, value: Any) -> None:
        """Look at this before each call, if it is small enough."""
        self._known[name] = value
        self._marks.pop(name, None)
        mark = _mark(value)
        if mark is not None:
            self._marks[name] = (value, mark)

    def unwatch(self, name: str) -> None:
        """There is no such name any more."""
        self._marks.pop(name, None)

    def told(self, mentioned: tuple[str, ...]) -> dict[str, Any]:
        """What the next request has to bring along; `mentioned` are the names that what is called reads."""
        told: dict[str, Any] = {}
        wanted = mentioned if self._contract.own is None else self._contract.globals
        fresh = {name: self._names[name] for name in wanted if self._set_here(name)}
        if fresh:
            told["set"] = fresh
            self._known |= fresh
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
            if self._names.get(name) is value:
                now = _mark(value)
                if now is not None and now != mark:
                    changed[name] = value
                    self._marks[name] = (value, now)
        return changed


def _mark(value: Any) -> bytes | None:
    numpy = sys.modules.get("numpy")
    array = numpy is not None and isinstance(value, numpy.ndarray)
    if not isinstance(value, _MUTABLE) and not (array and value.nbytes < _SMALL):
        return None
    if not array and len(value) > _SMALL >> 4:
        return None
    try:
        body = messages.pack(value, strange=lambda one: {"id": id(one)})
    except Refused:
        return None
    return body if len(body) < _SMALL else None


def attributes(function: Any) -> dict[str, Any]:
    """What a test or a learner has set on a function."""
    if not isinstance(function, types.FunctionType):
        return {}
    return {name: value for name, value in vars(function).items() if not name.startswith("_")}
