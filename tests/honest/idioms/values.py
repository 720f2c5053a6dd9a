# ruff: noqa
# fmt: off
# Arguments changed in place, and values of many types.
# %% given
import copy
import datetime
import math
from decimal import Decimal
from fractions import Fraction
import numpy as np

# %% idiom list-in-place
# %% solution
def remove_negatives(values):
    values[:] = [value for value in values if value >= 0]

def bubble_sort(values):
    for end in range(len(values) - 1, 0, -1):
        for k in range(end):
            if values[k] > values[k + 1]:
                values[k], values[k + 1] = values[k + 1], values[k]
# %% test
data = [3, -1, 2]
assert remove_negatives(data) is None
assert data == [3, 2]
### BEGIN HIDDEN TESTS
bubble_sort(data)
assert data == [2, 3]
same = other_name = [5, 4, -4]
remove_negatives(same)
bubble_sort(other_name)
assert same == [4, 5]
### END HIDDEN TESTS
# %% other
def remove_negatives(values):
    for k in reversed(range(len(values))):
        if values[k] < 0:
            del values[k]

def bubble_sort(values):
    values.sort()
# %% wrong
def remove_negatives(values):
    values = [value for value in values if value >= 0]

def bubble_sort(values):
    values = sorted(values)

# %% idiom in-place-and-returned
# %% solution
def doubled(values):
    for k in range(len(values)):
        values[k] *= 2
    return values
# %% test
data = [1, 2]
result = doubled(data)
assert result == [2, 4]
assert result is data, "change the list you were given"
### BEGIN HIDDEN TESTS
array = np.array([1.0, 2.0])
assert doubled(array) is array and array.tolist() == [2, 4]
### END HIDDEN TESTS
# %% other
def doubled(values):
    values[:] = [2 * value for value in values]
    return values
# %% wrong
def doubled(values):
    return [2 * value for value in values]

# %% idiom not-in-place
# %% solution
def with_zero(values):
    return values + [0]

def flipped(matrix):
    return [row[::-1] for row in matrix]
# %% test
data = [1, 2]
assert with_zero(data) == [1, 2, 0]
assert data == [1, 2], "leave the argument as it is"
### BEGIN HIDDEN TESTS
matrix = [[1, 2], [3, 4]]
kept = copy.deepcopy(matrix)
assert flipped(matrix) == [[2, 1], [4, 3]]
assert matrix == kept
### END HIDDEN TESTS
# %% other
def with_zero(values):
    result = list(values)
    result.append(0)
    return result

def flipped(matrix):
    made = copy.deepcopy(matrix)
    for row in made:
        row.reverse()
    return made
# %% wrong
def with_zero(values):
    values.append(0)
    return values

def flipped(matrix):
    for row in matrix:
        row.reverse()
    return matrix

# %% idiom dict-in-place
# %% solution
def count_into(counts, word):
    counts[word] = counts.get(word, 0) + 1

def drop_empty(table):
    for key in [key for key, value in table.items() if not value]:
        del table[key]
# %% test
counts = {"a": 1}
count_into(counts, "a")
count_into(counts, "b")
assert counts == {"a": 2, "b": 1}
### BEGIN HIDDEN TESTS
table = {"x": [], "y": [1], "z": 0}
drop_empty(table)
assert table == {"y": [1]}
### END HIDDEN TESTS
# %% other
def count_into(counts, word):
    counts.setdefault(word, 0)
    counts[word] += 1

def drop_empty(table):
    kept = dict(filter(lambda pair: pair[1], table.items()))
    table.clear()
    table.update(kept)
# %% wrong
def count_into(counts, word):
    counts[word] = 1

def drop_empty(table):
    return {key: value for key, value in table.items() if value}

# %% idiom nested-in-place
# %% solution
def move(board, row, column, mark):
    board[row][column] = mark

def promote(people, name):
    for person in people:
        if person["name"] == name:
            person["roles"].append("lead")
# %% test
board = [[None] * 3 for _ in range(3)]
move(board, 1, 2, "x")
assert board[1] == [None, None, "x"]
### BEGIN HIDDEN TESTS
assert board[0] == [None] * 3
row = board[2]
move(board, 2, 0, "o")
assert row[0] == "o", "the rows stay the same lists"
people = [{"name": "a", "roles": []}, {"name": "b", "roles": ["x"]}]
second = people[1]
promote(people, "b")
assert second["roles"] == ["x", "lead"] and people[0]["roles"] == []
### END HIDDEN TESTS
# %% other
def move(board, row, column, mark):
    line = board[row]
    line[column] = mark

def promote(people, name):
    chosen = [person for person in people if person["name"] == name]
    for person in chosen:
        person["roles"] += ["lead"]
# %% wrong
def move(board, row, column, mark):
    board = copy.deepcopy(board)
    board[row][column] = mark

def promote(people, name):
    people.append({"name": name, "roles": ["lead"]})

# %% idiom array-in-place
# %% solution
def clip_negative(a):
    a[a < 0] = 0

def swap_columns(m, i, j):
    m[:, [i, j]] = m[:, [j, i]]
