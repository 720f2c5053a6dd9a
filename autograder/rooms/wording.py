"""Lists of names, written as prose is."""

from __future__ import annotations

__all__ = ["words"]


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())
