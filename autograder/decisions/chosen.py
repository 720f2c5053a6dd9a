"""Of what waits for a person, what belongs to the learners that were named; a name without any is a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from coursefacts.errors import InputFault

__all__ = ["of_learners"]


T = TypeVar("T")


def of_learners(
    waiting: Iterable[T],
    learner: Callable[[T], str],
    chosen: Iterable[str] | None,
    what: str,
    path: Path,
    remedy: str,
) -> list[T]:
    """Give what belongs to the chosen learners, or all where none is chosen.

    what: the message about a learner without any, with {} for the name.
    """
    found = list(waiting)
    if chosen is None:
        return found
    wanted = list(dict.fromkeys(chosen))
    there = {learner(one) for one in found}
    for name in wanted:
        if name not in there:
            raise InputFault(what.format(name), path=path, remedy=remedy)
    return [one for one in found if learner(one) in wanted]
