"""Qiskit's types: circuits as QPY after a look at the header, states and operators as arrays."""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from autograder.rooms import arrays
from autograder.rooms.bounds import Refused
from autograder.rooms.tree import Reader, Writer

__all__ = ["READERS", "write", "write_counts"]

_HEADER = struct.Struct("!6sBBBBQcc")
_DENSE = ("Statevector", "DensityMatrix", "Operator")
_MOST_QUBITS = 1024
_LONGEST_LABEL = 4096
_NESTED = 16


def write(writer: Writer, value: Any) -> Any:
    """Write a circuit, a state or an operator; None for anything else, or while Qiskit is not loaded."""
    if "qiskit" not in sys.modules:
        return None
    from qiskit import QuantumCircuit, quantum_info

    if isinstance(value, QuantumCircuit):
        return ["qc", writer.block(_qpy(value))]
    for name in _DENSE:
        if isinstance(value, getattr(quantum_info, name)):
            sides = [value.dims()] if name != "Operator" else [value.input_dims(), value.output_dims()]
            return ["qd", name, [list(side) for side in sides], arrays.write(writer, value.data)]
    if isinstance(value, quantum_info.SparsePauliOp):
        return ["qs", value.paulis.to_labels(), arrays.write(writer, value.coeffs)]
    if isinstance(value, quantum_info.Pauli):
        return ["qp", value.to_label()]
    return None


def write_counts(value: dict[Any, Any]) -> str | None:
    """Tell Qiskit's counts from another mapping."""
    if "qiskit" not in sys.modules:
        return None
    from qiskit.result import Counts

    return "qn" if isinstance(value, Counts) else None


def _qpy(circuit: Any) -> bytes:
    from qiskit import qpy

    file = io.BytesIO()
    qpy.dump(circuit, file, use_symengine=False)
    return file.getvalue()


def _read_circuit(reader: Reader, number: Any) -> Any:
    from qiskit import QuantumCircuit, qpy
    from qiskit.qpy import common

    content = bytes(reader.block(number))
    if not _HEADER.size <= len(content) <= reader.bounds.circuit:
        raise Refused("a circuit of an impossible size")
    magic, version, *_, programs, encoding, kind = _HEADER.unpack(content[: _HEADER.size])
    # Encoding "p" is plain; "e" would hand the bytes to a C++ reader of expressions.
    if (magic, version, programs, encoding, kind) != (b"QISKIT", common.QPY_VERSION, 1, b"p", b"q"):
        raise Refused("a circuit of another kind or version")
    try:
        (circuit,) = qpy.load(io.BytesIO(content))
    except Exception as problem:
        raise Refused("a circuit that cannot be read") from problem
    except BaseException as problem:
        # A panic of Rust's; it is no Exception. Signals of the limits stay what they are.
        if isinstance(problem, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise Refused("a circuit that cannot be read") from problem
    if type(circuit) is not QuantumCircuit:
        raise Refused("not a circuit")
    _honest(circuit, 0)
    return circuit


@cache
def _standard() -> frozenset[str]:
    from qiskit.circuit.library import get_standard_gate_name_mapping

    return frozenset(get_standard_gate_name_mapping())


def _honest(circuit: Any, depth: int) -> None:
    """Refuse a gate of the learner's own that bears a standard name: counted as cx, doing nothing."""
    if depth > _NESTED:
        raise Refused("circuits nested too deep")
    for operation in _operations(circuit):
        # Singletons have classes of their own; the base class is what a standard gate is known by.
        base = getattr(operation, "base_class", type(operation))
        own = base.__module__ in ("qiskit.circuit.gate", "qiskit.circuit.instruction")
        if own and operation.name in _standard():
            raise Refused("a gate of one's own under a standard name")
        if own and operation.definition is not None:
            _honest(operation.definition, depth + 1)
        for block in getattr(operation, "blocks", ()):
            _honest(block, depth + 1)


def _operations(circuit: Any) -> Iterator[Any]:
    for instruction in circuit.data:
        operation = instruction.operation
        yield operation
        base = getattr(operation, "base_gate", None)
        if base is not None:
            yield base


def _read_dense(reader: Reader, name: Any, sides: Any, tree: Any) -> Any:
    from qiskit import quantum_info

    if name not in _DENSE or not isinstance(tree, list) or tree[0] != "a":
        raise Refused("not a state or an operator")
    data = arrays.read_array(reader, *tree[1:])
    if data.dtype.kind != "c" or not isinstance(sides, list):
        raise Refused("not a state or an operator")
    plain = [_sides(one) for one in sides]
    if name == "Operator":
        return quantum_info.Operator(data, input_dims=plain[0], output_dims=plain[1])
    return getattr(quantum_info, name)(data, dims=plain[0])


def _sides(side: Any) -> tuple[int, ...]:
    if not isinstance(side, list) or len(side) > 64:
        raise Refused("a state of too many parts")
    if not all(type(one) is int and 1 <= one <= 1 << 20 for one in side):
        raise Refused("a state with an impossible part")
    return tuple(side)


def _label(text: Any) -> str:
    if not isinstance(text, str) or len(text) > _LONGEST_LABEL or set(text) - set("IXYZ-i"):
        raise Refused("not a Pauli label")
    return text


def _read_sum(reader: Reader, labels: Any, tree: Any) -> Any:
    from qiskit.quantum_info import SparsePauliOp

    if not isinstance(labels, list) or not isinstance(tree, list) or tree[0] != "a":
        raise Refused("not a sum of Paulis")
    coefficients = arrays.read_array(reader, *tree[1:])
    if len(labels) > reader.bounds.nodes // 8 or coefficients.dtype.kind not in "fc":
        raise Refused("not a sum of Paulis")
    return SparsePauliOp([_label(one) for one in labels], coefficients)


def _read_pauli(_: Reader, label: Any) -> Any:
    from qiskit.quantum_info import Pauli

    return Pauli(_label(label))


def _read_counts(reader: Reader, items: Any) -> Any:
    from qiskit.result import Counts

    flat = reader.each(items)
    for outcome, number in zip(flat[::2], flat[1::2], strict=True):
        if not isinstance(outcome, str) or len(outcome) > _MOST_QUBITS or set(outcome) - set("01 "):
            raise Refused("not the outcome of a measurement")
        if type(number) not in (int, float):
            raise Refused("not a count")
    return Counts(dict(zip(flat[::2], flat[1::2], strict=True)))


READERS: dict[str, Callable[..., Any]] = {
    "qc": _read_circuit,
    "qd": _read_dense,
    "qs": _read_sum,
    "qp": _read_pauli,
    "qn": _read_counts,
}
