"""Where a learner's handle may be an operand: only where the instructor's own solution had one.

An operand from a test can be the expected value; an `__add__` of the learner's that sees it could answer
right without having computed anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.rooms.handles import Handle

__all__ = ["Contract"]


class Contract:
    """The keys that hold, and those that were used. Without any the solution itself runs: all is noted."""

    def __init__(self) -> None:
        self.own: frozenset[str] | None = None
        self.classes: frozenset[str] = frozenset()
        self.globals: tuple[str, ...] = ()
        self.used: set[str] = set()
        self._places: dict[int, str] = {}
        self._kept: list[Any] = []

    def begin(self, own: Iterable[str] | None, classes: Iterable[str]) -> None:
        """Set what holds."""
        self.own = None if own is None else frozenset(own)
        self.classes = frozenset(classes)
        told = [one.partition(":") for one in self.own or ()]
        self.globals = tuple(name for kind, _, name in told if kind == "global")

    def named(self, name: str, value: Any) -> None:
        """A handle was fetched by name."""
        self._note(value, f"name:{name}")

    def came(self, value: Any, do: str, args: tuple[Any, ...]) -> None:
        """A handle was the result of something."""
        if not isinstance(value, Handle) or not args:
            return
        asked = args[0]
        name = getattr(asked, "__name__", None) if do in ("call", "wait") else None
        if do == "get":
            self._note(value, f"attr:{type(asked).__name__}.{args[1]}")
        elif name is not None:
            self._note(value, f"call:{name}")
        else:
            self._note(value, f"{do}:{type(asked).__name__}")

    def _note(self, value: Any, place: str) -> None:
        if isinstance(value, Handle) and id(value) not in self._places:
            self._places[id(value)] = place
            self._kept.append(value)

    def may(self, handle: Any, operator: str) -> bool:
        """Whether this handle may be an operand of this operator."""
        kind = type(handle).__name__
        place = self._places.get(id(handle))
        if kind not in self.classes or place is None:
            return False
        keys = {place, f"op:{kind}.{operator}"}
        if self.own is None:
            self.used |= keys
            return True
        return keys <= self.own
