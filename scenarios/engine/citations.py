"""Roles in the prose: which facts a case cites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_FACT = re.compile(r"\{fact\}`([^`]+)`")
_TITLED = re.compile(r".*<([^>]+)>", re.DOTALL)


def cited(source: str) -> Iterator[tuple[int, str, str | None]]:
    """Find each `{fact}` of some MyST source: lines before it, id, and the value asked for or None."""
    for match in _FACT.finditer(source):
        content = match.group(1)
        titled = _TITLED.fullmatch(content)
        fact, _, value = (titled.group(1) if titled else content).strip().partition(":")
        yield source.count("\n", 0, match.start()), fact, value or None


def facts_cited(data: Any) -> list[str]:
    """List the ids cited anywhere in plain data, sorted."""
    return sorted(set(_walk(data)))


def _walk(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield from (fact for _, fact, _ in cited(data))
    elif isinstance(data, dict):
        for value in data.values():
            yield from _walk(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _walk(value)
