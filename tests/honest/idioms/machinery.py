# ruff: noqa
# fmt: off
# Tests that reach into the machinery: forbidden functions, files of the course, threads, alarms, many calls.
# %% given
import builtins
import contextlib
import io
import json
import math
import signal
import threading
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from unittest import mock
import numpy as np
import course_tools

LEVELS = json.load(open("data/levels.json"))

# %% idiom library-function-forbidden
# %% solution
def solve(a, b):
    a, b = np.array(a, dtype=float), np.array(b, dtype=float)
    for k in range(len(b)):
        factor = a[k, k]
        a[k], b[k] = a[k] / factor, b[k] / factor
        for j in range(len(b)):
            if j != k:
                b[j] -= a[j, k] * b[k]
                a[j] -= a[j, k] * a[k]
    return b
# %% test
matrix, right = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([3.0, 5.0])
expected = np.linalg.solve(matrix, right)
### BEGIN HIDDEN TESTS
with mock.patch("numpy.linalg.solve", side_effect=AssertionError("write it yourself")):
    with mock.patch("numpy.linalg.inv", side_effect=AssertionError("write it yourself")):
        np.testing.assert_allclose(solve(matrix, right), expected)
### END HIDDEN TESTS
# %% other
def solve(a, b):
    size = len(b)
    rows = [list(map(float, row)) + [float(value)] for row, value in zip(a, b)]
    for k in range(size):
        for j in range(k + 1, size):
            factor = rows[j][k] / rows[k][k]
            rows[j] = [x - factor * y for x, y in zip(rows[j], rows[k])]
    result = [0.0] * size
    for k in reversed(range(size)):
        result[k] = (rows[k][size] - sum(rows[k][j] * result[j] for j in range(k + 1, size))) / rows[k][k]
    return result
# %% wrong
def solve(a, b):
    return np.linalg.solve(a, b)

# %% idiom builtin-forbidden
# %% solution
def my_sorted(values):
    result = []
    for value in values:
        place = 0
        while place < len(result) and result[place] < value:
            place += 1
        result.insert(place, value)
    return result
# %% test
assert my_sorted([3, 1, 2]) == [1, 2, 3]
### BEGIN HIDDEN TESTS
def forbidden(*args, **kwargs):
    raise RuntimeError("sorted is not allowed here")
kept = builtins.sorted
builtins.sorted = forbidden
try:
    assert my_sorted([5, 4, 5, 1]) == [1, 4, 5, 5]
finally:
    builtins.sorted = kept
### END HIDDEN TESTS
# %% other
def my_sorted(values):
    rest, result = list(values), []
    while rest:
        least = min(rest)
        rest.remove(least)
        result.append(least)
    return result
# %% wrong
def my_sorted(values):
    return sorted(values)

# %% idiom library-call-counted
# %% solution
def lengths(vectors):
    return [np.linalg.norm(vector) for vector in vectors]
# %% test
assert lengths([[3, 4]]) == [5]
### BEGIN HIDDEN TESTS
with mock.patch.object(np.linalg, "norm", wraps=np.linalg.norm) as norm:
    assert lengths([[1, 0], [0, 2]]) == [1, 2]
assert norm.call_count == 2, "use np.linalg.norm"
### END HIDDEN TESTS
# %% other
def lengths(vectors):
    result = []
    for vector in vectors:
        result.append(float(np.linalg.norm(np.asarray(vector, dtype=float))))
    return result
# %% wrong
def lengths(vectors):
    return [math.hypot(*vector) for vector in vectors]

# %% idiom module-of-the-course
# %% solution
def cube_root(x):
    return math.copysign(abs(x) ** (1 / 3), x)
# %% test
from course_tools import check_increasing
assert course_tools.same_up_to(cube_root(27), 3)
### BEGIN HIDDEN TESTS
check_increasing(cube_root, [-8, -1, 0, 1, 8])
### END HIDDEN TESTS
# %% other
def cube_root(x):
    found = float(np.cbrt(x))
    assert course_tools.same_up_to(found**3, x)
    return found
# %% wrong
def cube_root(x):
    return abs(x) ** (1 / 3)

# %% idiom data-of-the-course
# %% solution
with open("data/levels.json") as stream:
    levels = json.load(stream)

def clamp(x):
    return min(max(x, levels["low"]), LEVELS["high"])
# %% test
assert levels == LEVELS and clamp(100) == 9
### BEGIN HIDDEN TESTS
with open("data/levels.json") as stream:
    again = json.load(stream)
assert [clamp(x) for x in again["steps"]] == again["steps"] and clamp(-3) == 1
### END HIDDEN TESTS
# %% other
from pathlib import Path
levels = json.loads(Path("data/levels.json").read_text())

def clamp(x):
    if x < LEVELS["low"]:
        return LEVELS["low"]
    return x if x < LEVELS["high"] else LEVELS["high"]
# %% wrong
levels = {"low": 1, "high": 9}

def clamp(x):
    return min(x, 9)

# %% idiom called-very-often
# %% solution
def parity(n):
    return n % 2
