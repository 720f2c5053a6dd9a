"""In the examiner's room: the classes of handles. A handle asks by the hatch, and only what it may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from autograder.rooms.failures import LearnerGone, Withheld
from autograder.rooms.wording import words

__all__ = ["Asked", "Handle", "abilities", "handle_class", "hidden"]


class Asked(Protocol):
    """The hatch, as handles see it."""

    def ask(self, do: str, *args: Any, **kwargs: Any) -> Any:
        """Ask the learner's room."""

    def may(self, handle: Any, operator: str) -> bool:
        """Whether this may be an operand."""

    def iterate(self, handle: Any) -> Any:
        """An iterator over it."""

    def stepped(self, handle: Any) -> Any:
        """The next of an iterator."""

    def steps(self) -> Any:
        """A generator that pulls from the learner's."""


def hidden(name: str) -> bool:
    """Names that Python, NumPy or IPython look for by themselves; none of them reaches the learner's room."""
    return name.startswith(("__", "_repr_", "_ipython_", "_hatch_")) or (name[0] == "_" and name[-1] == "_")


_NAMES = 1000


class Handle:
    """Something of the learner's. It equals only itself, is true, and is no number."""

    _hatch_: Asked

    def __getattr__(self, name: str) -> Any:
        if hidden(name):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self._hatch_.ask("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if hidden(name):
            raise AttributeError(f"{name!r} cannot be set from here")
        self._hatch_.ask("set", self, name, value)

    def __delattr__(self, name: str) -> None:
        if hidden(name):
            raise AttributeError(f"{name!r} cannot be deleted from here")
        self._hatch_.ask("delete", self, name)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self) >> 4

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        return _text(self._hatch_.ask("str", self))

    def __repr__(self) -> str:
        return _text(self._hatch_.ask("repr", self))

    def __format__(self, how: str) -> str:
        return _text(self._hatch_.ask("format", self, how))

    def __dir__(self) -> list[str]:
        told = self._hatch_.ask("dir", self)
        return [one for one in told if isinstance(one, str)][:_NAMES] if isinstance(told, list) else []

    def __reduce_ex__(self, _: Any) -> Any:
        raise TypeError("this stays in its room")


def _text(told: Any) -> str:
    if type(told) is not str:
        raise TypeError("a text that is none")
    return told


def _ask(do: str) -> Callable[..., Any]:
    def method(self: Handle, *args: Any, **kwargs: Any) -> Any:
        return self._hatch_.ask(do, self, *args, **kwargs)

    return method


def _len(self: Handle) -> int:
    told = self._hatch_.ask("len", self)
    if type(told) is not int or not 0 <= told < 1 << 62:
        raise TypeError("a length that is none")
    return told


def _iter(self: Handle) -> Iterator[Any]:
    return self._hatch_.iterate(self)  # type: ignore[no-any-return]


def _next(self: Handle) -> Any:
    return self._hatch_.stepped(self)


# A failed check is not the learner's to swallow.
_NOT_THEIRS = (AssertionError, LearnerGone, Withheld)


def _exit(self: Handle, kind: Any, value: Any, trace: Any) -> bool:
    builtin = None
    if kind is not None and not issubclass(kind, Exception):
        return False
    if isinstance(value, _NOT_THEIRS):
        self._hatch_.ask("exit", self, RuntimeError, "")
        return False
    if kind is not None:
        builtin = next(one for one in kind.__mro__ if one.__module__ == "builtins")
    return self._hatch_.ask("exit", self, builtin, str(value)[:2000]) is True


async def _await(self: Handle) -> Any:
    return self._hatch_.ask("await", self)


_CAN: dict[str, dict[str, Any]] = {
    "call": {"__call__": _ask("call")},
    "len": {"__len__": _len},
    "iter": {"__iter__": _iter},
    "next": {"__next__": _next},
    "item": {"__getitem__": _ask("item")},
    "setitem": {"__setitem__": _ask("setitem")},
    "delitem": {"__delitem__": _ask("delitem")},
    "enter": {"__enter__": _ask("enter"), "__exit__": _exit},
    "await": {"__await__": lambda self: _await(self).__await__()},
}
_UNARY = frozenset(("neg", "pos", "abs", "invert"))
_OPERATORS = _UNARY | frozenset(
    words("""
    add sub mul matmul truediv floordiv mod pow and or xor lshift rshift
    radd rsub rmul rmatmul rtruediv rfloordiv rmod rpow
""")
)


def _operator(name: str) -> Callable[..., Any]:
    """Only where the instructor's own solution had an operand: it may be a test's expected value."""

    def unary(self: Handle) -> Any:
        if not self._hatch_.may(self, f"__{name}__"):
            raise TypeError(f"bad operand type: {type(self).__name__!r}")
        return self._hatch_.ask(f"op {name}", self)

    def binary(self: Handle, other: Any) -> Any:
        if not self._hatch_.may(self, f"__{name}__"):
            return NotImplemented
        return self._hatch_.ask(f"op {name}", self, other)

    return unary if name in _UNARY else binary


def abilities(can: tuple[str, ...], operators: tuple[str, ...] = ()) -> dict[str, Any]:
    """The special methods of something that can do this."""
    space: dict[str, Any] = {}
    for one in can:
        space |= _CAN.get(one, {})
    return space | {f"__{one}__": _operator(one) for one in operators if one in _OPERATORS}


_classes: dict[tuple[Any, ...], type] = {}


def handle_class(hatch: Asked, name: str, can: tuple[str, ...], known: type | None) -> type:
    """The class of handles that can do this; `isinstance` takes them for `known`."""
    key = (id(hatch), name, can, known)
    if key not in _classes:
        space = {**abilities(can), "_hatch_": hatch}
        if known is not None:
            space["__class__"] = property(lambda self: known)
        _classes[key] = type(name, (Handle,), space)
    return _classes[key]
