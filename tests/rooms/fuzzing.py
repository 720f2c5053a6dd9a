"""Read damaged messages and watch what happens; the text of this file also runs inside rooms.

Names it is given: `given["count"]` messages from `given["seed"]` on. What it finds is called `result`.
"""

from __future__ import annotations

import contextlib
import json
import random
import resource
import struct
import sys
import time
import warnings
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from uuid import UUID

import numpy as np
import pandas as pd
import qiskit.quantum_info as qi
from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, Parameter, ParameterVector, QuantumRegister
from qiskit.circuit.classical import expr
from qiskit.circuit.library import HGate, PauliEvolutionGate, QFTGate, UnitaryGate
from qiskit.result import Counts

from autograder.rooms import messages

SLOW = 2.0  # seconds of processor time; a loaded machine counts more than an idle one
LARGE = 1 << 30
EDGES = [
    0,
    1,
    -1,
    2,
    7,
    255,
    256,
    65535,
    1 << 16,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
    1 << 40,
    (1 << 63) - 1,
]
RECORD, HEAD = "lambda _cls, ", "{'descr': "
FORBIDDEN = (
    "import", "exec", "compile", "open", "os.", "subprocess.", "socket.", "ctypes.", "pickle.", "marshal.",
    "shutil.", "code.", "builtins.input", "urllib.", "glob.", "tempfile.", "mmap.", "pty.", "fcntl.",
)  # fmt: skip


class Given:
    def __init__(self):
        self.a = 1


GIVEN = {"Given": Given}


def flow():
    circuit = QuantumCircuit(2, 2)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)
    with circuit.if_test(expr.logic_and(circuit.clbits[0], circuit.clbits[1])):
        circuit.x(0)
    with circuit.for_loop(range(3)):
        circuit.x(0)
    with circuit.switch(circuit.cregs[0]) as case, case(0):
        circuit.x(0)
    return circuit


def own():
    inner = QuantumCircuit(1, name="mine")
    inner.s(0)
    circuit = QuantumCircuit(3, metadata={"a": 1})
    circuit.append(inner.to_gate(), [1])
    circuit.append(inner.to_gate().control(1), [0, 1])
    circuit.append(QFTGate(2), [0, 1])
    circuit.append(UnitaryGate(np.eye(2)), [0])
    circuit.append(PauliEvolutionGate(qi.SparsePauliOp(["XX", "ZI"], [1, 2]), time=0.3), [0, 1])
    circuit.initialize([1, 0], 0)
    return circuit


def turned():
    theta, vector = Parameter("θ"), ParameterVector("v", 3)
    circuit = QuantumCircuit(1, global_phase=theta)
    circuit.rx(theta * 2 + vector[1], 0)
    circuit.ry(vector[0].sin(), 0)
    return circuit


