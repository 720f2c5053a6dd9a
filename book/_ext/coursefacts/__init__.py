"""Facts of law and record as typed data with sources and dates.

>>> from coursefacts import load
>>> facts = load()
>>> print(facts.get("us.4a906.a").value("bands.1.cnot_error_max"))
10⁻⁴
"""

from __future__ import annotations

from coursefacts.book import FactBook, Quote
from coursefacts.errors import InputFault, ManyFaults
from coursefacts.loader import load
from coursefacts.model import Fact

__all__ = ["Fact", "FactBook", "InputFault", "ManyFaults", "Quote", "load"]
