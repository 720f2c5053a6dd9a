"""Which modules a room has loaded, and which of them had to be compiled for it."""

from __future__ import annotations

import sys
from os.path import exists
from types import ModuleType
from typing import Any

__all__ = ["told"]

_MOST = 5000


def told() -> dict[str, Any]:
    """Names of all modules, and the sources of those that no bytecode was found for."""
    bare = []
    for one in list(sys.modules.values()):
        # Not by attribute: a module may answer with code of its own.
        held = one.__dict__ if type(one) is ModuleType else {}
        file, cached = held.get("__file__"), held.get("__cached__")
        if isinstance(cached, str) and str(file).endswith(".py") and not exists(cached):  # noqa: PTH110 - of thousands
            bare.append(str(file))
    return {"modules": list(sys.modules), "bare": bare[:_MOST]}
