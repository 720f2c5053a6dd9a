"""Instances of classes that a given cell defines are rebuilt with the reader's own class."""

from __future__ import annotations

import enum
import functools
import json
import struct
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograder.rooms import messages
from autograder.rooms.messages import Refused


@dataclass
class Gate:
    name: str
    angles: list = field(default_factory=list)
    how: Any = len


@dataclass(frozen=True)
class Point:
    x: float
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Slim:
    a: int
    b: Any = None


class Slotted:
    __slots__ = ("_hidden", "never", "plain")

    def __init__(self, plain):
        self.plain = plain
        self._hidden = 1


class Account:
    rate = 0.5

    def __init__(self, balance):
        self.balance = balance
        self._log = []

    def worth(self):
        return self.balance * self.rate

    @property
    def rich(self):
        return self.balance > 10

    @functools.cached_property
    def squared(self):
        return self.balance**2


class Strict:
    def __new__(cls, *args):
        raise AssertionError("nothing of the class may run")

    def __setattr__(self, name, value):
        raise AssertionError("nothing of the class may run")

    def __setstate__(self, state):
        raise AssertionError("nothing of the class may run")


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Number(enum.IntEnum):
    ONE = 1


class Right(enum.Flag):
    READ = 1
    WRITE = 2


class Pair(NamedTuple):
    left: int
    right: Any = None


class Items(list):
    pass


GIVEN = {
    one.__name__: one
    for one in (Gate, Point, Slim, Slotted, Account, Strict, Colour, Number, Right, Pair, Items)
}


def again(value):
    return messages.unpack(messages.pack(value, given=GIVEN), given=GIVEN)


def forged(shape, *blocks):
    text = json.dumps(shape).encode()
    return struct.pack("!I", len(text)) + text + struct.pack("!I", 0)


@pytest.mark.parametrize(
    "value",
    [
        Gate("x", [0.5]), Gate("f", how=sorted), Point(1.0, 2.0), Slim(1, [2]), Colour.RED, Number.ONE,
        Right.WRITE,        Pair(1, {"a": Point(0.0)}), [Point(1.0), {"k": Slim(1)}], {Point(1.0): 2},
    ],
    ids=str,
)  # fmt: skip
def test_an_instance_of_a_given_class_arrives(value):
    came = again(value)
    assert came == value
    assert type(came) is type(value)


def test_attributes_arrive_whatever_the_class_is_like():
    account = Account(np.float64(7.0))
    account.note = "mine"
    came = again(account)
    assert type(came) is Account
    assert vars(came) == vars(account)
    assert came.worth() == 3.5
    slotted = again(Slotted([1]))
    assert (slotted.plain, slotted._hidden, hasattr(slotted, "never")) == ([1], 1, False)


def test_what_a_class_works_out_it_works_out_again():
    account = Account(3)
    account.__dict__["squared"] = 42
    assert again(account).squared == 9


def test_nothing_of_the_class_runs():
    made = object.__new__(Strict)
    object.__setattr__(made, "a", 1)
    came = again(made)
    assert type(came) is Strict
    assert vars(came) == {"a": 1}


def test_a_class_that_was_not_given_stays_strange():
    with pytest.raises(Refused, match="'Account' does not travel"):
        messages.pack(Account(1))
    with pytest.raises(Refused, match="not given"):
        messages.unpack(messages.pack(Account(1), given=GIVEN))
    assert messages.unpack(messages.pack(Number.ONE)) == 1  # by its base, as before


def test_a_subclass_of_a_builtin_arrives_as_its_base():
    assert type(again(Items([1, 2]))) is list


def test_a_combination_of_flags_is_refused():
    with pytest.raises(Refused, match="flags"):
        messages.pack(Right.READ | Right.WRITE, given=GIVEN)


@pytest.mark.parametrize(
    "shape",
    [
        ["g", "Path", "d", []],
        ["g", "Account", "d", ["worth", 1]],
        ["g", "Account", "d", ["rich", True]],
        ["g", "Account", "d", ["__class__", 1]],
        ["g", "Account", "d", ["__dict__", ["d", []]]],
        ["g", "Account", "d", ["not a name", 1]],
        ["g", "Account", "d", [1, 1]],
        ["g", "Account", "d", ["balance"]],
        ["g", "Account", "t", [1]],
        ["g", "Account", "m", "RED"],
        ["g", "Colour", "m", "GREEN"],
        ["g", "Colour", "m", "__class__"],
        ["g", "Colour", "d", ["_value_", 3]],
        ["g", "Pair", "t", [1]],
        ["g", "Pair", "d", ["left", 1]],
        ["g", "Slim", "d", ["other", 1]],
        ["g", "Items", "d", ["a", 1]],
        ["g", ["l", []], "d", []],
    ],
    ids=str,
)
def test_a_forged_instance_is_refused(shape):
    with pytest.raises(Refused):
        messages.unpack(forged(shape), given=GIVEN)