# %% test
assert sum(parity(n) for n in range(8_000)) == 4_000
### BEGIN HIDDEN TESTS
assert np.vectorize(parity)(np.arange(500)).sum() == 250
### END HIDDEN TESTS
# %% other
parity = lambda n: int(n) & 1
# %% wrong
def parity(n):
    return n % 2 if n < 7_000 else 0

# %% idiom callback-called-very-often
# %% solution
def integrate(f, a, b, n=3_000):
    h = (b - a) / n
    return h * sum(f(a + (k + 0.5) * h) for k in range(n))
# %% test
assert abs(integrate(lambda x: x, 0, 1) - 0.5) < 1e-6
### BEGIN HIDDEN TESTS
def wave(x):
    return math.sin(x) ** 2
assert abs(integrate(wave, 0, math.pi) - math.pi / 2) < 1e-6
assert abs(integrate(np.exp, 0, 1) - (math.e - 1)) < 1e-6
### END HIDDEN TESTS
# %% other
def integrate(f, a, b, n=3_000):
    x = np.linspace(a, b, n + 1)
    y = np.array([f(value) for value in x])
    return np.sum((y[1:] + y[:-1]) / 2) * (b - a) / n
# %% wrong
def integrate(f, a, b, n=3_000):
    return (f(a) + f(b)) / 2 * (b - a)

# %% idiom called-from-threads
# %% solution
guard = threading.Lock()
arrived = []

def arrive(name):
    with guard:
        arrived.append(name)
    return name.upper()
# %% test
with ThreadPoolExecutor(4) as pool:
    found = list(pool.map(arrive, ["a", "b", "c"]))
assert found == ["A", "B", "C"]
### BEGIN HIDDEN TESTS
assert sorted(arrived) == ["a", "b", "c"]
one = threading.Thread(target=arrive, args=("d",))
one.start()
one.join()
assert len(arrived) == 4
### END HIDDEN TESTS
# %% other
from queue import Queue
arrived = []
waiting = Queue()

def arrive(name):
    waiting.put(name)
    arrived.append(waiting.get())
    return "".join(letter.upper() for letter in name)
# %% wrong
arrived = []

def arrive(name):
    return name.upper()

