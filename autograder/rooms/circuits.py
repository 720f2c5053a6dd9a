"""Look through the bytes of a circuit before Qiskit reads them: every number that it would trust is checked.

QPY announces counts and sizes, and Qiskit believes them: one register of four thousand million bits is a few
bytes long. It also calls whatever class of its library a gate is named after. So the whole of the structure
is walked first; it must be of the one version known here, and end where the bytes end.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable
from typing import Any

from autograder.rooms.bounds import Bounds, Refused

__all__ = ["MOST_BITS", "VERSION", "check"]

VERSION = 18
MOST_BITS = 4096
_LONGEST_RANGE = 10_000_000
_LONGEST_EXPRESSION = 1 << 16
_LONGEST_VECTOR = 10_000
_MOST_POWER = 1e4
_MOST_STEPS = 1000
_NESTED = 16
_NAMES = 1 << 16

_FILE = struct.Struct("!6sBBBBQccQ")
_HEADER = struct.Struct("!HcHIIQIQI")
_REGISTER = struct.Struct("!c?IH?B")
_VARIABLE = struct.Struct("!16scH")
_VECTOR = struct.Struct("!HQ16s")
_ELEMENT = struct.Struct("!HQ")
_CUSTOM = struct.Struct("!HcII?QIIQ")
_INSTRUCTION = struct.Struct("!HHHIIBHqII")
_LAYOUT = struct.Struct("!?iiiIi")
_SIZED = struct.Struct("!cQ")
_EVOLUTION = struct.Struct("!Q?cQQ")
_OBSERVABLE = struct.Struct("!IQQQQ")
_EXPRESSION = struct.Struct("!QQ")
_STEP = 35  # bytes of one operation of an expression
_SUBSTITUTE = 15
_MODIFIER = struct.Struct("!cIId")
_RANGE = struct.Struct("!qqq")
_LONG = struct.Struct("!Q")
_WORD = struct.Struct("!I")
_SHORT = struct.Struct("!H")
_PAIR = struct.Struct("!ii")

_NUMBERS = re.compile(
    rb"\x93NUMPY\x01\x00(..)\{'descr': (?:'([|<](?:b1|[iu][1248]|f[248]|c8|c16))'"
    rb"|\[\('labels', '<U(\d{1,4})'\), \('coeffs', '<c16'\)\])"
    rb", 'fortran_order': (?:False|True), 'shape': \(((?:\d{1,9}, ?){0,8}(?:\d{1,9})?)\), \} *\n",
    re.DOTALL,
)
_EVOLUTIONS = {
    "EvolutionSynthesis",
    "LieTrotter",
    "MatrixExponential",
    "ProductFormula",
    "QDrift",
    "SuzukiTrotter",
}
_SETTING = re.compile(r"order|reps|insert_barriers|cx_structure|wrap|preserve_order|seed")

# Classes that are read from a name and plain parameters. Those that work something out while they are made,
# from a text or a number alone, are missing.
_NAMES_OF_CLASSES = """
    C3SXGate C3XGate C4XGate CCXGate CCZGate CHGate CPhaseGate CRXGate CRYGate CRZGate CSGate CSXGate CSdgGate
    CSwapGate CU1Gate CU3Gate CUGate CXGate CYGate CZGate DCXGate Delay ECRGate GlobalPhaseGate HGate IGate
    Measure PhaseGate RC3XGate RCCXGate RGate RVGate RXGate RXXGate RYGate RYYGate RZGate RZXGate RZZGate
    Reset
    SGate SXGate SXdgGate SdgGate SwapGate TGate TdgGate U1Gate U2Gate U3Gate UGate XGate XXMinusYYGate
    XXPlusYYGate YGate ZGate iSwapGate
    Barrier BoxOp BreakLoopOp ContinueLoopOp ForLoopOp IfElseOp Store SwitchCaseOp WhileLoopOp
    Clifford DiagonalGate GraphStateGate HamiltonianGate Initialize LinearFunction MCMTGate MCPhaseGate
    MCU1Gate MCXGate MCXGrayCode MCXRecursive MCXVChain MSGate PauliGate PermutationGate QFTGate
    StatePreparation
    UCGate UCPauliRotGate UCRXGate UCRYGate UCRZGate UniformSuperpositionGate UnitaryGate
    FullAdderGate HalfAdderGate ModularAdderGate MultiplierGate
    PauliProductMeasurement PauliProductRotationGate pauli_product_measurement
    Gate Instruction ControlledGate AnnotatedOperation
