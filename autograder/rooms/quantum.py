"""Qiskit's types: circuits as QPY that is looked through first, states and operators as arrays."""

from __future__ import annotations

import io
import sys
import uuid
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from autograder.rooms import arrays, canonical, circuits, registers
from autograder.rooms.bounds import Refused, Unknown
from autograder.rooms.tree import Reader, Writer, name_of

__all__ = ["READERS", "write", "write_counts"]

_STATES = ("Statevector", "DensityMatrix")
_MAPS = ("Operator", "SuperOp", "Choi", "PTM", "Chi")
_LONGEST_LABEL = 4096
_LONGEST_OUTCOME = 1024
_LONGEST_VECTOR = 10_000
_MOST_QUBITS_OF_A_CLIFFORD = 200
_MOST_PAULIS = 1 << 20
_NESTED = 16
_MOST_OPERATIONS = 100_000
# Not standard gates, and yet names that a test would look for.
_NAMES_OF_OTHERS = frozenset(("barrier", "initialize", "mcphase", "mcx", "measure", "reset", "unitary"))


def write(writer: Writer, value: Any) -> Any:
    """Write what Qiskit makes; None for anything else, or while Qiskit is not loaded."""
    if "qiskit" not in sys.modules:
        return None
    kind = type(value)
    for base, writes in _writers():
        if issubclass(kind, base):
            return writes(writer, value)
    return None


def exact() -> dict[type, Callable[[Writer, Any], Any]]:
    """The writers of Qiskit's own classes, by class; none while Qiskit is not loaded."""
    return dict(_writers()) if "qiskit" in sys.modules else {}


@cache
def _writers() -> list[tuple[type, Callable[[Writer, Any], Any]]]:
    from qiskit import QuantumCircuit, circuit, quantum_info

    known: list[tuple[type, Callable[[Writer, Any], Any]]] = [
        (QuantumCircuit, _write_circuit),
        *((getattr(quantum_info, name), _write_state) for name in _STATES),
        *((getattr(quantum_info, name), _write_map) for name in _MAPS),
        (quantum_info.SparsePauliOp, _write_sum),
        (quantum_info.PauliList, _write_paulis),
        (quantum_info.Pauli, lambda _, value: ["qp", value.to_label()]),
        (quantum_info.Clifford, _write_clifford),
        (quantum_info.StabilizerState, lambda writer, value: ["qS", _write_clifford(writer, value.clifford)]),
        (circuit.ParameterExpression, _write_expression),
        (circuit.ParameterVector, _write_vector),
        (circuit.Instruction, _write_gate),
        (circuit.Register, registers.write_register),
        (circuit.Bit, registers.write_bit),
    ]
    return known


def write_counts(kind: type) -> str | None:
    """Tell Qiskit's counts from another mapping."""
    if "qiskit" not in sys.modules:
        return None
    from qiskit.result import Counts

    return "qn" if issubclass(kind, Counts) else None


def _write_circuit(writer: Writer, circuit: Any) -> Any:
    if writer.canonical:
        return ["qc", writer.write(canonical.circuit(circuit))]
    return ["qc", writer.block(_qpy(writer, circuit))]


def _qpy(writer: Writer, circuit: Any) -> bytes:
    """Write a circuit; one that the other side would refuse is told here, where it can still be described."""
    from qiskit import qpy

    file = io.BytesIO()
    try:
        qpy.dump(circuit, file, use_symengine=False)
        circuits.check(file.getvalue(), writer.bounds)
    except Exception as problem:
        raise Unknown("a circuit with something in it that does not travel") from problem
    return file.getvalue()


def _write_state(writer: Writer, value: Any) -> Any:
    name = next(one for one in _STATES if _is(value, one))
    return ["qd", name, [list(value.dims())], arrays.write(writer, value.data)]


def _write_map(writer: Writer, value: Any) -> Any:
    name = next(one for one in _MAPS if _is(value, one))
    return [
        "qd",
        name,
        [list(value.input_dims()), list(value.output_dims())],
        arrays.write(writer, value.data),
    ]


def _is(value: Any, name: str) -> bool:
    return any(name_of(one) == name and one.__module__.startswith("qiskit.") for one in type(value).__mro__)