# %% idiom alarm-clock
# %% solution
def steps_to_one(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
# %% test
def too_slow(number, frame):
    raise TimeoutError("this takes too long")
signal.signal(signal.SIGALRM, too_slow)
signal.alarm(5)
try:
    assert steps_to_one(6) == 8
finally:
    signal.alarm(0)
### BEGIN HIDDEN TESTS
assert steps_to_one(1) == 0 and steps_to_one(97) == 118
### END HIDDEN TESTS
# %% other
def steps_to_one(n):
    return 0 if n == 1 else 1 + steps_to_one(n // 2 if n % 2 == 0 else 3 * n + 1)
# %% wrong
def steps_to_one(n):
    return 8

# %% idiom test-that-talks
# %% solution
def halve(n):
    return n / 2
# %% test
print("testing halve …")
assert halve(4) == 2
print("passed:", halve(4))
### BEGIN HIDDEN TESTS
from IPython.display import display
display({"halve(3)": halve(3)})
assert halve(3) == 1.5
print("all tests passed!")
### END HIDDEN TESTS
# %% other
halve = lambda n: 0.5 * n
# %% wrong
def halve(n):
    return n // 2

# %% idiom magics-in-the-test
# %% solution
def clip(x):
    return max(0, min(1, x))
# %% test
shell = get_ipython()
best = shell.run_line_magic("timeit", "-o -q -n 3 -r 1 clip(0.5)").best
assert best < 1
### BEGIN HIDDEN TESTS
assert [clip(x) for x in (-1, 0.25, 7)] == [0, 0.25, 1]
### END HIDDEN TESTS
# %% other
def clip(x):
    return float(np.clip(x, 0, 1))
# %% wrong
def clip(x):
    return max(0, x)

# %% idiom test-subclasses-the-learners-class
# %% solution
class Animal(ABC):
    def __init__(self, name):
        self.name = name

    @abstractmethod
    def sound(self):
        ...

    def speak(self):
        return f"{self.name} says {self.sound()}"
# %% test
class Dog(Animal):
    def sound(self):
        return "woof"
assert Dog("Rex").speak() == "Rex says woof"
### BEGIN HIDDEN TESTS
try:
    Animal("nobody")
    assert False, "Animal is abstract"
except TypeError:
    pass
assert isinstance(Dog("Rex"), Animal)
### END HIDDEN TESTS
# %% other
import abc

class Animal(metaclass=abc.ABCMeta):
    def __init__(self, name):
        self.name = name

    @abc.abstractmethod
    def sound(self):
        raise NotImplementedError

    def speak(self):
        return " ".join([self.name, "says", self.sound()])
# %% wrong
class Animal:
    def __init__(self, name):
        self.name = name

    def sound(self):
        return "woof"

    def speak(self):
        return f"{self.name} says {self.sound()}"

# %% idiom looks-at-the-class
# %% solution
class Base:
    """What all have."""

    def area(self):
        return 0

class Tile(Base):
    """A square tile."""

    sides = 4

    def __init__(self, size):
        """Make a tile."""
        self.size = size

    def area(self):
        """Compute the area."""
        return self.size**2
# %% test
import inspect
assert issubclass(Tile, Base) and Tile.__bases__ == (Base,)
assert Tile.__doc__ and Tile.area.__doc__
### BEGIN HIDDEN TESTS
assert inspect.isclass(Tile) and Tile.__name__ == "Tile"
assert {"area", "__init__"} <= {name for name, _ in inspect.getmembers(Tile, inspect.isfunction)}
assert [one.__name__ for one in Tile.__mro__][:2] == ["Tile", "Base"]
assert list(inspect.signature(Tile.__init__).parameters) == ["self", "size"]
assert "self.size" in inspect.getsource(Tile.area)
assert Tile(3).area() == 9 and Base().area() == 0 and Tile.sides == 4
### END HIDDEN TESTS
# %% other
class Base:
    """The root."""

    def area(self) -> float:
        return 0.0

class Tile(Base):
    """Square."""

    sides: int = 4

    def __init__(self, size: float) -> None:
        self.size = size

    def area(self) -> float:
        """Size times size."""
        return self.size * self.size
# %% wrong
class Base:
    def area(self):
        return 0

class Tile:
    def __init__(self, size):
        self.size = size

    def area(self):
        return self.size**2

# %% idiom items-are-set
# %% solution
class Matrix:
    def __init__(self, rows, columns):
        self.cells = [[0] * columns for _ in range(rows)]

    def __getitem__(self, place):
        return self.cells[place[0]][place[1]]

    def __setitem__(self, place, value):
        self.cells[place[0]][place[1]] = value

    def __delitem__(self, row):
        del self.cells[row]

    def __iter__(self):
        return iter(self.cells)
# %% test
m = Matrix(2, 2)
m[0, 1] = 5
assert m[0, 1] == 5 and m[0, 0] == 0
### BEGIN HIDDEN TESTS
top, bottom = m
assert top == [0, 5] and bottom == [0, 0]
del m[1]
assert list(m) == [[0, 5]]
### END HIDDEN TESTS
# %% other
class Matrix:
    def __init__(self, rows, columns):
        self.array = np.zeros((rows, columns), dtype=int)

    def __getitem__(self, place):
        return self.array[place]

    def __setitem__(self, place, value):
        self.array[place] = value

    def __delitem__(self, row):
        self.array = np.delete(self.array, row, axis=0)

    def __iter__(self):
        return iter(self.array.tolist())
# %% wrong
class Matrix:
    def __init__(self, rows, columns):
        self.cells = [[0] * columns] * rows

    def __getitem__(self, place):
        return self.cells[place[0]][place[1]]

    def __setitem__(self, place, value):
        self.cells[place[0]][place[1]] = value

    def __delitem__(self, row):
        del self.cells[row]

    def __iter__(self):
        return iter(self.cells)

# %% idiom cannot-be-changed
# %% solution
from dataclasses import dataclass, FrozenInstanceError

@dataclass(frozen=True)
class Coin:
    value: int

    @property
    def half(self):
        return self.value / 2
# %% test
coin = Coin(2)
try:
    coin.value = 5
    assert False, "a coin keeps its value"
except AttributeError:
    pass
### BEGIN HIDDEN TESTS
assert coin.value == 2 and coin.half == 1
try:
    coin.half = 3
except AttributeError:
    pass
else:
    assert False
### END HIDDEN TESTS
# %% other
class Coin:
    def __init__(self, value):
        self.__value = value

    @property
    def value(self):
        return self.__value

    @property
    def half(self):
        return self.__value / 2
# %% wrong
class Coin:
    def __init__(self, value):
        self.value = value
        self.half = value / 2

# %% idiom leaves-no-names-behind
# %% solution
def running_total(values):
    total, result = 0, []
    for value in values:
        total += value
        result.append(total)
    return result
# %% test
assert running_total([1, 2, 3]) == [1, 3, 6]
### BEGIN HIDDEN TESTS
assert "total" not in globals(), "keep the total inside the function"
### END HIDDEN TESTS
# %% other
def running_total(values):
    import itertools
    return list(itertools.accumulate(values))
# %% wrong
total = 0

def running_total(values):
    global total
    total, result = 0, []
    for value in values:
        total += value
        result.append(total)
    return result

# %% idiom names-in-the-code
# %% solution
def largest(values):
    best = values[0]
    for value in values:
        if value > best:
            best = value
    return best
# %% test
assert largest([3, 9, 2]) == 9
### BEGIN HIDDEN TESTS
assert not {"max", "sorted"} & set(largest.__code__.co_names), "without max and sorted"
### END HIDDEN TESTS
# %% other
def largest(values):
    first, *rest = values
    if not rest:
        return first
    other_best = largest(rest)
    return first if first > other_best else other_best
# %% wrong
def largest(values):
    return max(values)
