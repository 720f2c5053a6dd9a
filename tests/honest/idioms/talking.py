# ruff: noqa
# fmt: off
# What is printed, asked, warned of, drawn by lot, written to files, and done later.
# %% given
import asyncio
import contextlib
import io
import os
import random
import sys
import tempfile
import warnings
from pathlib import Path
from unittest import mock
import numpy as np

# %% idiom output-redirected
# %% solution
def table(n):
    for k in range(1, n + 1):
        print(k, k * k)
# %% test
out = io.StringIO()
with contextlib.redirect_stdout(out):
    table(2)
assert out.getvalue() == "1 1\n2 4\n"
### BEGIN HIDDEN TESTS
with contextlib.redirect_stdout(io.StringIO()) as out:
    assert table(3) is None
assert out.getvalue().splitlines()[-1].split() == ["3", "9"]
### END HIDDEN TESTS
# %% other
def table(n):
    print("\n".join(f"{k} {k**2}" for k in range(1, n + 1)))
# %% other
def table(n):
    for k in range(1, n + 1):
        sys.stdout.write(str(k) + " " + str(k * k) + "\n")
# %% wrong
def table(n):
    return [(k, k * k) for k in range(1, n + 1)]

# %% idiom output-by-replacing-stdout
# %% solution
def banner(word):
    print("*" * (len(word) + 4))
    print(f"* {word} *")
    print("*" * (len(word) + 4))
# %% test
old = sys.stdout
sys.stdout = io.StringIO()
try:
    banner("hi")
    shown = sys.stdout.getvalue()
finally:
    sys.stdout = old
assert shown.count("\n") == 3
### BEGIN HIDDEN TESTS
assert shown == "******\n* hi *\n******\n"
### END HIDDEN TESTS
# %% other
def banner(word):
    edge = "*" * (len(word) + 4)
    print(edge, "* " + word + " *", edge, sep="\n")
# %% wrong
def banner(word):
    print(f"* {word} *")

# %% idiom output-captured-by-ipython
# %% solution
def count_down(n):
    while n:
        print(n, end=" ")
        n -= 1
    print("go")
# %% test
from IPython.utils.capture import capture_output
with capture_output() as captured:
    count_down(3)
assert captured.stdout.strip() == "3 2 1 go"
### BEGIN HIDDEN TESTS
with capture_output() as captured:
    count_down(0)
assert captured.stdout == "go\n"
### END HIDDEN TESTS
# %% other
def count_down(n):
    print(*range(n, 0, -1), "go")
# %% wrong
def count_down(n):
    print(n, "go")

# %% idiom print-is-patched
# %% solution
def say_hello(name):
    print("Hello,", name)
# %% test
with mock.patch("builtins.print") as printed:
    say_hello("Bob")
assert printed.called
### BEGIN HIDDEN TESTS
words = " ".join(str(word) for word in printed.call_args.args)
assert words == "Hello, Bob"
### END HIDDEN TESTS
# %% other
def say_hello(name):
    print(f"Hello, {name}")
# %% wrong
def say_hello(name):
    print("Hello")

# %% idiom input-is-patched
# %% solution
def ask_sum():
    first = int(input("first: "))
    second = int(input("second: "))
    print(first + second)
    return first + second
# %% test
with mock.patch("builtins.input", side_effect=["3", "4"]):
    assert ask_sum() == 7
### BEGIN HIDDEN TESTS
prompts = []
def answer(prompt=""):
    prompts.append(prompt)
    return "10"
with mock.patch("builtins.input", answer), contextlib.redirect_stdout(io.StringIO()) as out:
    ask_sum()
assert len(prompts) == 2 and out.getvalue().strip().endswith("20")
### END HIDDEN TESTS
# %% other
def ask_sum():
    numbers = [int(input(f"number {k}? ")) for k in (1, 2)]
    print(sum(numbers))
    return sum(numbers)
# %% wrong
def ask_sum():
    first = int(input("first: "))
    print(2 * first)
    return 2 * first

# %% idiom input-by-assigning
# %% solution
def age_next_year():
    return int(input()) + 1
# %% test
import builtins
kept = builtins.input
builtins.input = lambda prompt="": "41"
try:
    assert age_next_year() == 42
finally:
    builtins.input = kept
### BEGIN HIDDEN TESTS
input = lambda prompt="": "9"
assert age_next_year() == 10
del input
### END HIDDEN TESTS
# %% other
def age_next_year():
    text = input("How old are you? ")
    return 1 + int(text.strip())
# %% wrong
def age_next_year():
    return input() + "1"