"""
_CLASSES = frozenset(_NAMES_OF_CLASSES.split())


def check(content: bytes, bounds: Bounds) -> None:
    """Refuse a circuit that announces what it does not hold, or names what is not to be made."""
    if not _FILE.size <= len(content) <= bounds.circuit:
        raise Refused("a circuit of an impossible size")
    magic, version, *_, programs, encoding, kind, at = _FILE.unpack_from(content)
    # Encoding "p" is plain; "e" would hand the bytes to a C++ reader of expressions.
    if (magic, version, programs, encoding, kind) != (b"QISKIT", VERSION, 1, b"p", b"q"):
        raise Refused("a circuit of another kind or version")
    if at != _FILE.size:
        raise Refused("a circuit in another place")
    try:
        walk = _Walk(content[at:], bounds)
        walk.circuit()
        walk.end()
    except (struct.error, UnicodeDecodeError, ValueError) as problem:
        raise Refused("a circuit that is cut short or twisted") from problem


class _Walk:
    """A place in bytes that moves forward only, and shares its count of parts with the walks inside it."""

    def __init__(self, content: bytes, bounds: Bounds, outer: _Walk | None = None) -> None:
        self.content = content
        self.at = 0
        self.bounds = bounds
        self.depth: int = outer.depth + 1 if outer else 0
        self.root: _Walk = outer.root if outer else self
        self.parts = 0
        if self.depth > _NESTED:
            raise Refused("circuits nested too deep")

    def take(self, shape: struct.Struct) -> tuple[Any, ...]:
        """Take the fields of a structure."""
        fields = shape.unpack_from(self.content, self.at)
        self.at += shape.size
        return fields

    def skip(self, length: int) -> bytes:
        """Take so many bytes, which must be there."""
        end = self.at + length
        if end > len(self.content):
            raise Refused("a circuit that is cut short")
        part = self.content[self.at : end]
        self.at = end
        return part

    def end(self) -> None:
        """Refuse what is left over."""
        if self.at != len(self.content):
            raise Refused("a circuit with something behind it")

    def times(self, count: int, each: Callable[[], None], most: int | None = None) -> None:
        """Walk several; so many must be possible in what is left."""
        self.root.parts += count
        if count > (len(self.content) if most is None else most) or self.root.parts > self.bounds.nodes:
            raise Refused("a circuit of too many parts")
        for _ in range(count):
            each()

    def inside(self, content: bytes) -> _Walk:
        """Begin a walk through a part."""
        return _Walk(content, self.bounds, self)

    def circuit(self) -> None:
        """Walk a circuit."""
        name, phase, phase_size, qubits, clbits, metadata, registers, instructions, variables = self.take(
            _HEADER
        )
        if qubits > MOST_BITS or clbits > MOST_BITS:
            raise Refused(f"a circuit of more than {MOST_BITS} bits")
        self.skip(name).decode()
        self.value(phase, self.skip(phase_size))
        json.loads(self.skip(metadata).decode())
        self.times(registers, self.register, MOST_BITS)
        self.times(variables, self.variable, MOST_BITS)
        if self.take(_WORD) != (0,):
            raise Refused("a circuit with annotations")
        self.times(self.take(_SHORT)[0], self.vector, MOST_BITS)
        self.times(self.take(_LONG)[0], self.custom, MOST_BITS)
        self.times(instructions, self.instruction)
        self.layout()

    def register(self) -> None:
        """Walk a register; a contiguous one stands for as many bits as it likes in four bytes."""
        kind, _, size, name, _, contiguous = self.take(_REGISTER)
        if kind not in (b"q", b"c", b"a") or size > MOST_BITS or contiguous > 1:
            raise Refused("a register of an impossible size")
        self.skip(name).decode()
        self.skip(4 if contiguous else 4 * size)

    def variable(self) -> None:
        """Walk a declared variable."""
        _, usage, name = self.take(_VARIABLE)
        if usage not in (b"I", b"C", b"L", b"A", b"O"):
            raise Refused("a variable of an unknown use")
        kind = self.skip(1)
        if kind == b"u":
            self.take(_WORD)
        elif kind not in (b"b", b"f", b"d"):
            raise Refused("a variable of an unknown type")
        self.skip(name).decode()

    def vector(self) -> None:
        """Walk the announcement of a vector of parameters, which Qiskit builds as long as it says."""
        name, size, _ = self.take(_VECTOR)
        self.root.parts += min(size, _LONGEST_VECTOR + 1)
        if size > _LONGEST_VECTOR or self.root.parts > self.bounds.nodes:
            raise Refused("a vector of too many parameters")
        self.skip(name).decode()

    def custom(self) -> None:
        """Walk the definition of a gate of one's own."""
        name, _, qubits, clbits, defined, size, controls, _, base = self.take(_CUSTOM)
        if qubits > MOST_BITS or clbits > MOST_BITS or controls > qubits:
            raise Refused("a gate of an impossible size")
        title = self.skip(name).decode()
        definition = self.skip(size)
        if defined:
            inner = self.inside(definition)
            (inner.evolution if title.startswith("###PauliEvolutionGate_") else inner.circuit)()
            inner.end()
        if base:
            inner = self.inside(self.skip(base))
            inner.instruction(bits=False)
            inner.end()

    def instruction(self, bits: bool = True) -> None:
        """Walk an instruction with its parameters."""
        name, label, parameters, qubits, clbits, extras, condition, _, controls, _ = self.take(_INSTRUCTION)
        if qubits > MOST_BITS or clbits > MOST_BITS or controls > MOST_BITS or extras & ~3 or extras == 3:
            raise Refused("an instruction of an impossible size")
        title = self.skip(name).decode()
        # What is defined in this circuit has the number of its definition behind its name.
        if title not in _CLASSES and not re.search(r"_\d+\Z", title):
            raise Refused("an instruction that does not travel")
        self.skip(label).decode()
        if extras == 1:
            self.skip(condition)
        elif condition:
            raise Refused("a condition that is none")
        if extras == 2:
            self.sized()
        if bits:
            self.skip(5 * (qubits + clbits))
        self.times(parameters, self.sized)

    def sized(self) -> None:
        """Walk a value that is preceded by its kind and its size."""
        kind, size = self.take(_SIZED)
        self.value(kind, self.skip(size))

    def value(self, kind: bytes, content: bytes) -> None:
        """Walk a value."""
        if kind in b"qtenvmr" and len(kind) == 1:
            inner = self.inside(content)
            inner.inner_value(kind)
            inner.end()
        elif kind == b"x" and len(content) > _LONGEST_EXPRESSION:
            raise Refused("an expression that is too long")
        elif kind not in b"pifcszdRx" or (kind in b"if" and len(content) != 8):
            raise Refused("a parameter of an unknown kind")

    def inner_value(self, kind: bytes) -> None:
        """Walk a value with numbers of its own in it."""
        if kind == b"q":
            self.circuit()
        elif kind == b"t":
            self.times(self.take(_LONG)[0], self.sized)
        elif kind == b"e":
            self.expression()
        elif kind == b"n":
            self.numbers()
        elif kind == b"v":
            self.take(_ELEMENT)
        elif kind == b"m":
            _, controls, _, power = self.take(_MODIFIER)
            if controls > MOST_BITS or not abs(power) <= _MOST_POWER:
                raise Refused("a modifier out of all bounds")
        else:
            start, stop, step = self.take(_RANGE)
            if step == 0 or abs(stop - start) // abs(step) > _LONGEST_RANGE:
                raise Refused("a loop that would never end")

    def expression(self) -> None:
        """Walk an expression of parameters: operations on a stack, then the parameters that they name."""
        symbols, length = self.take(_EXPRESSION)
        steps = self.skip(length)
        # Forty substitutions of x by x·x would be more terms than there is memory.
        if length > _LONGEST_EXPRESSION or length % _STEP or _SUBSTITUTE in steps[::_STEP]:
            raise Refused("an expression that is too long")
        self.times(symbols, self.symbol)

    def symbol(self) -> None:
        """Walk a parameter of an expression, and the value that it has there."""
        symbol, kind, size = struct.unpack("!ccQ", self.skip(10))
        if symbol == b"p":
            (name,) = self.take(_SHORT)
            self.skip(16)
            self.skip(name).decode()
        elif symbol == b"v":
            self.take(_ELEMENT)
        else:
            raise Refused("an expression within an expression")
        held = self.skip(size)
        if held or kind not in (b"p", b"v"):  # else it stands for itself
            self.value(kind, held)

    def numbers(self) -> None:
        """Walk an array in NumPy's format; its header is text that NumPy would parse as Python."""
        head = _NUMBERS.match(self.content)
        if head is None or int.from_bytes(head[1], "little") != head.end() - 10:
            raise Refused("an array of an unknown type")
        size = 1
        for side in head[4].split(b","):
            size *= int(side) if side.strip() else 1
        each = int(head[3]) * 4 + 16 if head[3] else int(head[2].lstrip(b"|<biufc"))
        self.skip(head.end() + size * each)

    def evolution(self) -> None:
        """Walk the definition of an evolution under a sum of Paulis."""
        operators, _, kind, time, method = self.take(_EVOLUTION)
        self.times(operators, self.operator, MOST_BITS)
        self.value(kind, self.skip(time))
        made = json.loads(self.skip(method).decode())
        settings = made["settings"]
        plain = all(type(one) in (int, bool, str, type(None)) for one in settings.values())
        most = max((one for one in settings.values() if type(one) is int), default=0)
        named = all(_SETTING.fullmatch(one) for one in settings)
        if made["class"] not in _EVOLUTIONS or set(made) != {"class", "settings"} or not named or not plain:
            raise Refused("an evolution by an unknown method")
        if most > _MOST_STEPS:
            raise Refused("an evolution of too many steps")

    def operator(self) -> None:
        """Walk one sum of Paulis."""
        if self.skip(1) == b"\0":
            inner = self.inside(self.skip(self.take(_LONG)[0]))
            inner.numbers()
            inner.end()
            return
        qubits, coefficients, terms, indices, ends = self.take(_OBSERVABLE)
        if qubits > MOST_BITS:
            raise Refused("a sum of too many qubits")
        self.skip(coefficients + terms + indices + ends)

    def layout(self) -> None:
        """Walk where the qubits were laid out."""
        _, initial, mapped, final, registers, _ = self.take(_LAYOUT)
        if max(initial, mapped, final, registers) > MOST_BITS:
            raise Refused("a layout of too many qubits")
        self.times(registers, self.register, MOST_BITS)
        self.times(max(initial, 0), self.placed)
        self.skip(4 * (max(mapped, 0) + max(final, 0)))

    def placed(self) -> None:
        """Walk the name of one qubit in a layout."""
        _, name = self.take(_PAIR)
        if name > _NAMES:
            raise Refused("a name that is too long")
        self.skip(max(name, 0))
