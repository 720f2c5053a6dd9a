"""In the examiner's room: classes that stand for the learner's. Calling one makes the instance over there."""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable
from typing import Any

from autograder.rooms.bounds import Refused
from autograder.rooms.handles import Asked, Handle, abilities, hidden

__all__ = ["NUMBER", "Data", "error_class", "instance_class"]

NUMBER = "_hatch_number"
_METHODS = (types.FunctionType, staticmethod, classmethod, property)


class _Meta(type):
    _hatch_: Asked

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return cls._hatch_.ask("call", cls, *args, **kwargs)

    def __getattr__(cls, name: str) -> Any:
        if hidden(name):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        return cls._hatch_.ask("get", cls, name)

    def __setattr__(cls, name: str, value: Any) -> None:
        if hidden(name) or name == "_abc_impl":
            type.__setattr__(cls, name, value)  # Python's own bookkeeping
        else:
            cls._hatch_.ask("set", cls, name, value)


class Data:
    """An attribute of a class that is no method."""

    def __init__(self, hatch: Asked, name: str) -> None:
        self._hatch, self._name = hatch, name

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self._hatch.ask("get", owner if instance is None else instance, self._name)

    def __set__(self, instance: Any, value: Any) -> None:
        self._hatch.ask("set", instance, self._name, value)


def instance_class(
    hatch: Asked,
    name: str,
    space: dict[str, Any],
    bases: list[Any],
    abilities_: tuple[tuple[str, ...], tuple[str, ...]],
    given: list[type],
) -> type:
    """A class of handles, below its bases' stand-ins and below given classes, whose methods run here."""
    kinds = [one for one in bases if isinstance(one, type)]
    own = [one for one in kinds if isinstance(one, _Meta) and issubclass(one, Handle)]
    shared = [one for one in kinds if one in given]
    space |= {**abilities(*abilities_), "_hatch_": hatch}
    space["__dict__"] = property(lambda self: hatch.ask("state", self))
    if shared:
        space["__getattribute__"] = _attribute
    shadow = _shadow(name, [one for one in kinds if one not in own and one not in shared])
    if shadow is not None:
        space["__class__"] = property(lambda self: shadow)
    try:
        made: type = _meta(shared)(_named(name), (*own, *([] if own else [Handle]), *shared), space)
        return made
    except TypeError as problem:
        raise Refused("a class of odd bases") from problem


def _attribute(self: Any, name: str) -> Any:
    """Methods are found here, the given class's own among them; everything else is asked for."""
    if not hidden(name):
        known = next((one.__dict__[name] for one in type(self).__mro__ if name in one.__dict__), None)
        if not isinstance(known, _METHODS):
            return self._hatch_.ask("get", self, name)
    return object.__getattribute__(self, name)


def _meta(shared: list[type]) -> Callable[..., Any]:
    """A metaclass that fits those of the given classes."""
    kinds = tuple(dict.fromkeys(type(one) for one in shared if type(one) is not type))
    return type("_Meta", (_Meta, *kinds), {}) if kinds else _Meta


def error_class(
    hatch: Asked, number: int, name: str, space: dict[str, Any], bases: list[Any], builtin: Any
) -> type:
    """An exception class, below the same builtin."""
    base = getattr(builtins, builtin, None) if isinstance(builtin, str) else None
    if not isinstance(base, type) or not issubclass(base, BaseException):
        raise Refused("an error that is none")
    if not issubclass(base, Exception) or issubclass(base, StopIteration | StopAsyncIteration):
        base = RuntimeError
    own = tuple(one for one in bases if isinstance(one, type) and issubclass(one, Exception)) or (base,)
    space |= {
        "_hatch_": hatch,
        NUMBER: number,
        "__getattr__": Handle.__getattr__,
        "__str__": lambda self: vars(self).get("_hatch_text", ""),
    }
    try:
        return _Meta(_named(name), own, space)
    except TypeError as problem:
        raise Refused("a class of odd bases") from problem


def _named(name: str) -> str:
    return name.replace("\0", "")[:200]


def _shadow(name: str, bases: list[type]) -> type | None:
    """A class for `isinstance` alone, where the learner's class extends one that is installed."""
    if not bases:
        return None
    try:
        return type(_named(name), tuple(bases), {})
    except TypeError:
        return None