def _write_sum(writer: Writer, value: Any) -> Any:
    if value.coeffs.dtype == object:
        raise Unknown("a sum of Paulis with parameters does not travel")
    return ["qs", _write_paulis(writer, value.paulis), arrays.write(writer, value.coeffs)]


def _write_paulis(writer: Writer, value: Any) -> Any:
    return ["qL", *(arrays.write(writer, one) for one in (value.z, value.x, value.phase))]


def _write_clifford(writer: Writer, value: Any) -> Any:
    if value.num_qubits > _MOST_QUBITS_OF_A_CLIFFORD:
        raise Unknown("a Clifford of too many qubits does not travel")
    return ["qC", arrays.write(writer, value.tableau)]


def _write_expression(writer: Writer, value: Any) -> Any:
    """Write a parameter or an expression of parameters as the angle of a gate."""
    from qiskit import QuantumCircuit

    if writer.canonical:
        return ["qx", writer.write(canonical.parameter(value))]
    holder = QuantumCircuit(1, name="angle")
    holder.rz(value, 0)
    return ["qx", writer.block(_qpy(writer, holder))]


def _write_vector(_: Writer, value: Any) -> Any:
    name, size, root = value.__getnewargs__()
    return ["qv", name, size, format(root.int, "032x")]


def _write_gate(writer: Writer, value: Any) -> Any:
    from qiskit import QuantumCircuit

    holder = QuantumCircuit(value.num_qubits, value.num_clbits, name="gate")
    try:
        holder.append(value, holder.qubits, holder.clbits)
    except Exception as problem:
        raise Unknown("an instruction that does not travel") from problem
    _, content = _write_circuit(writer, holder)
    return ["qg", content]


def _read_circuit(reader: Reader, number: Any) -> Any:
    from qiskit import QuantumCircuit, qpy

    content = bytes(reader.block(number))
    circuits.check(content, reader.bounds)
    try:
        with warnings.catch_warnings():  # such as for a vector of which the circuit uses a part
            warnings.simplefilter("ignore")
            (circuit,) = qpy.load(io.BytesIO(content))
    except Exception as problem:
        raise Refused("a circuit that cannot be read") from problem
    if type(circuit) is not QuantumCircuit:
        raise Refused("not a circuit")
    _Honest().look(circuit, 0)
    return circuit


@cache
def _standard() -> frozenset[str]:
    from qiskit.circuit.library import get_standard_gate_name_mapping

    return frozenset(get_standard_gate_name_mapping()) | _NAMES_OF_OTHERS


_OWN = ("qiskit.circuit.gate", "qiskit.circuit.instruction", "qiskit.circuit.controlledgate")


class _Honest:
    """Refuse a gate of the learner's own that bears a standard name: counted as cx, doing nothing."""

    def __init__(self) -> None:
        self.seen = 0

    def look(self, circuit: Any, depth: int) -> None:
        """Look at every operation, and inside those that are circuits themselves."""
        if depth > _NESTED:
            raise Refused("circuits nested too deep")
        for operation in _operations(circuit):
            self.seen += 1
            if self.seen > _MOST_OPERATIONS:
                raise Refused("a circuit of too many operations")
            # Singletons have classes of their own; the base class is what a standard gate is known by.
            base = getattr(operation, "base_class", type(operation))
            if base.__module__ in _OWN:
                if operation.name in _standard():
                    raise Refused("a gate of one's own under a standard name")
                if operation.definition is not None:
                    self.look(operation.definition, depth + 1)
            for block in getattr(operation, "blocks", ()):
                self.look(block, depth + 1)


def _operations(circuit: Any) -> Iterator[Any]:
    for instruction in circuit.data:
        operation = instruction.operation
        yield operation
        base = getattr(operation, "base_gate", None) or getattr(operation, "base_op", None)
        if base is not None:
            yield base


def _read_expression(reader: Reader, number: Any) -> Any:
    from qiskit.circuit import ParameterExpression

    circuit = _read_circuit(reader, number)
    (angle,) = circuit.data[0].operation.params if len(circuit.data) == 1 else (None,)
    if not isinstance(angle, ParameterExpression):
        raise Refused("not a parameter")
    return angle


def _read_vector(_: Reader, name: Any, size: Any, root: Any) -> Any:
    from qiskit.circuit import ParameterVector

    if type(name) is not str or len(name) > _LONGEST_LABEL or type(root) is not str or len(root) != 32:
        raise Refused("not a vector of parameters")
    if type(size) is not int or not 0 <= size <= _LONGEST_VECTOR:
        raise Refused("a vector of too many parameters")
    return ParameterVector(name, size, uuid.UUID(hex=root))


