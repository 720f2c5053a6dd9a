"""Calls of the learner's functions that a given cell makes in a loop: answered once, told together.

A given simulation may call a learner's function a hundred thousand times, and each call through the hatch
costs as much as a hundred of stock's. The learner's room runs the same cell itself. There the answers are
written down as they are given, and the examiner's room, which runs the cell after it, takes them a thousand
at a time instead of asking. It believes no more than it did: an answer is the learner's either way, comes
through the same codec, and is used only for the very arguments of the call in the very order. Whatever does
not fit is asked through the hatch, and so is everything after it.

Only plain arguments and plain results are taken so, of functions that leave their arguments as they are.
"""

from __future__ import annotations

import marshal
import sys
import types
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

__all__ = ["AT_ONCE", "NOTHING", "Recorder", "Replay", "mark"]

AT_ONCE = 500
_MOST = 1_000_000
_LARGEST = 1 << 16
_BYTES = 64 << 20
_NO_PLAIN_CALL = 0x20 | 0x80 | 0x200 | 0x04 | 0x08  # generators, coroutines, *args, **kwargs
# Nothing changes these; NumPy's are added where it has been imported.
_NUMBERS: set[type] = {int, float, complex, bool, type(None)}
NOTHING = object()


def mark(function: types.FunctionType, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> int | None:
    """Give a checksum of the arguments as the function takes them; None where they are not plain.

    It is the same for `f(1, y=2)`, `f(1, 2)` and, where 2 is the default, `f(1)`.
    """
    code = function.__code__
    lacking = code.co_varnames[len(args) : code.co_argcount]
    if lacking or kwargs:
        defaults = function.__defaults__ or ()
        first = code.co_argcount - len(defaults)
        more = []
        for at, name in enumerate(lacking, len(args)):
            if name not in kwargs and at < first:
                return None
            more.append(kwargs[name] if name in kwargs else defaults[at - first])
        if not kwargs.keys() <= set(lacking):
            return None
        args = (*args, *more)
    try:
        return zlib.crc32(marshal.dumps(args, 2))
    except ValueError:  # what is not plain, and plain data that hold themselves
        return None


class _Unfit(Exception):
    """A result that is told by the hatch alone."""


def _kept(value: Any) -> Any:
    """A copy that nobody changes later."""
    kind = type(value)
    if kind in _NUMBERS or (kind is tuple and _NUMBERS.issuperset(map(type, value))):
        if kind is tuple and len(value) > AT_ONCE:
            raise _Unfit
        return value
    if kind is str:
        if len(value) > _LARGEST:
            raise _Unfit
        return value
    if kind in (tuple, list) and len(value) <= AT_ONCE:
        return kind(map(_kept, value))
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        if isinstance(value, numpy.generic) and value.dtype.kind in "biufc":
            return value
        if kind is numpy.ndarray and value.dtype.kind in "biufc" and value.nbytes <= _LARGEST:
            return value.copy()
    raise _Unfit


def _columns(values: list[Any]) -> dict[str, Any] | None:
    """Write numbers of one kind, or tuples of them, as arrays, which travel at a tenth of the cost."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not values:
        return None
    is_tuple = type(values[0]) is tuple
    rows = values if is_tuple else [(one,) for one in values]
    width = len(rows[0])
    if not width or any(type(one) is not tuple or len(one) != width for one in rows):
        return None
    parts = list(zip(*rows, strict=True))
    kinds = [set(map(type, one)) for one in parts]
    if any(kind not in ({float}, {numpy.float64}) for kind in kinds):
        return None
    own = [kind == {float} for kind in kinds]
    return {"tuple": is_tuple, "own": own, "parts": [numpy.array(one) for one in parts]}


def _rows(told: Any) -> list[Any]:
    """Read what `_columns` wrote, or plain values; nothing where it is neither."""
    if type(told) is list:
        return told
    numpy = sys.modules.get("numpy")
    if numpy is None or type(told) is not dict:
        return []
    own, parts = told.get("own"), told.get("parts")
    if type(own) is not list or type(parts) is not list or not parts or len(own) != len(parts):
        return []
    if any(type(one) is not numpy.ndarray or one.ndim != 1 or one.dtype != float for one in parts):
        return []
    read = [one.tolist() if plain is True else list(one) for one, plain in zip(parts, own, strict=True)]
    return list(zip(*read, strict=False)) if told.get("tuple") is True else read[0]


class Recorder:
    """In the learner's room, around a given cell: write down what these functions answer it.

    While one of them runs, the names are as they were: what it calls in turn is its own affair.
    """

    def __init__(self, names: dict[str, Any], wanted: Iterable[str]) -> None:
        self.calls: list[tuple[str, int, Any] | None] = []
        self._names = names
        self._own: dict[str, types.FunctionType] = {
            name: names[name] for name in wanted if _is_plain(names.get(name))
        }
        self._ours = {name: self._recording(name, own) for name, own in self._own.items()}
        self._bytes = 0
        self._is_open = False
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            _NUMBERS.update((numpy.float64, numpy.float32, numpy.int64, numpy.complex128, numpy.bool_))

    def __enter__(self) -> Self:
        self._put(self._own, self._ours)
        self._is_open = True
        return self

    def __exit__(self, *_: object) -> None:
        self._is_open = False
        self._put(self._ours, self._own)

    def _put(self, there: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        for name, one in new.items():
            if self._names.get(name) is there[name]:
                self._names[name] = one

    def _recording(self, name: str, own: types.FunctionType) -> Callable[..., Any]:
        def recorded(*args: Any, **kwargs: Any) -> Any:
            if not self._is_open or len(self.calls) >= _MOST:
                return own(*args, **kwargs)
            before, at = mark(own, args, kwargs), len(self.calls)
            self.calls.append(None)
            self._is_open = False
            self._put(self._ours, self._own)
            try:
                value = own(*args, **kwargs)
            finally:
                self._put(self._own, self._ours)
                self._is_open = True
            # Plain numbers stay as they are, and need no second look.
            if before is not None and (
                (not kwargs and _NUMBERS.issuperset(map(type, args))) or before == mark(own, args, kwargs)
            ):
                self._note(at, name, before, value, args)
            return value

        recorded.__name__, recorded.__qualname__, recorded.__doc__ = name, own.__qualname__, own.__doc__
        recorded.__module__ = own.__module__
        return recorded

    def _note(self, at: int, name: str, before: int, value: Any, args: tuple[Any, ...]) -> None:
        try:
            kept = _kept(value)
        except _Unfit:
            return
        if type(value) not in {str, *_NUMBERS} and any(one is value for one in args):
            return  # an argument that comes back stays the very same
        self._bytes += getattr(value, "nbytes", 8)
        if self._bytes <= _BYTES:
            self.calls[at] = (name, before, kept)

    def told(self, start: Any) -> dict[str, Any]:
        """Tell some of the calls, from a position on; empty at the end."""
        some = self.calls[start : start + AT_ONCE] if type(start) is int and start >= 0 else []
        who, marks = [one and one[0] for one in some], [one and one[1] for one in some]
        values = [one and one[2] for one in some]
        columns = _columns(values) if None not in who else None
        return {"who": who, "marks": marks, "values": values if columns is None else columns}


def _is_plain(value: Any) -> bool:
    """Tell whether it is a function of the notebook's, called and done, that bears nothing of its own."""
    return (
        type(value) is types.FunctionType
        and value.__module__ == "__main__"
        and not value.__code__.co_flags & _NO_PLAIN_CALL
        and not value.__code__.co_kwonlyargcount
        and not value.__dict__
    )


class Replay:
    """In the examiner's room, around the same cell: the answers in their order.

    ask: gives some of them from a position on, as Recorder.told does; None where they are not plain.
    """

    def __init__(self, names: Mapping[str, Any], ask: Callable[[int], Any]) -> None:
        self._names = names
        self._ask = ask
        self._some: list[tuple[Any, Any, Any]] = []
        self._at = self._start = 0
        self._is_over = False

    def next(self, function: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Give the answer to the next call; NOTHING where it has to be asked."""
        if self._is_over:
            return NOTHING
        if self._at == len(self._some) and not self._more():
            self._is_over = True
            return NOTHING
        who, known, value = self._some[self._at]
        self._at += 1
        if who is None:
            return NOTHING
        is_it = type(who) is str and self._names.get(who) is function
        if is_it and isinstance(function, types.FunctionType) and known == mark(function, args, kwargs):
            return value
        self._is_over = True
        return NOTHING

    def _more(self) -> bool:
        self._start += len(self._some)
        told = self._ask(self._start)
        self._some, self._at = [], 0
        if type(told) is dict:
            who, marks, values = (told.get(one) for one in ("who", "marks", "values"))
            if isinstance(who, list) and isinstance(marks, list):
                self._some = list(zip(who, marks, _rows(values), strict=False))
        return bool(self._some)
