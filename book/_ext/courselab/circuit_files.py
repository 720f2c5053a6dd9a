"""What a circuit file carries beside the circuit: found by planting marks and looking for them.

A planted circuit carries a mark in every place where people write words, and is compiled for a device, so
that it also carries a layout. Each format writes it; a mark counts as kept if the file holds it. What the
table says is therefore what these versions of Qiskit do, and not what a page says they do.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import qiskit
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister, qasm2, qasm3, qpy, transpile
from qiskit.circuit import ClassicalRegister, Gate, Parameter
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.quantum_info import Operator, Statevector
from qiskit.transpiler import CouplingMap

BASIS = ("cx", "rz", "sx", "x")
# Physical qubits of the invented device on which the planted circuit runs, and how many it has.
PLACES = (5, 6, 7)
DEVICE = 9


@dataclass(frozen=True)
class Mark:
    """One thing planted in a circuit: where it stands, and the word that gives it away."""

    where: str
    word: str
    tells: str


MARKS = (
    Mark("name of the circuit", "kestrel_run_17", "which run of which project"),
    Mark("metadata", "sample_B_for_J_Ortiz", "whatever a script put there: people, samples, paths"),
    Mark("name of a quantum register", "ancilla_of_patent_4", "what a qubit is for"),
    Mark("name of a classical register", "syndrome_round_2", "what is being read"),
    Mark("name of a gate of one's own", "kestrel_pulse_iswap", "that a partner's gate exists"),
    Mark("label of a gate", "retuned_on_Monday", "notes to oneself"),
    Mark("name of a parameter", "theta_secret_scan", "what is being varied"),
)
LAYOUT = "layout: which circuit qubit went where"
PLACED = "physical qubits that were used"
VERSION = "version of Qiskit"
DIGITS = "angles to the last digit"
ANGLE = 0.618033988749
PRIVATE = MappingProxyType({mark.where: mark.word for mark in MARKS})


def planted() -> QuantumCircuit:
    """A small circuit with a mark in every place."""
    words = PRIVATE
    work = QuantumRegister(2, "work")
    ancilla = QuantumRegister(1, words["name of a quantum register"])
    out = ClassicalRegister(2, words["name of a classical register"])
    circuit = QuantumCircuit(work, ancilla, out, name=words["name of the circuit"])
    circuit.metadata = {"note": words["metadata"], "path": "/home/ada/kestrel"}
    theta = Parameter(words["name of a parameter"])
    own = Gate(words["name of a gate of one's own"], 2, [])
    body = QuantumCircuit(2)
    body.h(0)
    body.cx(0, 1)
    body.rz(ANGLE + 1e-9, 1)
    own.definition = body
    circuit.append(own, [work[0], ancilla[0]])
    circuit.ry(theta, work[1])
    circuit.cx(work[1], ancilla[0])
    circuit.rx(ANGLE, work[0], label=words["label of a gate"])
    circuit.measure([work[0], work[1]], out)
    return circuit


def compiled(circuit: QuantumCircuit) -> QuantumCircuit:
    """The circuit as compiled for chosen qubits of a device: a line of nine."""
    return transpile(
        circuit,
        coupling_map=CouplingMap.from_line(DEVICE),
        basis_gates=list(BASIS),
        initial_layout=list(PLACES),
        optimization_level=1,
        seed_transpiler=1,
    )


def to_qpy(circuit: QuantumCircuit) -> bytes:
    """Write QPY."""
    buffer = io.BytesIO()
    qpy.dump(circuit, buffer)
    return buffer.getvalue()


def from_qpy(data: bytes) -> QuantumCircuit:
    """Read QPY."""
    loaded: QuantumCircuit = qpy.load(io.BytesIO(data))[0]
    return loaded


def to_qasm2(circuit: QuantumCircuit) -> bytes:
    """Write OpenQASM 2, which has no parameters: each gets a value first."""
    values = dict.fromkeys(circuit.parameters, 0.25)
    return str(qasm2.dumps(circuit.assign_parameters(values))).encode()


def to_qasm3(circuit: QuantumCircuit) -> bytes:
    """Write OpenQASM 3."""
    return str(qasm3.dumps(circuit)).encode()


FORMATS: Mapping[str, Callable[[QuantumCircuit], bytes]] = MappingProxyType(
    {"QPY": to_qpy, "OpenQASM 2": to_qasm2, "OpenQASM 3": to_qasm3}
)


def kept(
    source: QuantumCircuit | None = None, built: QuantumCircuit | None = None
) -> dict[str, dict[str, bool]]:
    """For everything planted: which format keeps it, {what: {format: kept}}.

    source and built: the circuit and its compiled form, the planted ones unless given.
    """
    source, built = source or planted(), built or compiled(planted())
    found: dict[str, dict[str, bool]] = {}
    for mark in MARKS:
        found[mark.where] = {n: mark.word.encode() in write(source) for n, write in FORMATS.items()}
    found[LAYOUT] = {name: _layout_kept(name, built) for name in FORMATS}
    found[PLACED] = {name: _places_kept(name, write(built)) for name, write in FORMATS.items()}
    found[VERSION] = {"QPY": _version_in(to_qpy(source))} | {
        name: qiskit.__version__.encode() in FORMATS[name](source) for name in ("OpenQASM 2", "OpenQASM 3")
    }
    found[DIGITS] = {name: _digits_kept(name, write(source)) for name, write in FORMATS.items()}
    return found


def strip(circuit: QuantumCircuit) -> QuantumCircuit:
    """The same operations in a new circuit with plain names, no metadata, no labels, no layout.

    A gate of one's own is written out in the gates that it is made of. Idle qubits are left out. Parameters
    keep their number and lose their names.
    """
    flat = circuit.decompose(gates_to_decompose=sorted(_own_gates(circuit)))
    used = sorted({flat.find_bit(q).index for item in flat.data for q in item.qubits})
    place = {old: new for new, old in enumerate(used)}
    plain = QuantumCircuit(QuantumRegister(len(used), "q"), ClassicalRegister(flat.num_clbits, "c"))
    plain.name = "circuit"
    for item in flat.data:
        operation = item.operation.to_mutable() if not item.operation.mutable else item.operation.copy()
        operation.label = None
        qubits = [place[flat.find_bit(q).index] for q in item.qubits]
        plain.append(operation, qubits, [flat.find_bit(c).index for c in item.clbits])
    renamed = {p: Parameter(f"p{i}") for i, p in enumerate(sorted(plain.parameters, key=lambda p: p.name))}
    plain.global_phase = circuit.global_phase
    return plain.assign_parameters(renamed)


def same(one: QuantumCircuit, other: QuantumCircuit, values: tuple[float, ...] = (0.3, 1.1, 2.0)) -> bool:
    """Whether two circuits do the same: equal outcomes with equal probabilities, for each value tried.

    The value stands in for every parameter. Without measurements the whole unitary is compared, up to a
    global phase. Idle qubits do not count.
    """
    for value in values:
        pair = [_without_idle(_bound(circuit, value)) for circuit in (one, other)]
        if any("measure" in circuit.count_ops() for circuit in pair):
            first, second = (_outcomes(circuit) for circuit in pair)
            if first.shape != second.shape or not np.allclose(first, second, atol=1e-9):
                return False
        elif pair[0].num_qubits != pair[1].num_qubits or not Operator(pair[0]).equiv(Operator(pair[1])):
            return False
    return True


def leftovers(data: bytes) -> list[str]:
    """The planted places whose mark still stands in a file."""
    return [mark.where for mark in MARKS if mark.word.encode() in data]


def _bound(circuit: QuantumCircuit, value: float) -> QuantumCircuit:
    return circuit.assign_parameters(dict.fromkeys(circuit.parameters, value))


def _without_idle(circuit: QuantumCircuit) -> QuantumCircuit:
    used = sorted({circuit.find_bit(q).index for item in circuit.data for q in item.qubits})
    small = QuantumCircuit(len(used), circuit.num_clbits)
    place = {old: new for new, old in enumerate(used)}
    for item in circuit.data:
        qubits = [place[circuit.find_bit(q).index] for q in item.qubits]
        small.append(item.operation, qubits, [circuit.find_bit(c).index for c in item.clbits])
    return small


def _outcomes(circuit: QuantumCircuit) -> NDArray[np.float64]:
    """Probability of each outcome of the measured bits, exactly."""
    measured = {
        circuit.find_bit(item.clbits[0]).index: circuit.find_bit(item.qubits[0]).index
        for item in circuit.data
        if item.operation.name == "measure"
    }
    state = Statevector(circuit.remove_final_measurements(inplace=False))
    return np.asarray(state.probabilities([measured[bit] for bit in sorted(measured)]), dtype=np.float64)


def _own_gates(circuit: QuantumCircuit) -> set[str]:
    standard = {*get_standard_gate_name_mapping(), "measure", "barrier", "reset", "delay"}
    return {item.operation.name for item in circuit.data if item.operation.name not in standard}


def _layout_kept(name: str, built: QuantumCircuit) -> bool:
    if name == "QPY":
        return from_qpy(to_qpy(built)).layout is not None
    if name == "OpenQASM 2":
        text = to_qasm2(built).decode()
        back = qasm2.loads(text, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)
        return back.layout is not None
    # Looked for by its words, because reading OpenQASM 3 back needs one more package.
    return any(word in to_qasm3(built).decode() for word in ("layout", "work", MARKS[2].word))


def _places_kept(name: str, data: bytes) -> bool:
    if name == "QPY":
        circuit = from_qpy(data)
        used = {circuit.find_bit(q).index for item in circuit.data for q in item.qubits}
        return used == set(PLACES)
    text = data.decode()
    return all(f"q[{place}]" in text or f"${place}" in text for place in PLACES) and not (
        "q[0]" in text or "$0" in text
    )


def _digits_kept(name: str, data: bytes) -> bool:
    if name == "QPY":
        return from_qpy(data).count_ops()["rx"] == 1 and any(
            item.operation.name == "rx" and item.operation.params[0] == ANGLE for item in from_qpy(data).data
        )
    return repr(ANGLE).encode() in data


def _version_in(data: bytes) -> bool:
    """QPY: the six letters QISKIT, one byte for the format, three for major, minor and patch."""
    numbers = [int(part) for part in qiskit.__version__.split(".")[:3]]
    return data[:6] == b"QISKIT" and list(data[7:10]) == numbers


def readable(data: bytes, least: int = 5) -> list[str]:
    """The runs of readable characters in a file: what anybody sees who opens it in an editor."""
    return [found.decode() for found in re.findall(rb"[ -~]{%d,}" % least, data)]