def _read_gate(reader: Reader, number: Any) -> Any:
    circuit = _read_circuit(reader, number)
    if len(circuit.data) != 1:
        raise Refused("not a gate")
    return circuit.data[0].operation


def _read_dense(reader: Reader, name: Any, sides: Any, tree: Any) -> Any:
    from qiskit import quantum_info

    if name not in (*_STATES, *_MAPS) or type(sides) is not list:
        raise Refused("not a state or an operator")
    data = arrays.read_numbers(reader, tree, "cf")
    plain = [_sides(one) for one in sides]
    kind = getattr(quantum_info, name)
    return (
        kind(data, dims=plain[0])
        if name in _STATES
        else kind(data, input_dims=plain[0], output_dims=plain[1])
    )


def _sides(side: Any) -> tuple[int, ...]:
    if type(side) is not list or len(side) > 64:
        raise Refused("a state of too many parts")
    if not all(type(one) is int and 1 <= one <= 1 << 20 for one in side):
        raise Refused("a state with an impossible part")
    return tuple(side)


def _read_paulis(reader: Reader, *trees: Any) -> Any:
    from qiskit.quantum_info import PauliList

    z, x, phase = trees
    parts = [arrays.read_numbers(reader, one, "b", 2) for one in (z, x)]
    turns = arrays.read_numbers(reader, phase, "iu", 1)
    if parts[0].shape != parts[1].shape or turns.shape != parts[0].shape[:1] or not parts[0].size:
        raise Refused("not Paulis")
    if len(turns) > _MOST_PAULIS:
        raise Refused("too many Paulis")
    return PauliList.from_symplectic(*parts, turns)


def _read_sum(reader: Reader, paulis: Any, tree: Any) -> Any:
    from qiskit.quantum_info import PauliList, SparsePauliOp

    made = reader.read(paulis)
    coefficients = arrays.read_numbers(reader, tree, "fc", 1)
    if type(made) is not PauliList or len(made) != len(coefficients):
        raise Refused("not a sum of Paulis")
    return SparsePauliOp(made, coefficients)


def _read_pauli(_: Reader, label: Any) -> Any:
    from qiskit.quantum_info import Pauli

    if type(label) is not str or len(label) > _LONGEST_LABEL or set(label) - set("IXYZ-i"):
        raise Refused("not a Pauli label")
    return Pauli(label)


def _read_clifford(reader: Reader, tree: Any) -> Any:
    from qiskit.quantum_info import Clifford

    tableau = arrays.read_numbers(reader, tree, "b", 2)
    # Whether it is one is found out by a product of truth values, which is slow.
    if tableau.shape[0] > 2 * _MOST_QUBITS_OF_A_CLIFFORD:
        raise Refused("a Clifford of too many qubits")
    return Clifford(tableau)


def _read_stabilizer(reader: Reader, tree: Any) -> Any:
    from qiskit.quantum_info import Clifford, StabilizerState

    made = reader.read(tree)
    if type(made) is not Clifford:
        raise Refused("not a stabilizer state")
    return StabilizerState(made)


def _read_counts(reader: Reader, items: Any) -> Any:
    import numpy
    from qiskit.result import Counts

    flat = reader.each(items)
    for outcome, number in zip(flat[::2], flat[1::2], strict=True):
        if type(outcome) is not str or len(outcome) > _LONGEST_OUTCOME or set(outcome) - set("01 "):
            raise Refused("not the outcome of a measurement")
        # Counts that were drawn from a state are NumPy's numbers.
        if type(number) not in (int, float) and not isinstance(number, numpy.integer | numpy.floating):
            raise Refused("not a count")
    return Counts(dict(zip(flat[::2], flat[1::2], strict=True)))


READERS: dict[str, Callable[..., Any]] = {
    "qc": _read_circuit,
    "qg": _read_gate,
    "qx": _read_expression,
    "qv": _read_vector,
    "qd": _read_dense,
    "qs": _read_sum,
    "qL": _read_paulis,
    "qp": _read_pauli,
    "qC": _read_clifford,
    "qS": _read_stabilizer,
    "qn": _read_counts,
    **registers.READERS,
}
