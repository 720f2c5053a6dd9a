"""Classes of installed packages, found by name for `isinstance`, `except` and warnings; never called here."""

from __future__ import annotations

import sys
from typing import Any

from autograder.rooms.bounds import Refused
from autograder.rooms.wording import words

__all__ = ["find_class"]

_KNOWN = frozenset(
    words("""
    builtins types numpy scipy pandas matplotlib sympy networkx qiskit qiskit_aer qiskit_experiments
    qiskit_ibm_runtime rustworkx decimal fractions json statistics warnings
    sklearn statsmodels patsy nltk qutip seaborn astropy skimage PIL xarray
""")
)
_LONGEST = 200


def find_class(module: Any, name: Any) -> type:
    """The class that a module and a name lead to; only public names of modules that are loaded."""
    if type(module) is not str or type(name) is not str or len(module) + len(name) > _LONGEST:
        raise Refused("an odd name of something installed")
    if module.partition(".")[0] not in _KNOWN or module not in sys.modules:
        raise Refused("something installed that is on no list")
    found: Any = sys.modules[module]
    for part in name.split("."):
        if part.startswith("_") or not part.isidentifier():
            raise Refused("a private name of something installed")
        found = vars(found).get(part) if hasattr(found, "__dict__") else None
    if not isinstance(found, type):
        raise Refused("something installed that is no class")
    return found
