"""Learners whose results are of another type than the instructor's, where the test allows it."""

from __future__ import annotations

from tests.honest.variant import variant

_LOAD = "volts = {}"

VARIANTS = [
    variant("numbers-of-numpy", "Means are numpy scalars.",
            mean="def mean(numbers):\n    return np.mean(numbers) if len(numbers) else np.float64(0)"),
    variant("arrays-without-dimension", "A mean is an array of shape ().",
            mean="def mean(numbers):\n    return np.array(sum(numbers) / max(1, len(numbers)))"),
    variant("fractions", "Exact numbers.", mean="""
        from fractions import Fraction
        def mean(numbers):
            return sum(map(Fraction, numbers), Fraction(0)) / max(1, len(numbers))
        """),
    variant("decimals", "Decimal numbers.", mean="""
        from decimal import Decimal
        def mean(numbers):
            return sum((Decimal(n) for n in numbers), Decimal(0)) / max(1, len(numbers))
        """, load="""
        from decimal import Decimal
        volts = [Decimal(line.split(",")[1].strip()) for line in open("readings.csv").readlines()[1:]]
        """),
    variant("wider-numbers", "Longer floats than usual, and complex numbers for integers.", mean="""
        def mean(numbers):
            return np.mean(np.asarray(numbers, dtype=np.longdouble)) if len(numbers) else np.longdouble(0)
        """, evens="def evens(numbers):\n    return [complex(n) for n in numbers if n % 2 == 0]"),
    variant("true-for-one", "Booleans of numpy decide.", evens="""
        def evens(numbers):
            numbers = np.array(list(numbers), dtype=int)
            keep = np.equal(numbers % 2, 0)
            assert isinstance(keep.all(), np.bool_)
            return numbers[keep]
        """),
    variant("tuples", "Tuples for lists.",
            evens="def evens(numbers):\n    return tuple(n for n in numbers if n % 2 == 0)",
            load="volts = tuple(float(row.split(',')[1]) for row in list(open('readings.csv'))[1:])"),
    variant("a-generator", "The even numbers come one by one.",
            evens="def evens(numbers):\n    for n in numbers:\n        if n % 2 == 0:\n            yield n"),
    variant("a-generator-expression", "And as an expression.",
            evens="def evens(numbers):\n    return (n for n in numbers if not n % 2)"),
    variant("a-filter", "filter() as it is.",
            evens="def evens(numbers):\n    return filter(lambda n: n % 2 == 0, numbers)"),
    variant("a-range-or-keys", "Keys of a dict.",
            evens="def evens(numbers):\n    return dict.fromkeys(n for n in numbers if n % 2 == 0).keys()"),
    variant("a-deque", "A queue from collections.", evens="""
        from collections import deque
        def evens(numbers):
            found = deque()
            for n in reversed(list(numbers)):
                if n % 2 == 0:
                    found.appendleft(n)
            return found
        """),
    variant("a-list-of-ones-own", "A subclass of list.", evens="""
        class Numbers(list):
            def even(self):
                return Numbers(n for n in self if n % 2 == 0)
        def evens(numbers):
            return Numbers(numbers).even()
        """),
    variant("an-iterable-of-ones-own", "An instance that can be iterated over.", evens="""
        class Evens:
            def __init__(self, numbers):
                self.numbers = numbers
            def __iter__(self):
                return (n for n in self.numbers if n % 2 == 0)
        def evens(numbers):
            return Evens(numbers)
        """),
    variant("a-list-under-a-name", "The data are held by a list of one's own with a method.", load="""
        class Volts(list):
            def mean(self):
                return sum(self) / len(self)
        volts = Volts(map(float, np.loadtxt("readings.csv", delimiter=",", skiprows=1)[:, 1]))
        """, tidy="""
        class Sorted(list):
            def largest(self):
                return self[-1]
        def tidy(values):
            values[:] = sorted(value for value in values if value >= 0)
            return Sorted(values)
        """),
    variant("an-iterable-with-a-length", "It can be iterated over, and knows how long it is.", evens="""
        class Evens:
            def __init__(self, numbers):
                self.found = [n for n in numbers if n % 2 == 0]
            def __len__(self):
                return len(self.found)
            def __getitem__(self, place):
                return self.found[place]
            def __iter__(self):
                return iter(self.found)
        def evens(numbers):
            return Evens(numbers)
        """),
    variant("a-dict-of-ones-own", "A subclass of dict with a method.", words="""
        class Tally(dict):
            def add(self, word):
                self[word] = self.get(word, 0) + 1
        def words(text):
            tally = Tally()
            for word in text.split():
                tally.add(word)
            return tally
        """),
    variant("a-number-of-ones-own", "A subclass of float with a property.", mean="""
        class Volt(float):
            @property
            def milli(self):
                return 1000 * self
        def mean(numbers):
            return Volt(sum(numbers) / len(numbers)) if numbers else Volt(0)
        """),
    variant("a-series", "pandas for lists.", evens="""
        import pandas as pd
        def evens(numbers):
            series = pd.Series(list(numbers), dtype=int)
            return series[series % 2 == 0]
        """, load="import pandas as pd\nvolts = pd.read_csv('readings.csv')['volts']"),
    variant("counted-by-pandas", "pandas for dicts.", words="""
        import pandas as pd
        def words(text):
            return pd.Series(text.split(), dtype=str).value_counts().to_dict()
        """),
    variant("a-counter", "Counter for dict.",
            words="from collections import Counter\ndef words(text):\n    return Counter(text.split())"),
    variant("a-defaultdict", "defaultdict for dict.", words="""
        from collections import defaultdict
        def words(text):
            found = defaultdict(int)
            for word in text.split():
                found[word] += 1
            return found
        """),
    variant("a-defaultdict-of-lambda", "With a factory of one's own.", words="""
        from collections import defaultdict
        def words(text):
            found = defaultdict(lambda: 0)
            for word in text.split():
                found[word] += 1
            return found
        """),
    variant("an-ordered-dict", "OrderedDict, sorted by count.", words="""
        from collections import Counter, OrderedDict
        def words(text):
            return OrderedDict(Counter(text.split()).most_common())
        """),
    variant("a-user-dict", "A mapping of the library that is no dict.", words="""
        from collections import UserDict
        def words(text):
            found = UserDict()
            for word in text.split():
                found[word] = found.get(word, 0) + 1
            return found
        """),
    variant("a-read-only-dict", "A view that nobody can change.", words="""
        from types import MappingProxyType
        def words(text):
            parts = text.split()
            return MappingProxyType({word: parts.count(word) for word in parts})
        """),
    variant("keys-of-numpy", "Keys and counts are numpy's.", words="""
        def words(text):
            return dict(zip(*np.unique(np.array(text.split(), dtype=str), return_counts=True)))
        """),
    variant("texts-of-ones-own", "Keys are a subclass of str.", words="""
        class Word(str):
            pass
        def words(text):
            parts = [Word(part) for part in text.split()]
            return {part: parts.count(part) for part in parts}
        """),
    variant("lists-for-vectors", "Plain lists for arrays.", normalised="""
        def normalised(vector):
            length = sum(abs(x) ** 2 for x in vector) ** 0.5
            return [x / length for x in vector]
        """),
    variant("complex-everywhere", "The vector is complex, always.", normalised="""
        def normalised(vector):
            vector = np.array(vector, dtype=complex)
            return vector / np.sqrt(np.vdot(vector, vector).real)
        """),
    variant("single-column", "Computed as a column, and in Fortran's order.", normalised="""
        def normalised(vector):
            column = np.asfortranarray(np.array(vector, dtype=np.complex128).reshape(-1, 1))
            return (column / np.linalg.norm(column))[:, 0]
        """),
    variant("masked-array", "An array with a mask.", normalised="""
        def normalised(vector):
            return np.ma.masked_invalid(np.asarray(vector) / np.linalg.norm(vector))
        """),
    variant("read-only-array", "An array that cannot be written.", normalised="""
        def normalised(vector):
            result = np.asarray(vector) / np.linalg.norm(vector)
            result.flags.writeable = False
            return result
        """),
    variant("roots-as-a-tuple", "By cmath.", roots="""
        import cmath
        def roots(a, b, c):
            d = cmath.sqrt(b * b - 4 * a * c)
            return (-b + d) / (2 * a), (-b - d) / (2 * a)
        """),
    variant("roots-of-a-polynomial", "By numpy's class.",
            roots="def roots(a, b, c):\n    return np.polynomial.Polynomial([c, b, a]).roots()"),
    variant("roots-as-eigenvalues", "By a companion matrix.",
            roots="def roots(a, b, c):\n    return np.linalg.eigvals([[-b / a, -c / a], [1, 0]])"),
    variant("read-by-csv", "By the csv module.", load="""
        import csv
        with open("readings.csv", newline="") as stream:
            volts = [float(row["volts"]) for row in csv.DictReader(stream)]
        """),
    variant("read-by-path", "With a path of the working folder.", load="""
        import os
        from pathlib import Path
        path = Path(os.getcwd()).resolve() / "readings.csv"
        volts = np.genfromtxt(path, delimiter=",", names=True)["volts"]
        """),
    variant("read-into-an-array", "The array module.", load="""
        from array import array
        volts = array("d", (float(line.split(",")[1]) for line in open("readings.csv").read().split()[1:]))
        """),
    variant("read-as-float32", "Half the digits are enough here.", load="""
        volts = np.loadtxt("readings.csv", delimiter=",", skiprows=1, usecols=1, dtype=np.float32)
        """),
    variant("listed-by-a-class", "A dict of one's own, listed by its values.", load="""
        class Column(dict):
            def __iter__(self):
                return iter(self.values())
        volts = list(Column(enumerate([1.5, -0.5, 2.25, 3.0, -1.25])))
        """),
]  # fmt: skip
