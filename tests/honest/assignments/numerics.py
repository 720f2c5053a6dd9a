# ruff: noqa
# fmt: off
# Numerical methods: roots, quadrature, interpolation, linear systems, differential equations.
# %% given
import numpy as np
from numpy.testing import assert_allclose
from scipy import integrate, linalg, optimize, interpolate
# %% idiom newton-with-history
# %% solution
def newton(f, df, x, tol=1e-12, most=50):
    steps = [x]
    for _ in range(most):
        x = x - f(x) / df(x)
        steps.append(x)
        if abs(steps[-1] - steps[-2]) < tol:
            break
    return x, steps
# %% test
root, steps = newton(lambda x: x**2 - 2, lambda x: 2 * x, 1.0)
assert abs(root - np.sqrt(2)) < 1e-10
### BEGIN HIDDEN TESTS
assert len(steps) < 10 and steps[0] == 1.0
root, _ = newton(np.cos, lambda x: -np.sin(x), 1.0)
assert_allclose(root, np.pi / 2)
### END HIDDEN TESTS
# %% other
def newton(f, df, x, tol=1e-12, most=50):
    steps, change = [x], 1.0
    while abs(change) > tol and len(steps) < most:
        change = f(steps[-1]) / df(steps[-1])
        steps.append(steps[-1] - change)
    return steps[-1], steps
# %% wrong
def newton(f, df, x, tol=1e-12, most=50):
    return x, [x]

# %% idiom trapezoidal-order
# %% solution
def trapezoid(f, a, b, n):
    x = np.linspace(a, b, n + 1)
    y = f(x)
    return (b - a) / n * (y.sum() - (y[0] + y[-1]) / 2)
# %% test
assert abs(trapezoid(np.sin, 0, np.pi, 100) - 2) < 1e-3
### BEGIN HIDDEN TESTS
errors = [abs(trapezoid(np.exp, 0, 1, n) - (np.e - 1)) for n in (10, 20, 40)]
orders = np.log2(np.array(errors[:-1]) / errors[1:])
assert np.all(np.abs(orders - 2) < 0.05), "the error falls with the square of the step"
### END HIDDEN TESTS
# %% other
def trapezoid(f, a, b, n):
    h = (b - a) / n
    inner = sum(f(a + k * h) for k in range(1, n))
    return h * (inner + 0.5 * f(a) + 0.5 * f(b))
# %% wrong
def trapezoid(f, a, b, n):
    x = np.linspace(a, b, n, endpoint=False)
    return (b - a) / n * f(x).sum()

# %% idiom lu-rebuilt
# %% solution
def lu(matrix):
    n = len(matrix)
    lower, upper = np.eye(n), np.array(matrix, dtype=float)
    for k in range(n):
        for i in range(k + 1, n):
            lower[i, k] = upper[i, k] / upper[k, k]
            upper[i] -= lower[i, k] * upper[k]
    return lower, upper
# %% test
sample = np.array([[4.0, 3.0], [6.0, 3.0]])
lower, upper = lu(sample)
assert_allclose(lower @ upper, sample)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(7)
big = rng.normal(size=(6, 6)) + 6 * np.eye(6)
lower, upper = lu(big)
assert lower.shape == upper.shape == (6, 6)
assert np.allclose(np.triu(lower, 1), 0) and np.allclose(np.tril(upper, -1), 0)
assert_allclose(lower @ upper, big, rtol=1e-8)
assert_allclose(np.diag(lower), 1)
### END HIDDEN TESTS
# %% other
def lu(matrix):
    a = np.array(matrix, dtype=float)
    n = a.shape[0]
    lower = np.zeros((n, n))
    upper = np.zeros((n, n))
    for i in range(n):
        lower[i, i] = 1
        for j in range(i, n):
            upper[i, j] = a[i, j] - lower[i, :i] @ upper[:i, j]
        for j in range(i + 1, n):
            lower[j, i] = (a[j, i] - lower[j, :i] @ upper[:i, i]) / upper[i, i]
    return lower, upper
# %% wrong
def lu(matrix):
    return np.eye(len(matrix)), np.array(matrix)

