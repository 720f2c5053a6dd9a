"""In the learner's room: describe what does not travel by value, and find it again by its number."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from typing import Any

from autograder.rooms import messages, references
from autograder.rooms.lent import number_of
from autograder.rooms.pushes import attributes
from autograder.rooms.wording import words

__all__ = ["OPERATORS", "Offers", "whole"]

_DOC = 20_000
_CONTENT = (list, dict, set, frozenset, tuple, str, bytes, bytearray, int, float, complex)
_ADDED = (types.FunctionType, property, classmethod, staticmethod)
_MAKING = {"__init__", "__new__"}
_MEMBERS = 300
_FLOWS = (
    inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE
)
_CAN = {
    "call": "__call__",
    "len": "__len__",
    "iter": "__iter__",
    "next": "__next__",
    "item": "__getitem__",
    "setitem": "__setitem__",
    "delitem": "__delitem__",
    "enter": "__enter__",
    "await": "__await__",
}
OPERATORS = words("""
    add sub mul matmul truediv floordiv mod pow neg pos abs invert and or xor lshift rshift
    radd rsub rmul rmatmul rtruediv rfloordiv rmod rpow
""")


class _Whole:
    """A value that is to be described although it could travel as the builtin that it extends."""

    def __init__(self, value: Any) -> None:
        self.value = value


def whole(value: Any, *, made: bool = False) -> Any:
    """Keep a list or a text of a learner's own class together with what that class adds.

    made: the class itself has been called for it, so what is asked for next is most likely the class's own.
    """
    kind = type(value)
    if kind.__module__ != "__main__" or not isinstance(value, _CONTENT):
        return value
    own = [name for name, one in vars(kind).items() if isinstance(one, _ADDED)]
    record = hasattr(kind, "_fields")
    if any(not name.startswith("_") for name in own) or (made and not record and set(own) - _MAKING):
        return _Whole(value)
    return value


class Offers:
    """What the examiner may ask for, by number; numbers are never used again."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names
        self.given: dict[str, type] = {}
        self.objects: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._told: set[int] = set()
        self._fresh: list[int] = []
        self._described = 0
        self.mentioned: Callable[[Any], set[str]] = lambda _: set()

    def pack(self, value: Any) -> bytes:
        """Write a value for the examiner."""
        self._fresh = []
        body = messages.pack(value, strange=self._describe, given=self.given)
        self._told.update(self._fresh)
        return body

    def mark(self, value: Any) -> tuple[bytes, bool]:
        """Write a value so that it can be compared later, and say whether it could be sent like that."""
        self._described = 0
        body = messages.pack(value, strange=self._compare, given=self.given)
        return body, not self._described

    def number(self, value: Any) -> int:
        """The number of this very object."""
        known = self._numbers.get(id(value))
        if known is None:
            known = self._numbers[id(value)] = len(self.objects)
            self.objects.append(value)  # and so its address is nobody else's from now on
        return known

    def known(self, value: Any) -> bool:
        """Whether this is something the examiner has a stand-in for."""
        return self._numbers.get(id(value)) in self._told

    def _compare(self, value: Any) -> Any:
        self._described += 1
        if isinstance(value, _Whole):
            return {"id": self.number(value.value)}, [value.value]
        borrowed = number_of(value)
        return {"id": self.number(value)} if borrowed is None else {"lent": borrowed}

    def _describe(self, value: Any) -> Any:
        if isinstance(value, _Whole):
            return self._with_content(value.value)
        borrowed = number_of(value)
        if borrowed is not None:
            return {"lent": borrowed}
        number = self.number(value)
        if number in self._told:
            return {"id": number}
        if isinstance(value, type) and self.given.get(value.__name__) is value:
            return {"given": value.__name__}
        self._fresh.append(number)
        for fits, tell in _KINDS:
            if fits(value):
                return tell(self, number, value)
        return self._thing(number, value)

    def _with_content(self, value: Any) -> Any:
        """Describe a list or a text of a learner's own class, and give what it holds as well."""
        number = self.number(value)
        if number in self._told:
            return {"id": number, "plain": True}, [value]
        self._fresh.append(number)
        plain, values = self._thing(number, value)
        return {**plain, "plain": True}, [*values, value]

    def _function(self, number: int, value: Any) -> Any:
        plain: dict[str, Any] = {"id": number, "kind": "function", **_naming(value)}
        values: list[Any] = []
        plain["params"] = parameters(value, values)
        plain["flow"] = _flow(value)
        plain["globals"] = sorted(self.mentioned(value))[:_MEMBERS]
        plain["attributes"] = []
        for name, one in attributes(value).items():
            plain["attributes"].append([name, len(values)])
            values.append(one)
        code = getattr(inspect.unwrap(value) if value.__dict__ else value, "__code__", None)
        plain["line"] = getattr(code, "co_firstlineno", 0)
        return plain, values

    def _class(self, number: int, value: type) -> Any:
        plain: dict[str, Any] = {"id": number, "kind": "class", **_naming(value)}
        plain["error"] = None
        if issubclass(value, BaseException):
            plain["error"] = next(one for one in value.__mro__ if one.__module__ == "builtins").__name__
        bases = [one for one in value.__bases__ if one is not object]
        values: list[Any] = [*bases]
        plain["bases"] = len(bases)
        plain["can"] = _can(value)
        plain["operators"] = [one for one in OPERATORS if _has(value, f"__{one}__")]
        plain["params"] = parameters(value, values)
        plain["members"] = _members(value, values)
        return plain, values

    def _module(self, number: int, value: types.ModuleType) -> Any:
        return {"id": number, "kind": "object", "type": ["types", "ModuleType"], "can": []}

    def _thing(self, number: int, value: Any) -> Any:
        kind = type(value)
        plain: dict[str, Any] = {"id": number, "kind": "object", "can": _can(kind)}
        plain["type"] = [str(kind.__module__)[:100], str(kind.__qualname__)[:100]]
        values: list[Any] = []
        if kind.__module__ == "__main__":
            plain["own"] = True
            values.append(kind)
        elif callable(value):
            plain |= _naming(value)
            plain["params"] = parameters(value, values)
        return plain, values


