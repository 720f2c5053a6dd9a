"""In the examiner's room: write arguments for the learner's, and keep what must not leave.

Plain data and what both rooms have installed goes as a pickle. The learner's own things go back as numbers.
Everything else (functions of a test cell, its instances, mocks, open files) is lent by number until the cell
ends; a learner may call it and look at its public attributes, as newton(f, x0) has to.
"""

from __future__ import annotations

import functools
import importlib
import io
import operator
import pickle
import sys
import types
from typing import Any

from autograder.rooms import lent
from autograder.rooms.bounds import Refused
from autograder.rooms.lent import REVERSED
from autograder.rooms.wording import words

__all__ = ["Lender"]

_MOST = 10_000
# What leads from an object to the whole room.
_FRAMES = frozenset(
    words("""
    gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await cr_origin ag_frame ag_code ag_await tb_frame
    tb_next f_back f_globals f_locals f_builtins f_code func_globals mro
""")
)
# What cannot be copied without becoming another: it works on something that is here.
_OURS = (io.IOBase, types.GeneratorType, types.MethodType, types.CoroutineType)
# A shell runs whatever it is given.
_NEVER = ("IPython", "ipykernel", "traitlets", "autograder", "code")
_GONE = object()


def _is_mock(value: Any) -> bool:
    """Whether it is a mock; there is none where nobody has imported them, and that loads half of asyncio."""
    mock = sys.modules.get("unittest.mock")
    return mock is not None and isinstance(value, mock.NonCallableMock)


@functools.cache
def _of_mocks() -> frozenset[str]:
    """What a mock has of its own."""
    return frozenset(dir(importlib.import_module("unittest.mock").MagicMock()))


