"""SymPy's expressions and QuTiP's objects: written as what they are made of, and built without evaluation.

A test may turn an expression into Python: `lambdify` prints names as they are and runs the text. So a name
travels only where it can be nothing but a name, and a function of a learner's own only where it is a single
letter, because `chr(95)` is a function of a number, too. What is not on these lists stays in its room.
"""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from autograder.rooms import arrays
from autograder.rooms.bounds import Refused, Unknown
from autograder.rooms.numbers import integer
from autograder.rooms.tree import Reader, Writer, name_of
from autograder.rooms.wording import words

__all__ = ["READERS", "write"]

# Made with evaluate=False, so that nothing is computed: 9**9**9 is three numbers and two powers.
_OPERATIONS = words("""
    Add Mul Pow Max Min Mod And Or Not Xor Piecewise
    Equality Unequality StrictLessThan LessThan StrictGreaterThan GreaterThan
    sin cos tan cot sec csc asin acos atan acot atan2 sinh cosh tanh coth asinh acosh atanh exp log
    Abs sign re im conjugate arg floor ceiling factorial binomial gamma loggamma beta zeta erf erfc erfi
    Heaviside DiracDelta LambertW besselj bessely besseli besselk sinc Union FiniteSet
    legendre hermite laguerre assoc_legendre chebyshevt chebyshevu
""")
# These compute nothing when they are made.
_FORMS = words("Tuple ExprCondPair Derivative Integral Sum Product Lambda Interval")
_CONSTANTS = words("""
    Pi Exp1 ImaginaryUnit Infinity NegativeInfinity ComplexInfinity NaN EulerGamma GoldenRatio Catalan Half
    Zero One NegativeOne BooleanTrue BooleanFalse
    EmptySet Reals Integers Naturals Naturals0 Rationals Complexes
""")
_MATRICES = {"MutableDenseMatrix": "Matrix", "ImmutableDenseMatrix": "ImmutableMatrix"}
_GREEK = "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|kappa|lamda|mu|nu|xi|rho|sigma|tau|phi|chi|psi|omega"
_FUNCTION = re.compile(rf"(?:[A-Za-z]|{_GREEK})\d?")
_NAME = re.compile(r"(?!__)[^\W\d]\w{0,60}")
_BITS = 1 << 14
_LARGEST_EXPONENT = 1 << 16
_LONGEST = 1 << 12  # hexadecimal digits
_SIDE = 1 << 10
_DIMENSIONS = 32


def write(writer: Writer, value: Any) -> Any:
    """Write an expression, a matrix of some or a quantum object; None for anything else."""
    if "sympy" in sys.modules and isinstance(value, _basic()):
        return _write_expression(writer, value)
    if "qutip" in sys.modules and name_of(type(value)) == "Qobj":
        return _write_quantum(writer, value)
    return None


@cache
def _basic() -> tuple[type, ...]:
    import sympy

    return sympy.Basic, sympy.MatrixBase, sympy.core.function.UndefinedFunction


@cache
def _kinds() -> dict[str, tuple[type, bool]]:
    """The classes that travel, by name, and whether they would compute when they are made."""
    import sympy
    from sympy.functions.elementary.piecewise import ExprCondPair

    found = {name: (getattr(sympy, name), True) for name in _OPERATIONS}
    found |= {name: (getattr(sympy, name), False) for name in _FORMS if hasattr(sympy, name)}
    return {**found, "ExprCondPair": (ExprCondPair, False)}


@cache
def _constants() -> dict[str, Any]:
    from sympy import S

    names = {"BooleanTrue": "true", "BooleanFalse": "false"}
    return {name: getattr(S, names.get(name, name)) for name in _CONSTANTS}


def _write_expression(writer: Writer, value: Any) -> Any:
    import sympy

    kind = type(value)
    name = name_of(kind)
    if _constants().get(name) is value:
        return ["yc", name]
    if kind is sympy.Integer:
        return ["yi", hex(value.p), "0x1"]
    if kind is sympy.Rational:
        return ["yi", hex(value.p), hex(value.q)]
    if kind is sympy.Float:
        sign, mantissa, exponent, _ = value._mpf_
        return ["yf", int(sign), hex(mantissa), int(exponent), int(value._prec)]
    if kind in (sympy.Symbol, sympy.Dummy):
        return _write_symbol(value, kind is sympy.Dummy)
    if isinstance(value, sympy.core.function.UndefinedFunction):
        return ["yu", _own_function(value)]
    if isinstance(value, sympy.core.function.AppliedUndef):
        return ["ya", _own_function(kind), writer.each(value.args)]
    if name in _MATRICES and kind is getattr(sympy, _MATRICES[name]):
        return ["ym", name, *value.shape, writer.each(value.flat())]
    known = _kinds().get(name)
    if known is None or known[0] is not kind:
        raise Unknown(f"an expression of kind {name[:80]!r} does not travel")
    tree = ["y", name, writer.each(value.args)]
    try:
        if _made(name, list(value.args)) == value:
            return tree
    except Exception as problem:
        raise Unknown(f"an expression of kind {name[:80]!r} does not travel") from problem
    raise Unknown(f"an expression of kind {name[:80]!r} does not travel as it is")


def _write_symbol(value: Any, dummy: bool) -> Any:
    if not _is_name(value.name):
        raise Unknown("a symbol whose name is more than a name does not travel")
    told = sorted(value._assumptions_orig.items())  # what was said; the rest follows from it
    assumed = [[str(key), bool(one)] for key, one in told] or None
    return ["ys", value.name, assumed, int(value.dummy_index) if dummy else None]


def _is_name(name: Any) -> bool:
    return type(name) is str and bool(_NAME.fullmatch(name)) and not keyword.iskeyword(name)


