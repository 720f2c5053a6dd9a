# ruff: noqa
# fmt: off
# Second programming courses: classes, generators, files, helper modules beside the notebook, plots, history.
# %% given
import math
import os
import re
import matplotlib.pyplot as plt
import numpy as np
# %% idiom class-with-state
# %% solution
class Account:
    def __init__(self, owner, balance=0):
        self.owner, self.balance = owner, balance
    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("a deposit is more than nothing")
        self.balance += amount
    def withdraw(self, amount):
        if amount > self.balance:
            return False
        self.balance -= amount
        return True
# %% test
account = Account("Ada", 10)
account.deposit(5)
assert account.balance == 15
### BEGIN HIDDEN TESTS
assert account.withdraw(20) is False and account.balance == 15
assert account.withdraw(15) is True and account.balance == 0
try:
    account.deposit(-1)
    raised = False
except ValueError:
    raised = True
assert raised and account.owner == "Ada"
### END HIDDEN TESTS
# %% other
class Account:
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
    def deposit(self, amount):
        if not amount > 0:
            raise ValueError(amount)
        self.balance = self.balance + amount
    def withdraw(self, amount):
        enough = amount <= self.balance
        if enough:
            self.balance = self.balance - amount
        return enough
# %% wrong
class Account:
    def __init__(self, owner, balance=0):
        self.owner, self.balance = owner, balance
    def deposit(self, amount):
        self.balance = 15
    def withdraw(self, amount):
        self.balance -= amount
        return True

# %% idiom methods-on-vectors
# %% solution
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def length(self):
        return math.hypot(self.x, self.y)
    def plus(self, other):
        return Vector(self.x + other.x, self.y + other.y)
# %% test
v = Vector(3, 4)
assert v.length() == 5
### BEGIN HIDDEN TESTS
w = v.plus(Vector(-3, 1))
assert (w.x, w.y) == (0, 5) and w.length() == 5
assert isinstance(w, Vector)
### END HIDDEN TESTS
# %% other
class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def length(self):
        return (self.x**2 + self.y**2) ** 0.5
    def plus(self, other):
        return type(self)(other.x + self.x, other.y + self.y)
# %% wrong
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def length(self):
        return 5
    def plus(self, other):
        return self

# %% idiom generator-of-primes
# %% solution
def primes():
    found, n = [], 2
    while True:
        if all(n % p for p in found):
            found.append(n)
            yield n
        n += 1
# %% test
stream = primes()
assert next(stream) == 2
### BEGIN HIDDEN TESTS
assert [next(stream) for _ in range(4)] == [3, 5, 7, 11]
### END HIDDEN TESTS
# %% other
def primes():
    n = 1
    while True:
        n += 1
        if all(n % d for d in range(2, math.isqrt(n) + 1)):
            yield n
# %% wrong
def primes():
    yield from range(2, 100)

# %% idiom module-beside-the-notebook
# %% solution
def name_of(x):
    return "red" if x == 1 else "blue"
# %% test
from webcolors import same_colour
assert same_colour(name_of(1), "RED")
### BEGIN HIDDEN TESTS
assert same_colour(name_of(2), "Blue")
### END HIDDEN TESTS
# %% other
def name_of(x):
    return {1: "Red"}.get(x, "Blue")
# %% wrong
def name_of(x):
    return "red"

# %% idiom lines-of-a-shipped-file
# %% solution
def readings(path):
    found = []
    with open(path) as file:
        for line in file:
            line = line.strip()
            if line and not line.startswith("#"):
                name, value = line.split(",")
                found.append((name, float(value)))
    return found
# %% test
assert len(readings("data/readings.txt")) == 3
### BEGIN HIDDEN TESTS
assert readings("data/readings.txt")[1] == ("b", 2.5)
assert all(isinstance(value, float) for _, value in readings("data/readings.txt"))
### END HIDDEN TESTS
# %% other
def readings(path):
    lines = [line.strip() for line in open(path).read().splitlines()]
    parts = [line.split(",") for line in lines if line and line[0] != "#"]
    return [(name, float(value)) for name, value in parts]
# %% wrong
def readings(path):
    return [("a", 1.0)] * 3

# %% idiom pattern-matched
# %% solution
def dates(text):
    return re.findall(r"\b(\d{4})-(\d{2})-(\d{2})\b", text)
