"""In the learner's room: what the examiner may ask of an object, and how an error is told."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from IPython.core.async_helpers import get_asyncio_loop

from autograder.rooms import messages
from autograder.rooms.offers import OPERATORS, Offers

__all__ = ["do", "failure"]

_CAUSES = 3


def _call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


def _wait(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    async def whole() -> Any:
        return await function(*args, **kwargs)

    return get_asyncio_loop().run_until_complete(whole())


def _enter(manager: Any) -> Any:
    return type(manager).__enter__(manager)


def _exit(manager: Any, kind: Any, text: Any) -> bool:
    problem = None if kind is None else kind(text)
    return bool(type(manager).__exit__(manager, kind, problem, None))


def _operator(name: str) -> Callable[..., Any]:
    def apply(left: Any, *right: Any) -> Any:
        return getattr(type(left), f"__{name}__")(left, *right)

    return apply


def _state(value: Any) -> dict[str, Any]:
    return dict(vars(value))


_DOINGS: dict[str, Callable[..., Any]] = {
    "call": _call,
    "wait": _wait,
    "await": lambda one: _wait(lambda: one),
    "get": getattr,
    "set": setattr,
    "delete": delattr,
    "len": len,
    "iter": iter,
    "next": next,
    "send": lambda one, value: one.send(value),
    "item": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "enter": _enter,
    "exit": _exit,
    "str": str,
    "repr": repr,
    "format": format,
    "dir": dir,
    "state": _state,
    **{f"op {name}": _operator(name) for name in OPERATORS},
}


def do(what: str, args: tuple[Any, ...], kwargs: dict[str, Any], offers: Offers) -> dict[str, Any]:
    """Do it; the value, the end of an iteration, or the error."""
    try:
        return {"value": _DOINGS[what](*args, **kwargs)}
    except StopIteration as problem:
        if what in ("next", "send"):
            return {"stop": True, "value": problem.value}
        return {"error": failure(problem, offers)}
    # Whatever a learner's code raises is an answer, SystemExit and KeyboardInterrupt too.
    except BaseException as problem:  # noqa: BLE001
        return {"error": failure(problem, offers)}


def failure(problem: BaseException, offers: Offers, depth: int = 0) -> dict[str, Any]:
    """Tell an error: its class, the builtin that it is, its text, and its arguments where they travel."""
    kind = type(problem)
    builtin = next(one for one in kind.__mro__ if one.__module__ == "builtins")
    told: dict[str, Any] = {"builtin": builtin.__name__, "type": str(kind.__name__)[:200]}
    told["module"] = str(kind.__module__)[:200]
    number = getattr(problem, "_lent_number", None)
    if type(number) is int:
        told["lent"] = number
    try:
        told["text"] = str(problem)[:2000]
    except BaseException:  # noqa: BLE001
        told["text"] = ""
    try:
        offers.mark(problem.args)
        told["args"] = problem.args
    except messages.Refused:
        pass
    if kind.__module__ == "__main__":
        told["class"], told["id"] = kind, offers.number(problem)
    if problem.__cause__ is not None and depth < _CAUSES:
        told["cause"] = failure(problem.__cause__, offers, depth + 1)
    return told
