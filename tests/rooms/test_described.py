"""What does not travel by value may be described, and the description is plain and bounded at both ends."""

from __future__ import annotations

import datetime
import json
import struct

import numpy as np
import pandas
import pytest
import qiskit.quantum_info
import qiskit.transpiler

from autograder.rooms import messages, standins
from autograder.rooms.messages import Bounds, Refused


class Strange:
    def __init__(self, name):
        self.name = name


def described(value):
    if isinstance(value, Strange):
        return {"kind": "instance", "name": value.name, "id": 7, "more": [None, True, {"deep": "x"}]}
    raise Refused("stranger than strange")


def forged(shape):
    text = json.dumps(shape).encode()
    return struct.pack("!I", len(text)) + text + struct.pack("!I", 0)


def test_a_description_takes_the_place_at_any_depth():
    value = {"a": [1, (Strange("x"), np.arange(3))], "b": Strange("y")}
    came = messages.unpack(messages.pack(value, strange=described), handle=lambda told: told["name"])
    assert came["a"][1][0] == "x"
    assert came["b"] == "y"
    assert came["a"][1][1].tolist() == [0, 1, 2]


def test_values_may_stand_beside_a_description():
    body = messages.pack(
        Strange("x"),
        strange=lambda value: (described(value), [np.arange(2), Strange("y")][: len(value.name)]),
    )
    (array,) = messages.unpack(body, handle=lambda told, values: values)
    assert array.tolist() == [0, 1]


def test_an_object_array_and_a_key_may_be_strange():
    holder = np.empty(2, dtype=object)
    holder[:] = [Strange("x"), 3]
    body = messages.pack({Strange("k"): holder}, strange=described)
    ((key, came),) = messages.unpack(body, handle=lambda told: told["name"]).items()
    assert (key, came.tolist()) == ("k", ["x", 3])


def test_without_a_handle_descriptions_are_refused():
    body = messages.pack([Strange("x")], strange=described)
    with pytest.raises(Refused, match="by value"):
        messages.unpack(body)


def test_without_a_description_the_type_is_named():
    with pytest.raises(Refused, match="'Strange' does not travel"):
        messages.pack([Strange("x")])
    with pytest.raises(Refused, match="stranger than strange"):
        messages.pack([object()], strange=described)


@pytest.mark.parametrize("told", [1.5, {"a": 0.5}, {1: 2}, {"a": b""}, {"a": {"b": object()}}])
def test_a_description_that_is_not_plain_is_refused_while_writing(told):
    with pytest.raises(Refused, match="description"):
        messages.pack(Strange("x"), strange=lambda _: told)


@pytest.mark.parametrize(
    "shape",
    [
        ["h"],
        ["h", 1],
        ["h", ["l", []]],
        ["h", {"a": 0.5}],
        ["h", {}, [], []],
        ["h", {}, {}],
        ["h", {"a": 1}, 5],
    ],
)
def test_a_forged_description_is_refused(shape):
    with pytest.raises(Refused):
        messages.unpack(forged(shape), handle=lambda told, values=None: told)


def test_descriptions_are_counted():
    deep: dict = {}
    for _ in range(100):
        deep = {"a": deep}
    with pytest.raises(Refused, match="deep"):
        messages.unpack(forged(["h", deep]), handle=lambda told: told)
    with pytest.raises(Refused, match="parts"):
        messages.unpack(forged(["h", {"a": [1] * 50}]), Bounds(nodes=20), handle=lambda told: told)


def test_a_value_that_contains_what_describes_it_ends():
    strange = Strange("x")
    with pytest.raises(Refused, match="deep"):
        messages.pack(strange, strange=lambda value: ({}, [value]))


def test_a_digest_tells_values_apart_and_is_the_same_for_equal_ones():
    value = {"a": np.arange(3), "b": [1, 2.5]}
    assert messages.digest(value) == messages.digest({"a": np.arange(3), "b": [1, 2.5]})
    assert messages.digest(value) != messages.digest({"a": np.arange(3), "b": [1, 2]})
    assert messages.digest([1, object()]) is None


BY_VALUE = [
    (np, "ndarray"),
    (np, "float64"),
    (np.random, "Generator"),
    (datetime, "date"),
    (datetime, "timedelta"),
    (pandas, "DataFrame"),
    (pandas, "Series"),
    (pandas, "Index"),
    (pandas, "MultiIndex"),
    (qiskit, "QuantumCircuit"),
    (qiskit.quantum_info, "Statevector"),
    (qiskit.quantum_info, "SparsePauliOp"),
]


@pytest.mark.parametrize(("module", "name"), BY_VALUE, ids=lambda one: getattr(one, "__name__", one))
def test_a_handle_never_passes_for_a_kind_that_travels_by_value(module, name):
    """Else `isinstance(answer, DataFrame)` would be true of an object of the learner's that only says so."""
    assert standins.known_class([module.__name__, name]) is None


def test_a_handle_passes_for_a_kind_that_never_travels():
    assert standins.known_class(["qiskit.transpiler", "PassManager"]) is qiskit.transpiler.PassManager
