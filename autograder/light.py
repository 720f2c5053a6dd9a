"""Keep a slow import that nothing here uses out of the way."""

from __future__ import annotations

import sys

__all__ = ["lighten"]


def lighten() -> None:
    """Import jsonschema without its check of internationalised addresses.

    That check builds a grammar at import, which takes longer than the rest of nbformat, and half as long as
    nbgrader as a whole.
    No notebook's schema asks for it, and jsonschema does without where it is missing.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None is how a module is barred
