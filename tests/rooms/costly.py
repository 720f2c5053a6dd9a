"""Messages of about eight megabytes, made to be slow or large to read; the text runs inside a room."""

from __future__ import annotations

import json
import resource
import struct
import time
import warnings

import numpy as np
import pandas  # loaded, so that its first import is not counted
import qiskit.quantum_info  # the same
import qutip
import sympy

from autograder.rooms import messages

MOST = (8 << 20) - 64
LOADED = (pandas, qiskit.quantum_info, qutip, sympy)


def forged(shape, *blocks):
    text = shape if isinstance(shape, bytes) else json.dumps(shape, separators=(",", ":")).encode()
    parts = [struct.pack("!I", len(text)), text, struct.pack("!I", len(blocks))]
    return b"".join(parts + [struct.pack("!Q", len(one)) + one for one in blocks])


def many(one, count=None):
    """One list of as many as fit."""
    text = json.dumps(one, separators=(",", ":")).encode()
    held = min(count or MOST, (MOST - 20) // (len(text) + 1))
    return forged(b'["l",[' + b",".join([text] * held) + b"]]")


def of(name, *parts):
    """An expression."""
    return ["y", name, [*parts]]


SYMBOL, NINE = ["ys", "x", None, None], ["yi", "0x9", "0x1"]
TOWER = of("Pow", NINE, of("Pow", NINE, of("Pow", NINE, NINE)))


def keyed(keys):
    return forged(["s", keys])


def arrays(count, kind, size):
    return [["a", kind, [size], number] for number in range(count)]


CASES = {
    "empty brackets": lambda: forged(b"[" + b"[]," * (MOST // 3) + b"[]]"),
    "deep brackets": lambda: forged(b"[" * MOST),
    "empty lists": lambda: many(["l", []]),
    "as many empty lists as are read": lambda: many(["l", []], 120_000),
    "empty sets": lambda: many(["s", []], 120_000),
    "mappings in proxies": lambda: many(["mp", ["d", []]], 80_000),
    "long integers": lambda: many(["i", "0x" + "f" * 65_000]),
    "integers of many digits": lambda: forged(b'["l",[' + b",".join([b"9" * 4000] * 2000) + b"]]"),
    "long halves": lambda: many(["q", "0x" + "f" * 4090, "0x" + "e" * 4080 + "3"]),
    "long decimals": lambda: many(["D", "9" * 990]),
    "keys of large exponents": lambda: keyed([["D", f"{n}.{n}e9000"] for n in range(60_000)]),
    "keys of large halves": lambda: keyed([["q", hex(n), hex(2**10_000 + n)] for n in range(2_800)]),
    "keys that collide": lambda: keyed([["i", hex(n * (2**61 - 1))] for n in range(100_000)]),
    "kinds of records": lambda: forged(["l", [["T", f"a{n}", ["x"], [1]] for n in range(30_000)]]),
    "moments": lambda: many(["tt", [2026, 1, 1, 0, 0, 0, 0], [5, "x"], 0], 25_000),
    "paths": lambda: many(["pp", "PosixPath", "a/" * 2000]),
    "references": lambda: many(["ref", "builtins", "len"], 40_000),
    "scalars": lambda: many(["n", "<f8", "0" * 16], 120_000),
    "objects": lambda: forged(["ao", [240_000], [1] * 240_000]),
    "fields that are empty": lambda: forged(
        ["as", [f"f{n}" for n in range(64)], [0], [["a", "|i1", [0, 1 << 20], n] for n in range(64)], False],
        *[b""] * 64,
    ),
    "generators": lambda: many(["rg", "PCG64", [], ["0x1", "0x1"], {}, None, None], 5900),
    "seeds": lambda: many(["rq", ["l", [["i", "0x" + "f" * 120]] * 16], [], 0]),
    "twisters": lambda: forged(
        ["l", [["rg", "MT19937", [one], ["0x1"], {}, None, None] for one in arrays(3200, "<u4", 624)]],
        *[bytes(2496)] * 3200,
    ),
    "empty tables": lambda: many(["pd", ["pr", 0, 0, 1, None], ["pr", 0, 0, 1, None], []], 2500),
    "a wide table": lambda: forged(
        ["pd", ["pr", 0, 15_000, 1, None], ["pr", 0, 1, 1, None], [["xn", ["ao", [1], [1]]]] * 15_000]
    ),
    "labels that nearly collide": lambda: forged(
        ["pi", ["xn", ["a", "<i8", [1_000_000], 0]], None, None],
        (np.arange(1_000_000, dtype="u8") << np.uint64(43)).tobytes(),
    ),
    "levels of ranges": lambda: forged(
        ["pm", [["pr", 0, 1_000_000, 1, None]] * 16, arrays(16, "<i8", 10), [None] * 16], *[bytes(80)] * 16
    ),
    "a Clifford": lambda: forged(
        ["qC", ["a", "|b1", [400, 401], 0]], np.eye(400, 401, dtype=bool).tobytes()
    ),
    "Paulis": lambda: forged(
        ["qL", *[["a", "|b1", [2000, 2000], n] for n in range(2)], ["a", "<i8", [2000], 2]],
        bytes(4_000_000), bytes(4_000_000), bytes(16_000),
    ),
    "labels of Paulis": lambda: many(["qp", "X" * 4000]),
    "vectors": lambda: many(["qv", "v", 10_000, "0" * 32], 40_000),
    "registers": lambda: many(["qr", "QuantumRegister", "q", 4096], 40_000),
    "counts": lambda: forged(["qn", [x for n in range(120_000) for x in (format(n, "b"), 1)]]),
    "a large state": lambda: forged(
        ["qd", "Statevector", [[2] * 19], ["a", "<c16", [1 << 19], 0]], bytes(8 << 20)
    ),
    "symbols": lambda: many(["ys", "x", [["positive", True]], None], 4000),
    "expressions": lambda: many(of("Mul", SYMBOL, of("cos", of("Add", SYMBOL, NINE))), 650),
    "a long sum": lambda: forged(of("Add", *(of("Pow", SYMBOL, ["yi", hex(n), "0x1"]) for n in range(1300)))),
    "a matrix of symbols": lambda: forged(["ym", "MutableDenseMatrix", 63, 64, [SYMBOL] * 63 * 64]),
    "powers of powers": lambda: many(TOWER, 500),
    "an interval of towers": lambda: forged(of("Interval", NINE, TOWER, *[["yc", "BooleanTrue"]] * 2)),
    "a relation of towers": lambda: forged(of("LessThan", TOWER, of("Add", TOWER, NINE))),
    "integrals": lambda: many(of("Integral", SYMBOL, of("Tuple", SYMBOL, NINE, NINE)), 570),
    "sums with towers": lambda: many(of("Sum", SYMBOL, of("Tuple", SYMBOL, NINE, TOWER)), 200),
    "derivatives of towers": lambda: many(
        of("Derivative", ["ya", "f", [SYMBOL]], of("Tuple", SYMBOL, TOWER)), 200
    ),
    "cases of towers": lambda: many(
        of("Piecewise", of("ExprCondPair", TOWER, of("LessThan", TOWER, SYMBOL))), 100
    ),
    "functions of towers": lambda: many(
        of("Max", *(of(name, TOWER) for name in ("factorial", "exp", "floor"))), 100
    ),
    "sets of towers": lambda: many(of("FiniteSet", TOWER, of("Add", TOWER, NINE)), 100),
    "remainders of towers": lambda: many(of("Mod", TOWER, of("Add", TOWER, NINE)), 100),
    "a matrix of towers": lambda: forged(["ym", "MutableDenseMatrix", 20, 20, [TOWER] * 400]),
    "a quantum object": lambda: forged(
        ["yq", "CSR", [[720], [720]], ["a", "<c16", [720, 720], 0]], bytes(720 * 720 * 16)
    ),
    "a register of a circuit": lambda: forged(["qc", 0], huge_register()),
}  # fmt: skip


def huge_register():
    """A circuit whose register says that it has four thousand million bits."""
    body = bytearray(messages.pack(qiskit.QuantumCircuit(3, name="x"))[messages.pack(0).__len__() :])
    body = body[body.index(b"QISKIT") :]
    at = body.index(b"q\x01\x00\x00\x00\x03") + 2
    body[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(body)


def unit():
    """Seconds of processor time for a fixed piece of work, about a twentieth of a second on an idle core."""
    began = time.process_time()
    sum(range(4_000_000))
    return time.process_time() - began


def measure():
    """Units of processor time for each, and megabytes of memory that all together have added at most.

    The unit is taken before and after each: a busy machine makes both slower.
    """
    messages.unpack(messages.pack([np.random.default_rng(), pandas.DataFrame({"a": [1]})]))
    told = {}
    for name, make in CASES.items():
        body, before = make(), unit()
        began = time.process_time()
        try:
            messages.unpack(body)
            end = "read"
        except messages.Refused as problem:
            end = str(problem)
        took = time.process_time() - began
        told[name] = [took / max(before, unit()), end]
    return {
        "cases": told,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }


if "given" in globals():  # in a room
    warnings.simplefilter("ignore")
    result = measure()
