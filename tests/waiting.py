"""Wait for a moment that is sure to come, instead of for a time in which it ought to have come.

No test may hang on who is faster: what it needs is made to last (a submission without an end, a gate file),
and what it waits for is looked at until it is so.
The bound is there only so that a fault ends; it is far above what a busy machine takes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

PATIENCE = 300.0  # pytest's own bound on a test is twice this
_PROGRESS = re.compile(r"\S+: \d+ of \d+ \w+")


def until(holds: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something holds; after the bound fail, and say what never happened."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"after {seconds:.0f} seconds still not so: {what}"
        time.sleep(0.01)


def faults(err: str) -> list[str]:
    """Give the lines that tell a fault; on a slow machine others tell how far long work has come."""
    return [line for line in err.strip().splitlines() if not _PROGRESS.match(line)]
