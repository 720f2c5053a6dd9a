"""In the learner's room: find what has changed since the examiner was told, in arguments and in names."""

from __future__ import annotations

import types
import zlib
from collections.abc import Iterable
from typing import Any

from autograder.rooms.bounds import Refused
from autograder.rooms.lent import Lent
from autograder.rooms.merging import merge
from autograder.rooms.offers import Offers, whole

__all__ = ["Changes"]

_FIXED = (int, float, complex, str, bytes, bool, type(None), range, type, types.FunctionType, Lent)
# What cannot have changed while it is the same object; what a function bears is told with its calls.
_SAME = frozenset((int, float, complex, str, bytes, bool, type(None), types.FunctionType, types.ModuleType))
# What a name stands for that there is not; a learner's None is a value like others.
_ABSENT = object()
_DEEP = 200
_LARGE = 1 << 16


class Changes:
    """What the examiner knows of this room's names."""

    def __init__(self, offers: Offers, names: dict[str, Any]) -> None:
        self._offers = offers
        self._names = names
        self._known: dict[str, tuple[Any, Any]] = {}
        self._mentions: dict[types.CodeType, frozenset[str]] = {}
        offers.mentioned = self.mentioned

    def bring(self, names: list[str], fresh: list[str]) -> dict[str, Any]:
        """The values of the names that changed: a packed value, None where there is no such name, or a text
        that says why it does not travel.
        """
        for name in fresh:
            self._known.pop(name, None)
        return {name: told for name in names for told in self._one(name)}

    def _one(self, name: str) -> list[Any]:
        """Nothing, or what to tell about a name."""
        missing = name not in self._names
        value = _ABSENT if missing else self._names[name]
        known = self._known.get(name, (self, None))
        if not missing and type(value) in _SAME:
            return [] if known[0] is value else [self._told(name, value)]
        try:
            mark, plain = (None, True) if missing else self._offers.mark(whole(value))
        except Refused as problem:
            self._known.pop(name, None)
            return [str(problem)[:500]]
        if known[0] is value and known[1] == _short(mark):
            return []
        self._known[name] = (value, _short(mark))
        if mark is None:
            return [None]
        return [mark if plain else self._offers.pack(whole(value))]

    def _told(self, name: str, value: Any) -> Any:
        """What is told of something that stays the same as long as it is the same object."""
        try:
            told = self._offers.pack(value)
        except Refused as problem:
            self._known.pop(name, None)
            return str(problem)[:500]
        self._known[name] = (value, None)
        return told

    def before(self, arguments: dict[int | str, Any]) -> list[tuple[int | str, Any, Any]]:
        """Remember the arguments that could be changed in place."""
        marks = []
        named = {id(one) for one, _ in self._known.values()}
        for key, value in arguments.items():
            if isinstance(value, _FIXED) or id(value) in named or self._offers.known(value):
                continue
            try:
                marks.append((key, value, _short(self._offers.mark(value)[0])))
            except Refused:
                continue
        return marks

    def after(self, marks: list[tuple[int | str, Any, Any]]) -> list[Any]:
        """Those that were."""
        told = []
        for key, value, mark in marks:
            try:
                if _short(self._offers.mark(value)[0]) != mark:
                    told.append([key, self._offers.pack(value)])
            except Refused:
                continue
        return told

    def names(self, asked: Any, arguments: Iterable[Any] = ()) -> dict[str, Any]:
        """The brought names that the code just run mentions or was given, and that have changed."""
        if not self._known:
            return {}
        given = {id(one) for one in arguments}
        mentioned = self.mentioned(asked) | {
            name for name, (one, _) in self._known.items() if id(one) in given
        }
        told = {}
        for name in [one for one in self._known if one in mentioned]:
            for one in self._one(name):
                told[name] = one
        return told

    def take(self, fresh: dict[str, Any], changed: dict[str, Any]) -> None:
        """Take over what a test has set, and what it has changed within."""
        for name, value in fresh.items():
            self._names[name] = value
        for name, value in changed.items():
            self._names[name] = merge(self._names.get(name), value)
        for name in [*fresh, *changed]:
            if name in self._known:
                self._one(name)  # the examiner knows it

    def mentioned(self, asked: Any) -> set[str]:
        """Every name that this function, or those that it calls by name, might change."""
        found: set[str] = set()
        waiting = list(_codes(asked))
        while waiting and len(found) < _DEEP:
            code = waiting.pop()
            if code not in self._mentions:
                self._mentions[code] = frozenset(_words(code))
            fresh = self._mentions[code] - found
            found |= fresh
            for name in fresh:
                waiting += _codes(self._names.get(name))
        return found


def _short(mark: bytes | None) -> Any:
    """What is kept of a mark: of a large one its length and a checksum, which no accident repeats."""
    if mark is None or len(mark) < _LARGE:
        return mark
    return len(mark), zlib.crc32(mark)


def _words(code: types.CodeType) -> set[str]:
    words = set(code.co_names)
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            words |= _words(one)
    return words


def _codes(value: Any) -> list[types.CodeType]:
    if isinstance(value, types.MethodType):
        value = value.__func__
    if isinstance(value, types.FunctionType):
        wrapped = getattr(value, "__wrapped__", None)
        inner = [wrapped] if wrapped is not None else []
        inner += [cell.cell_contents for cell in value.__closure__ or () if _filled(cell)]
        return [value.__code__, *(code for one in inner if one is not value for code in _plain(one))]
    kind = value if isinstance(value, type) else type(value)
    if kind.__module__ == "__main__":
        return [code for one in vars(kind).values() for code in _plain(one)]
    return []


def _filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def _plain(one: Any) -> list[types.CodeType]:
    inner = getattr(one, "__func__", one)
    return [inner.__code__] if isinstance(inner, types.FunctionType) else []
