# ruff: noqa
# fmt: off
# Courses with a computer algebra system: derivatives, integrals, equations, matrices, series.
# %% given
import sympy as sp
import numpy as np
x, y = sp.symbols("x y")
t = sp.Symbol("t", positive=True)
# %% idiom derivative-up-to-form
# %% solution
slope = sp.diff(sp.sin(x) ** 2 * sp.exp(-x), x)
# %% test
assert isinstance(slope, sp.Expr)
### BEGIN HIDDEN TESTS
assert sp.simplify(slope - (sp.sin(2 * x) - sp.sin(x) ** 2) * sp.exp(-x)) == 0
### END HIDDEN TESTS
# %% other
slope = sp.exp(-x) * (2 * sp.sin(x) * sp.cos(x) - sp.sin(x) ** 2)
# %% wrong
slope = 2 * sp.sin(x) * sp.exp(-x)

# %% idiom integral-evaluated
# %% solution
area = sp.integrate(sp.exp(-t), (t, 0, sp.oo))
gauss = sp.Integral(sp.exp(-x**2), (x, -sp.oo, sp.oo))
# %% test
assert area == 1
### BEGIN HIDDEN TESTS
assert gauss.doit() == sp.sqrt(sp.pi)
assert isinstance(gauss, sp.Integral), "write it down, and do not compute it yet"
### END HIDDEN TESTS
# %% other
area = sp.Integer(1)
gauss = sp.Integral(sp.exp(-(x**2)), (x, -sp.oo, sp.oo))
# %% wrong
area = 1
gauss = sp.Integral(sp.exp(-x), (x, 0, sp.oo))

# %% idiom roots-in-any-order
# %% solution
roots = sp.solve(x**3 - 6 * x**2 + 11 * x - 6, x)
# %% test
assert len(roots) == 3
### BEGIN HIDDEN TESTS
assert set(roots) == {1, 2, 3}
### END HIDDEN TESTS
# %% other
roots = list(reversed(sp.Poly(x**3 - 6 * x**2 + 11 * x - 6, x).all_roots()))
# %% wrong
roots = [1, 2, 4]

# %% idiom equations-solved-together
# %% solution
solution = sp.solve([sp.Eq(x + y, 5), sp.Eq(x - y, 1)], [x, y])
# %% test
assert solution[x] == 3
### BEGIN HIDDEN TESTS
assert (x**2 + y).subs(solution) == 11
### END HIDDEN TESTS
# %% other
solution = {x: sp.Integer(3), y: sp.Integer(2)}
# %% wrong
solution = {x: 3, y: 1}

# %% idiom function-that-returns-an-expression
# %% solution
def taylor(f, variable, at, order):
    return sum(
        sp.diff(f, variable, k).subs(variable, at) / sp.factorial(k) * (variable - at) ** k
        for k in range(order + 1)
    )
# %% test
assert sp.expand(taylor(sp.exp(x), x, 0, 2)) == 1 + x + x**2 / 2
### BEGIN HIDDEN TESTS
found = taylor(sp.cos(y), y, 0, 4)
assert sp.simplify(found - (1 - y**2 / 2 + y**4 / 24)) == 0
### END HIDDEN TESTS
# %% other
def taylor(f, variable, at, order):
    total, rest = 0, f
    for k in range(order + 1):
        total += rest.subs(variable, at) * (variable - at) ** k / sp.factorial(k)
        rest = rest.diff(variable)
    return total
# %% wrong
def taylor(f, variable, at, order):
    return 1 + variable + variable**2 / 2

# %% idiom matrix-of-symbols
# %% solution
rotation = sp.Matrix([[sp.cos(t), -sp.sin(t)], [sp.sin(t), sp.cos(t)]])
# %% test
assert rotation.shape == (2, 2)
### BEGIN HIDDEN TESTS
assert sp.simplify(rotation.det()) == 1
assert sp.simplify(rotation * rotation.T) == sp.eye(2)
assert rotation.subs(t, sp.pi / 2) == sp.Matrix([[0, -1], [1, 0]])
### END HIDDEN TESTS
# %% other
c, s = sp.cos(t), sp.sin(t)
rotation = sp.Matrix(2, 2, [c, -s, s, c])
# %% wrong
rotation = sp.Matrix([[sp.cos(t), sp.sin(t)], [sp.sin(t), sp.cos(t)]])

# %% idiom eigenvalues-with-multiplicity
# %% solution
values = sp.Matrix([[2, 1, 0], [0, 2, 0], [0, 0, 5]]).eigenvals()
# %% test
assert values[5] == 1
### BEGIN HIDDEN TESTS
assert values == {2: 2, 5: 1}
### END HIDDEN TESTS
# %% other
values = {sp.Integer(2): 2, sp.Integer(5): 1}
# %% wrong
values = {2: 1, 5: 1}

# %% given
u = sp.Function("u")
# %% idiom differential-equation
# %% solution
law = sp.Eq(u(t).diff(t), -3 * u(t))
found = sp.dsolve(law, u(t), ics={u(0): 2})
# %% test
assert law.lhs == u(t).diff(t)
### BEGIN HIDDEN TESTS
assert sp.simplify(found.rhs - 2 * sp.exp(-3 * t)) == 0
assert sp.checkodesol(law, found)[0]
### END HIDDEN TESTS
# %% other
law = sp.Eq(sp.Derivative(u(t), t), -3 * u(t))
found = sp.Eq(u(t), 2 * sp.exp(-3 * t))
# %% wrong
law = sp.Eq(u(t).diff(t), -3 * u(t))
found = sp.Eq(u(t), sp.exp(-3 * t))

# %% idiom expression-made-into-a-function
# %% solution
wave = sp.exp(-x**2 / 2) * sp.cos(5 * x)
# %% test
values = sp.lambdify(x, wave, "numpy")(np.linspace(0, 1, 3))
assert abs(values[0] - 1) < 1e-12
### BEGIN HIDDEN TESTS
grid = np.linspace(-2, 2, 50)
np.testing.assert_allclose(sp.lambdify(x, wave, "numpy")(grid), np.exp(-grid**2 / 2) * np.cos(5 * grid))
### END HIDDEN TESTS
# %% other
wave = sp.cos(5 * x) / sp.sqrt(sp.exp(x**2))
# %% wrong
wave = sp.exp(-x**2) * sp.cos(5 * x)

# %% idiom limit-and-number
# %% solution
limit = sp.limit((1 + 1 / x) ** x, x, sp.oo)
digits = sp.N(limit, 20)
# %% test
assert limit == sp.E
### BEGIN HIDDEN TESTS
assert str(digits).startswith("2.718281828459045")
assert abs(float(digits) - np.e) < 1e-12
### END HIDDEN TESTS
# %% other
limit = sp.exp(1)
digits = sp.E.evalf(20)
# %% wrong
limit = sp.Float(2.718)
digits = limit

# %% idiom inequality-as-a-set
# %% solution
where = sp.solveset(x**2 < 4, x, sp.S.Reals)
# %% test
assert 0 in where
### BEGIN HIDDEN TESTS
assert where == sp.Interval.open(-2, 2) and 2 not in where
### END HIDDEN TESTS
# %% other
where = sp.Interval(-2, 2, True, True)
# %% wrong
where = sp.Interval(-2, 2)
