# ruff: noqa
# fmt: off
# First weeks of programming courses: names, text, lists, loops, printed lines, errors.
# %% idiom greeting-returned
# %% solution
def greet(name):
    return f"Good morning, {name}!"
# %% test
assert greet("Ada") == "Good morning, Ada!"
### BEGIN HIDDEN TESTS
assert greet("") == "Good morning, !"
### END HIDDEN TESTS
# %% other
def greet(name):
    return "Good morning, " + name + "!"
# %% wrong
def greet(name):
    return "Good morning, Ada!"

# %% given
from math import isclose
# %% idiom temperature-table
# %% solution
celsius = [-40, 0, 25, 100]
fahrenheit = [c * 9 / 5 + 32 for c in celsius]
# %% test
assert len(fahrenheit) == len(celsius)
### BEGIN HIDDEN TESTS
for c, f in zip(celsius, fahrenheit):
    assert isclose(f, 1.8 * c + 32)
assert isclose(fahrenheit[0], -40) and celsius[3] == 100
### END HIDDEN TESTS
# %% other
celsius = [-40, 0, 25, 100]
fahrenheit = []
for c in celsius:
    fahrenheit.append(32 + 1.8 * c)
# %% wrong
celsius = [-40, 0, 25, 100]
fahrenheit = [c + 32 for c in celsius]

# %% idiom printed-line
# %% solution
def countdown(n):
    for k in range(n, 0, -1):
        print(k)
    print("lift-off")
# %% test
from contextlib import redirect_stdout
from io import StringIO
### BEGIN HIDDEN TESTS
heard = StringIO()
with redirect_stdout(heard):
    countdown(3)
assert heard.getvalue().split() == ["3", "2", "1", "lift-off"]
### END HIDDEN TESTS
# %% other
def countdown(n):
    print(*range(n, 0, -1), "lift-off", sep="\n")
# %% wrong
def countdown(n):
    print("3\n2\n1")

# %% idiom asked-for-a-number
# %% solution
def doubled_input():
    number = int(input("a number: "))
    return 2 * number
# %% test
from unittest.mock import patch
with patch("builtins.input", return_value="4"):
    assert doubled_input() == 8
### BEGIN HIDDEN TESTS
with patch("builtins.input", side_effect=["7"]):
    assert doubled_input() == 14
### END HIDDEN TESTS
# %% other
def doubled_input():
    return int(input()) * 2
# %% wrong
def doubled_input():
    input()
    return 8

# %% idiom error-is-raised
# %% solution
def mean(values):
    if len(values) == 0:
        raise ValueError("no values")
    return sum(values) / len(values)
# %% test
assert mean([1, 2, 6]) == 3
### BEGIN HIDDEN TESTS
try:
    mean([])
except ValueError:
    pass
else:
    raise AssertionError("mean([]) should raise ValueError")
### END HIDDEN TESTS
# %% other
def mean(values):
    total, count = 0, 0
    for value in values:
        total, count = total + value, count + 1
    if not count:
        raise ValueError
    return total / count
# %% wrong
def mean(values):
    return sum(values) / max(1, len(values))

# %% idiom error-is-caught
# %% solution
def parse(text, default=None):
    try:
        return float(text)
    except (TypeError, ValueError):
        return default
# %% test
assert parse("2.5") == 2.5
### BEGIN HIDDEN TESTS
assert parse("two") is None and parse(None, -1) == -1 and parse("", 0.0) == 0.0
### END HIDDEN TESTS
# %% other
def parse(text, default=None):
    try:
        value = float(text)
    except Exception:
        value = default
    return value
# %% wrong
def parse(text, default=None):
    return float(text)

# %% idiom even-fibonacci
# %% solution
def even_fibonacci(limit):
    total, a, b = 0, 1, 2
    while a < limit:
        if a % 2 == 0:
            total += a
        a, b = b, a + b
    return total
