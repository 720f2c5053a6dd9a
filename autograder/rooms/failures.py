"""In the examiner's room: errors of a learner's function, as exceptions of the examiner's own classes."""

from __future__ import annotations

import builtins
from typing import Any

from autograder.rooms.bounds import Refused
from autograder.rooms.installed import find_class

__all__ = ["LearnerGone", "Withheld", "exception", "from_learner", "warning_class"]

_LONGEST = 2000
_MARK = "_from_the_learners_room"
_PLAIN = {str, int, float, bool, type(None)}
# They mean something to the code that runs the cell, not to the test in it.
_NEVER = (StopIteration, StopAsyncIteration, GeneratorExit)


class LearnerGone(RuntimeError):
    """The learner's room ended, or talked nonsense and was left."""


class Withheld(RuntimeError):
    """A value of the learner's does not travel; the text says why."""


def _builtin(name: Any) -> type[Exception] | None:
    found = getattr(builtins, name, None) if isinstance(name, str) else None
    if isinstance(found, type) and issubclass(found, Exception) and not issubclass(found, _NEVER):
        return found
    return None


def _class(told: dict[str, Any]) -> type[Exception]:
    """The learner's class as it stands here, or an installed one, or the builtin that it is."""
    own = told.get("class")
    if isinstance(own, type) and issubclass(own, Exception) and not issubclass(own, _NEVER):
        return own
    if told.get("module") not in ("builtins", "__main__"):
        try:
            found: type | None = find_class(told.get("module"), told.get("type"))
        except Refused:
            found = None
        if found is not None and issubclass(found, Exception) and not issubclass(found, _NEVER):
            return found
    return _builtin(told.get("builtin")) or RuntimeError


def exception(told: Any) -> Exception:
    """An exception that a test can catch by its class; nothing of the learner's runs to make it."""
    if not isinstance(told, dict):
        raise Refused("an error that is none")
    text = told.get("text")
    text = text[:_LONGEST] if isinstance(text, str) else ""
    kind = _class(told)
    args = told.get("args")
    if kind is RuntimeError and told.get("builtin") != "RuntimeError":
        args, text = None, f"{str(told.get('type'))[:100]}: {text}"
    args = args if isinstance(args, tuple) else (text,)
    fits = kind.__module__ == "builtins" or set(map(type, args)) <= _PLAIN
    made = _made(kind, args if fits else (text,), text)
    object.__setattr__(made, _MARK, True)
    if "cause" in told:
        made.__cause__ = exception(told["cause"])
    return made


def from_learner(problem: BaseException | None) -> bool:
    """Whether this is an exception that learner code raised, and not the test."""
    return getattr(problem, _MARK, False) is True


def _made(kind: type[Exception], args: tuple[Any, ...], text: str) -> Exception:
    if isinstance(getattr(kind, "_hatch_number", None), int):
        made = kind.__new__(kind, *args)
        made.args = args
        object.__setattr__(made, "_hatch_text", text)
        return made
    for attempt in (args, (text,)):
        try:
            return kind(*attempt)
        # A class of a package may want other arguments than it was made with.
        except Exception:  # noqa: BLE001
            continue
    return RuntimeError(text)


def warning_class(module: Any, name: Any, builtin: Any) -> type[Warning]:
    """The class of a warning: an installed one, or the builtin that it is."""
    for place, called in ((module, name), ("builtins", builtin)):
        try:
            found = find_class(place, called)
        except Refused:
            continue
        if issubclass(found, Warning):
            return found
    return UserWarning