def values():
    """One or more values of every kind that travels."""
    point = namedtuple("Point", "x y")
    moments = pd.date_range("2026-01-01", periods=3, freq="D", tz="UTC")
    odd = np.array([(1, 2.5, "a")], dtype=[("n", "i4"), ("x", "f8"), ("t", "U2")])
    yield {
        "a": [1, 2.5, 1j, None, True, "x" * 20],
        (1, 2): {3, 4},
        "t": (frozenset("ab"), b"x", bytearray(b"y")),
    }
    yield [
        Fraction(1, 3),
        Decimal("1.5"),
        range(5),
        point(1, 2),
        Counter("aab"),
        defaultdict(list, a=[1]),
        2**80,
    ]
    yield [
        OrderedDict(a=1),
        deque([1], 3),
        {1: 2}.keys(),
        {1: 2}.values(),
        {1: 2}.items(),
        MappingProxyType({1: 2}),
    ]
    yield [
        "x" * 3000,
        [0.5] * 70,
        tuple(range(70)),
        memoryview(b"abcd"),
        slice(1, 2),
        ...,
        NotImplemented,
        Path("a"),
    ]
    yield [
        date(2026, 1, 2),
        datetime(2026, 1, 2, tzinfo=UTC),
        clock(1, 2),
        timedelta(3),
        UUID(int=5),
        SimpleNamespace(a=1),
    ]
    yield [
        np.arange(6.0).reshape(2, 3),
        np.array(["ab"]),
        np.array([True]),
        np.array(["2026"], "M8[D]"),
        np.float32(1),
        odd,
    ]
    yield [
        np.array([[1], None], dtype=object),
        np.dtype("f4"),
        len,
        np.sin,
        np.float64,
        QuantumCircuit,
        ValueError,
    ]
    yield [
        np.random.default_rng(1),
        np.random.RandomState(1),
        random.Random(1),
        np.random.Generator(np.random.Philox(2)),
    ]
    yield pd.DataFrame(
        {"a": [1, 2], "b": ["x", None], "c": pd.Categorical(["u", "v"]), "d": pd.array([1, None], "Int64")}
    )
    yield [
        pd.Series([1.5], index=pd.Index(["i"], name="n")),
        pd.DataFrame({"m": moments}, index=moments),
        pd.Timestamp(0),
        pd.NaT,
    ]
    yield [
        pd.MultiIndex.from_product([[1, 2], ["a"]]),
        pd.RangeIndex(5),
        pd.Timedelta(3),
        pd.Series([[1]], dtype=object),
    ]
    yield [
        qi.Statevector([1, 0]),
        qi.Operator(np.eye(2)),
        qi.SparsePauliOp(["XX"], [1]),
        qi.Pauli("-iXY"),
        Counts({"0": 1}),
    ]
    yield [
        qi.Clifford(HGate()),
        qi.PauliList(["XY"]),
        qi.StabilizerState(QuantumCircuit(1)),
        qi.SuperOp(np.eye(4)),
    ]
    yield [
        HGate(),
        Parameter("a") + 1,
        ParameterVector("v", 3),
        QuantumRegister(2, "q"),
        ClassicalRegister(2, "c")[1],
    ]
    yield flow()
    yield own()
    yield turned()
    yield [flow(), turned()]
    yield Given()


def seeds():
    """Honest messages, as shapes and blocks."""
    packed = []
    for value in values():
        whole = [messages.pack(value, given=GIVEN)]
        if type(value) is list:
            whole += [messages.pack(one) for one in value]
        packed += whole
    return [(body, *taken_apart(body)) for body in packed]


def taken_apart(body):
    (size,) = struct.unpack_from("!I", body)
    shape, at, blocks = json.loads(body[4 : 4 + size]), 8 + size, []
    while at < len(body):
        (size,) = struct.unpack_from("!Q", body, at)
        blocks.append(body[at + 8 : at + 8 + size])
        at += 8 + size
    return shape, blocks


def together(shape, blocks):
    text = json.dumps(shape).encode()
    head = struct.pack("!I", len(text)) + text + struct.pack("!I", len(blocks))
    return head + b"".join(struct.pack("!Q", len(one)) + one for one in blocks)