# %% idiom gram-schmidt
# %% solution
def orthonormal(vectors):
    basis = []
    for v in vectors:
        w = v - sum((np.vdot(b, v) * b for b in basis), np.zeros_like(v, dtype=complex))
        norm = np.linalg.norm(w)
        if norm > 1e-12:
            basis.append(w / norm)
    return np.array(basis)
# %% test
basis = orthonormal([np.array([1.0, 1.0]), np.array([1.0, 0.0])])
assert basis.shape == (2, 2)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(3)
vectors = rng.normal(size=(3, 4)) + 1j * rng.normal(size=(3, 4))
basis = orthonormal(list(vectors) + [vectors[0] + vectors[1]])
assert basis.shape == (3, 4)
assert_allclose(basis @ basis.conj().T, np.eye(3), atol=1e-10)
### END HIDDEN TESTS
# %% other
def orthonormal(vectors):
    basis = []
    for vector in vectors:
        rest = np.array(vector, dtype=complex)
        for one in basis:
            rest = rest - one * (one.conj() @ rest)
        if np.sqrt((abs(rest) ** 2).sum()) > 1e-10:
            basis.append(rest / np.sqrt((abs(rest) ** 2).sum()))
    return np.array(basis)
# %% wrong
def orthonormal(vectors):
    return np.array([v / np.linalg.norm(v) for v in vectors])

# %% idiom interpolant-object
# %% solution
class Lagrange:
    def __init__(self, x, y):
        self.x, self.y = np.asarray(x, float), np.asarray(y, float)
    def __call__(self, t):
        total = 0.0
        for i in range(len(self.x)):
            others = np.delete(self.x, i)
            total += self.y[i] * np.prod((t - others) / (self.x[i] - others))
        return total
# %% test
line = Lagrange([0, 1], [1, 3])
assert abs(line(0.5) - 2) < 1e-12
### BEGIN HIDDEN TESTS
knots = np.linspace(-1, 1, 5)
cubic = Lagrange(knots, knots**3)
for t in np.linspace(-1, 1, 9):
    assert abs(cubic(t) - t**3) < 1e-10
### END HIDDEN TESTS
# %% other
class Lagrange:
    def __init__(self, x, y):
        self.polynomial = interpolate.lagrange(x, y)
    def __call__(self, t):
        return float(self.polynomial(t))
# %% wrong
class Lagrange:
    def __init__(self, x, y):
        self.y = y
    def __call__(self, t):
        return sum(self.y) / len(self.y)

# %% idiom euler-against-scipy
# %% solution
def euler(f, y, times):
    ys = [np.asarray(y, float)]
    for before, after in zip(times[:-1], times[1:]):
        ys.append(ys[-1] + (after - before) * np.asarray(f(before, ys[-1])))
    return np.array(ys)
# %% test
times = np.linspace(0, 1, 2001)
decay = euler(lambda t, y: -y, [1.0], times)
assert decay.shape == (2001, 1)
### BEGIN HIDDEN TESTS
swing = lambda t, y: [y[1], -np.sin(y[0])]
exact = integrate.solve_ivp(swing, (0, 1), [0.5, 0.0], t_eval=times, rtol=1e-9).y.T
assert np.max(np.abs(euler(swing, [0.5, 0.0], times) - exact)) < 1e-3
### END HIDDEN TESTS
# %% other
def euler(f, y, times):
    ys = np.zeros((len(times), len(y)))
    ys[0] = y
    for k in range(len(times) - 1):
        ys[k + 1] = ys[k] + (times[k + 1] - times[k]) * np.array(f(times[k], ys[k]))
    return ys
# %% wrong
def euler(f, y, times):
    return np.ones((len(times), len(y)))

# %% given
def model(x, a, b):
    return a * np.exp(-b * x)
XDATA = np.linspace(0, 4, 30)
YDATA = model(XDATA, 2.5, 1.3) + 0.01 * np.sin(40 * XDATA)
# %% idiom least-squares-parameters
# %% solution
params, covariance = optimize.curve_fit(model, XDATA, YDATA)
# %% test
assert len(params) == 2
### BEGIN HIDDEN TESTS
assert_allclose(params, [2.5, 1.3], rtol=0.02)
assert covariance.shape == (2, 2) and np.all(np.diag(covariance) > 0)
### END HIDDEN TESTS
# %% other
result = optimize.curve_fit(model, XDATA, YDATA, p0=[1, 1])
params, covariance = result[0], result[1]
# %% wrong
params, covariance = np.polyfit(XDATA, YDATA, 1, cov=True)

