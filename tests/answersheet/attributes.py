"""Everything that can be reached from an object, as a curious learner would look for it."""

from __future__ import annotations

import types

import numpy as np

_LEAVES = (str, bytes, int, float, complex, bool, type(None), np.ndarray, np.generic, types.ModuleType, type)
_CODE = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.BuiltinMethodType)


def reachable(root):
    """Give each value that attributes, private ones too, items and calls without arguments lead to."""
    seen, waiting, found = set(), [root], []
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        found.append(one)
        waiting += _next(one)
    return found


def _next(one):
    if isinstance(one, _LEAVES):
        return []
    if isinstance(one, dict):
        return [*one.keys(), *one.values()]
    if isinstance(one, list | tuple | set | frozenset):
        return list(one)
    if isinstance(one, _CODE):
        return []
    return [value for name in dir(one) if not _is_plumbing(name) for value in _values(one, name)]


def _is_plumbing(name):
    return name.startswith("__") and name.endswith("__") and name != "__dict__"


def _values(one, name):
    try:
        value = getattr(one, name)
    except Exception:
        return []
    if isinstance(value, types.MethodType):
        try:
            return [value()]
        except TypeError:
            return []
    return [value]


def keys_of(values):
    """Give every name and every text by which something could be found."""
    return {one for one in values if isinstance(one, str)}


def numbers_of(values):
    """Give every number, those of arrays too, as one array of floats."""
    parts = [np.array([], dtype=float)]
    for one in values:
        if isinstance(one, bool):
            continue
        if isinstance(one, int | float):
            parts.append(np.array([float(one)]))
        elif isinstance(one, np.ndarray | np.generic) and np.asarray(one).dtype.kind in "iuf":
            parts.append(np.asarray(one, dtype=float).ravel())
    return np.concatenate(parts)
