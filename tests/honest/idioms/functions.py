# ruff: noqa
# fmt: off
# What tests ask of functions: how they are written, what they take, give, remember and raise.
# %% given
import functools
import inspect
import itertools
import math
import types
import numpy as np

# %% idiom signature-doc-name
# %% solution
def area(width: float, height: float = 1.0) -> float:
    """Compute the area of a rectangle."""
    return width * height
# %% test
assert list(inspect.signature(area).parameters) == ["width", "height"]
assert area.__name__ == "area"
### BEGIN HIDDEN TESTS
assert inspect.signature(area).parameters["height"].default == 1.0
assert area.__doc__ and "area" in area.__doc__.lower()
assert area.__annotations__["return"] is float
assert area.__defaults__ == (1.0,)
assert area.__code__.co_argcount == 2
assert area(3) == 3 and area(height=2, width=4) == 8
### END HIDDEN TESTS
# %% other
def area(width: float, height: float = 1.0) -> float:
    """Area = width times height.

    >>> area(2, 3)
    6
    """
    result: float = width
    result *= height
    return result
# %% wrong
def area(w, h):
    return w * h

# %% idiom source-has-no-loop
# %% solution
def total(values):
    return sum(values)
# %% test
text = inspect.getsource(total)
assert "for" not in text and "while" not in text
### BEGIN HIDDEN TESTS
assert total([1, 2, 3]) == 6
### END HIDDEN TESTS
# %% other
def total(values):
    return 0 if not values else values[0] + total(values[1:])
# %% other
def total(values):
    return functools.reduce(lambda a, b: a + b, values, 0)
# %% wrong
def total(values):
    result = 0
    for value in values:
        result += value
    return result

# %% idiom source-is-recursive
# %% solution
def factorial(n):
    return 1 if n == 0 else n * factorial(n - 1)
