"""Did you mean …: the nearest known name, for the remedy of a fault."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Name the nearest known word; list all of them when none is near and they are few."""
    names = [name for name in known if name]
    found = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if found:
        return f"did you mean '{found[0]}'?"
    if not names:
        return f"{otherwise} none"
    shown = ", ".join(sorted(names)[:20])
    return f"{otherwise} {shown}{', …' if len(names) > 20 else ''}"
