"""What travels arrives as it was; what must not travel is refused, and no bytes do harm."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict, defaultdict, namedtuple
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays
from qiskit import QuantumCircuit
from qiskit.circuit import Gate, Parameter
from qiskit.circuit.library import QFTGate, UnitaryGate
from qiskit.quantum_info import DensityMatrix, Operator, Pauli, SparsePauliOp, Statevector
from qiskit.result import Counts

from autograder.rooms import messages
from autograder.rooms.messages import Refused

Point = namedtuple("Point", "x y")


def bell():
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    return circuit


def branching():
    circuit = bell()
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)
    return circuit


def turned():
    circuit = QuantumCircuit(1)
    circuit.rx(2 * Parameter("θ"), 0)
    return circuit


def again(value):
    return messages.unpack(messages.pack(value))


def same(left, right):
    """Equal in type, too; arrays in every element, and not-a-number is itself."""
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and np.array_equal(left, right, equal_nan=left.dtype.kind in "fc")
    if isinstance(left, list | tuple):
        alike = type(left) is type(right) and len(left) == len(right)
        return alike and all(same(*pair) for pair in zip(left, right, strict=True))
    if isinstance(left, dict):
        return type(left) is type(right) and same(list(left.items()), list(right.items()))
    return type(left) is type(right) and (left == right or (left != left and right != right))


plain = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.complex_numbers(allow_nan=False)
    | some.text(some.characters())
    | some.binary()
    | some.fractions()
    | some.decimals(allow_nan=False).filter(lambda one: one.is_infinite() or abs(one.adjusted()) < 9000),
    lambda inner: (
        some.lists(inner)
        | some.lists(inner).map(tuple)
        | some.dictionaries(some.text() | some.integers(), inner)
        | some.sets(some.integers() | some.text())
        | some.frozensets(some.integers())
    ),
    max_leaves=20,
)


@given(plain)
@settings(max_examples=60, deadline=None)
def test_plain_values_arrive_as_they_were(value):
    assert same(again(value), value)


@given(
    arrays.arrays(
        some.one_of(
            arrays.boolean_dtypes(),
            arrays.integer_dtypes(),
            arrays.unsigned_integer_dtypes(),
            arrays.floating_dtypes(sizes=(16, 32, 64)),
            arrays.complex_number_dtypes(sizes=(64, 128)),
            arrays.unicode_string_dtypes(),
            arrays.byte_string_dtypes(),
        ),
        arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    )
)
@settings(max_examples=60, deadline=None)
def test_arrays_arrive_as_they_were(value):
    came = again(value)
    assert came.shape == value.shape
    assert came.dtype == value.dtype.newbyteorder("=")
    assert same(came, value.astype(came.dtype))


@pytest.mark.parametrize(
    "value",
    [
        Point(1, 2.5),
        OrderedDict(b=1, a=2),
        Counter("aab"),
        Counter({"00": 512}),
        range(0, 10, 3),
        bytearray(b"x"),
        10**6000,
        -(2**80),
        {(1, (2, "three")): [1 + 2j, float("-inf")]},
        np.float64(0.1),
        np.complex64(1j),
        np.bool_(True),
        np.arange(12).reshape(3, 4).T,
        Counts({"00 1": 5, "11 0": 7}),
        Statevector.from_label("0+"),
        DensityMatrix.from_label("r1"),
        Operator.from_label("XY"),
        SparsePauliOp(["XX", "ZI"], [0.5, -1j]),
        Pauli("-iXYZ"),
        bell(),
        branching(),
        [bell(), bell()],
        "\ud800",
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_arrives_as_it_was(value):
    came = again(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        assert came._fields == value._fields
        assert came == value
    else:
        assert same(came, value)


def test_defaults_and_objects_arrive():
    mapping = defaultdict(list, a=[1])
    came = again(mapping)
    assert came == mapping
    assert came["new"] == []
    holder = np.empty(2, dtype=object)
    holder[:] = [[1, 2], "two"]
    assert again(holder).tolist() == [[1, 2], "two"]


def test_circuits_keep_parameters_and_own_gates():
    circuit = again(turned())
    assert [str(one) for one in circuit.parameters] == ["θ"]
    assert Operator(circuit.assign_parameters([0.3])).equiv(Operator(turned().assign_parameters([0.3])))
    own = QuantumCircuit(2)
    own.append(QFTGate(2), [0, 1])
    own.append(UnitaryGate(np.eye(2)[::-1], label="flip"), [0])
    inner = QuantumCircuit(1, name="mine")
    inner.s(0)
    own.append(inner.to_gate(), [1])
    assert Operator(again(own)).equiv(Operator(own))


@pytest.mark.slow
def test_a_hundred_megabytes_arrive():
    value = np.arange(100 << 17, dtype=np.float64)
    assert np.array_equal(again(value), value)


class Liar(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__

    def __index__(self):
        return 42


class Crooked(list):
    def __iter__(self):
        raise KeyboardInterrupt

    def __len__(self):
        return 10**9


def test_a_subclass_arrives_as_its_base_and_loses_its_tricks():
    came = again([Liar(3), Crooked([1, 2])])
    assert came == [3, [1, 2]]
    assert [type(one) for one in came] == [int, list]


def itself():
    endless: list = []
    endless.append(endless)
    return endless


def disguised():
    circuit = QuantumCircuit(2)
    idle = QuantumCircuit(2, name="cx")
    circuit.append(idle.to_gate(), [0, 1])
    return circuit


def disguised_deep():
    outer = QuantumCircuit(2)
    gate = Gate("wrapping", 2, [])
    gate.definition = disguised()
    outer.append(gate, [0, 1])
    return outer


@pytest.mark.parametrize(
    "value",
    [
        itself(),
        object(),
        lambda: 1,
        (one for one in ()),
        open,
        np.load,
        range(10**18),
        Decimal("1e99999"),
        defaultdict(lambda: 1),
        disguised(),
        disguised_deep(),
    ],
    ids=[
        "a list in itself",
        "an object",
        "a function",
        "a generator",
        "a builtin that opens",
        "a function that loads",
        "an endless range",
        "an endless decimal",
        "a factory",
        "a false cx",
        "a false cx below",
    ],
)
def test_what_must_not_travel_is_refused_at_one_end_or_the_other(value):
    before = time.process_time()
    if isinstance(value, defaultdict):
        assert type(again(value)) is dict  # without its factory, as plain data
        return
    with pytest.raises(Refused):
        again(value)
    assert time.process_time() - before < 5
