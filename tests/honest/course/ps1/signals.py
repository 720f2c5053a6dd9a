# ruff: noqa
# fmt: off
# %% markdown
# # Problem set 1: signals
# Fill in the cells that raise an error. The file `readings.csv` lies beside this notebook.
# %% given
import math
import numpy as np

SAMPLES = [3.0, 1.0, 2.0]

def show(text):
    """Frame a text for printing."""
    return f"[{text}]"
# %% solution mean
def mean(numbers):
    """Compute the mean; of nothing it is 0."""
    ### BEGIN SOLUTION
    return sum(numbers) / len(numbers) if numbers else 0
    ### END SOLUTION
# %% test 0 mean-trial
assert callable(mean), "define the function"
# %% test 3 mean-test
assert mean([1, 2, 3]) == 2
assert mean(SAMPLES) == 2
### BEGIN HIDDEN TESTS
assert math.isclose(mean([0.1, 0.2]), 0.15)
assert mean([]) == 0
### END HIDDEN TESTS
# %% solution normalised
def normalised(vector):
    """Scale a vector of numbers, real or complex, to length 1."""
    ### BEGIN SOLUTION
    vector = np.asarray(vector)
    return vector / np.linalg.norm(vector)
    ### END SOLUTION
# %% test 4 normalised-test
np.testing.assert_allclose(normalised([3, 4]), [0.6, 0.8])
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(normalised([1j, 1]), np.array([1j, 1]) / np.sqrt(2))
result = normalised(np.arange(1, 5))
np.testing.assert_almost_equal(np.sum(np.abs(result) ** 2), 1)
assert len(result) == 4
### END HIDDEN TESTS
# %% solution evens
def evens(numbers):
    """Give the even numbers, in any kind of sequence."""
    ### BEGIN SOLUTION
    return [number for number in numbers if number % 2 == 0]
    ### END SOLUTION
# %% test 2 evens-test
assert list(evens([1, 2, 4])) == [2, 4]
### BEGIN HIDDEN TESTS
assert list(evens(range(7))) == [0, 2, 4, 6]
assert list(evens([])) == []
### END HIDDEN TESTS
# %% solution tidy
def tidy(values):
    """Remove the negative values from the list itself, sort it, and give it back."""
    ### BEGIN SOLUTION
    values[:] = sorted(value for value in values if value >= 0)
    return values
    ### END SOLUTION
# %% test 3 tidy-test
data = [3, -1, 2]
assert tidy(data) == [2, 3]
assert data == [2, 3]
### BEGIN HIDDEN TESTS
data = [-1.5, -2]
tidy(data)
assert data == []
### END HIDDEN TESTS
# %% solution words
def words(text):
    """Count how often each word stands in a text."""
    ### BEGIN SOLUTION
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts
    ### END SOLUTION
# %% test 2 words-test
assert words("a b a") == {"a": 2, "b": 1}
### BEGIN HIDDEN TESTS
assert words("") == {}
assert words("één één två")["één"] == 2
### END HIDDEN TESTS
# %% solution roots
def roots(a, b, c):
    """Solve a x² + b x + c = 0; both solutions in any sequence type, complex where need be."""
    ### BEGIN SOLUTION
    return np.roots([a, b, c])
    ### END SOLUTION
# %% test 3 roots-test
np.testing.assert_allclose(sorted(np.real(roots(1, -3, 2))), [1, 2])
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(sorted(np.imag(roots(1, 0, 4))), [-2, 2])
### END HIDDEN TESTS
# %% solution report
def report(name, value):
    """Print one line: the name, a colon, a space, and the value with two decimals."""
    ### BEGIN SOLUTION
    print(f"{name}: {value:.2f}")
    ### END SOLUTION
# %% test 2 report-test
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()) as said:
    report("mean", 2)
assert said.getvalue().strip() == "mean: 2.00"
### BEGIN HIDDEN TESTS
with contextlib.redirect_stdout(io.StringIO()) as said:
    report("σ", 1 / 3)
assert said.getvalue().strip() == "σ: 0.33"
### END HIDDEN TESTS
# %% solution load
# Read the second column of readings.csv into `volts`.
### BEGIN SOLUTION
volts = np.loadtxt("readings.csv", delimiter=",", skiprows=1)[:, 1]
### END SOLUTION
# %% test 2 load-test
assert len(volts) == 5
### BEGIN HIDDEN TESTS
assert math.isclose(sum(volts), 5.0)
assert volts[1] == -0.5
### END HIDDEN TESTS
# %% solution fib
def fib(n):
    """Give the n-th Fibonacci number: fib(0) = 0, fib(1) = 1."""
    ### BEGIN SOLUTION
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
    ### END SOLUTION
# %% test 4 fib-test
points = 0
if [fib(n) for n in range(6)] == [0, 1, 1, 2, 3, 5]:
    points += 2
### BEGIN HIDDEN TESTS
try:
    if fib(90) == 2880067194370816120:
        points += 2
except RecursionError:
    pass
### END HIDDEN TESTS
points
# %% markdown
# Now plan an experiment, in code and in words.
# %% manual 5 plan
### BEGIN SOLUTION
steps = ["cool down", "measure", "average"]
### END SOLUTION
# %% written 4 why
# ### BEGIN SOLUTION
# Averages of independent readings scatter less.
# ### END SOLUTION
# %% task 3 sketch
# Sketch your set-up on paper, and add a picture below.
