"""In the learner's room: what a call finds around it, as in the examiner's: output, input, seeds."""

from __future__ import annotations

import builtins
import io
import random
import sys
import warnings
from types import TracebackType
from typing import Any, Protocol, Self

__all__ = ["Surroundings", "states", "take_states"]

_TEXT = 1 << 20
_WARNINGS = 50


class _Asked(Protocol):
    def ask(self, what: str, number: int, *args: Any, **kwargs: Any) -> Any: ...


class _Kept(io.StringIO):
    """A text that stops growing."""

    def write(self, text: str) -> int:
        """Take some."""
        if self.tell() < _TEXT:
            super().write(text[:_TEXT])
        return len(text)


def states() -> dict[str, Any]:
    """The states of the two global random generators."""
    told: dict[str, Any] = {"random": random.getstate()}
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        told["numpy"] = tuple(numpy.random.get_state())
    return told


def take_states(told: dict[str, Any]) -> None:
    """Go on from there."""
    random.setstate(told["random"])
    if "numpy" in told and "numpy" in sys.modules:
        sys.modules["numpy"].random.set_state(told["numpy"])


class Surroundings:
    """One call's."""

    def __init__(self, request: dict[str, Any], server: _Asked) -> None:
        self._request = request
        self._server = server
        self._said = (_Kept(), _Kept())
        self._warned: list[warnings.WarningMessage] = []
        self._patched: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> Self:
        if "states" in self._request:
            take_states(self._request["states"])
        self._before = sys.stdout, sys.stderr, builtins.input
        sys.stdout, sys.stderr = self._said
        for place, name, value in self._request.get("patched", ()):
            if place in sys.modules:
                self._patched.append((sys.modules[place], name, getattr(sys.modules[place], name)))
                setattr(sys.modules[place], name, value)
        if self._request.get("input"):
            builtins.input = lambda prompt="": self._server.ask("input", 0, prompt)
        self._catch = warnings.catch_warnings(record=True)
        seen = self._catch.__enter__()
        self._warned = [] if seen is None else seen
        warnings.simplefilter("always")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._catch.__exit__(kind, value, trace)
        for module, name, value_before in self._patched:
            setattr(module, name, value_before)
        sys.stdout, sys.stderr, builtins.input = self._before

    def told(self) -> dict[str, Any]:
        """What was said and warned of."""
        reply: dict[str, Any] = {}
        if self._request.get("heard"):
            out, err = (one.getvalue() for one in self._said)
            if out or err:
                reply["said"] = [out, err]
        if self._warned:
            reply["warned"] = [_warning(one) for one in self._warned[:_WARNINGS]]
        return reply


def _warning(one: warnings.WarningMessage) -> list[str]:
    kind = next(base for base in one.category.__mro__ if base.__module__ == "builtins")
    return [
        str(one.category.__module__)[:100],
        str(one.category.__name__)[:100],
        kind.__name__,
        str(one.message)[:2000],
    ]
