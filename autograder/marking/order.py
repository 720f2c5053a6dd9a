"""In which order letters are marked, and by whom: by chance, but the same chance at every start."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence

from autograder.marking.store import Key

__all__ = ["ident", "in_order", "share"]


def _drawn(seed: bytes, purpose: str, key: Key) -> bytes:
    return hmac.digest(seed, "\0".join((purpose, *key)).encode("utf-8", "replace"), hashlib.sha256)


def in_order(seed: bytes, keys: Iterable[Key]) -> list[Key]:
    """Sort by a keyed digest: who handed in first, or stands first on the roster, is not marked first."""
    return sorted(keys, key=lambda key: _drawn(seed, "order", key))


def share(ordered: Sequence[Key], markers: Sequence[str], marker: str, turn: int = 0) -> list[Key]:
    """Deal out like cards, so that shares differ by one at most; by a digest alone they were 17 and 7 of 24.

    turn: 1 for the second marking, in which everybody gets their neighbour's share.
    """
    names = sorted(markers)
    place = (names.index(marker) + turn) % len(names)
    return [key for number, key in enumerate(ordered) if number % len(names) == place]


def ident(seed: bytes, key: Key) -> str:
    """Name a letter in an address without saying whose it is."""
    return _drawn(seed, "ident", key).hex()[:16]