# %% test
assert even_fibonacci(10) == 10
### BEGIN HIDDEN TESTS
assert even_fibonacci(4_000_000) == 4613732
### END HIDDEN TESTS
# %% other
def even_fibonacci(limit):
    numbers = [1, 2]
    while numbers[-1] < limit:
        numbers.append(sum(numbers[-2:]))
    return sum(n for n in numbers if n < limit and not n % 2)
# %% wrong
def even_fibonacci(limit):
    return 10

# %% given
POEM = "the sea the wind the long grey sea"
# %% idiom word-frequencies
# %% solution
def frequencies(text):
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts
# %% test
assert frequencies(POEM)["the"] == 3
### BEGIN HIDDEN TESTS
found = frequencies("a b a")
assert found == {"a": 2, "b": 1} and isinstance(found, dict)
assert sorted(frequencies(POEM).items(), key=lambda pair: -pair[1])[0] == ("the", 3)
### END HIDDEN TESTS
# %% other
from collections import Counter
def frequencies(text):
    return Counter(text.split())
# %% wrong
def frequencies(text):
    return {word: 1 for word in text.split()}

# %% idiom list-sorted-in-place
# %% solution
def order(names):
    names.sort(key=lambda name: (len(name), name))
# %% test
people = ["Grace", "Ada", "Emmy", "Lise"]
### BEGIN HIDDEN TESTS
assert order(people) is None
assert people == ["Ada", "Emmy", "Lise", "Grace"]
### END HIDDEN TESTS
# %% other
def order(names):
    names[:] = sorted(sorted(names), key=len)
# %% wrong
def order(names):
    sorted(names)

# %% idiom keyword-arguments
# %% solution
def price(net, *, tax=0.19, **extras):
    return round(net * (1 + tax) + sum(extras.values()), 2)
# %% test
assert price(100) == 119.0
### BEGIN HIDDEN TESTS
assert price(100, tax=0.07, parcel=4.5) == 111.5
try:
    price(100, 0.07)
    refused = False
except TypeError:
    refused = True
assert refused, "tax must be given by name"
### END HIDDEN TESTS
# %% other
def price(net, *, tax=0.19, **extras):
    total = net + net * tax
    for extra in extras.values():
        total += extra
    return round(total, 2)
# %% wrong
def price(net, tax=0.19, **extras):
    return 119.0

# %% idiom recursion-depth-by-argument
# %% solution
def hanoi(n, source="A", target="C", spare="B"):
    if n == 0:
        return []
    return hanoi(n - 1, source, spare, target) + [(source, target)] + hanoi(n - 1, spare, target, source)
# %% test
assert hanoi(1) == [("A", "C")]
### BEGIN HIDDEN TESTS
towers = {"A": [3, 2, 1], "B": [], "C": []}
for start, end in hanoi(3):
    disc = towers[start].pop()
    assert not towers[end] or towers[end][-1] > disc
    towers[end].append(disc)
assert towers["C"] == [3, 2, 1]
### END HIDDEN TESTS
# %% other
def hanoi(n, source="A", target="C", spare="B"):
    moves = []
    if n:
        moves += hanoi(n - 1, source, spare, target)
        moves.append((source, target))
        moves += hanoi(n - 1, spare, target, source)
    return moves
# %% wrong
def hanoi(n, source="A", target="C", spare="B"):
    return [(source, target)] * n

# %% idiom partial-credit-by-a-sum
# %% solution
def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
# %% test
points = 0
points += 0.5 * (is_leap(2024) is True)
points += 0.5 * (is_leap(2023) is False)
### BEGIN HIDDEN TESTS
points += 0.5 * (is_leap(1900) is False) + 0.5 * (is_leap(2000) is True)
### END HIDDEN TESTS
points
# %% other
def is_leap(year):
    if year % 400 == 0:
        return True
    if year % 100 == 0:
        return False
    return year % 4 == 0
# %% wrong
def is_leap(year):
    return year % 4 == 0