# %% test
assert dates("due 2024-05-01.") == [("2024", "05", "01")]
### BEGIN HIDDEN TESTS
assert dates("1-1-1 and 2020-12-31, 2021-01-01") == [("2020", "12", "31"), ("2021", "01", "01")]
### END HIDDEN TESTS
# %% other
def dates(text):
    return [match.groups() for match in re.finditer(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)", text)]
# %% wrong
def dates(text):
    return [("2024", "05", "01")]

# %% idiom matrix-determinant-by-recursion
# %% solution
def det(rows):
    if len(rows) == 1:
        return rows[0][0]
    return sum(
        (-1) ** j * rows[0][j] * det([row[:j] + row[j + 1 :] for row in rows[1:]]) for j in range(len(rows))
    )
# %% test
assert det([[1, 2], [3, 4]]) == -2
### BEGIN HIDDEN TESTS
assert det([[2, 0, 1], [1, 3, 2], [1, 1, 1]]) == 0
assert det([[7]]) == 7
### END HIDDEN TESTS
# %% other
def det(rows):
    return round(float(np.linalg.det(np.array(rows, dtype=float))))
# %% wrong
def det(rows):
    return rows[0][0] * rows[-1][-1] - rows[0][-1] * rows[-1][0]

# %% idiom function-composed-and-passed
# %% solution
def compose(*functions):
    def composed(x):
        for function in reversed(functions):
            x = function(x)
        return x
    return composed
# %% test
assert compose(abs)(-3) == 3
### BEGIN HIDDEN TESTS
assert compose(lambda x: x + 1, lambda x: 2 * x)(5) == 11
assert compose()(4) == 4
### END HIDDEN TESTS
# %% other
from functools import reduce
def compose(*functions):
    return lambda x: reduce(lambda value, function: function(value), functions[::-1], x)
# %% wrong
def compose(*functions):
    return lambda x: abs(x)

# %% idiom series-for-a-plot
# %% solution
def wave(amplitude, n):
    angles = np.linspace(0, 2 * np.pi, n)
    return angles, amplitude * np.sin(angles)
# %% test
angles, heights = wave(2, 5)
assert len(angles) == 5
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(heights, [0, 2, 0, -2, 0], atol=1e-12)
assert angles[0] == 0 and abs(angles[-1] - 2 * np.pi) < 1e-12
### END HIDDEN TESTS
# %% other
def wave(amplitude, n):
    angles = np.arange(n) * 2 * np.pi / (n - 1)
    return angles, np.array([amplitude * math.sin(angle) for angle in angles])
# %% wrong
def wave(amplitude, n):
    angles = np.linspace(0, np.pi, n)
    return angles, np.sin(angles)

# %% given
image = np.zeros((6, 8, 3), dtype=np.uint8)
image[1:4, 2:5] = [200, 40, 30]
# %% idiom image-as-an-array
# %% solution
def box(picture):
    rows, columns = np.nonzero(picture.max(axis=2) > 100)
    return rows.min(), rows.max(), columns.min(), columns.max()
# %% test
assert tuple(box(image)) == (1, 3, 2, 4)
### BEGIN HIDDEN TESTS
assert tuple(box(np.rot90(image))) == (3, 5, 1, 3)
assert image[1, 2].tolist() == [200, 40, 30]
### END HIDDEN TESTS
# %% other
def box(picture):
    bright = [(i, j) for i in range(len(picture)) for j in range(len(picture[0])) if max(picture[i, j]) > 100]
    i, j = [pair[0] for pair in bright], [pair[1] for pair in bright]
    return min(i), max(i), min(j), max(j)
# %% wrong
def box(picture):
    return 1, 3, 2, 4

# %% given
ROADS = {"a": {"b": 4, "c": 1}, "b": {"d": 1}, "c": {"b": 2, "d": 6}, "d": {}}
# %% idiom path-in-a-graph
# %% solution
import heapq
def shortest(roads, start, end):
    waiting, seen = [(0, start, [start])], set()
    while waiting:
        far, place, path = heapq.heappop(waiting)
        if place == end:
            return far, path
        if place not in seen:
            seen.add(place)
            for other, length in roads[place].items():
                heapq.heappush(waiting, (far + length, other, path + [other]))
    return math.inf, []
# %% test
assert shortest(ROADS, "a", "d") == (4, ["a", "c", "b", "d"])
### BEGIN HIDDEN TESTS
assert shortest(ROADS, "d", "a") == (math.inf, [])
assert shortest(ROADS, "b", "b") == (0, ["b"])
### END HIDDEN TESTS
# %% other
def shortest(roads, start, end):
    best = (0, [start]) if start == end else (math.inf, [])
    def walk(place, far, path):
        nonlocal best
        if place == end and far < best[0]:
            best = far, path
        for other, length in roads[place].items():
            if other not in path:
                walk(other, far + length, path + [other])
    walk(start, 0, [start])
    return best
# %% wrong
def shortest(roads, start, end):
    return 4, ["a", "c", "b", "d"]

# %% idiom walk-with-a-seed
# %% solution
def walk(n, rng):
    return np.cumsum(rng.choice([-1, 1], size=n))
# %% test
assert len(walk(10, np.random.default_rng(0))) == 10
### BEGIN HIDDEN TESTS
steps = np.diff(walk(500, np.random.default_rng(5)))
assert set(np.unique(steps)) == {-1, 1} and abs(steps.mean()) < 0.2
### END HIDDEN TESTS
# %% other
def walk(n, rng):
    place, places = 0, []
    for _ in range(n):
        place += 1 if rng.random() < 0.5 else -1
        places.append(place)
    return np.array(places)
# %% wrong
def walk(n, rng):
    return np.arange(n)