# %% test
a = np.array([1.0, -2.0, 3.0])
clip_negative(a)
np.testing.assert_array_equal(a, [1, 0, 3])
### BEGIN HIDDEN TESTS
m = np.arange(6).reshape(2, 3)
swap_columns(m, 0, 2)
assert m.tolist() == [[2, 1, 0], [5, 4, 3]]
big = np.linspace(-1, 1, 101)
half = big[:50]
clip_negative(half)
assert big[:50].sum() == 0 and big[50:].sum() > 0
### END HIDDEN TESTS
# %% other
def clip_negative(a):
    np.maximum(a, 0, out=a)

def swap_columns(m, i, j):
    kept = m[:, i].copy()
    m[:, i] = m[:, j]
    m[:, j] = kept
# %% wrong
def clip_negative(a):
    a = np.where(a < 0, 0, a)

def swap_columns(m, i, j):
    return m[:, ::-1]

# %% idiom sets-and-bytes
# %% solution
def shared(a, b):
    return set(a) & set(b)

def checksum(data):
    return bytes([sum(data) % 256])

def pack(n):
    return n.to_bytes(4, "big")
# %% test
assert shared([1, 2, 2], [2, 3]) == {2}
assert pack(258) == b"\x00\x00\x01\x02"
### BEGIN HIDDEN TESTS
assert checksum(b"\xff\x02") == b"\x01"
assert isinstance(shared("ab", "cd"), (set, frozenset)) and not shared("ab", "cd")
assert pack(2**32 - 1).hex() == "ffffffff"
### END HIDDEN TESTS
# %% other
def shared(a, b):
    return frozenset(x for x in a if x in b)

def checksum(data):
    total = 0
    for byte in data:
        total = (total + byte) & 255
    return bytearray([total])

def pack(n):
    import struct
    return struct.pack(">I", n)
# %% wrong
def shared(a, b):
    return [x for x in a if x in b]

def checksum(data):
    return sum(data) % 256

def pack(n):
    return n.to_bytes(4, "little")

# %% idiom exact-numbers
# %% solution
def harmonic(n):
    return sum((Fraction(1, k) for k in range(1, n + 1)), Fraction(0))

def price(cents):
    return Decimal(cents) / 100
# %% test
assert harmonic(3) == Fraction(11, 6)
assert price(1999) == Decimal("19.99")
### BEGIN HIDDEN TESTS
assert harmonic(0) == 0
assert harmonic(10).numerator == 7381
assert str(price(5)) == "0.05"
### END HIDDEN TESTS
# %% other
def harmonic(n):
    top, bottom = 0, 1
    for k in range(1, n + 1):
        top, bottom = top * k + bottom, bottom * k
    return Fraction(top, bottom)

def price(cents):
    return Decimal(f"{cents // 100}.{cents % 100:02d}")
# %% wrong
def harmonic(n):
    return sum(1 / k for k in range(1, n + 1))

def price(cents):
    return cents / 100

# %% idiom dates
# %% solution
def next_friday(day):
    return day + datetime.timedelta(days=(4 - day.weekday()) % 7 or 7)

def hours_between(a, b):
    return abs((b - a).total_seconds()) / 3600
# %% test
assert next_friday(datetime.date(2026, 11, 22)) == datetime.date(2026, 11, 27)
### BEGIN HIDDEN TESTS
assert next_friday(datetime.date(2026, 11, 27)) == datetime.date(2026, 12, 4)
a = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc)
assert hours_between(a + datetime.timedelta(hours=5, minutes=30), a) == 5.5
### END HIDDEN TESTS
# %% other
def next_friday(day):
    day += datetime.timedelta(1)
    while day.weekday() != 4:
        day += datetime.timedelta(days=1)
    return day

def hours_between(a, b):
    return max(a - b, b - a) / datetime.timedelta(hours=1)
# %% wrong
def next_friday(day):
    return day + datetime.timedelta(days=5)

def hours_between(a, b):
    return (b - a).seconds / 3600

# %% idiom order-of-keys
# %% solution
def ranked(scores):
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))
# %% test
assert list(ranked({"a": 1, "b": 3})) == ["b", "a"]
### BEGIN HIDDEN TESTS
assert list(ranked({"x": 2, "y": 9, "z": 4}).items()) == [("y", 9), ("z", 4), ("x", 2)]
assert next(iter(ranked({"x": 1, "y": 2}))) == "y"
### END HIDDEN TESTS
# %% other
def ranked(scores):
    return {name: scores[name] for name in sorted(scores, key=scores.get, reverse=True)}
# %% wrong
def ranked(scores):
    return dict(sorted(scores.items()))

# %% idiom shapes-and-types-of-arrays
# %% solution
def grid(n):
    return np.arange(n * n, dtype=np.float64).reshape(n, n)

def phases(n):
    return np.exp(2j * np.pi * np.arange(n) / n)
