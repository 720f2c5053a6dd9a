"""Facts of law and record as typed data with sources and dates.

>>> from coursefacts import load
>>> facts = load()
>>> print(facts.get("us.4a906.a").value("bands.1.cnot_error_max"))
10⁻⁴
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursefacts.book import FactBook, Quote
    from coursefacts.errors import InputFault, ManyFaults
    from coursefacts.loader import load
    from coursefacts.model import Fact

__all__ = ["Fact", "FactBook", "InputFault", "ManyFaults", "Quote", "load"]

_FROM = {
    "Fact": "model",
    "FactBook": "book",
    "InputFault": "errors",
    "ManyFaults": "errors",
    "Quote": "book",
    "load": "loader",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: every command needs the errors, and few need the facts and their models."""
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_FROM[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Name what can be asked for."""
    return sorted({*globals(), *__all__})