# %% idiom warnings
# %% solution
def half(n):
    if n % 2:
        warnings.warn(f"{n} is odd", UserWarning)
    return n // 2
# %% test
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    assert half(5) == 2
assert len(caught) == 1 and issubclass(caught[0].category, UserWarning)
### BEGIN HIDDEN TESTS
assert "5" in str(caught[0].message)
with warnings.catch_warnings():
    warnings.simplefilter("error")
    assert half(8) == 4
    try:
        half(9)
        assert False, "an odd number has to warn"
    except UserWarning:
        pass
### END HIDDEN TESTS
# %% other
def half(n):
    result, rest = divmod(n, 2)
    if rest:
        warnings.warn("odd number " + str(n))
    return result
# %% wrong
def half(n):
    return n // 2

# %% idiom warning-asserted-by-numpy
# %% solution
def logarithm(x):
    if x == 0:
        warnings.warn("the logarithm of zero", RuntimeWarning)
        return -np.inf
    return np.log(x)
# %% test
np.testing.assert_warns(RuntimeWarning, logarithm, 0)
### BEGIN HIDDEN TESTS
assert logarithm(1) == 0
### END HIDDEN TESTS
# %% other
def logarithm(x):
    return np.log(np.float64(x))
# %% wrong
def logarithm(x):
    return np.log(x) if x else -np.inf

# %% idiom deprecation-warning
# %% solution
def old_name(x):
    warnings.warn("use new_name", DeprecationWarning, stacklevel=2)
    return x
# %% test
import pytest
with pytest.warns(DeprecationWarning):
    old_name(1)
### BEGIN HIDDEN TESTS
with pytest.warns(DeprecationWarning, match="new_name"):
    assert old_name([2]) == [2]
### END HIDDEN TESTS
# %% other
def old_name(x):
    warnings.warn(DeprecationWarning("please call new_name"))
    return x
# %% wrong
def old_name(x):
    print("use new_name")
    return x

# %% idiom seeds-of-the-library
# %% solution
def dice(n):
    return [random.randint(1, 6) for _ in range(n)]

def noise(n):
    return np.random.normal(size=n)
# %% test
random.seed(7)
first = dice(5)
random.seed(7)
assert dice(5) == first
### BEGIN HIDDEN TESTS
random.seed(7)
assert [random.randint(1, 6) for _ in range(5)] == first
np.random.seed(3)
expected = np.random.normal(size=4)
np.random.seed(3)
np.testing.assert_allclose(noise(4), expected)
assert not np.allclose(noise(4), expected)
### END HIDDEN TESTS
# %% other
def dice(n):
    return list(map(lambda _: random.randint(1, 6), range(n)))

def noise(n):
    return np.random.standard_normal(n)
# %% wrong
def dice(n):
    return [4 for _ in range(n)]

def noise(n):
    return np.random.uniform(size=n)

# %% idiom seed-as-an-argument
# %% solution
def shots(n, seed=None):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2, n)

def drawn(rng, n):
    return rng.random(n)
# %% test
assert np.array_equal(shots(20, seed=5), shots(20, seed=5))
### BEGIN HIDDEN TESTS
assert np.array_equal(shots(9, 1), np.random.default_rng(1).integers(0, 2, 9))
assert not np.array_equal(shots(64), shots(64))
ours, theirs = np.random.default_rng(8), np.random.default_rng(8)
np.testing.assert_array_equal(drawn(ours, 3), theirs.random(3))
assert ours.random() == theirs.random(), "draw exactly n numbers from the generator you are given"
### END HIDDEN TESTS
# %% other
def shots(n, seed=None):
    return np.random.Generator(np.random.PCG64(seed)).integers(2, size=n)

def drawn(rng, n):
    return np.array([rng.random() for _ in range(n)])
# %% wrong
def shots(n, seed=None):
    return np.zeros(n, dtype=int)

def drawn(rng, n):
    return np.random.random(n)

# %% given
history = []
total_calls = 0

# %% idiom globals-changed-by-a-call
# %% solution
def remember(value):
    global total_calls
    total_calls += 1
    history.append(value)
    return len(history)
# %% test
history.clear()
before = total_calls
assert remember("a") == 1
assert history == ["a"]
### BEGIN HIDDEN TESTS
remember("b")
assert total_calls == before + 2
assert history == ["a", "b"]
### END HIDDEN TESTS
# %% other
def remember(value):
    global total_calls, history
    total_calls = total_calls + 1
    history += [value]
    return len(history)
# %% wrong
def remember(value):
    history = [value]
    return 1

# %% idiom own-global-state
# %% solution
scores = {}

def record(name, points):
    scores.setdefault(name, []).append(points)

def best(name):
    return max(scores[name])