# %% test
g = grid(3)
assert isinstance(g, np.ndarray) and g.shape == (3, 3) and g.dtype == np.float64
### BEGIN HIDDEN TESTS
assert g.flags.writeable and g.T[0, 1] == 3
p = phases(4)
assert np.iscomplexobj(p) and p.ndim == 1
np.testing.assert_allclose(p, [1, 1j, -1, -1j], atol=1e-12)
assert np.isclose(abs(p.sum()), 0)
### END HIDDEN TESTS
# %% other
def grid(n):
    return np.array([[float(r * n + c) for c in range(n)] for r in range(n)])

def phases(n):
    from cmath import exp, pi
    return np.array([exp(2j * pi * k / n) for k in range(n)])
# %% wrong
def grid(n):
    return [[r * n + c for c in range(n)] for r in range(n)]

def phases(n):
    return np.cos(2 * np.pi * np.arange(n) / n)

# %% idiom objects-of-numpy-and-scipy
# %% solution
def fit_line(x, y):
    return np.poly1d(np.polyfit(x, y, 1))

def lowest(f, guess):
    from scipy.optimize import minimize
    return minimize(f, guess)

def table(rows):
    return np.array(rows, dtype=[("name", "U8"), ("value", "f8")])
# %% test
line = fit_line([0, 1, 2], [1, 3, 5])
assert abs(line(10) - 21) < 1e-9
found = lowest(lambda v: (v[0] - 3) ** 2, [0.0])
assert abs(found.x[0] - 3) < 1e-4
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(line.coeffs, [2, 1])
assert found.success
t = table([("a", 1.5), ("b", 2.5)])
assert t["value"].sum() == 4 and t["name"][1] == "b"
### END HIDDEN TESTS
# %% other
def fit_line(x, y):
    slope = np.cov(x, y, bias=True)[0, 1] / np.var(x)
    return np.poly1d([slope, np.mean(y) - slope * np.mean(x)])

def lowest(f, guess):
    import scipy.optimize
    return scipy.optimize.minimize(f, x0=np.asarray(guess), method="Nelder-Mead")

def table(rows):
    made = np.zeros(len(rows), dtype=[("name", "<U8"), ("value", float)])
    for k, (name, value) in enumerate(rows):
        made[k] = name, value
    return made
# %% wrong
def fit_line(x, y):
    return np.poly1d([1, 1])

def lowest(f, guess):
    return guess

def table(rows):
    return rows

# %% idiom functions-in-a-table
# %% solution
operations = {"double": lambda x: 2 * x, "root": math.sqrt, "negate": lambda x: -x}

def run(name, value):
    return operations[name](value)
# %% test
assert set(operations) == {"double", "root", "negate"}
assert operations["double"](4) == 8
### BEGIN HIDDEN TESTS
assert run("root", 16) == 4 and run("negate", 2) == -2
assert [f(9) for f in operations.values()] == [18, 3, -9]
### END HIDDEN TESTS
# %% other
def _double(x):
    return x + x

operations = dict(double=_double, root=lambda x: x**0.5, negate=int.__neg__)

def run(name, value):
    for key, function in operations.items():
        if key == name:
            return function(value)
# %% wrong
operations = {"double": 2, "root": 4, "negate": -1}

def run(name, value):
    return operations[name]

# %% idiom plain-variables
# %% solution
answer = 6 * 7
name, values = "Ada", [1.5, 2.5]
huge = 2**200
nothing = None
undefined = float("nan")
z = (1 + 2j) * (3 - 1j)
# %% test
assert answer == 42 and type(answer) is int
assert name == "Ada" and values == [1.5, 2.5]
### BEGIN HIDDEN TESTS
assert huge % 1000 == 376 and nothing is None
assert math.isnan(undefined) and z == 5 + 5j
assert isinstance(z, complex) and z.real == 5
### END HIDDEN TESTS
# %% other
answer = len(range(42))
name = "".join(["A", "d", "a"])
values = list(np.array([1.5, 2.5]))
huge = pow(2, 200)
nothing = print()
undefined = math.nan
z = complex(5, 5)
# %% wrong
answer = 42.0
name, values = "Ada", (1.5, 2.5)
huge = 2.0**200
nothing = ""
undefined = 0
z = 5

# %% idiom helper-of-an-earlier-test
# %% solution
def triple(x):
    return 3 * x
# %% test
def all_close(function, pairs):
    return all(abs(function(x) - y) < 1e-9 for x, y in pairs)
assert all_close(triple, [(1, 3), (2, 6)])
### BEGIN HIDDEN TESTS
assert triple("ab") == "ababab"
### END HIDDEN TESTS
# %% other
def triple(x):
    return x + x + x
# %% wrong
def triple(x):
    return x + 3

# %% idiom uses-the-earlier-helper
# %% solution
def third(x):
    return x / 3

same_twice = all_close(third, [(3, 1)])
# %% test
assert all_close(third, [(9, 3), (1, 1 / 3)])
### BEGIN HIDDEN TESTS
assert same_twice is True
assert all_close(lambda x: third(triple(x)), [(5, 5)])
### END HIDDEN TESTS
# %% other
third = lambda x: x * (1 / 3)
same_twice = all_close(third, [(3, 1), (6, 2)])
# %% wrong
def third(x):
    return x // 3

same_twice = False
