"""Circuits for comparison: what they do, without what differs from run to run.

Names that count circuits, and the order in which definitions are written, are not the same in two processes
that ran the same text.
"""

from __future__ import annotations

from typing import Any

__all__ = ["circuit", "parameter"]

_NESTED = 16


def circuit(value: Any, depth: int = 0) -> Any:
    """Describe a circuit by plain data."""
    places = {bit: at for at, bit in enumerate([*value.qubits, *value.clbits])}
    held = [
        [_operation(one.operation, depth), [places[bit] for bit in [*one.qubits, *one.clbits]]]
        for one in value.data
    ]
    registers = [
        [type(one).__name__, one.name, [places[bit] for bit in one]] for one in [*value.qregs, *value.cregs]
    ]
    return [len(value.qubits), len(value.clbits), registers, parameter(value.global_phase), held]


def parameter(value: Any) -> Any:
    """Describe a parameter of a gate."""
    if hasattr(value, "parameters"):
        return ["expression", str(value), sorted(one.uuid.hex for one in value.parameters)]
    if isinstance(value, float | int | complex | str | None) or hasattr(value, "dtype"):
        return value
    return repr(value)


def _operation(value: Any, depth: int) -> Any:
    name, base = value.name, getattr(value, "base_class", type(value)).__name__
    held = [base, name, getattr(value, "label", None), repr(getattr(value, "condition", None))]
    if depth > _NESTED:
        return held
    blocks = list(getattr(value, "blocks", ()))
    if blocks:
        return [*held, [circuit(one, depth + 1) for one in blocks]]
    own = base in ("Gate", "Instruction", "ControlledGate")
    definition = value.definition if own else None
    inner = circuit(definition, depth + 1) if definition is not None else None
    return [
        *held,
        [parameter(one) for one in getattr(value, "params", ())],
        getattr(value, "ctrl_state", None),
        inner,
    ]
