"""SymPy's expressions and QuTiP's objects arrive as they are, and no expression is more than one."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
import qutip
import sympy as sp
from scipy import optimize
from sklearn.utils import Bunch

from autograder.rooms import messages

x, y, t = sp.symbols("x y"), sp.Symbol("y", real=True), sp.Symbol("t", positive=True)
x = x[0]
f, n = sp.Function("f"), sp.Symbol("n", integer=True)
HONEST = [
    x,
    t,
    sp.Dummy("k"),
    sp.Integer(2) ** 500,
    sp.Rational(-3, 4),
    sp.Float("0.1", 30),
    sp.pi * sp.I / 2,
    sp.oo,
    sp.true,
    sp.sqrt(2) * sp.exp(-(x**2)) / (1 + y),
    sp.integrate(1 / (x**3 + 1), x),
    sp.expand((x + y) ** 20),
    sp.Integral(sp.exp(-x), (x, 0, sp.oo)),
    sp.Derivative(f(x), x, x),
    sp.Sum(1 / n**2, (n, 1, sp.oo)),
    sp.dsolve(f(x).diff(x) - f(x), f(x)),
    sp.Piecewise((x, x > 0), (0, True)),
    sp.Eq(x, y + 1),
    sp.And(x > 0, y < 1),
    sp.Interval.open(-2, 2),
    sp.solveset(x**2 - 1, x),
    sp.Lambda(x, x**2),
    f,
    sp.Max(x, y),
    sp.Mul(2, sp.Mul(3, x, evaluate=False), evaluate=False),
]


@pytest.mark.parametrize("value", HONEST, ids=str)
def test_an_expression_arrives_as_it_is(value):
    arrived = messages.unpack(messages.pack(value))
    assert arrived == value and type(arrived) is type(value)
    assert sp.srepr(arrived) == sp.srepr(value)


def test_containers_matrices_and_results_of_libraries_arrive():
    for value in ([sp.Matrix([[1, x], [y, 2]]), sp.ImmutableMatrix([[t]])], {x: sp.pi, y: 1}, {1, x, sp.E}):
        assert messages.unpack(messages.pack(value)) == value
    best = messages.unpack(messages.pack(optimize.minimize(lambda p: (p[0] - 1) ** 2, [0.0])))
    assert type(best) is optimize.OptimizeResult and abs(best.x[0] - 1) < 1e-4 and best.success
    assert messages.unpack(messages.pack(Bunch(data=[1], names="ab"))).names == "ab"


@pytest.mark.parametrize(
    "value",
    [
        qutip.sigmax(),
        qutip.tensor(qutip.basis(2, 0), qutip.basis(3, 1)),
        qutip.basis(3, 1).dag(),
        qutip.destroy(5),
        qutip.to_super(qutip.sigmay()),
    ],
)
def test_a_quantum_object_arrives_as_it_is(value):
    arrived = messages.unpack(messages.pack(value))
    assert arrived == value and arrived.dims == value.dims and arrived.dtype is value.dtype
    np.testing.assert_array_equal(arrived.full(), value.full())


def test_what_is_computed_stays_uncomputed():
    tower = sp.Pow(9, sp.Pow(9, sp.Pow(9, 9, evaluate=False), evaluate=False), evaluate=False)
    arrived = messages.unpack(messages.pack(tower))
    assert arrived.base == 9 and isinstance(arrived.exp, sp.Pow)


@pytest.mark.parametrize(
    "value",
    [
        sp.Symbol("__import__('os').system('true')"),
        sp.Symbol("a b"),
        sp.Symbol("__doc__"),
        sp.Symbol("lambda"),
        sp.Function("exec")(x),
        sp.Function("chr")(95),
        sp.Function("eval"),
        sp.hyper([1], [2], x),
        sp.Poly(x + 1, x),
    ],
    ids=str,
)
def test_what_is_more_than_an_expression_stays_in_its_room(value):
    with pytest.raises(messages.Refused):
        messages.pack(value)


def forged(shape):
    text = json.dumps(shape).encode()
    return struct.pack("!I", len(text)) + text + struct.pack("!I", 0)


SYMBOL = ["ys", "x", None, None]


@pytest.mark.parametrize(
    "shape",
    [
        ["ys", "__import__('os').system('true')", None, None],
        ["ys", "__class__", None, None],
        ["ys", "is", None, None],
        ["ys", "x", [["positive", True], ["negative", True]], None],
        ["ys", "x", [["positive", "yes"]], None],
        ["ys", "x", [["evaluate", True]], None],
        ["ys", "x", None, "1"],
        ["yu", "exec"],
        ["yu", "open"],
        ["ya", "chr", [["yi", "0x5f", "0x1"]]],
        ["ya", "f", ["x"]],
        ["y", "Symbol", ["__import__('os')"]],
        ["y", "Function", [SYMBOL]],
        ["y", "sympify", [SYMBOL]],
        ["y", "Add", ["__import__('os').system('true')"]],
        ["y", "Add", [SYMBOL, 1]],
        ["y", "Add", {"args": [SYMBOL]}],
        ["y", "sin", []],
        ["y", ["sin"], [SYMBOL]],
        ["yc", "Pi'"],
        ["yc", ["Pi"]],
        ["yi", "0x1", "x"],
        ["yi", "0x" + "f" * 5000, "0x1"],
        ["yf", 0, "0x1", 1 << 40, 53],
        ["yf", 0, "0x1", 0, 1 << 40],
        ["yf", 2, "0x1", 0, 53],
        ["ym", "Matrix", 1, 1, [SYMBOL]],
        ["ym", "MutableDenseMatrix", 2, 2, [SYMBOL]],
        ["ym", "MutableDenseMatrix", 1 << 30, 0, []],
        ["ym", "MutableDenseMatrix", 1, 1, ["1"]],
        ["yq", "CSR", [[2], [2]], ["l", []]],
        ["yq", "exec", [[2], [2]], ["l", []]],
        ["dr", "OptimizeResult", [1, 2]],
        ["dr", "OptimizeResult", ["x"]],
        ["dr", "object", ["x", 1]],
    ],
    ids=str,
)
def test_forged_expressions_are_refused(shape):
    with pytest.raises(messages.Refused):
        messages.unpack(forged(shape))
