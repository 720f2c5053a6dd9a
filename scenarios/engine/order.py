"""The order in which choices and options are shown: drawn from a seed, so that no place tells anything.

The seed stands in the transcript. front/order.js draws the same order; a test compares the two.
A choice keeps its number, its position in the file, whatever place it is shown in.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

SEED = re.compile(r"[0-9a-f]{8}")
_WHOLE = 0xFFFFFFFF


def draw() -> str:
    """Draw a seed: eight hexadecimal digits."""
    return secrets.token_hex(4)


def shown(numbers: Sequence[int], seed: str | None, place: str) -> list[int]:
    """Give the choices of a scene, or the options of an item, in the order of a seed; None is as written."""
    if seed is None:
        return list(numbers)
    return sorted(numbers, key=lambda number: (_mix(f"{seed}:{place}:{number}"), number))


def _mix(text: str) -> int:
    """Give a 32-bit number for a text: FNV-1a, then MurmurHash3's finalizer to spread the last digit."""
    mixed = 0x811C9DC5
    for byte in text.encode():
        mixed = (mixed ^ byte) * 0x01000193 & _WHOLE
    mixed = (mixed ^ mixed >> 16) * 0x85EBCA6B & _WHOLE
    mixed = (mixed ^ mixed >> 13) * 0xC2B2AE35 & _WHOLE
    return mixed ^ mixed >> 16
