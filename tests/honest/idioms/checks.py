# ruff: noqa
# fmt: off
# The tools that tests are written with: errors, unittest, pytest, doctest, mocks, time, partial credit.
# %% given
import math
import time
import unittest
from unittest import mock
import numpy as np

# %% idiom error-of-a-type
# %% solution
def root(x):
    if x < 0:
        raise ValueError(f"no real root of {x}")
    return math.sqrt(x)
# %% test
try:
    root(-1)
except ValueError:
    pass
else:
    raise AssertionError("root(-1) should raise ValueError")
### BEGIN HIDDEN TESTS
assert root(9) == 3
try:
    root(-4)
except Exception as error:
    assert type(error) is ValueError
    assert "-4" in str(error) and error.args[0].endswith("-4")
### END HIDDEN TESTS
# %% other
def root(x):
    try:
        return math.sqrt(x)
    except ValueError as error:
        raise ValueError("a number below zero: " + str(x)) from error
# %% wrong
def root(x):
    if x < 0:
        raise TypeError(x)
    return math.sqrt(x)

# %% idiom errors-by-unittest-and-pytest
# %% solution
def lookup(table, key):
    if key not in table:
        raise KeyError(key)
    return table[key]

def ratio(a, b):
    if b == 0:
        raise ZeroDivisionError("b must not be zero")
    return a / b
# %% test
import pytest
with pytest.raises(KeyError):
    lookup({}, "x")
unittest.TestCase().assertRaises(ZeroDivisionError, ratio, 1, 0)
### BEGIN HIDDEN TESTS
with pytest.raises(ZeroDivisionError, match="zero"):
    ratio(2, 0)
with unittest.TestCase().assertRaises(KeyError) as caught:
    lookup({"a": 1}, "b")
assert caught.exception.args == ("b",)
np.testing.assert_raises(KeyError, lookup, {}, 1)
assert ratio(1, 4) == pytest.approx(0.25)
### END HIDDEN TESTS
# %% other
def lookup(table, key):
    return table[key]

def ratio(a, b):
    if not b:
        raise ZeroDivisionError("division by zero")
    return float(a) / float(b)
# %% wrong
def lookup(table, key):
    return table.get(key)

def ratio(a, b):
    return a / b if b else float("inf")

# %% idiom unittest-case-in-a-cell
# %% solution
def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
# %% test
class TestLeap(unittest.TestCase):
    def test_simple(self):
        self.assertTrue(is_leap(2024))
        self.assertFalse(is_leap(2023))
    ### BEGIN HIDDEN TESTS
    def test_centuries(self):
        self.assertFalse(is_leap(1900))
        self.assertIs(bool(is_leap(2000)), True)
    ### END HIDDEN TESTS
suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestLeap)
import io
result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
assert result.wasSuccessful(), result.failures
# %% other
import calendar
def is_leap(year):
    return calendar.isleap(year)
# %% wrong
def is_leap(year):
    return year % 4 == 0

# %% idiom doctest-run
# %% solution
def double(x):
    """Give twice x.

    >>> double(4)
    8
    """
    return 2 * x
# %% test
import doctest
runner = doctest.DocTestRunner(verbose=False)
for one in doctest.DocTestFinder().find(double, "double", globs={"double": double}):
    runner.run(one)
assert runner.tries > 0, "write an example into the docstring"
assert runner.failures == 0
### BEGIN HIDDEN TESTS
assert double("ab") == "abab"
### END HIDDEN TESTS
# %% other
def double(x):
    """
    >>> double(1)
    2
    >>> double("a")
    'aa'
    """
    return x + x
# %% wrong
def double(x):
    """
    >>> double(1)
    3
    """
    return x + x

# %% idiom close-enough
# %% solution
def pi_by_terms(n):
    return 4 * sum((-1) ** k / (2 * k + 1) for k in range(n))
# %% test
assert math.isclose(pi_by_terms(1), 4)
np.testing.assert_allclose(pi_by_terms(10000), np.pi, atol=1e-3)
### BEGIN HIDDEN TESTS
np.testing.assert_almost_equal(pi_by_terms(2), 8 / 3)
assert round(pi_by_terms(100), 2) == 3.13
unittest.TestCase().assertAlmostEqual(pi_by_terms(3), 3.466667, places=5)
### END HIDDEN TESTS
# %% other
def pi_by_terms(n):
    k = np.arange(n)
    return np.sum(4.0 * (-1.0) ** k / (2 * k + 1))
# %% wrong
def pi_by_terms(n):
    return np.pi

# %% idiom helper-of-the-learner-patched
# %% solution
def roll():
    import random
    return random.randint(1, 6)

def two_dice():
    return roll() + roll()
# %% test
assert 2 <= two_dice() <= 12
### BEGIN HIDDEN TESTS
with mock.patch("__main__.roll", side_effect=[3, 4]) as patched:
    assert two_dice() == 7, "two_dice has to roll"
assert patched.call_count == 2
### END HIDDEN TESTS
# %% other
import random
roll = lambda: random.choice([1, 2, 3, 4, 5, 6])
def two_dice():
    return sum(roll() for _ in range(2))
