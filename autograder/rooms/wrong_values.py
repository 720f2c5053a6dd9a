"""Which values stood behind a failed check, for the instructor's report: short texts of plain data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["wrong_values"]

_MOST_NAMES, _MOST_PARTS, _LONGEST = 8, 6, 60


def wrong_values(source: str, names: Iterable[str], values: Mapping[str, Any]) -> dict[str, str]:
    """Write down what the names that a test mentions held; what is no plain data is left out.

    source: the test's text.
    names: those that came from the learner.
    """
    said: dict[str, str] = {}
    for name in sorted(names):
        if len(said) == _MOST_NAMES:
            break
        if name in values and re.search(rf"\b{re.escape(name)}\b", source):
            text = _text(values[name])
            if text is not None:
                said[name] = text[:_LONGEST]
    return said


def _text(value: Any, depth: int = 0) -> str | None:
    """Write plain data so that equal answers read the same; no method of a learner's runs."""
    if type(value).__module__ == "numpy" and type(value).__name__ in _NUMPY:
        value = value.item()
    if value is None or type(value) in {bool, int, str}:
        # A number of a million digits cannot be written, and says no more than that.
        return "a very large number" if type(value) is int and value.bit_length() > 200 else repr(value)
    if type(value) in {float, complex}:
        return f"{value:.4g}"
    if type(value) in {list, tuple} and depth == 0:
        parts = [_text(one, depth + 1) for one in value[:_MOST_PARTS]]
        if any(one is None for one in parts):
            return None
        more = f", … ({len(value)} in all)" if len(value) > _MOST_PARTS else ""
        return f"[{', '.join(one or '' for one in parts)}{more}]"
    return None


_SIZES = {f"{sign}int{size}" for sign in ("", "u") for size in (8, 16, 32, 64)}
_NUMPY = _SIZES | {"bool", "bool_", "float16", "float32", "float64", "complex64", "complex128", "str_"}
