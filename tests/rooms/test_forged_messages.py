"""Bytes from a hostile room are refused or read, and do nothing else."""

from __future__ import annotations

import json
import struct
import time
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from qiskit import QuantumCircuit

from autograder.rooms import codec, messages
from autograder.rooms.messages import Bounds, Refused
from tests.rooms import fuzzing


def forged(shape, *blocks):
    """A message put together by hand."""
    text = shape if isinstance(shape, bytes) else json.dumps(shape).encode()
    parts = [struct.pack("!I", len(text)), text, struct.pack("!I", len(blocks))]
    return b"".join(parts + [struct.pack("!Q", len(one)) + one for one in blocks])


# All with the same hash: only to build such a set takes half a minute.
COLLIDING = [["i", hex(number * (2**61 - 1))] for number in range(40_000)]


def colliding_numbers(count):
    """Numbers that pandas hashes alike: 64 bits are mixed into 32 by shifts that can be undone."""
    low = np.arange(count, dtype="u8")
    mixed = np.zeros_like(low)
    for _ in range(4):
        mixed = (low ^ (mixed << np.uint64(11))) & np.uint64(0xFFFFFFFF)
    return ((low << np.uint64(33)) ^ mixed).tobytes()


COLLIDING_NUMBERS = colliding_numbers(30_000)
FORGED = {
    "a colliding set": forged(["s", COLLIDING]),
    "a colliding frozen set": forged(["f", COLLIDING]),
    "a colliding mapping": forged(["d", COLLIDING]),
    "a colliding counter": forged(["dc", COLLIDING]),
    "outcomes that are no text": forged(["qn", COLLIDING]),
    "too many parts": forged(["l", [1] * 600_000]),
    "nothing": b"",
    "half a length": b"\0\0",
    "a length too many": struct.pack("!I", 1 << 31),
    "blocks without end": struct.pack("!I", 1) + b"1" + struct.pack("!I", 1 << 31),
    "a block without end": struct.pack("!I", 1) + b"1" + struct.pack("!IQ", 1, 1 << 63),
    "more than announced": forged(1) + b"x",
    "no JSON": forged(b"{]"),
    "deep JSON": forged(b"[" * 100_000),
    "a long number": forged(b"9" * 100_000),
    "an object": forged({"a": 1}),
    "no tag": forged([]),
    "a tag that is a list": forged([[], 1]),
    "an unknown tag": forged(["eval", "1"]),
    "too few parts": forged(["c", 1]),
    "texts for numbers": forged(["c", "1", "2"]),
    "a deep list": forged(b'["l",[' * 100 + b"]]" * 100),
    "an unhashable key": forged(["d", [["l", []], 1]]),
    "a key without a value": forged(["d", [1]]),
    "an unknown factory": forged(["dd", "eval", []]),
    "a block that is not there": forged(["b", 0]),
    "a block used twice": forged(["l", [["b", 0], ["b", 0]]], b"x"),
    "a block never used": forged(1, b"x"),
    "a block by truth": forged(["b", False], b"x"),
    "a record with code": forged(["T", "x", ["__import__('os')"], [1]]),
    "a record of many": forged(["T", "x", [f"f{n}" for n in range(100)], list(range(100))]),
    "an array of objects": forged(["a", "|O", [1], 0], bytes(8)),
    "an array of code": forged(["a", "i4,(2,3)f8", [1], 0], bytes(52)),
    "a wide text": forged(["a", "<U100000000", [0], 0], b""),
    "text that is none": forged(["a", "<U1", [1], 0], b"\xff" * 4),
    "a scalar of another size": forged(["n", "<f8", "00"]),
    "a scalar of odd digits": forged(["n", "|u1", "0x"]),
    "a scalar that is neither": forged(["n", "|b1", "02"]),
    "a scalar of objects": forged(["n", "|O", "0" * 16]),
    "half a complex number": forged(["L", "c", 0], bytes(8)),
    "scalars of words": forged(["L", "n", ["a", "<U1", [1], 0]], bytes(4)),
    "scalars of objects": forged(["L", "n", ["ao", [1], [1]]]),
    "truth that is neither": forged(["a", "|b1", [1], 0], b"\2"),
    "a side below zero": forged(["a", "<i4", [-1], 0], b""),
    "a side by truth": forged(["a", "|i1", [True], 0], b"x"),
    "sides past all bounds": forged(["a", "<f8", [0, 1 << 60, 1 << 60], 0], b""),
    "too many sides": forged(["a", "<f8", [1] * 33, 0], bytes(8)),
    "too few bytes": forged(["a", "<f8", [2], 0], bytes(8)),
    "an array of many objects": forged(["ao", [1 << 40], []]),
    "a range by nothing": forged(["r", "0x0", "0x1", "0x0"]),
    "a half by nothing": forged(["q", "0x1", "0x0"]),
    "a decimal of words": forged(["D", "many"]),
    "no circuit": forged(["qc", 0], b"QISKIT"),
    "an empty circuit": forged(["qc", 0], bytes(400)),
    "a state of words": forged(["qd", "Statevector", [[2]], ["a", "<U1", [2], 0]], bytes(8)),
    "a class of choice": forged(["qd", "Path", [[2]], ["a", "<c16", [2], 0]], bytes(32)),
    "a state that fits no part": forged(["qd", "Statevector", [[3]], ["a", "<c16", [2], 0]], bytes(32)),
    "a label of words": forged(["qp", "rm -rf"]),
    "outcomes of words": forged(["qn", ["__class__", 1]]),
    "counts of words": forged(["qn", ["00", "many"]]),
    "a reference to eval": forged(["ref", "builtins", "eval"]),
    "a reference by attribute": forged(["ref", "builtins", "getattr"]),
    "a reference to a module": forged(["ref", "numpy", "linalg"]),
    "a reference to what is not loaded": forged(["ref", "scipy.integrate.never", "quad"]),
    "a reference into the system": forged(["ref", "os", "system"]),
    "a reference below a class": forged(["ref", "builtins", "str.format"]),
    "a private reference": forged(["ref", "functools", "_make_key"]),
    "a reference to a library's own test": forged(["ref", "numpy", "test"]),
    "a generator of another kind": forged(["rg", "os", [], [], {}, None, None]),
    "a generator past its end": forged(
        ["rg", "MT19937", [["a", "<u4", [624], 0]], ["0x271"], {}, None, None], bytes(2496)
    ),
    "a generator with an even step": forged(["rg", "PCG64", [], ["0x1", "0x2"], {}, None, None]),
    "a generator with a large state": forged(["rg", "PCG64", [], [hex(1 << 128), "0x1"], {}, None, None]),
    "a twister past its end": forged(["rp", 3, ["N", "q", 0], None], struct.pack("625q", *[1] * 624, 9999)),
    "a twister of large words": forged(
        ["rp", 3, ["N", "q", 0], None], struct.pack("625q", *[1 << 40] * 624, 1)
    ),
    "a seed without end": forged(["rq", ["i", "0x" + "f" * 9000], [], 0]),
    "a moment that is none": forged(["tt", [2026, 13, 1, 0, 0, 0, 0], None, 0]),
    "a zone of two days": forged(["tz", [2 * 86_400_000_000]]),
    "a namespace of odd names": forged(["sn", ["__class__", 1]]),
    "a path of another kind": forged(["pp", "os", "x"]),
    "a path without end": forged(["pp", "PosixPath", "a" * 9000]),
    "no identifier": forged(["uu", "0x" + "0" * 30]),
    "a proxy of a list": forged(["mp", ["l", [1]]]),
    "a queue of no length": forged(["dq", [], -1]),
    "numbers of an odd size": forged(["L", "q", 0], b"123"),
    "numbers of a third kind": forged(["L", "u", 0], b"1234"),
    "text that is half": forged(["u", 0], b"\xff"),
    "memory of objects": forged(["mv", "P", [1], 0], bytes(8)),
    "fields twice": forged(
        ["as", ["a", "a"], [1], [["a", "|i1", [1], 0], ["a", "|i1", [1], 1]], False], b"1", b"1"
    ),
    "fields of another shape": forged(["as", ["a"], [2], [["a", "|i1", [1], 0]], False], b"1"),
    "fields of objects": forged(["as", ["a"], [1], [["ao", [1], [1]]], False]),
    "a type of objects": forged(["dt", "|O"]),
    "a table with too few columns": forged(["pd", ["pr", 0, 2, 1, None], ["pr", 0, 1, 1, None], []]),
    "a table with a short column": forged(
        ["pd", ["pr", 0, 1, 1, None], ["pr", 0, 2, 1, None], [["xn", ["a", "|i1", [1], 0]]]], b"1"
    ),
    "rows that are no index": forged(["pd", ["l", []], ["l", []], []]),
    "rows without end": forged(["pr", 0, 1 << 39, 1, None]),
    "rows by nothing": forged(["pr", 0, 5, 0, None]),
    "a step of words": forged(["pi", ["xn", ["a", "<M8[ns]", [1], 0]], None, "__import__"], bytes(8)),
    "a step that does not fit": forged(["pi", ["xn", ["a", "<M8[ns]", [3], 0]], None, "D"], bytes(24)),
    "colliding labels": forged(["pi", ["xn", ["ao", [5000], COLLIDING[:5000]]], None, None]),
    "colliding numbers": forged(["pi", ["xn", ["a", "<i8", [30_000], 0]], None, None], COLLIDING_NUMBERS),
    "a column of two dimensions": forged(["pv", ["xn", ["a", "|i1", [1, 1], 0]]], b"1"),
    "texts that are none": forged(["pv", ["xs", False, [1]]]),
    "categories past their end": forged(
        ["pv", ["xc", ["pi", ["xs", False, ["a"]], None, None], ["a", "<i8", [1], 0], False]],
        b"\5" + bytes(7),
    ),
    "a mask of another length": forged(
        ["pv", ["xm", "Int8", ["a", "|i1", [1], 0], ["a", "|b1", [2], 1]]], b"1", bytes(2)
    ),
    "levels past their end": forged(
        ["pm", [["pr", 0, 1, 1, None]], [["a", "<i8", [1], 0]], [None]], b"\5" + bytes(7)
    ),
    "a register without end": forged(["qr", "QuantumRegister", "q", 1 << 40]),
    "a bit past its end": forged(["qb", ["qr", "ClassicalRegister", "c", 2], 5]),
    "a vector without end": forged(["qv", "v", 1 << 40, "0" * 32]),
    "a Clifford that is none": forged(["qC", ["a", "|b1", [4, 5], 0]], bytes(20)),
    "a Clifford without end": forged(["qC", ["a", "|b1", [4000, 4001], 0]], bytes(4000 * 4001)),
    "Paulis of two shapes": forged(
        ["qL", ["a", "|b1", [1, 1], 0], ["a", "|b1", [1, 2], 1], ["a", "<i8", [1], 2]], b"0", b"00", bytes(8)
    ),
    "a stabilizer of nothing": forged(["qS", ["l", []]]),
}


