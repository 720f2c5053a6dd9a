"""Functions and classes of well-known libraries, by module and name, as far as they are loaded.

A name is looked up in the module's own dictionary, and nothing is imported for it. What could run text, open
a file, start something, reach attributes by name or change the state of a library is on no list.
"""

from __future__ import annotations

import builtins
import sys
import types
from collections.abc import Callable
from typing import Any

from autograder.rooms.bounds import Refused
from autograder.rooms.tree import Reader, Writer

__all__ = ["READERS", "reference", "write"]

_EXCEPTIONS = frozenset(
    name
    for name, one in vars(builtins).items()
    if isinstance(one, type) and issubclass(one, Exception) and not name.startswith("_")
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Modules of which nearly everything may be named: they compute.
_COMPUTING = _words(
    """
    math cmath itertools statistics fractions decimal numpy.linalg numpy.fft scipy.linalg scipy.optimize
    scipy.special scipy.integrate scipy.interpolate scipy.signal scipy.stats scipy.sparse scipy.sparse.linalg
    qiskit qiskit.circuit qiskit.circuit.library qiskit.quantum_info
    """
)
_CHOSEN: dict[str, frozenset[str]] = {
    "builtins": _EXCEPTIONS
    | _words(
        """
        abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate filter float
        format
        frozenset hash hex int isinstance issubclass iter len list map max min next object oct ord pow print
        range
        repr reversed round set slice sorted str sum tuple type zip
        """
    ),
    "functools": _words("partial reduce cmp_to_key lru_cache cache wraps"),
    "collections": _words("Counter OrderedDict defaultdict deque"),
    "datetime": _words("date datetime time timedelta timezone"),
    "random": _words(
        """
        Random betavariate choice choices expovariate gammavariate gauss getrandbits lognormvariate
        normalvariate
        paretovariate randint random randrange sample shuffle triangular uniform vonmisesvariate
        weibullvariate
        """
    ),
    "numpy.random": _words("Generator RandomState default_rng PCG64 MT19937 Philox SFC64"),
    "pandas": _words(
        """
        Categorical CategoricalIndex DataFrame DatetimeIndex Index MultiIndex RangeIndex Series Timedelta
        TimedeltaIndex Timestamp concat crosstab cut date_range isna merge notna pivot_table qcut to_datetime
        to_numeric to_timedelta unique
        """
    ),
}
_NOT_OF_OPERATOR = _words("attrgetter methodcaller call")
_NOT_OF_NUMPY = _words(
    """
    DataSource errstate from_dlpack fromfile frompyfunc fromregex genfromtxt get_include get_printoptions
    getbufsize geterr geterrcall info load loadtxt memmap nditer nested_iters printoptions save savetxt savez
    savez_compressed set_printoptions setbufsize seterr seterrcall show_config show_runtime test
    """
)
# Settings of a whole library, and what reads or writes files.
_NOT_OF_OTHERS = _words("getcontext load_npz localcontext save_npz setcontext test")
_CALLABLE = (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType)
_LONGEST = 200


def reference(value: Any) -> list[str] | None:
    """Tell where a function or a class is found, as module and name; None for what is on no list."""
    kind = type(value)
    if not issubclass(kind, type) and kind.__module__ not in ("builtins", "numpy", "functools"):
        return None
    module, name = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if type(name) is not str:
        return None
    for place in _places(module):
        if _allowed(place, name) and vars(sys.modules[place]).get(name) is value:
            return [place, name]
    return None


def _places(module: Any) -> list[str]:
    """Name modules in which it might be found: its own, those above, and what hides behind an underscore."""
    if type(module) is not str:
        return [one for one in ("numpy", "random", "scipy.special") if one in sys.modules]
    parts = module.split(".")
    found = [".".join(parts[:end]) for end in range(len(parts), 0, -1)]
    if module.startswith("_") and "." not in module:
        found.append(module[1:])
    if parts[0] == "qiskit":
        found += ["qiskit.circuit.library", "qiskit.circuit", "qiskit.quantum_info"]
    return [one for one in found if one in sys.modules]


def _allowed(module: str, name: str) -> bool:
    if not name.isidentifier() or name.startswith("_"):
        return False
    if module == "operator":
        return name not in _NOT_OF_OPERATOR
    if module == "numpy":
        return name not in _NOT_OF_NUMPY
    return (module in _COMPUTING and name not in _NOT_OF_OTHERS) or name in _CHOSEN.get(module, ())


def _is_callable(found: Any) -> bool:
    """Tell a function or a class from a module, whatever it is called, and from an instance of anything."""
    numpy = sys.modules.get("numpy")
    known = (*_CALLABLE, numpy.ufunc, type(numpy.linalg.norm)) if numpy else _CALLABLE
    return isinstance(found, known) or (type(found).__module__ == "functools" and callable(found))


def write(_: Writer, value: Any) -> Any:
    """Write where a function or a class is found; None for anything else, or what is on no list."""
    found = reference(value)
    return None if found is None else ["ref", *found]


def _read(reader: Reader, module: Any, name: Any) -> Any:
    if type(module) is not str or type(name) is not str or len(module) + len(name) > _LONGEST:
        raise Refused("not a reference")
    if not _allowed(module, name) or module not in sys.modules:
        raise Refused("a reference to what is on no list, or not loaded")
    found = vars(sys.modules[module]).get(name)
    if not _is_callable(found):
        raise Refused("a reference to what is neither a function nor a class")
    return reader.note(found)


READERS: dict[str, Callable[..., Any]] = {"ref": _read}