def _naming(value: Any) -> dict[str, Any]:
    name = getattr(value, "__name__", type(value).__name__)
    doc = getattr(value, "__doc__", None)
    return {
        "name": str(name)[:200],
        "qualname": str(getattr(value, "__qualname__", name))[:400],
        "doc": doc[:_DOC] if isinstance(doc, str) else None,
    }


def _flow(value: Any) -> str:
    if type(value) is types.FunctionType and not value.__dict__ and not value.__code__.co_flags & _FLOWS:
        return "plain"
    if inspect.iscoroutinefunction(value):
        return "async"
    return "generator" if inspect.isgeneratorfunction(value) else "plain"


def parameters(value: Any, values: list[Any]) -> list[Any] | None:
    """Tell a signature: name, kind and the places of default and annotation among `values`."""
    if type(value) is types.FunctionType and not value.__dict__ and not value.__annotations__:
        return _usual(value, values)
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return None
    told: list[Any] = []
    for one in signature.parameters.values():
        told.append([one.name, int(one.kind), None, None])
        for at, extra in ((2, one.default), (3, one.annotation)):
            if extra is not inspect.Parameter.empty:
                told[-1][at] = len(values)
                values.append(_plain_annotation(extra) if at == 3 else extra)
    if signature.return_annotation is not inspect.Signature.empty:
        told.append(["return", -1, None, len(values)])
        values.append(_plain_annotation(signature.return_annotation))
    return told


def _usual(function: types.FunctionType, values: list[Any]) -> list[Any]:
    """Tell what inspect would of a function that bears nothing, at a tenth of its cost."""
    code, given = function.__code__, function.__defaults__ or ()
    count, named = code.co_argcount, code.co_kwonlyargcount
    kinds = [0] * code.co_posonlyargcount + [1] * (count - code.co_posonlyargcount)
    told = [[name, kind, None, None] for name, kind in zip(code.co_varnames, kinds, strict=False)]
    rest = list(code.co_varnames[count + named :])
    if code.co_flags & inspect.CO_VARARGS:
        told.append([rest.pop(0), 2, None, None])
    told += [[name, 3, None, None] for name in code.co_varnames[count : count + named]]
    if code.co_flags & inspect.CO_VARKEYWORDS:
        told.append([rest.pop(0), 4, None, None])
    defaults = {
        **dict(zip(code.co_varnames[count - len(given) : count], given, strict=True)),
        **(function.__kwdefaults__ or {}),
    }
    for one in told:
        if one[0] in defaults:
            one[2] = len(values)
            values.append(defaults[one[0]])
    return told


def _plain_annotation(one: Any) -> Any:
    """A class of a library travels by name, a text as it is, everything else as a text."""
    known = one is None or isinstance(one, str) or references.write(None, one) is not None  # type: ignore[arg-type]
    return one if known else str(one)[:200]


def _can(kind: type) -> list[str]:
    return [what for what, name in _CAN.items() if _has(kind, name)]


def _has(kind: type, name: str) -> bool:
    """Whether instances have it; every class itself can be called, and joined by `|`."""
    return any(name in vars(one) for one in kind.__mro__)


def _members(value: type, values: list[Any]) -> list[Any]:
    told: list[Any] = []
    for name, one in list(vars(value).items())[:_MEMBERS]:
        how, inner = _member(one)
        if not name.startswith(("__", "_abc_")):
            told.append([name, how, len(values) if inner is not None else None])
            if inner is not None:
                values.append(inner)
    return told


def _member(one: Any) -> tuple[str, Any]:
    if isinstance(one, types.FunctionType):
        return "method", one
    if isinstance(one, staticmethod) and isinstance(one.__func__, types.FunctionType):
        return "static", one.__func__
    if isinstance(one, classmethod) and isinstance(one.__func__, types.FunctionType):
        return "class", one.__func__
    return ("property" if isinstance(one, property) else "data", None)


def _generator(number: int) -> Any:
    return {"id": number, "kind": "generator"}


_KINDS: list[tuple[Callable[[Any], bool], Callable[[Offers, int, Any], Any]]] = [
    (lambda one: isinstance(one, types.FunctionType | types.MethodType), Offers._function),
    (lambda one: isinstance(one, type), Offers._class),
    (lambda one: isinstance(one, types.GeneratorType), lambda _, number, __: _generator(number)),
    (
        lambda one: isinstance(one, types.CoroutineType),
        lambda _, number, __: {"id": number, "kind": "coroutine"},
    ),
    (lambda one: isinstance(one, types.ModuleType), Offers._module),
]