@pytest.mark.parametrize("message", FORGED.values(), ids=FORGED.keys())
def test_a_forged_message_is_refused(message):
    began = time.process_time()
    with pytest.raises(Refused):
        messages.unpack(message)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("place", ["version", "programs", "encoding", "kind"])
def test_a_circuit_of_another_kind_is_refused(place):
    body = bytearray(messages.pack(QuantumCircuit(2, 2)))
    at = body.index(b"QISKIT") + {"version": 6, "programs": 17, "encoding": 18, "kind": 19}[place]
    body[at] ^= 3
    with pytest.raises(Refused, match="of another kind or version"):
        messages.unpack(bytes(body))


def test_bounds_are_bounds():
    with pytest.raises(Refused, match="2 parts"):
        messages.pack([1, [2], [3]], Bounds(nodes=2))
    with pytest.raises(Refused, match="a block of 100 bytes"):
        messages.unpack(messages.pack(bytes(100)), Bounds(block=99))


@pytest.mark.filterwarnings("ignore")
def test_damaged_messages_of_every_kind_are_refused_or_read_and_nothing_else():
    told = fuzzing.fuzz(1500, seed=7, watch=fuzzing.Watch())
    assert told["wrong"] == []
    assert told["refused"] > 800
    assert told["read"] > 100


TAGS = sorted(codec.READERS)
trees = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(-(2**70), 2**70)
    | some.floats()
    | some.sampled_from(["", "0x1", "a", "<f8", "|b1", "D", "ns", "numpy", "sin", "builtins", "len", *TAGS]),
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.tuples(some.sampled_from(TAGS), inner, inner).map(list)
        | some.lists(inner, max_size=5).map(lambda parts: [TAGS[len(repr(parts)) % len(TAGS)], *parts])
        | some.dictionaries(some.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=12,
)


@given(trees, some.lists(some.binary(max_size=32), max_size=3))
@settings(max_examples=150, deadline=2000)
@pytest.mark.filterwarnings("ignore")
def test_any_tree_is_refused_or_read(tree, blocks):
    with suppress(Refused):
        messages.unpack(forged(tree, *blocks))


@given(some.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_refused_or_read(body):
    with suppress(Refused):
        messages.unpack(body)