# %% test
import ast
tree = ast.parse(inspect.getsource(factorial))
calls = [one.func.id for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
assert "factorial" in calls
### BEGIN HIDDEN TESTS
assert factorial(5) == 120
assert factorial(30) == math.factorial(30)
### END HIDDEN TESTS
# %% other
def factorial(n):
    if n < 2:
        return 1
    smaller = factorial(n - 1)
    return n * smaller
# %% wrong
def factorial(n):
    return math.prod(range(1, n + 1))

# %% idiom calls-counted-by-a-patched-name
# %% solution
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
# %% test
seen = []
original = fib
def fib(n):
    seen.append(n)
    return original(n)
assert fib(6) == 8
fib = original
### BEGIN HIDDEN TESTS
assert fib(10) == 55
assert len(seen) >= 1
### END HIDDEN TESTS
# %% other
def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
# %% wrong
def fib(n):
    return n

# %% idiom defaults-and-keywords
# %% solution
def greet(name, *titles, greeting="Hello", **extra):
    words = [greeting, *titles, name]
    return " ".join(words) + "".join(f" ({key}={value})" for key, value in extra.items())
# %% test
assert greet("Ada") == "Hello Ada"
assert greet("Ada", "Dr", greeting="Hi") == "Hi Dr Ada"
### BEGIN HIDDEN TESTS
assert greet("Ada", "Prof", "Dr", age=3) == "Hello Prof Dr Ada (age=3)"
kinds = [one.kind.name for one in inspect.signature(greet).parameters.values()]
assert kinds == ["POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY", "VAR_KEYWORD"]
### END HIDDEN TESTS
# %% other
def greet(name, *args, greeting="Hello", **kwargs):
    text = greeting
    for title in args + (name,):
        text += " " + title
    for key in kwargs:
        text += " ({}={})".format(key, kwargs[key])
    return text
# %% wrong
def greet(name, greeting="Hello"):
    return f"{greeting} {name}"

# %% idiom mutable-default
# %% solution
def append_to(value, target=None):
    target = [] if target is None else target
    target.append(value)
    return target
# %% test
assert append_to(1) == [1]
assert append_to(2) == [2], "each call begins with a list of its own"
### BEGIN HIDDEN TESTS
assert append_to(3, [1, 2]) == [1, 2, 3]
### END HIDDEN TESTS
# %% other
def append_to(value, target=()):
    return [*target, value]
# %% wrong
def append_to(value, target=[]):
    target.append(value)
    return target

# %% idiom closure-counter
# %% solution
def make_counter(start=0):
    count = start
    def step():
        nonlocal count
        count += 1
        return count
    return step
# %% test
c = make_counter()
assert [c(), c(), c()] == [1, 2, 3]
### BEGIN HIDDEN TESTS
d = make_counter(10)
assert d() == 11 and c() == 4
assert callable(d) and d is not c
### END HIDDEN TESTS
# %% other
def make_counter(start=0):
    numbers = itertools.count(start + 1)
    return lambda: next(numbers)
# %% other
class make_counter:
    def __init__(self, start=0):
        self.count = start
    def __call__(self):
        self.count += 1
        return self.count
# %% wrong
def make_counter(start=0):
    return lambda: start + 1

# %% idiom function-from-a-function
# %% solution
def compose(f, g):
    return lambda x: f(g(x))

def powers(n):
    return [lambda x, k=k: x**k for k in range(n)]
# %% test
double_then_add = compose(lambda x: x + 1, lambda x: 2 * x)
assert double_then_add(5) == 11
### BEGIN HIDDEN TESTS
assert compose(math.sqrt, abs)(-16) == 4
assert [p(2) for p in powers(4)] == [1, 2, 4, 8]
assert abs(compose(np.sin, np.arcsin)(0.3) - 0.3) < 1e-12
### END HIDDEN TESTS
# %% other
def compose(f, g):
    def composed(*args, **kwargs):
        return f(g(*args, **kwargs))
    return composed

def powers(n):
    def power(k):
        return lambda x: x**k
    return tuple(map(power, range(n)))
# %% wrong
def compose(f, g):
    return lambda x: g(f(x))

def powers(n):
    return [lambda x: x**k for k in range(n)]

# %% idiom decorator-on-a-hidden-function
# %% solution
def twice(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return [function(*args, **kwargs), function(*args, **kwargs)]
    return wrapper
# %% test
@twice
def shout(word):
    """Say it loudly."""
    return word.upper()
assert shout("a") == ["A", "A"]
### BEGIN HIDDEN TESTS
calls = []
@twice
def record(value, *, label="none"):
    calls.append((value, label))
    return len(calls)
assert record(7, label="x") == [1, 2]
assert calls == [(7, "x"), (7, "x")]
assert shout.__name__ == "shout" and shout.__doc__ == "Say it loudly."
### END HIDDEN TESTS
# %% other
from functools import wraps

def twice(f):
    @wraps(f)
    def inner(*a, **k):
        first = f(*a, **k)
        second = f(*a, **k)
        return [first, second]
    return inner
# %% wrong
def twice(function):
    def wrapper(*args):
        return [function(*args)] * 2
    return wrapper

# %% idiom memo-on-a-function
# %% solution
def collatz(n):
    if n not in collatz.cache:
        collatz.cache[n] = 0 if n == 1 else 1 + collatz(3 * n + 1 if n % 2 else n // 2)
    return collatz.cache[n]
collatz.cache = {}
# %% test
assert collatz(6) == 8
assert 6 in collatz.cache, "remember what was computed"
### BEGIN HIDDEN TESTS
assert collatz(27) == 111
assert collatz.cache[27] == 111 and len(collatz.cache) > 100
### END HIDDEN TESTS
# %% other
def collatz(n):
    cache = collatz.cache
    if n == 1:
        cache[1] = 0
    if n in cache:
        return cache[n]
    cache[n] = collatz((n // 2, 3 * n + 1)[n % 2]) + 1
    return cache[n]
collatz.cache = dict()
# %% wrong
def collatz(n):
    return 0 if n == 1 else 1 + collatz(3 * n + 1 if n % 2 else n // 2)
collatz.cache = {}

# %% idiom cached-by-the-library
# %% solution
@functools.lru_cache(maxsize=None)
def paths(rows, columns):
    if rows == 0 or columns == 0:
        return 1
    return paths(rows - 1, columns) + paths(rows, columns - 1)
# %% test
assert paths(2, 2) == 6
### BEGIN HIDDEN TESTS
assert paths(16, 16) == math.comb(32, 16)
assert paths.cache_info().hits > 0, "use lru_cache"
### END HIDDEN TESTS
# %% other
@functools.cache
def paths(rows, columns):
    """Count ways through a grid."""
    return 1 if 0 in (rows, columns) else paths(rows - 1, columns) + paths(rows, columns - 1)
# %% wrong
def paths(rows, columns):
    return math.comb(rows + columns, rows) if rows < 16 else 0

# %% idiom generators
# %% solution
def squares():
    n = 0
    while True:
        yield n * n
        n += 1

def chunks(values, size):
    for start in range(0, len(values), size):
        yield values[start:start + size]
# %% test
g = squares()
assert [next(g) for _ in range(4)] == [0, 1, 4, 9]
assert list(chunks([1, 2, 3], 2)) == [[1, 2], [3]]
### BEGIN HIDDEN TESTS
assert isinstance(g, types.GeneratorType)
assert list(itertools.islice(squares(), 3)) == [0, 1, 4]
assert next(g) == 16
assert inspect.isgeneratorfunction(chunks)
empty = chunks([], 2)
try:
    next(empty)
    assert False
except StopIteration:
    pass
### END HIDDEN TESTS
# %% other
def squares():
    yield from (n * n for n in itertools.count())

def chunks(values, size):
    rest = list(values)
    while rest:
        piece, rest = rest[:size], rest[size:]
        yield piece
# %% wrong
def squares():
    return iter([0, 1, 4, 9])

def chunks(values, size):
    return [values[start:start + size] for start in range(0, len(values), size)]

# %% idiom generator-that-listens
# %% solution
def averager():
    total, count, mean = 0.0, 0, None
    while True:
        value = yield mean
        total += value
        count += 1
        mean = total / count
# %% test
a = averager()
next(a)
assert a.send(10) == 10
assert a.send(20) == 15
### BEGIN HIDDEN TESTS
b = averager()
assert next(b) is None
assert b.send(1) == 1
b.close()
assert a.send(30) == 20
### END HIDDEN TESTS
# %% other
def averager():
    values = []
    while True:
        values.append((yield sum(values) / len(values) if values else None))
# %% wrong
def averager():
    while True:
        value = yield None

# %% idiom iterators
# %% solution
class Countdown:
    def __init__(self, start):
        self.now = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.now <= 0:
            raise StopIteration
        self.now -= 1
        return self.now + 1

def pairs(values):
    return zip(values, values[1:])
# %% test
assert list(Countdown(3)) == [3, 2, 1]
assert list(pairs([1, 2, 3])) == [(1, 2), (2, 3)]
### BEGIN HIDDEN TESTS
it = iter(Countdown(2))
assert next(it) == 2 and next(it) == 1
assert next(it, "over") == "over"
assert sum(Countdown(4)) == 10
### END HIDDEN TESTS
# %% other
class Countdown:
    def __init__(self, start):
        self.values = iter(range(start, 0, -1))

    def __iter__(self):
        return self.values

    def __next__(self):
        return next(self.values)

def pairs(values):
    for k in range(len(values) - 1):
        yield values[k], values[k + 1]
# %% wrong
class Countdown:
    def __init__(self, start):
        self.now = start

    def __iter__(self):
        return iter(range(self.now))

def pairs(values):
    return list(zip(values, values))

# %% idiom callbacks
# %% solution
def newton(f, x, steps=50):
    for _ in range(steps):
        slope = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
        x = x - f(x) / slope
    return x

def apply_all(functions, value):
    return [function(value) for function in functions]
# %% test
assert abs(newton(lambda x: x**2 - 2, 1.0) - 2**0.5) < 1e-6
### BEGIN HIDDEN TESTS
def cubic(x):
    return x**3 - 27
assert math.isclose(newton(cubic, 2.0), 3, rel_tol=1e-6)
assert math.isclose(newton(np.sin, 3.0), np.pi, rel_tol=1e-6)
assert apply_all([abs, math.sqrt, lambda x: -x, str], 4) == [4, 2.0, -4, "4"]
counted = []
newton(lambda x: counted.append(x) or x - 1, 0.0, steps=3)
assert counted, "the function that was given has to be called"
### END HIDDEN TESTS
# %% other
def newton(f, x, steps=50):
    h = 1e-5
    while steps:
        value = f(x)
        if value == 0:
            break
        x -= value * h / (f(x + h) - value)
        steps -= 1
    return x

def apply_all(functions, value):
    return list(map(lambda function: function(value), functions))
# %% wrong
def newton(f, x, steps=50):
    return 2**0.5

def apply_all(functions, value):
    return [abs(value) for function in functions]

# %% idiom used-as-a-key
# %% solution
def by_last(word):
    return word[-1]

def combine(a, b):
    return 10 * a + b
# %% test
assert sorted(["ab", "ba", "ac"], key=by_last) == ["ba", "ab", "ac"]
### BEGIN HIDDEN TESTS
assert functools.reduce(combine, [1, 2, 3]) == 123
assert list(map(by_last, "one two".split())) == ["e", "o"]
assert list(filter(by_last, ["a"])) == ["a"]
assert np.vectorize(combine)([1, 2], [3, 4]).tolist() == [13, 24]
### END HIDDEN TESTS
# %% other
by_last = lambda word: word[len(word) - 1]
combine = lambda a, b: int(str(a) + str(b))
# %% other
import operator
by_last = operator.itemgetter(-1)
def combine(a, b):
    return a * 10 + b
# %% wrong
def by_last(word):
    return word[0]

def combine(a, b):
    return a + b
