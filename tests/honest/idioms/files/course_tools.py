"""A module that the course ships beside its notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def same_up_to(a: float, b: float, tolerance: float = 1e-6) -> bool:
    """Tell whether two numbers are close."""
    return abs(a - b) <= tolerance


def check_increasing(function: Callable[[float], float], points: Iterable[float]) -> None:
    """Complain where a function falls."""
    values = [function(point) for point in points]
    assert values == sorted(values), "this function falls"