class Lender:
    """The examiner's things that the learner's room knows by number."""

    def __init__(self, standins: dict[int, int], given: dict[str, type]) -> None:
        self.given = given
        self._standins = standins
        self._lent: list[Any] = []
        self._numbers: dict[int, int] = {}
        self.kept: list[Any] = []

    def write(self, message: Any) -> bytes:
        """Pickle it for the learner's room."""
        file = io.BytesIO()
        _Pickler(file, self).dump(message)
        return file.getvalue()

    def back(self, number: Any) -> Any:
        """What was lent under this number."""
        if type(number) is not int or not 0 <= number < len(self._lent) or self._lent[number] is _GONE:
            raise Refused("something that was never lent, or is no longer")
        return self._lent[number]

    def end(self) -> None:
        """Take everything back but what a test has put in the place of a name; no number is used again."""
        kept = {id(one) for one in self.kept}
        self._lent[:] = [one if id(one) in kept else _GONE for one in self._lent]
        self._numbers = {key: number for key, number in self._numbers.items() if key in kept}

    def number_of_standin(self, value: Any) -> int | None:
        """The number by which the learner's room knows this one."""
        return self._standins.get(id(value))

    def lend(self, value: Any) -> tuple[Any, tuple[Any, ...]]:
        """Keep it, and say how the learner's room makes what stands for it."""
        if str(type(value).__module__).partition(".")[0] in _NEVER:
            raise Refused("this is not lent")
        number = self._numbers.get(id(value))
        if number is None:
            if len(self._lent) >= _MOST:
                raise Refused("too many things lent at once")
            number = self._numbers[id(value)] = len(self._lent)
            self._lent.append(value)
        if isinstance(value, types.FunctionType | types.MethodType | types.BuiltinFunctionType):
            return lent.lent, (number, "function", value.__name__, ())
        can = tuple(f"__{one}__" for one in REVERSED if hasattr(type(value), f"__{one}__"))
        return lent.lent, (number, "object", "", can)

    def do(self, what: Any, one: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Do with a lent thing what the learner's room asks."""
        doing = _DOINGS.get(what) if isinstance(what, str) else None
        if doing is None or not all(isinstance(name, str) for name in kwargs):
            raise Refused("a question that is none")
        if what in ("get", "set"):
            return getattr(self, what)(one, *args)
        return doing(one, *args, **kwargs)

    def error(self, problem: BaseException) -> Exception:
        """An error of a lent function, for the learner's room: a builtin one that bears its number here."""
        if not isinstance(problem, Exception):
            return RuntimeError(type(problem).__name__)
        number = len(self._lent)
        self._lent.append(problem)
        kind: Any = next(one for one in type(problem).__mro__ if one.__module__ == "builtins")
        made: Any = Exception.__new__(kind)
        made.args = (str(problem)[:2000],)
        made._lent_number = number
        return made  # type: ignore[no-any-return]

    def raised(self, number: Any) -> Exception:
        """The error of a lent function that comes back out of the learner's."""
        problem = self.back(number)
        if not isinstance(problem, Exception):
            raise Refused("an error that is none")
        return problem

    def get(self, value: Any, name: Any) -> Any:
        """An attribute, as far as it leads nowhere else."""
        self._public(value, name)
        return getattr(value, name)

    def set(self, value: Any, name: Any, new: Any) -> None:
        """Set what is plain data of an instance: no method, and nothing of a mock's, which keeps accounts."""
        self._public(value, name)
        own = getattr(value, "__dict__", {})
        if isinstance(value, type | types.FunctionType) or _is_mock(value) or callable(own.get(name)):
            raise Refused("this may not be set from here")
        if callable(getattr(type(value), name, None)):
            raise Refused("this may not be set from here")
        setattr(value, name, new)

    def _public(self, value: Any, name: Any) -> None:
        if not isinstance(name, str) or name.startswith("_") or name in _FRAMES or not name.isidentifier():
            raise AttributeError("this attribute is not lent")
        if _is_mock(value) and name in _of_mocks():
            raise AttributeError("what a mock keeps is not lent")


def _next(value: Any) -> tuple[bool, Any]:
    try:
        return False, next(value)
    except StopIteration:
        return True, None


_DOINGS: dict[str, Any] = {
    "call": lambda one, *args, **kwargs: one(*args, **kwargs),
    "get": None.__class__,
    "set": None.__class__,
    "len": len,
    "iter": iter,
    "next": _next,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "contains": operator.contains,
    "enter": lambda one: one.__enter__(),
    "exit": lambda one, *_: one.__exit__(None, None, None),
    "str": str,
    "repr": repr,
}


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, lender: Lender) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._lender = lender

    def reducer_override(self, obj: Any) -> Any:
        """Decide on everything that is not plain data."""
        number = self._lender.number_of_standin(obj)
        if number is not None:
            return lent.held, (number,)
        if isinstance(obj, type | types.FunctionType | types.BuiltinFunctionType):
            return self._named(obj)
        kind: type = type(obj)
        if isinstance(obj, _OURS) or _is_mock(obj):
            return self._lender.lend(obj)
        if isinstance(obj, types.ModuleType):
            return importlib.import_module, (obj.__name__,)
        if not self._shared(kind):
            return self._lender.lend(obj)
        return self._reduced(obj)

    def _named(self, obj: Any) -> Any:
        if isinstance(obj, type) and self._lender.given.get(obj.__name__) is obj:
            return lent.yours, (obj.__name__,)
        if isinstance(obj, types.BuiltinFunctionType):
            made = obj.__reduce_ex__(pickle.HIGHEST_PROTOCOL)
            # By its name alone, or as a method of a class; [].append must reach this very list.
            if isinstance(made, str) or isinstance(made[1][0], type):
                return NotImplemented
        return NotImplemented if _importable(obj) else self._lender.lend(obj)

    def _shared(self, kind: type) -> bool:
        """Whether the learner's room has this very class."""
        if kind.__module__ == "__main__":
            return kind in self._lender.given.values()
        return kind.__module__ is None or kind.__module__ in sys.modules  # None: singletons of Qiskit

    def _reduced(self, obj: Any) -> Any:
        try:
            made = obj.__reduce_ex__(pickle.HIGHEST_PROTOCOL)
        # A lock, a socket, an iterator over something open: they say so in their own ways.
        except Exception:  # noqa: BLE001
            return self._lender.lend(obj)
        return NotImplemented if isinstance(made, str) else made


def _importable(obj: Any) -> bool:
    module, name = getattr(obj, "__module__", None), getattr(obj, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str) or module == "__main__":
        return False
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found is obj