# %% wrong
import random
def roll():
    return random.randint(1, 6)
def two_dice():
    return random.randint(2, 12)

# %% idiom helper-replaced-in-globals
# %% solution
def rate():
    return 1.1

def convert(amount):
    return amount * rate()
# %% test
assert abs(convert(10) - 11) < 1e-9
### BEGIN HIDDEN TESTS
kept = rate
try:
    rate = lambda: 2.0
    assert convert(10) == 20, "convert has to ask rate"
finally:
    rate = kept
### END HIDDEN TESTS
# %% other
def rate():
    return 11 / 10

def convert(amount):
    factor = rate()
    return factor * amount
# %% wrong
def rate():
    return 1.1

def convert(amount):
    return amount * 1.1

# %% idiom mock-as-an-argument
# %% solution
def alarm(sensor, notify):
    value = sensor.read()
    if value > 30:
        notify(f"too hot: {value}")
    return value
# %% test
sensor = mock.Mock()
sensor.read.return_value = 35
notify = mock.Mock()
assert alarm(sensor, notify) == 35
notify.assert_called_once_with("too hot: 35")
### BEGIN HIDDEN TESTS
quiet = mock.Mock()
sensor.read.return_value = 20
assert alarm(sensor, quiet) == 20
quiet.assert_not_called()
assert sensor.read.call_count == 2
### END HIDDEN TESTS
# %% other
def alarm(sensor, notify):
    degrees = sensor.read()
    if not degrees <= 30:
        notify("too hot: " + str(degrees))
    return degrees
# %% wrong
def alarm(sensor, notify):
    value = sensor.read()
    notify(f"too hot: {value}")
    return value

# %% idiom object-of-the-test-as-an-argument
# %% solution
def most_distant(points):
    return max(points, key=lambda point: point.distance())
# %% test
class Spot:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def distance(self):
        return (self.x**2 + self.y**2) ** 0.5
spots = [Spot(1, 1), Spot(3, 4), Spot(0, 2)]
assert most_distant(spots) is spots[1]
### BEGIN HIDDEN TESTS
assert most_distant([Spot(0, 0), Spot(1, 0), Spot(0, 2)]).y == 2
### END HIDDEN TESTS
# %% other
def most_distant(points):
    best = points[0]
    for point in points[1:]:
        if point.distance() > best.distance():
            best = point
    return best
# %% wrong
def most_distant(points):
    return points[1]

# %% idiom fast-enough
# %% solution
def sum_to(n):
    return n * (n + 1) // 2
# %% test
began = time.perf_counter()
assert sum_to(10**15) == 500000000000000500000000000000
assert time.perf_counter() - began < 5, "use a formula"
### BEGIN HIDDEN TESTS
import timeit
assert timeit.timeit(lambda: sum_to(10**6), number=200) < 5
### END HIDDEN TESTS
# %% other
def sum_to(n):
    return sum(divmod(n * (n + 1), 2))
# %% wrong
def sum_to(n):
    return n * (n - 1) // 2

# %% idiom sleeping-is-patched
# %% solution
def wait_and_say(seconds):
    time.sleep(seconds)
    return "done"
# %% test
with mock.patch("time.sleep") as slept:
    assert wait_and_say(30) == "done"
slept.assert_called_once_with(30)
### BEGIN HIDDEN TESTS
with mock.patch("time.sleep") as slept:
    wait_and_say(99)
assert slept.call_args.args == (99,)
### END HIDDEN TESTS
# %% other
def wait_and_say(seconds):
    import time as clock
    clock.sleep(seconds)
    return "done"
# %% wrong
def wait_and_say(seconds):
    return "done"

# %% idiom partial-credit
# %% solution
def primes_below(n):
    return [k for k in range(2, n) if all(k % d for d in range(2, k))]
# %% test
earned = 0
if primes_below(10) == [2, 3, 5, 7]:
    earned += 1
### BEGIN HIDDEN TESTS
if primes_below(2) == []:
    earned += 0.5
if len(primes_below(100)) == 25:
    earned += 0.5
### END HIDDEN TESTS
earned
# %% other
def primes_below(n):
    sieve = [True] * max(n, 2)
    sieve[:2] = [False, False]
    for k in range(2, n):
        for multiple in range(2 * k, n, k):
            sieve[multiple] = False
    return [k for k, prime in enumerate(sieve) if prime]
# %% wrong
def primes_below(n):
    return [k for k in (2, 3, 5, 7) if k < n]

# %% idiom partial-credit-by-a-loop
# %% solution
def roman(n):
    text = ""
    for value, letter in [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]:
        while n >= value:
            text += letter
            n -= value
    return text
# %% test
cases = {1: "I", 4: "IV", 9: "IX", 12: "XII"}
points = 0
for number, expected in cases.items():
    try:
        points += roman(number) == expected
    except Exception as error:
        print("failed on", number, error)
2 * points / len(cases)
# %% other
def roman(n):
    digits = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    return "X" * (n // 10) + digits[n % 10]
# %% wrong
def roman(n):
    if n > 4:
        raise ValueError(n)
    return "I" * n
