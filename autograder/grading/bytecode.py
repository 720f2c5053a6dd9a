"""Compile what a course's libraries lack, once and beside them, as Python itself would where it may write.

Rooms cannot write there, and what they import is compiled anew in each of them if an installer has not done
it (uv does not unless it is told to). The rehearsal says which modules that are.
"""

from __future__ import annotations

import os
import py_compile
from collections.abc import Iterable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

__all__ = ["compile_once"]


def compile_once(files: Iterable[str]) -> int:
    """Compile these modules; say how many. What cannot be compiled or written stays as it is."""
    made = 0
    for file in files:
        with suppress(OSError, ValueError, NotImplementedError, py_compile.PyCompileError):
            target = Path(cache_from_source(file))
            if Path(file).is_file() and not target.exists() and os.access(Path(file).parent, os.W_OK):
                py_compile.compile(file, cfile=str(target), doraise=True, quiet=2)
                made += 1
    return made
