"""Two senders with one learner's token: no program knows which of them is the learner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.collecting.handins import HandedIn
from autograder.strangers import shown

__all__ = ["rivals"]


# How a platform that hides names tells senders apart, as opposed to where a file happens to lie.
_CODED = ("anon ", "blackboard ", "canvas ", "gradescope ", "moodle ")


def rivals(
    found: Iterable[HandedIn], before: Mapping[tuple[str, str], list[dict[str, Any]]]
) -> list[tuple[HandedIn, str]]:
    """Give what has a learner's token where somebody else handed in something for that learner, too.

    The very same file in two places is one file, unless a platform says that two people sent it.

    found: what was found in this collection.
    before: what was taken in earlier ones, by learner and exercise.
    """
    sent: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for one in found:
        sent[one.learner, one.exercise].add((one.sender, one.content))
    said = []
    for one in found:
        earlier = {
            (item["sender"], item["content"])
            for item in before.get((one.learner, one.exercise), ())
            if item.get("sender")
        }
        if not one.by_token or (one.sender, one.content) in earlier:
            continue
        others = {
            sender
            for sender, content in sent[one.learner, one.exercise] | earlier
            if sender != one.sender and (content != one.content or _are_two(sender, one.sender))
        }
        if others:
            from_whom = shown(min(others), 60)
            said.append(
                (one, f"its token is that of '{one.learner}', for whom another came from '{from_whom}'")
            )
    return said


def _are_two(one: str, other: str) -> bool:
    return one.startswith(_CODED) and other.startswith(_CODED)