# %% test
record("ada", 3)
record("ada", 5)
assert scores == {"ada": [3, 5]}
### BEGIN HIDDEN TESTS
assert best("ada") == 5
record("bob", 1)
assert sorted(scores) == ["ada", "bob"] and best("bob") == 1
scores.clear()
record("eve", 2)
assert scores == {"eve": [2]}
### END HIDDEN TESTS
# %% other
from collections import defaultdict
scores = defaultdict(list)

def record(name, points):
    scores[name] += [points]

def best(name):
    return sorted(scores[name])[-1]
# %% wrong
scores = {}

def record(name, points):
    scores[name] = [points]

def best(name):
    return scores[name]

# %% idiom is-it-defined
# %% solution
gravity = 9.81
def weight(mass):
    return mass * gravity
# %% test
assert "gravity" in globals(), "define gravity"
assert "weight" in dir() and callable(globals()["weight"])
### BEGIN HIDDEN TESTS
assert abs(weight(10) - 98.1) < 1e-9
try:
    gravity
except NameError:
    assert False
assert isinstance(gravity, float)
### END HIDDEN TESTS
# %% other
gravity: float = 981 / 100
weight = lambda mass: gravity * mass
# %% wrong
def weight(mass):
    return mass * 9.81

# %% idiom file-written-by-the-learner
# %% solution
with open("primes.txt", "w") as stream:
    for p in (2, 3, 5, 7):
        stream.write(f"{p}\n")
# %% test
assert os.path.exists("primes.txt")
### BEGIN HIDDEN TESTS
with open("primes.txt") as stream:
    assert [int(line) for line in stream] == [2, 3, 5, 7]
### END HIDDEN TESTS
# %% other
Path("primes.txt").write_text("\n".join(map(str, [2, 3, 5, 7])))
# %% wrong
Path("primes.txt").write_text("2 3 5 7 9")

# %% idiom file-written-by-the-test
# %% solution
def count_lines(path):
    with open(path) as stream:
        return sum(1 for _ in stream)

def save_square(path, n):
    with open(path, "w") as stream:
        stream.write(str(n * n))
# %% test
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "text.txt")
    with open(path, "w") as stream:
        stream.write("a\nb\nc\n")
    assert count_lines(path) == 3
    ### BEGIN HIDDEN TESTS
    save_square(path, 12)
    assert open(path).read().strip() == "144"
    ### END HIDDEN TESTS
# %% other
def count_lines(path):
    return len(Path(path).read_text().splitlines())

def save_square(path, n):
    Path(path).write_text(f"{n**2}\n")
# %% wrong
def count_lines(path):
    return 3

def save_square(path, n):
    return n * n

# %% idiom file-object-as-an-argument
# %% solution
def longest_line(stream):
    return max((line.rstrip("\n") for line in stream), key=len)

def write_twice(stream, word):
    stream.write(word)
    stream.write(word)
# %% test
assert longest_line(io.StringIO("a\nabc\nab\n")) == "abc"
### BEGIN HIDDEN TESTS
stream = io.StringIO()
write_twice(stream, "xy")
assert stream.getvalue() == "xyxy"
### END HIDDEN TESTS
# %% other
def longest_line(stream):
    best = ""
    for line in stream.read().split("\n"):
        if len(line) > len(best):
            best = line
    return best

def write_twice(stream, word):
    print(word, word, sep="", end="", file=stream)
# %% wrong
def longest_line(stream):
    return stream.readline().strip()

def write_twice(stream, word):
    stream.write(word)

# %% idiom environment-of-a-call
# %% solution
def home_of(name):
    return os.environ.get(name, "nowhere")
# %% test
with mock.patch.dict(os.environ, {"LAB": "cellar"}):
    assert home_of("LAB") == "cellar"
### BEGIN HIDDEN TESTS
assert home_of("NO_SUCH_VARIABLE") == "nowhere"
### END HIDDEN TESTS
# %% other
def home_of(name):
    return os.getenv(name) or "nowhere"
# %% wrong
def home_of(name):
    return "cellar"

# %% idiom awaited
# %% solution
async def later(value, delay=0.01):
    await asyncio.sleep(delay)
    return value
# %% test
assert await later(5) == 5
### BEGIN HIDDEN TESTS
found = await asyncio.gather(later("a", 0.02), later("b"))
assert found == ["a", "b"]
assert asyncio.iscoroutinefunction(later)
### END HIDDEN TESTS
# %% other
async def later(value, delay=0.01):
    import asyncio
    done = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(delay, done.set_result, value)
    return await done
# %% wrong
async def later(value, delay=0.01):
    return delay