def damaged(chance, content, others):
    """Bytes with something wrong in them."""
    body = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(body)) if body else 0
        match chance.randrange(6):
            case 0:
                body[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                width = chance.choice("BHIQ")
                edge = chance.choice(EDGES) % (1 << 8 * struct.calcsize(width))
                body[at : at + struct.calcsize(width)] = struct.pack("!" + width, edge)
            case 2:
                del body[at : at + chance.randint(1, 12)]
            case 3:
                body[at:at] = body[at : at + chance.randint(1, 40)]
            case 4:
                other = chance.choice(others)[0]
                start = chance.randrange(len(other))
                body[at:at] = other[start : start + 16]
            case _:
                body[at : at + 1] = chance.choice([b"[", b"]", b'"', b",", b"9", b"-", b"e", b"null", b"{}"])
    return bytes(body)


def places(tree, found):
    if type(tree) is list:
        for at, one in enumerate(tree):
            found.append((tree, at))
            places(one, found)
    return found


def twisted(chance, shape, others):
    """A tree with something wrong in it: numbers at their edges, parts exchanged, doubled, gone."""
    tree = json.loads(json.dumps([shape]))
    for _ in range(chance.randint(1, 3)):
        holder, at = chance.choice(places(tree, []))
        match chance.randrange(6):
            case 0:
                holder[at] = chance.choice([None, True, False, 0.5, "", "x", [], {}, *EDGES])
            case 1 if type(holder[at]) is int:
                holder[at] += chance.choice([-1, 1, 1 << 20])
            case 2:
                holder[at] = json.loads(
                    json.dumps(chance.choice(places([chance.choice(others)[1]], []))[0][0])
                )
            case 3:
                holder.append(json.loads(json.dumps(holder[at])))
            case 4 if type(holder[at]) is str:
                holder[at] = chance.choice(
                    ["__class__", "eval", "os", "<f8", "|O", "0x" + "f" * 40, holder[at] * 3]
                )
            case _:
                del holder[at]
                if not tree:
                    return None
    return tree[0]


def message(chance, known):
    """One damaged message: its bytes, its blocks, its shape, or all of them."""
    body, shape, blocks = chance.choice(known)
    way = chance.randrange(4)
    if way == 0:
        return damaged(chance, body, known)
    if blocks and way in (1, 3):
        at = chance.randrange(len(blocks))
        blocks = [damaged(chance, one, known) if place == at else one for place, one in enumerate(blocks)]
    if way in (2, 3):
        shape = twisted(chance, shape, known)
    return together(shape, blocks)


class Watch:
    """What Python says it is about to do, while somebody watches."""

    def __init__(self):
        self.on = False
        self.seen = []
        sys.addaudithook(self._hook)

    def _hook(self, event, args):
        if self.on and event.startswith(FORBIDDEN) and not self._plain(event, args):
            self.seen.append(f"{event} {args!r}"[:300])

    @staticmethod
    def _plain(event, args):
        """What libraries always do: compile a record of names or the head of an array, ask the zone UTC."""
        if event == "open":
            return str(args[0]).endswith("/zoneinfo/UTC")
        if event == "compile":
            text = args[0] if isinstance(args[0], str) else bytes(args[0] or b"").decode()
            return text.startswith((RECORD, HEAD))
        inner = args[0].co_consts[0] if event == "exec" and args[0].co_consts else None
        return getattr(inner, "co_names", None) == ("_tuple_new",)


class Anything:
    """Equal to nothing but itself."""

    __array_ufunc__ = None


def fuzz(count, seed, watch):
    """Read so many damaged messages; tell how it went and what was wrong."""
    known, chance, thing = seeds(), random.Random(seed), Anything()
    for body, _, _ in known:
        messages.unpack(body, given=GIVEN)  # so that what is imported at first use is
    told = {"refused": 0, "read": 0, "wrong": []}
    forget_peak()
    before = peak()
    for number in range(count):
        body = message(chance, known)
        began, problem, value = time.process_time(), None, None
        watch.on = True
        try:
            value = messages.unpack(body, given=GIVEN)
            told["read"] += 1
        except messages.Refused:
            told["refused"] += 1
        except BaseException as other:
            problem = f"raised {type(other).__name__}: {other}"
        watch.on = False
        took = time.process_time() - began
        if took > SLOW:
            problem = f"took {took:.1f} s"
        if watch.seen:
            problem = f"did {watch.seen[:3]}"
            watch.seen.clear()
        if equal(value, thing):
            problem = f"made a {type(value).__name__} that equals anything"
        if problem:
            told["wrong"].append(f"message {number} of seed {seed}: {problem}"[:600])
    if peak() - before > LARGE:
        told["wrong"].append("took more than a gigabyte")
    return told


def forget_peak():
    """Let the process's highest memory begin anew, so that no test before counts (proc(5), clear_refs)."""
    with contextlib.suppress(OSError):  # a room has no such file, and nothing ran before in it
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak():
    """Give the most memory that this process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def equal(value, thing):
    try:
        return (value == thing) is True
    except Exception:
        return False


if "given" in globals():  # in a room
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    result = fuzz(globals()["given"]["count"], globals()["given"]["seed"], Watch())