def _own_function(kind: Any) -> str:
    import sympy

    name = name_of(kind)
    if not _FUNCTION.fullmatch(name) or sympy.Function(name) != kind:
        raise Unknown("an unknown function whose name is more than a letter does not travel")
    return name


def _made(name: Any, args: list[Any]) -> Any:
    """Make one of the known kinds."""
    if type(name) is not str or name not in _kinds():
        raise Refused("an expression of an unknown kind")
    kind, computes = _kinds()[name]
    if name == "Interval":
        return _interval(args)
    return kind(*args, evaluate=False) if computes else kind(*args)


def _interval(args: list[Any]) -> Any:
    """Make an interval without asking which end is the smaller one, which can take for ever."""
    from sympy import Basic, Expr, Interval
    from sympy.logic.boolalg import BooleanAtom

    fits = len(args) == 4 and all(isinstance(one, Expr) for one in args[:2])
    if not fits or not all(isinstance(one, BooleanAtom) for one in args[2:]):
        raise Refused("an interval that is none")
    return Basic.__new__(Interval, *args)


def _parts(reader: Reader, trees: Any) -> list[Any]:
    import sympy

    parts = reader.each(trees)
    if not all(isinstance(one, sympy.Basic) for one in parts):
        raise Refused("a part of an expression that is none")
    return parts


def _read_expression(reader: Reader, name: Any, trees: Any) -> Any:
    _loaded("sympy")
    return _made(name, _parts(reader, trees))


def _read_constant(_: Reader, name: Any) -> Any:
    _loaded("sympy")
    if type(name) is not str or name not in _CONSTANTS:
        raise Refused("a constant that is none")
    return _constants()[name]


def _read_number(_: Reader, top: Any, bottom: Any) -> Any:
    _loaded("sympy")
    from sympy import Rational

    return Rational(integer(top, _LONGEST), integer(bottom, _LONGEST))


def _read_float(_: Reader, sign: Any, mantissa: Any, exponent: Any, bits: Any) -> Any:
    _loaded("sympy")
    from mpmath.libmp import from_man_exp
    from sympy import Float

    if not all(type(one) is int for one in (sign, exponent, bits)) or sign not in (0, 1):
        raise Refused("a number that is none")
    if not 1 <= bits <= _BITS or abs(exponent) > _LARGEST_EXPONENT:
        raise Refused("a number of too many digits")
    whole = integer(mantissa, _LONGEST)
    return Float._new(from_man_exp(-whole if sign else whole, exponent, bits, "n"), bits)


def _read_symbol(_: Reader, name: Any, assumed: Any, number: Any) -> Any:
    _loaded("sympy")
    from sympy import Dummy, Symbol
    from sympy.core.assumptions import _assume_defined

    if not _is_name(name):
        raise Refused("a symbol whose name is more than a name")
    told = dict(assumed or [])
    if not all(key in _assume_defined and type(one) is bool for key, one in told.items()):
        raise Refused("a symbol that assumes nonsense")
    if number is None:
        return Symbol(name, **told)
    if type(number) is not int or number < 0:
        raise Refused("a symbol without a number")
    return Dummy(name, dummy_index=number, **told)


def _function(name: Any) -> Any:
    _loaded("sympy")
    from sympy import Function

    if type(name) is not str or not _FUNCTION.fullmatch(name):
        raise Refused("an unknown function whose name is more than a letter")
    return Function(name)


def _read_matrix(reader: Reader, name: Any, rows: Any, columns: Any, trees: Any) -> Any:
    _loaded("sympy")
    import sympy

    if name not in _MATRICES or not all(type(one) is int and 0 <= one <= _SIDE for one in (rows, columns)):
        raise Refused("not a matrix of expressions")
    parts = _parts(reader, trees)
    if len(parts) != rows * columns:
        raise Refused("a matrix that does not fit its shape")
    return getattr(sympy, _MATRICES[name])(rows, columns, parts)


def _write_quantum(writer: Writer, value: Any) -> Any:
    import qutip

    usual = type(value) is qutip.Qobj and value.dtype.__name__ in ("CSR", "Dense", "Dia")
    if not usual or value.superrep not in (None, "super"):
        raise Unknown("a quantum object of an unusual kind does not travel")
    if value.shape[0] * value.shape[1] > _SIDE * _SIDE:
        raise Unknown("a quantum object of too many dimensions does not travel")
    return ["yq", value.dtype.__name__, value.dims, arrays.write(writer, value.full())]


def _read_quantum(reader: Reader, kind: Any, dims: Any, tree: Any) -> Any:
    _loaded("qutip")
    import qutip

    if kind not in ("CSR", "Dense", "Dia"):
        raise Refused("a quantum object of an unknown kind")
    data = arrays.read_numbers(reader, tree, "c", 2)
    _look_at_dimensions(dims, 0)
    return qutip.Qobj(data, dims=dims).to(kind)


def _look_at_dimensions(dims: Any, depth: int) -> None:
    if type(dims) is list and depth < 4 and len(dims) <= _DIMENSIONS:
        for one in dims:
            _look_at_dimensions(one, depth + 1)
    elif type(dims) is not int or not 1 <= dims <= _SIDE * _SIDE:
        raise Refused("a quantum object of odd dimensions")


def _loaded(name: str) -> None:
    """Refuse what only a library that no test uses could read."""
    if name not in sys.modules:
        raise Refused("something of a library that is not in use")


READERS: dict[str, Callable[..., Any]] = {
    "y": _read_expression,
    "yc": _read_constant,
    "yi": _read_number,
    "yf": _read_float,
    "ys": _read_symbol,
    "yu": lambda _, name: _function(name),
    "ya": lambda reader, name, trees: _function(name)(*_parts(reader, trees)),
    "ym": _read_matrix,
    "yq": _read_quantum,
}
