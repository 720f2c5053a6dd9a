"""In the learner's room: what the examiner's objects look like there while a test runs.

The functions here are named by the examiner's pickles: it lends by number what must not leave its room.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from autograder.rooms.wording import words

__all__ = ["REVERSED", "Lent", "held", "lent", "number_of", "serve_with", "yours"]

# What a lent object may be asked besides its attributes: the special methods by these names.
REVERSED = words("call len iter next getitem setitem delitem contains enter exit str repr")


class _Server(Protocol):
    def held(self, number: int) -> Any: ...

    def named(self, name: str) -> Any: ...

    def ask(self, what: str, number: int, *args: Any, **kwargs: Any) -> Any: ...


_serving: list[_Server] = []
# By identity, because functools.wraps copies whatever a function bears.
_functions: dict[int, tuple[Any, int]] = {}


def serve_with(server: _Server) -> None:
    """Make this the room's server."""
    _serving[:] = [server]


def held(number: int) -> Any:
    """The learner's object that the examiner has a stand-in for."""
    return _serving[0].held(number)


def yours(name: str) -> Any:
    """The learner's room's own class of this name, which a given cell defined in both rooms."""
    return _serving[0].named(name)


def lent(number: int, kind: str, name: str, can: tuple[str, ...]) -> Any:
    """Something of the examiner's."""
    if kind == "function":
        return _function(number, name)
    return _KINDS.setdefault(can, type("Lent", (Lent,), {one: _REVERSE[one] for one in can}))(number)


def _function(number: int, name: str) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        return _serving[0].ask("call", number, *args, **kwargs)

    call.__name__ = call.__qualname__ = name
    _functions[id(call)] = (call, number)
    return call


def number_of(value: Any) -> int | None:
    """The number of something lent, or None."""
    if isinstance(value, Lent):
        return Lent.number(value)
    known = _functions.get(id(value))
    return None if known is None else known[1]


class Lent:
    """An object of the examiner's: attributes, calls and items by way of the hatch."""

    def __init__(self, number: int) -> None:
        object.__setattr__(self, "_lent_number", number)

    def number(self) -> int:
        """Its number in the examiner's room."""
        return int(object.__getattribute__(self, "_lent_number"))

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("__"):
            return object.__getattribute__(self, name)
        return _serving[0].ask("get", object.__getattribute__(self, "_lent_number"), name)

    def __setattr__(self, name: str, value: Any) -> None:
        _serving[0].ask("set", object.__getattribute__(self, "_lent_number"), name, value)


def _reverse(what: str) -> Callable[..., Any]:
    def ask(self: Lent, *args: Any, **kwargs: Any) -> Any:
        return _serving[0].ask(what, Lent.number(self), *args, **kwargs)

    return ask


def _next(self: Lent) -> Any:
    stopped, value = _serving[0].ask("next", Lent.number(self))
    if stopped:
        raise StopIteration
    return value


_REVERSE: dict[str, Any] = {f"__{what}__": _reverse(what) for what in REVERSED} | {"__next__": _next}
_KINDS: dict[tuple[str, ...], type[Lent]] = {}
