"""In the examiner's room: change its own objects in place, as a call changed the learner's copies of them."""

from __future__ import annotations

import random
import sys
from typing import Any

__all__ = ["merge"]

_DEPTH = 30
_MOVED = 200  # elements up to which a list is searched for one that has moved
_MUTABLE = (list, dict, set, bytearray)


def merge(old: Any, new: Any, depth: int = 0) -> Any:
    """Make `old` like `new`, keeping its identity where it has one; what to use from now on."""
    if type(old) is not type(new) or depth > _DEPTH:
        return new
    for kinds, change in _CHANGES:
        if isinstance(old, kinds):
            return change(old, new, depth)
    return _scientific(old, new)


def _list(old: list[Any], new: list[Any], depth: int) -> Any:
    """One that has moved keeps its identity; one that changed at its place does, too."""
    left = {id(one): one for one in old if isinstance(one, _MUTABLE)} if len(old) <= _MOVED else {}
    merged: list[Any] = []
    for at, value in enumerate(new):
        found = next((one for one in left.values() if _equal(one, value)), None)
        if found is not None:
            del left[id(found)]
        merged.append(value if found is None else found)
        if found is None and at < len(old) and (id(old[at]) in left or len(old) > _MOVED):
            left.pop(id(old[at]), None)
            merged[at] = merge(old[at], value, depth + 1)
    old[:] = merged
    return old


def _equal(one: Any, other: Any) -> bool:
    try:
        return type(one) is type(other) and bool(one == other)
    except (ValueError, TypeError, RecursionError):
        return False  # arrays within


def _mapping(old: dict[Any, Any], new: dict[Any, Any], depth: int) -> Any:
    merged = {key: merge(old[key], value, depth + 1) if key in old else value for key, value in new.items()}
    old.clear()
    old.update(merged)
    return old


def _set(old: set[Any], new: set[Any], _: int) -> Any:
    old.clear()
    old.update(new)
    return old


def _bytes(old: bytearray, new: bytearray, _: int) -> Any:
    old[:] = new
    return old


def _tuple(old: tuple[Any, ...], new: tuple[Any, ...], depth: int) -> Any:
    if len(old) == len(new):
        for a, b in zip(old, new, strict=True):
            merge(a, b, depth + 1)
        return old
    return new


def _random(old: random.Random, new: random.Random, _: int) -> Any:
    old.setstate(new.getstate())
    return old


_CHANGES: list[tuple[Any, Any]] = [
    (list, _list),
    (dict, _mapping),
    (set, _set),
    (bytearray, _bytes),
    (tuple, _tuple),
    (random.Random, _random),
]
_BY_STATE = {
    "qiskit": ("QuantumCircuit",),
    "qiskit.quantum_info": ("Statevector", "DensityMatrix", "Operator", "SparsePauliOp", "Pauli"),
}


def _scientific(old: Any, new: Any) -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(old, numpy.ndarray):
        if old.shape == new.shape and old.dtype == new.dtype and old.flags.writeable:
            old[...] = new
            return old
        return new
    if numpy is not None and isinstance(old, numpy.random.Generator):
        old.bit_generator.state = new.bit_generator.state
        return old
    if numpy is not None and isinstance(old, numpy.random.RandomState):
        old.set_state(new.get_state())
        return old
    return _frame(old, new)


def _frame(old: Any, new: Any) -> Any:
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(old, pandas.DataFrame | pandas.Series):
        old._update_inplace(new)
        return old
    if type(old).__module__ == "__main__" or _stateful(old):  # the examiner sees to whose class it is
        try:
            state = dict(vars(new))
        except TypeError:
            return new
        vars(old).clear()
        vars(old).update(state)
        return old
    return new


def _stateful(value: Any) -> bool:
    for module, names in _BY_STATE.items():
        if module in sys.modules and isinstance(
            value, tuple(getattr(sys.modules[module], name) for name in names)
        ):
            return True
    return False
