"""Objects that lie about themselves are written by their base or refused; writing them never breaks."""

from __future__ import annotations

import random
from collections import OrderedDict, defaultdict, deque
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

from autograder.rooms import messages
from autograder.rooms.messages import Refused


class Gotcha(BaseException):
    """Not even an Exception."""


def raising(*_, **__):
    raise Gotcha


SPECIALS = """
    __iter__ __len__ __getitem__ __reduce__ __reduce_ex__ __getstate__ __str__ __repr__ __hash__ __eq__
    __bool__ __index__ __int__ __float__ __complex__ __array__ __array_ufunc__ __array_function__ __format__
    __bytes__ __copy__ __deepcopy__ keys items values get
"""

BASES = {
    int: (7,),
    float: (0.5,),
    complex: (1j,),
    str: ("text",),
    bytes: (b"bytes",),
    bytearray: (b"bytes",),
    list: ([1, 2],),
    tuple: ((1, 2),),
    dict: ({"a": 1},),
    set: ({1, 2},),
    frozenset: ({1, 2},),
    OrderedDict: ([("a", 1)],),
    defaultdict: (int, {"a": 1}),
    deque: ([1, 2],),
    Fraction: (1, 3),
    Decimal: ("1.5",),
    datetime: (2026, 11, 22),
    SimpleNamespace: (),
    random.Random: (1,),
    np.float64: (0.5,),
    pd.DataFrame: ({"a": [1]},),
    pd.Series: ([1, 2],),
    QuantumCircuit: (2,),
    Statevector: ([1, 0],),
    object: (),
}


def ended(value):
    """Write and read; what comes is plain, or it is refused. Anything else is what must not happen."""
    try:
        return messages.unpack(messages.pack(value))
    except Refused:
        return Refused


@pytest.mark.parametrize("base", BASES, ids=lambda base: base.__name__)
@pytest.mark.parametrize("name", SPECIALS.split())
def test_a_method_that_raises_hurts_nobody(base, name):
    value = type("Liar", (base,), {})(*BASES[base])
    type(value).__init__ = raising
    setattr(type(value), name, raising)
    came = ended([value])
    assert came is Refused or type(came[0]) is not type(value)


@pytest.mark.parametrize("base", BASES, ids=lambda base: base.__name__)
def test_attributes_that_raise_hurt_nobody(base):
    value = type("Liar", (base,), {})(*BASES[base])
    for name in ("__getattribute__", "__getattr__", "__class__", "__dict__"):
        try:
            setattr(type(value), name, property(raising) if name.endswith(("class__", "dict__")) else raising)
        except (TypeError, AttributeError, Gotcha):
            continue
    came = ended([value])
    assert came is Refused or type(came[0]) is not type(value)


@pytest.mark.parametrize(
    "claimed",
    [int, float, str, list, dict, np.ndarray, pd.DataFrame, QuantumCircuit, Statevector, SimpleNamespace],
)
def test_a_claimed_class_is_not_believed(claimed):
    class Claim:
        __class__ = property(lambda self: claimed)

    assert isinstance(Claim(), claimed)
    assert ended(Claim()) is Refused


def test_a_metaclass_is_not_asked():
    class Meta(type):
        __name__ = property(raising)
        __module__ = property(raising)
        __mro__ = property(raising)
        __hash__ = raising
        __eq__ = raising
        _fields = property(raising)
        __instancecheck__ = raising
        __subclasscheck__ = raising

    class Odd(metaclass=Meta):
        pass

    assert ended(Odd()) is Refused
    assert ended(Odd) is Refused


def test_an_odd_dictionary_key_hurts_nobody():
    class Key:
        __hash__ = object.__hash__

        def __eq__(self, other):
            raise Gotcha

    assert ended({Key(): 1}) is Refused
    assert ended({(Key(),): 1}) is Refused


def test_lists_that_change_while_they_are_written_end():
    class Growing(list):
        def __iter__(self):
            while True:
                yield 1

        def __len__(self):
            return 10**9

    assert ended(Growing([1, 2])) == [1, 2]


def test_an_array_that_shows_something_else_shows_what_it_is():
    class Shown(np.ndarray):
        def __array__(self, *_):
            return np.zeros(10**6)

        shape = property(lambda self: (10**9,))
        dtype = property(lambda self: "lie")

    value = np.arange(3).view(Shown)
    came = ended(value)
    assert came is Refused or came.tolist() == [0, 1, 2]


def test_a_description_that_lies_is_refused():
    class Text(str):
        def __str__(self):
            return "x"

    assert ended({Text("a"): Text("b")}) == {"a": "b"}
    with pytest.raises(Refused):
        messages.pack(object(), strange=raising)
    with pytest.raises(Refused):
        messages.pack(object(), strange=lambda _: {Text("a"): 1})
