"""Keep what only costs time out of the way: a slow import that nothing here uses, and looking for garbage."""

from __future__ import annotations

import atexit
import gc
import sys
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec

__all__ = ["lighten", "seldom_collect", "without_servers"]

# Imports and notebooks make next to no garbage in cycles; Python would look for it after each 700 objects.
_OBJECTS = 50_000


def lighten() -> None:
    """Import jsonschema without its check of internationalised addresses.

    That check builds a grammar at import, which takes longer than the rest of nbformat, and half as long as
    nbgrader as a whole.
    No notebook's schema asks for it, and jsonschema does without where it is missing.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None is how a module is barred


def without_servers() -> None:
    """Let nbgrader's parts be imported without the package's own first lines.

    They import its extensions of JupyterLab's server, and with them the server: a sixth of the import.
    """
    spec = find_spec("nbgrader")
    if spec is not None and "nbgrader" not in sys.modules:
        package = module_from_spec(spec)
        package.__version__ = version("nbgrader")  # type: ignore[attr-defined]
        sys.modules["nbgrader"] = package


def seldom_collect() -> None:
    """Let Python look for garbage seldom: at its usual rate a fifth of the time of imports goes there."""
    gc.set_threshold(_OBJECTS, 20)
    # At its end Python looks for garbage once more, among all that was ever imported.
    atexit.register(gc.freeze)
