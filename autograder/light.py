"""Keep what only costs time out of the way: a slow import that nothing here uses, and looking for garbage."""

from __future__ import annotations

import gc
import sys

__all__ = ["lighten", "seldom_collect"]

# Imports and notebooks make next to no garbage in cycles; Python would look for it after each 700 objects.
_OBJECTS = 50_000


def lighten() -> None:
    """Import jsonschema without its check of internationalised addresses.

    That check builds a grammar at import, which takes longer than the rest of nbformat, and half as long as
    nbgrader as a whole.
    No notebook's schema asks for it, and jsonschema does without where it is missing.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None is how a module is barred


def seldom_collect() -> None:
    """Let Python look for garbage seldom: at its usual rate a fifth of the time of imports goes there."""
    gc.set_threshold(_OBJECTS, 20)