# %% idiom optimize-result
# %% solution
def lowest(f, start):
    return optimize.minimize(f, start)
best = lowest(lambda p: (p[0] - 1) ** 2 + (p[1] + 2) ** 2, [0, 0])
# %% test
assert best.success
### BEGIN HIDDEN TESTS
assert_allclose(best.x, [1, -2], atol=1e-4)
assert best["fun"] < 1e-6
### END HIDDEN TESTS
# %% other
def lowest(f, start):
    return optimize.minimize(f, np.array(start, dtype=float), method="Nelder-Mead", options={"xatol": 1e-6})
best = lowest(lambda p: (p[0] - 1) ** 2 + (p[1] + 2) ** 2, [0.0, 0.0])
# %% wrong
def lowest(f, start):
    return optimize.OptimizeResult(x=np.array(start), success=True, fun=f(start))
best = lowest(lambda p: (p[0] - 1) ** 2 + (p[1] + 2) ** 2, [0, 0])

# %% idiom tridiagonal-eigenvalues
# %% solution
def well(n):
    h = 1 / (n + 1)
    main, side = np.full(n, 2.0) / h**2, np.full(n - 1, -1.0) / h**2
    return linalg.eigh_tridiagonal(main, side)[0]
# %% test
levels = well(400)
assert len(levels) == 400
### BEGIN HIDDEN TESTS
assert_allclose(np.sqrt(levels[:3]) / np.pi, [1, 2, 3], rtol=1e-3)
assert np.all(np.diff(levels) > 0)
### END HIDDEN TESTS
# %% other
def well(n):
    h = 1 / (n + 1)
    matrix = (2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)) / h**2
    return np.linalg.eigvalsh(matrix)
# %% wrong
def well(n):
    return np.arange(1.0, n + 1)

# %% idiom given-simulation-with-a-result
# %% solution
def leapfrog(x, v, dt):
    v_half = v - x * dt / 2
    x_new = x + v_half * dt
    return x_new, v_half - x_new * dt / 2
# %% test
assert leapfrog(0.0, 1.0, 0.0) == (0.0, 1.0)
### BEGIN HIDDEN TESTS
x, v = 1.0, 0.0
for _ in range(400):
    x, v = leapfrog(x, v, np.pi / 200)
assert abs(x - 1) < 1e-3 and abs(v) < 1e-2
### END HIDDEN TESTS
# %% other
def leapfrog(x, v, dt):
    v -= 0.5 * dt * x
    x += dt * v
    v -= 0.5 * dt * x
    return x, v
# %% wrong
def leapfrog(x, v, dt):
    return x + v * dt, v - 2 * x * dt

# %% given
path = [(1.0, 0.0)]
for _ in range(200):
    path.append(leapfrog(*path[-1], 0.02))
# %% idiom energy-of-a-given-orbit
# %% solution
def energies(points):
    points = np.asarray(points)
    return (points**2).sum(axis=1) / 2
# %% test
assert energies([(0, 2)]) == [2]
### BEGIN HIDDEN TESTS
found = energies(path)
assert found.shape == (201,) and np.ptp(found) < 1e-3
### END HIDDEN TESTS
# %% other
def energies(points):
    return np.array([0.5 * (x * x + v * v) for x, v in points])
# %% wrong
def energies(points):
    return (np.asarray(points) ** 2).sum(axis=1)

# %% given
xs, vs = np.zeros(2000), np.zeros(2000)
xs[0] = 1.0
for i in range(1, 2000):
    xs[i], vs[i] = leapfrog(xs[i - 1], vs[i - 1], 0.01)
print("last place:", xs[-1])
# %% idiom unlooked-at-simulation
# %% solution
period = 2 * np.pi
# %% test
assert period > 6
### BEGIN HIDDEN TESTS
assert_allclose(period, 6.283185307)
### END HIDDEN TESTS
# %% other
period = float(np.round(2 * np.pi, 9))
# %% wrong
period = 7.0
