"""Whether two values are the same, for names that a given cell set and the solution may have changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.rooms import codec
from autograder.rooms.bounds import Bounds, Refused

__all__ = ["same"]


def same(one: Any, other: Any, given: Mapping[str, type]) -> bool:
    """Compare by what travels; what does not travel is taken for the same."""
    return bool(_written(one, given) == _written(other, given))


def _written(value: Any, given: Mapping[str, type]) -> Any:
    try:
        tree, blocks = codec.encode(value, Bounds(), strange=lambda _: {}, given=given, canonical=True)
    except Refused:
        return None
    return repr(tree), [bytes(one) for one in blocks]
