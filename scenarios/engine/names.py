"""Names in a case: heading anchors as GitHub makes them, and what a mistyped name was meant to be."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

# What GitHub drops from a heading before it makes an anchor: all but word characters, blanks and hyphens.
_DROPPED = re.compile(r"[^\w\- ]")


def slug(title: str) -> str:
    """Make the anchor that GitHub gives a heading, so that links in the raw file work there."""
    return _DROPPED.sub("", title.strip().lower()).replace(" ", "-")


def closest(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that a mistyped one resembles most."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str], *, mark: str = "", otherwise: str = "") -> str:
    """Phrase the remedy for a name that nobody knows."""
    names = list(known)
    guess = closest(name, names)
    if guess is not None:
        return f"did you mean '{mark}{guess}'?"
    if otherwise or not names:
        return otherwise or "none is declared"
    return "known: " + ", ".join(f"{mark}{each}" for each in names)
