"""Faults in what authors write, as Sphinx warnings: a build with -W fails and names file and line."""

from __future__ import annotations

from typing import Any

from coursefacts import InputFault
from coursefacts.errors import ManyFaults
from sphinx.util import logging

_LOGGER = logging.getLogger("coursebook")


def warn(what: str, location: Any = None, remedy: str | None = None) -> None:
    """Log one warning; `location` is a node, a document's name, or a (path, line) pair."""
    _LOGGER.warning(f"{what}; {remedy}" if remedy else what, location=location, type="course")


def warn_fault(fault: InputFault, location: Any = None) -> None:
    """Log a fault, or each of several, at its own place or at the given one."""
    for one in fault.faults if isinstance(fault, ManyFaults) else (fault,):
        where = f"{one.path}:{one.line or 1}" if one.path else location
        warn(one.what, where, one.remedy)
