"""What stands in place of a solution's value or function while its tests are tried: empty, NaN, constant.

The text of this file runs in the learner's room, beside the solution, and so imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

__all__ = ["CONSTANT", "EMPTY", "KINDS", "MISSING", "Same", "restore", "swap"]

EMPTY: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "NaN": lambda: float("nan"),
    "an empty list": list,
    "an empty table": dict,
    "an empty set": set,
    "an empty text": str,
    "an empty array": lambda: np.zeros(0),
    "an empty array of two axes": lambda: np.zeros((0, 1)),
}
"""None of these is ever an answer, so a test gives no point for it."""

CONSTANT: dict[str, Any] = {
    "NaN in each place": float("nan"),
    "the constant 0": 0,
    "the constant 1": 1,
    "1 in each place": 1,
    "its first entry in each place": None,
}
"""These may be right in part, so a test that gives all its points is weak."""

MISSING = "nothing"
KINDS = (MISSING, *EMPTY, *CONSTANT)

_LOST = object()
_kept: dict[str, Any] = {}


class Same(Exception):
    """The solution itself says the same here, or the form has no places."""


def swap(names: dict[str, Any], group: tuple[str, ...], kind: str) -> None:
    """Put something of a kind in place of what names stand for; raise Same where that changes none of them.

    A function, or anything else that is called, becomes one that answers so to every call.
    """
    for name in group:
        with suppress(Same):
            _swap(names, name, kind)
    if not _kept:
        raise Same


def _swap(names: dict[str, Any], name: str, kind: str) -> None:
    own = names.get(name, _LOST)
    if own is _LOST:
        raise Same
    if kind == MISSING:
        del names[name]
    elif callable(own):
        names[name] = _function(own, kind)
    else:
        other = _value(own, kind)
        if _equal(own, other):
            raise Same
        names[name] = other
    _kept[name] = own


def restore(names: dict[str, Any]) -> None:
    """Put back what the solution had."""
    names.update(_kept)
    _kept.clear()


def _function(own: Callable[..., Any], kind: str) -> Callable[..., Any] | None:
    if kind == "its first entry in each place":
        raise Same  # of a single number it is the answer itself
    if kind.endswith("in each place"):
        return lambda *args, **options: _filled(own(*args, **options), CONSTANT[kind])
    if kind in CONSTANT:
        return lambda *_, **__: CONSTANT[kind]
    return lambda *_, **__: EMPTY[kind]()


def _value(own: Any, kind: str) -> Any:
    if kind in EMPTY:
        return EMPTY[kind]()
    if not kind.endswith("in each place"):
        return CONSTANT[kind]
    if not isinstance(own, dict | list | tuple | np.ndarray) or not len(own):
        raise Same
    if kind != "its first entry in each place":
        return _filled(own, CONSTANT[kind])
    if isinstance(own, dict):
        return _filled(own, next(iter(own.values())))
    return _filled(own, own.flat[0] if isinstance(own, np.ndarray) else own[0])


def _filled(own: Any, value: Any) -> Any:
    """Something of the same form with one value in each place; the value itself where there are no places."""
    if isinstance(own, dict):
        return dict.fromkeys(own, value)
    if isinstance(own, list | tuple):
        return type(own)([value] * len(own))
    if isinstance(own, np.ndarray):
        kind = own.dtype if not isinstance(value, float) or own.dtype.kind in "fcO" else float
        return np.full(own.shape, value, dtype=kind)
    return value


def _equal(own: Any, other: Any) -> bool:
    """Whether two values are the same answer; NaN is the same as NaN, and so are all empty things."""
    try:
        if len(own) == len(other) == 0:
            return True
    except TypeError:
        pass
    try:
        if np.shape(own) != np.shape(other):
            return False
        return bool(np.all(own == other)) or bool(own != own and other != other)
    # What a library compares may raise anything.
    except Exception:  # noqa: BLE001
        return False
