"""Learners who write the same functions in other ways."""

from __future__ import annotations

from tests.honest.variant import Variant, variant

VARIANTS = [
    variant("lambdas", "Functions without def.",
            mean="mean = lambda numbers: sum(numbers) / len(numbers) if numbers else 0",
            evens="evens = lambda numbers: list(filter(lambda n: n % 2 == 0, numbers))"),
    variant("defaults-and-hints", "More parameters than asked for, and annotations.", mean="""
        from typing import Sequence
        def mean(numbers: Sequence[float], /, empty: float = 0, *, scale: float = 1.0) -> float:
            return scale * sum(numbers) / len(numbers) if len(numbers) else empty
        """),
    variant("annotations-as-text", "A line from the future.", mean="""
        from __future__ import annotations
        def mean(numbers: list[float | int] | None) -> Undefined:
            return sum(numbers) / len(numbers) if numbers else 0
        """),
    variant("recursive", "By recursion.", mean="""
        def total(numbers):
            return 0 if len(numbers) == 0 else numbers[0] + total(numbers[1:])
        def mean(numbers):
            return total(numbers) / max(1, len(numbers))
        """, evens="""
        def evens(numbers):
            if not numbers:
                return []
            return ([numbers[0]] if numbers[0] % 2 == 0 else []) + evens(numbers[1:])
        """),
    variant("cached-by-functools", "Recursion with a cache from the library.", fib="""
        from functools import lru_cache
        @lru_cache(maxsize=None)
        def fib(n):
            return n if n < 2 else fib(n - 1) + fib(n - 2)
        """),
    variant("cached-in-a-global", "Recursion with a dict of one's own.", fib="""
        known = {0: 0, 1: 1}
        def fib(n):
            if n not in known:
                known[n] = fib(n - 1) + fib(n - 2)
            return known[n]
        """),
    variant("cached-in-a-default", "A mutable default, on purpose.", fib="""
        def fib(n, known={0: 0, 1: 1}):
            if n not in known:
                known[n] = fib(n - 1) + fib(n - 2)
            return known[n]
        """),
    variant("integers-of-a-matrix", "By powers of a matrix of Python integers.", fib="""
        def fib(n):
            step = np.array([[1, 1], [1, 0]], dtype=object)
            return np.linalg.matrix_power(step, n)[0, 1] if n else 0
        """),
    variant("integers-of-numpy", "The result is a numpy.int64.", fib="""
        def fib(n):
            values = np.zeros(n + 2, dtype=np.int64)
            values[1] = 1
            for k in range(2, n + 1):
                values[k] = values[k - 1] + values[k - 2]
            return values[n]
        """),
    Variant("right-for-small-numbers", "Binet's formula loses digits: half the points.", answers={"fib": """
        def fib(n):
            return round(((1 + 5**0.5) / 2) ** n / 5**0.5)
        """}, earned={"fib-test": 2.0}),
    Variant("recursion-gives-up", "Too deep for its own limit: half of the points.", answers={"fib": """
        def fib(n):
            if n > 30:
                raise RecursionError("that would take too long")
            return n if n < 2 else fib(n - 1) + fib(n - 2)
        """}, earned={"fib-test": 2.0}),
    variant("nested-and-closures", "Functions in functions.", mean="""
        def make_mean():
            calls = 0
            def inner(numbers):
                nonlocal calls
                calls += 1
                def total():
                    return sum(numbers)
                return total() / len(numbers) if numbers else 0
            return inner
        mean = make_mean()
        """),
    variant("callable-object", "The answer is an instance with __call__.", mean="""
        class Mean:
            def __init__(self):
                self.calls = []
            def __call__(self, numbers):
                self.calls.append(len(numbers))
                return sum(numbers) / len(numbers) if numbers else 0
        mean = Mean()
        """),
    variant("method-as-function", "The answers are methods of a class of one's own.", mean="""
        class Tools:
            empty = 0
            @staticmethod
            def mean(numbers):
                return sum(numbers) / len(numbers) if numbers else Tools.empty
            @classmethod
            def evens(cls, numbers):
                return [n for n in numbers if n % 2 == 0]
        mean = Tools.mean
        """, evens="evens = Tools.evens"),
    variant("partial-function", "functools.partial and operator.", evens="""
        from functools import partial
        evens = partial(filter, lambda n: not n & 1)
        """),
    variant("library-function-itself", "The answer is a function of a library.", mean="""
        import statistics
        def mean(numbers):
            return statistics.fmean(numbers) if numbers else 0
        """, words="""
        from collections import Counter
        words = lambda text: Counter(text.split())
        """, evens="evens = lambda numbers: [*numbers][::1] and [n for n in numbers if n % 2 == 0]"),
    variant("decorated", "A decorator of one's own that measures time.", mean="""
        import functools, time
        def timed(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                began = time.perf_counter()
                try:
                    return function(*args, **kwargs)
                finally:
                    wrapper.seconds = time.perf_counter() - began
            return wrapper
        @timed
        def mean(numbers):
            return sum(numbers) / len(numbers) if numbers else 0
        """),
    variant("tries-and-catches", "Errors are part of the algorithm.", mean="""
        def mean(numbers):
            try:
                return sum(numbers) / len(numbers)
            except ZeroDivisionError:
                return 0
            finally:
                pass
        """),
    variant("walrus-and-match", "Newer syntax.", mean="""
        def mean(numbers):
            return sum(numbers) / n if (n := len(numbers)) else 0
        """, evens="""
        def evens(numbers):
            found = []
            for number in numbers:
                match number % 2:
                    case 0:
                        found.append(number)
                    case _:
                        continue
            return found
        """),
    variant("imports-everything", "Star imports.", lambda hand: hand.add(
        "from math import *\nfrom numpy.linalg import *\nfrom itertools import *", before="mean")),
    variant("helper-class", "A dataclass does the work.", words="""
        from dataclasses import dataclass, field
        @dataclass
        class Tally:
            counts: dict = field(default_factory=dict)
            def add(self, word):
                self.counts[word] = self.counts.get(word, 0) + 1
                return self
        def words(text):
            tally = Tally()
            for word in text.split():
                tally.add(word)
            return tally.counts
        """),
    variant("helper-enum-and-records", "Enum and namedtuple as helpers.", evens="""
        from enum import Enum
        from collections import namedtuple
        class Parity(Enum):
            EVEN = 0
            ODD = 1
        Item = namedtuple("Item", "value parity")
        def evens(numbers):
            items = [Item(n, Parity(n % 2)) for n in numbers]
            return [item.value for item in items if item.parity is Parity.EVEN]
        """),
    variant("global-counter", "Counts its calls.", mean="""
        calls = 0
        def mean(numbers):
            global calls
            calls += 1
            return sum(numbers) / len(numbers) if numbers else 0
        """),
    variant("own-names-patched", "Defined, kept under another name, and wrapped.", mean="""
        def mean(numbers):
            return sum(numbers) / len(numbers)
        _first = mean
        def mean(numbers):
            return _first(numbers) if numbers else 0
        """),
    variant("names-deleted", "Tidies up after itself.", mean="""
        scratch = [1, 2, 3]
        def mean(numbers):
            return sum(numbers) / len(numbers) if numbers else 0
        del scratch
        """),
    variant("shadows-builtins", "list, max and str are names like others.", mean="""
        max = 3
        def mean(list):
            str = 0
            for id in list:
                str += id
            return str / len(list) if list else 0
        """),
    variant("shadows-sum", "`sum` is a number at the end of the first cell.", mean="""
        sum = 0
        def mean(numbers):
            total = 0
            for number in numbers:
                total += number
            return total / len(numbers) if numbers else 0
        """),
    variant("defined-by-exec", "Made by exec, globals and type.", mean="""
        exec("def _mean(numbers): return sum(numbers) / len(numbers) if numbers else 0")
        globals()["mean"] = _mean
        """),
    variant("defined-under-a-condition", "Inside if __name__ == '__main__'.", mean="""
        def main():
            return 7
        if __name__ == "__main__":
            main()
            def mean(numbers):
                return sum(numbers) / len(numbers) if numbers else 0
        """),
    variant("awaits", "Top-level await and an async helper.", lambda hand: hand.add("""
        import asyncio
        async def fetch(value):
            await asyncio.sleep(0.01)
            return value
        ZERO = await fetch(0)
        """, before="mean"), mean="""
        def mean(numbers):
            return sum(numbers, ZERO) / len(numbers) if numbers else ZERO
        """, load="""
        async def read():
            await asyncio.sleep(0)
            return np.loadtxt("readings.csv", delimiter=",", skiprows=1)[:, 1]
        volts = await read()
        """),
    variant("threads", "A pool of threads.", evens="""
        from concurrent.futures import ThreadPoolExecutor
        def evens(numbers):
            numbers = list(numbers)
            with ThreadPoolExecutor(4) as pool:
                keep = list(pool.map(lambda n: n % 2 == 0, numbers))
            return [n for n, k in zip(numbers, keep) if k]
        """),
    variant("processes", "A pool of two processes, in a cell and in a function.", lambda hand: hand.add("""
        import multiprocessing
        def squared(x):
            return x * x
        with multiprocessing.Pool(2) as pool:
            assert pool.map(squared, range(4)) == [0, 1, 4, 9]
        """, before="evens"), evens="""
        def is_even(n):
            return n % 2 == 0
        def evens(numbers):
            numbers = list(numbers)
            with multiprocessing.Pool(2) as pool:
                return [n for n, keep in zip(numbers, pool.map(is_even, numbers)) if keep]
        """),
    variant("seeds-and-chance", "Quicksort with a pivot by lot, seeded.", tidy="""
        import random
        random.seed(1)
        np.random.seed(1)
        def quick(values):
            if len(values) < 2:
                return values
            pivot = random.choice(values)
            low, high = [v for v in values if v < pivot], [v for v in values if v > pivot]
            return quick(low) + [v for v in values if v == pivot] + quick(high)
        def tidy(values):
            values[:] = quick([v for v in values if not v < 0])
            return values
        """),
    variant("removes-one-by-one", "In place, by del, pop and insertion.", tidy="""
        def tidy(values):
            k = 0
            while k < len(values):
                if values[k] < 0:
                    values.pop(k)
                else:
                    k += 1
            for k in range(1, len(values)):
                j = k
                while j > 0 and values[j - 1] > values[j]:
                    values[j - 1], values[j] = values[j], values[j - 1]
                    j -= 1
            return values
        """),
    variant("prints-otherwise", "By format, by percent, by write.", report="""
        import sys
        def report(name, value):
            sys.stdout.write("%s: %.2f" % (name, value))
            print()
        """),
    variant("prints-in-pieces", "With sep, end and flush.", report="""
        def report(name, value):
            print(name, ": ", sep="", end="", flush=True)
            print("{:.2f}".format(value))
        """),
    variant("prints-by-a-helper", "A helper prints, and the function returns something, too.", report="""
        def line(*parts):
            print("".join(parts))
            return len(parts)
        def report(name, value):
            return line(name, ": ", f"{value:.2f}")
        """),
    variant("names-of-all-languages", "σ, ñ, Übung and naïve are names.", mean="""
        def mean(números):
            Übung = naïve = 0
            for σ in números:
                Übung += σ
            return Übung / len(números) if números else naïve
        """),
    variant("very-long-line", "A line of two hundred thousand characters.",
            mean="TABLE = [" + "1, " * 70_000 + "1]\ndef mean(numbers):\n"
                 "    return sum(numbers) / len(numbers) if numbers else 0"),
    variant("odd-layout", "Tabs, semicolons, backslashes, blank ends.",
            mean="\n\n\ndef mean(numbers):\n\tif not numbers: return 0\n"
                 "\ttotal = 0; count = len(numbers)   \n\tfor n in numbers: total += n; \n"
                 "\treturn total \\\n\t\t/ count\n\n# the end   "),
    variant("evaluates-text", "eval and compile.", mean="""
        formula = compile("sum(numbers) / len(numbers) if numbers else 0", "formula", "eval")
        def mean(numbers):
            return eval(formula, {"numbers": numbers})
        """),
    variant("asks-the-shell", "Uses get_ipython().", mean="""
        shell = get_ipython()
        shell.run_line_magic("pwd", "")
        shell.user_ns["empty"] = 0
        def mean(numbers):
            return sum(numbers) / len(numbers) if numbers else empty
        """),
    variant("saves-and-reads-a-file", "Through a file in the folder.", mean="""
        import json
        from pathlib import Path
        def mean(numbers):
            Path("mine.json").write_text(json.dumps(list(map(float, numbers))))
            found = json.loads(Path("mine.json").read_text())
            return sum(found) / len(found) if found else 0
        """),
    variant("through-a-database", "sqlite3 and a temporary folder.", mean="""
        import sqlite3, tempfile, os
        def mean(numbers):
            with tempfile.TemporaryDirectory() as folder:
                book = sqlite3.connect(os.path.join(folder, "numbers.db"))
                book.execute("create table n (x real)")
                book.executemany("insert into n values (?)", [(float(n),) for n in numbers])
                found = book.execute("select avg(x) from n").fetchone()[0]
                book.close()
            return found or 0
        """),
    variant("large-memory", "A hundred megabytes, and a million elements, kept in names.", mean="""
        big = np.ones(12_500_000)
        million = list(range(1_000_000))
        def mean(numbers):
            return float(np.dot(big[: len(numbers)], numbers)) / len(numbers) if len(numbers) else 0
        """),
]  # fmt: skip
