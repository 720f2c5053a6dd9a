"""Everything that is promised to travel by value does, with its type, its names and every bit."""

from __future__ import annotations

import cmath
import math
import random
import re
import uuid
from collections import Counter, deque
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import qiskit.quantum_info as qi
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import (
    AncillaRegister,
    AnnotatedOperation,
    ClassicalRegister,
    ControlModifier,
    Parameter,
    ParameterVector,
    PowerModifier,
    QuantumRegister,
    Qubit,
)
from qiskit.circuit.classical import expr, types
from qiskit.circuit.library import (
    CXGate,
    DiagonalGate,
    HGate,
    Initialize,
    Measure,
    PauliEvolutionGate,
    PermutationGate,
    QFTGate,
    RXGate,
    UCRXGate,
    UnitaryGate,
    XGate,
    efficient_su2,
)

from autograder.rooms import messages
from autograder.rooms.messages import Refused


def named(value):
    """Name a case without its address: all of pytest's workers must agree."""
    return re.sub(r" at 0x[0-9a-f]+", "", str(value))[:40]


def again(value, **kwargs):
    return messages.unpack(messages.pack(value), **kwargs)


@pytest.mark.parametrize(
    "value",
    [
        "x" * 10_000 + "\ud800",
        [0.5] * 100,
        [float("nan"), float("-inf"), -0.0] * 30,
        list(range(-50, 50)),
        tuple(range(100)),
        [2**70] * 100,
        [True, False] * 50,
        [1, 2.5] * 50,
        {"a": {1: (2, [3])}},
        deque([1, 2, 3], maxlen=5),
        deque("ab"),
        {1: 2, "b": [3]}.keys(),
        {1: 2, "b": 3}.items(),
        Ellipsis,
        NotImplemented,
        slice(1, None, 2),
        slice(None),
        uuid.UUID(int=2**100 + 7),
        Path("/tmp/x"),
        PurePosixPath("a/b.txt"),
        PureWindowsPath("c:\\x"),
        date(2026, 11, 22),
        datetime(2026, 11, 22, 10, 30, 15, 999, fold=1),
        datetime(2026, 11, 22, tzinfo=UTC),
        datetime(2026, 11, 22, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
        time(1, 2, 3, 4, tzinfo=timezone(timedelta(seconds=61), "odd")),
        timedelta(days=-3, microseconds=5),
        UTC,
        SimpleNamespace(a=1, b=[2]),
        MappingProxyType({"a": 1}),
        Counter("hello"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_plain_things_arrive(value):
    came = again(value)
    assert type(came) is type(value)
    assert repr(came) == repr(value)
    if isinstance(value, deque):
        assert came.maxlen == value.maxlen


@pytest.mark.parametrize(
    "value",
    [
        [np.float64(0.1)] * 100,
        tuple(np.arange(100, dtype="i2")),
        [np.bool_(True)] * 70,
        [np.complex64(1j)] * 70,
        [1 + 2j, complex(0.0, -0.0)] * 50,
        [np.float64(0.1), np.float32(0.1)] * 40,
        [np.datetime64("2026"), np.datetime64("2026-01-01")] * 40,
        {number: np.float64(number) for number in range(6000)},
        [[np.float64(number)] for number in range(6000)],
    ],
    ids=named,
)
def test_many_scalars_arrive_each_with_its_type(value):
    came = again(value)
    assert type(came) is type(value)
    assert repr(came) == repr(value)


def test_views_of_memory_and_values_arrive():
    view = memoryview(bytes(range(24))).cast("i", (2, 3))
    assert again(view) == view
    assert again(memoryview(b"abc")[::2]) == memoryview(b"ac")
    assert list(again({"a": 1, "b": [2]}.values())) == [1, [2]]


@pytest.mark.parametrize(
    "value",
    [
        np.array(["2026-11-22", "NaT"], "M8[D]"),
        np.array([5, -1], "m8[25us]"),
        np.datetime64("2026-11-22T10:00", "ns"),
        np.timedelta64(3, "h"),
        np.array([(1, 2.5, "ab"), (3, -0.0, "c")], dtype=[("n", "<i4"), ("x", "<f8"), ("t", "<U2")]),
        np.array([((1, 2), [1, 2, 3])], dtype=[("in", [("a", "i1"), ("b", "i1")]), ("v", "f4", 3)]),
        np.zeros((0, 3)),
        np.zeros(0, dtype=[("a", "f8")]),
        np.array(5),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.arange(10)[::-2],
        np.arange(4, dtype=">i4"),
        np.frombuffer(b"\x01\x00\x00\x00\x00\x00\xf8\x7f\x00\x00\x00\x00\x00\x00\x00\x80", "f8"),
        np.array([1 + 1j, complex("nan"), -0.0 - 0.0j], "c8"),
        np.array(["", "äß"]),
        np.array([b"", b"a\0b"]),
    ],
    ids=named,
)
def test_arrays_of_every_kind_arrive_bit_by_bit(value):
    came = again(value)
    assert type(came) is type(value)
    assert came.dtype == value.dtype.newbyteorder("=")
    assert came.shape == value.shape
    assert came.tobytes() == value.astype(came.dtype).tobytes()


def test_a_record_and_a_type_arrive():
    row = np.array([(1, 2.5)], dtype=[("n", "<i4"), ("x", "<f8")])[0]
    assert again(row) == row
    assert type(again(row)) is np.void
    assert again(np.dtype("float32")) == np.dtype("float32")


def test_arrays_can_be_written_to():
    came = again([np.arange(3), np.array([(1,)], dtype=[("a", "i4")])])
    came[0][0] = 7
    came[1]["a"] = 3
    assert came[0].tolist() == [7, 1, 2]


GENERATORS = {
    "default": lambda: np.random.default_rng(5),
    "MT19937": lambda: np.random.Generator(np.random.MT19937(5)),
    "Philox": lambda: np.random.Generator(np.random.Philox(5)),
    "SFC64": lambda: np.random.Generator(np.random.SFC64(5)),
    "DXSM": lambda: np.random.Generator(np.random.PCG64DXSM([1, 2, 2**80])),
    "spawned": lambda: np.random.default_rng(5).spawn(2)[1],
    "unseeded": lambda: np.random.default_rng(),
}


@pytest.mark.parametrize("make", GENERATORS.values(), ids=GENERATORS)
def test_generators_of_numpy_go_on_where_they_were(make):
    value = make()
    value.integers(0, 5, 3, dtype="u4")
    came = again(value)
    assert came.normal(size=5).tolist() == value.normal(size=5).tolist()
    assert came.integers(0, 99, 7).tolist() == value.integers(0, 99, 7).tolist()
    assert came.spawn(1)[0].random() == value.spawn(1)[0].random()


def test_older_generators_go_on_too():
    old = np.random.RandomState(3)
    old.standard_normal()
    came = again(old)
    assert came.standard_normal(3).tolist() == old.standard_normal(3).tolist()
    plain = random.Random("x")
    plain.gauss()
    came = again(plain)
    assert [came.gauss(), came.random()] == [plain.gauss(), plain.random()]
    bits = np.random.PCG64(1)
    assert again(bits).random_raw() == bits.random_raw()


def frames():
    moments = pd.date_range("2026-01-01", periods=3, freq="D")
    zone = timezone(timedelta(hours=2))
    yield "numbers", pd.DataFrame({"a": [1, 2], "b": [0.5, float("nan")], "c": [True, False], "d": [1j, 2]})
    yield (
        "texts",
        pd.DataFrame({"t": ["x", None], "o": pd.Series([[1], "y"], dtype=object)}, index=["r", "s"]),
    )
    yield "categories", pd.DataFrame({"k": pd.Categorical(["b", "a", None], ["b", "a"], ordered=True)})
    yield "moments", pd.DataFrame({"m": moments, "z": moments.tz_localize("UTC"), "d": moments - moments[0]})
    yield "zone", pd.DataFrame({"z": moments.tz_localize(zone)}, index=moments)
    yield "masked", pd.DataFrame({"i": pd.array([1, None], "Int64"), "b": pd.array([None, True], "boolean")})
    yield "floats", pd.DataFrame({"f": pd.array([1.5, None], "Float32")})
    yield (
        "levels",
        pd.DataFrame({"a": [1, 2, 3]}).set_index(
            pd.MultiIndex.from_tuples([("x", 1), ("x", 2), ("y", 1)], names=["one", None])
        ),
    )
    yield "columns", pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_product([["a"], [1, 2]]))
    yield "twice", pd.DataFrame([[1, "x"]], columns=["a", "a"])
    yield "empty", pd.DataFrame()
    yield "no columns", pd.DataFrame(index=[1, 2])
    yield "no rows", pd.DataFrame({"a": np.zeros(0, "f4")})
    yield "one type", pd.DataFrame(np.arange(12.0).reshape(3, 4), columns=list("wxyz"))
    yield "nullable text", pd.DataFrame({"t": pd.array(["x", None], pd.StringDtype(na_value=pd.NA))})


@pytest.mark.parametrize(("name", "value"), frames())
def test_tables_arrive(name, value):
    pd.testing.assert_frame_equal(again(value), value)


@pytest.mark.parametrize(
    "value",
    [
        pd.Series([1, 2], name="n", index=pd.Index([0.5, 1.5], name="i")),
        pd.Series(["a", "b"]),
        pd.Series([1, 2], dtype="category"),
        pd.Series([], dtype="f8"),
        pd.Series({"a": [1], "b": None}, name=("x", 1)),
    ],
    ids=named,
)
def test_columns_arrive(value):
    pd.testing.assert_series_equal(again(value), value)


@pytest.mark.parametrize(
    "value",
    [
        pd.RangeIndex(2, 20, 3, name="r"),
        pd.Index([3, 1, 2]),
        pd.Index(["a", None]),
        pd.Index([1, "a", (2, 3)]),
        pd.DatetimeIndex(["2026-01-01", "NaT"]),
        pd.date_range("2026-01-01", periods=4, freq="2h", tz="UTC"),
        pd.timedelta_range("1s", periods=3, freq="s"),
        pd.CategoricalIndex(["a", "b", "a"]),
        pd.MultiIndex.from_product([[1, 2], ["a", "b"]], names=["x", "y"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_indexes_arrive(value):
    came = again(value)
    pd.testing.assert_index_equal(came, value, exact=True)
    assert getattr(came, "freqstr", None) == getattr(value, "freqstr", None)


def test_moments_of_pandas_arrive():
    moment = pd.Timestamp("2026-11-22 10:00:00.123456789", tz="UTC")
    assert again(moment) == moment
    assert type(again(moment)) is pd.Timestamp
    assert again(pd.Timestamp("2026-11-22").as_unit("s")).unit == "s"
    assert again(pd.Timedelta(5, "s")) == pd.Timedelta(5, "s")
    assert again(pd.NaT) is pd.NaT
    assert again([pd.NA])[0] is pd.NA


def circuits():
    inner = QuantumCircuit(1, name="mine")
    inner.s(0)
    own = QuantumCircuit(3)
    own.append(inner.to_gate(), [1])
    own.append(inner.to_gate().control(1), [0, 1])
    own.append(QFTGate(2), [0, 1])
    yield "own gates", own
    p, q, v = Parameter("p"), Parameter("q"), ParameterVector("v", 5)
    turned = QuantumCircuit(1, global_phase=p)
    turned.rx((p * 2).subs({p: q + 1}).sin(), 0)
    turned.rx(v[2] * v[3], 0)
    yield "parameters", turned
    flow = QuantumCircuit(2, 2)
    with flow.if_test((flow.clbits[0], 1)) as otherwise:
        flow.x(0)
    with otherwise:
        flow.h(0)
    with flow.if_test(expr.logic_and(flow.clbits[0], flow.clbits[1])):
        flow.x(0)
    with flow.for_loop(range(3)):
        flow.x(0)
    with flow.while_loop((flow.clbits[0], 0)):
        flow.measure(0, 0)
    with flow.switch(flow.cregs[0]) as case:
        with case(0):
            flow.x(0)
        with case(case.DEFAULT):
            flow.x(1)
    yield "flow", flow
    variables = QuantumCircuit(2, 2)
    a, b = variables.add_input("a", types.Uint(4)), variables.add_var("b", expr.lift(True))
    variables.store(b, expr.less(a, 3))
    yield "variables", variables
    evolved = QuantumCircuit(2)
    evolved.append(PauliEvolutionGate(qi.SparsePauliOp(["XX", "ZI"], [1, 2]), time=0.3), [0, 1])
    evolved.append(
        PauliEvolutionGate(qi.SparseObservable.from_list([("XX", 1)]), time=Parameter("t")), [0, 1]
    )
    yield "evolution", evolved
    many = QuantumCircuit(3, 3, name="many", metadata={"a": [1]})
    many.h(0)
    many.ccx(0, 1, 2)
    many.mcx([0, 1], 2)
    many.mcp(0.2, [0, 1], 2)
    many.barrier()
    many.delay(100, 0, unit="ns")
    many.reset(0)
    many.append(XGate().control(2, ctrl_state=1), [0, 1, 2])
    many.append(RXGate(0.2).control(2), [0, 1, 2])
    many.pauli("XY", [0, 1])
    many.append(DiagonalGate([1, -1]), [0])
    many.append(UnitaryGate(np.eye(2)[::-1], label="flip"), [0])
    many.append(PermutationGate([1, 0]), [0, 1])
    many.append(UCRXGate([0.1, 0.2]), [0, 1])
    many.append(AnnotatedOperation(HGate(), [ControlModifier(1), PowerModifier(2)]), [0, 1])
    many.measure([0, 1], [0, 1])
    yield "many", many
    yield "registers", QuantumCircuit(QuantumRegister(2, "a"), [Qubit()], ClassicalRegister(3, "z"))
    yield "ansatz", efficient_su2(3)
    started = QuantumCircuit(2)
    started.append(Initialize([1, 0]), [0])
    started.initialize("01", [0, 1])
    started.initialize(2, [0, 1])
    started.prepare_state([0, 1], 1)
    yield "started", started


@pytest.mark.parametrize(("name", "value"), circuits())
def test_circuits_arrive(name, value):
    came = again(value)
    if name != "many":  # a diagonal gate equals no other that was made from the same numbers
        assert came == value
    assert came.count_ops() == value.count_ops()
    assert came.metadata == value.metadata
    assert came.name == value.name
    if not value.parameters and not value.clbits and name != "started":
        assert qi.Operator(came).equiv(qi.Operator(value))


@pytest.mark.slow
def test_a_transpiled_circuit_keeps_its_layout():
    circuit = QuantumCircuit(3)
    circuit.ccx(0, 1, 2)
    value = transpile(circuit, basis_gates=["u", "cx"], coupling_map=[[0, 1], [1, 2]], seed_transpiler=1)
    came = again(value)
    assert came == value
    assert came.layout.final_index_layout() == value.layout.final_index_layout()


@pytest.mark.parametrize(
    "value",
    [
        Parameter("θ"),
        Parameter("a") * 2 + Parameter("b").sin(),
        ParameterVector("v", 4)[2],
        HGate(),
        HGate(label="mine"),
        CXGate(ctrl_state=0),
        RXGate(0.25),
        RXGate(Parameter("x")),
        Measure(),
        QuantumRegister(3, "q"),
        ClassicalRegister(2, "c"),
        AncillaRegister(1, "a"),
        QuantumRegister(3, "q")[1],
        ClassicalRegister(3, "c")[2],
        qi.Pauli("-iXY"),
        qi.PauliList(["XX", "-iYZ"]),
        qi.SparsePauliOp(["XX", "ZI"], [0.5, 1j]),
        qi.Clifford(QuantumCircuit(2).compose(HGate(), [0])),
        qi.StabilizerState(QuantumCircuit(2)),
        qi.Statevector([0.6, 0, 0, 0.8j, 0, 0], dims=(2, 3)),
        qi.Operator(np.arange(6).reshape(2, 3), input_dims=(3,), output_dims=(2,)),
        qi.SuperOp(qi.Operator.from_label("H")),
        qi.Choi(qi.Operator.from_label("H")),
        qi.PTM(qi.Operator.from_label("H")),
        qi.Chi(qi.Operator.from_label("H")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_parts_of_circuits_and_operators_arrive(value):
    came = again(value)
    assert type(came) is type(value)
    assert came == value
    if isinstance(value, qi.Operator | qi.Statevector):
        assert came._op_shape == value._op_shape


def test_parameters_stay_the_same_across_what_holds_them():
    theta, vector = Parameter("θ"), ParameterVector("v", 3)
    circuit = QuantumCircuit(1)
    circuit.rx(theta, 0)
    circuit.ry(vector[1], 0)
    came, name, held = again([circuit, theta, vector])
    assert came.assign_parameters({name: 0.5, held[1]: 1.0}).num_parameters == 0
    assert held.params == vector.params
    assert held.name == "v"


@pytest.mark.parametrize(
    "value",
    [len, sorted, int, ValueError, math.sqrt, cmath.exp, np.sin, np.float64, np.ndarray, np.linalg.norm,
     np.sum, random.Random, random.choice, pd.DataFrame, QuantumCircuit, HGate, qi.Operator, Counter],
    ids=named,
)  # fmt: skip
def test_functions_and_classes_of_libraries_arrive_as_themselves(value):
    assert again([value])[0] is value


@pytest.mark.parametrize(
    "value",
    [
        eval, exec, open, compile, __import__, getattr, setattr, globals, vars, input, breakpoint,
        memoryview, np.load, np.memmap, np.save, np.loadtxt, pd.read_pickle, pd.read_csv, pd.eval,
        random.seed, np.random.seed,
        np.random.random, np, cmath, test_views_of_memory_and_values_arrive,
        qi.SparsePauliOp(["X"], np.array([Parameter("a")], dtype=object)),
        QuantumCircuit(QuantumRegister(bits=[Qubit(), Qubit()], name="x")).qregs[0],
        Qubit(), pd.period_range("2026", periods=2), pd.Series(pd.arrays.SparseArray([0, 1])),
        pd.Timestamp("2026-01-01", tz="Europe/Berlin"), random.SystemRandom(),
    ],
    ids=named,
)  # fmt: skip
def test_what_has_no_honest_form_is_refused_and_can_be_described(value):
    with pytest.raises(Refused):
        messages.pack([value])
    body = messages.pack([value], strange=lambda one: {"type": type(one).__name__})
    assert messages.unpack(body, handle=lambda told: told["type"]) == [type(value).__name__]
