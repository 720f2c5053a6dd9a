# ruff: noqa
# fmt: off
# Classes that a learner writes, and classes that the course gives.
# %% given
import copy
import math

# %% idiom attributes-of-an-instance
# %% solution
class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def norm(self):
        return math.hypot(self.x, self.y)
# %% test
v = Vector(3, 4)
assert v.x == 3 and v.y == 4
### BEGIN HIDDEN TESTS
assert v.norm() == 5
assert Vector(-6, 8).norm() == 10
### END HIDDEN TESTS
# %% other
class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

    def norm(self):
        return (self.x**2 + self.y**2) ** 0.5
# %% other
from dataclasses import dataclass

@dataclass
class Vector:
    x: float
    y: float

    def norm(self) -> float:
        return abs(complex(self.x, self.y))
# %% wrong
class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def norm(self):
        return self.x + self.y

# %% idiom equal-instances
# %% solution
class Colour:
    def __init__(self, red, green, blue):
        self.parts = (red, green, blue)

    def __eq__(self, other):
        return isinstance(other, Colour) and self.parts == other.parts

    def __hash__(self):
        return hash(self.parts)
# %% test
assert Colour(1, 2, 3) == Colour(1, 2, 3)
### BEGIN HIDDEN TESTS
assert Colour(1, 2, 3) != Colour(3, 2, 1)
assert len({Colour(0, 0, 0), Colour(0, 0, 0), Colour(1, 0, 0)}) == 2
### END HIDDEN TESTS
# %% other
from dataclasses import dataclass

@dataclass(frozen=True)
class Colour:
    red: int
    green: int
    blue: int
# %% other
from typing import NamedTuple

class Colour(NamedTuple):
    red: int
    green: int
    blue: int
# %% wrong
class Colour:
    def __init__(self, red, green, blue):
        self.parts = (red, green, blue)

# %% idiom operators
# %% solution
class Money:
    def __init__(self, cents):
        self.cents = cents

    def __add__(self, other):
        return Money(self.cents + other.cents)

    def __mul__(self, times):
        return Money(self.cents * times)

    __rmul__ = __mul__

    def __neg__(self):
        return Money(-self.cents)
# %% test
total = Money(150) + Money(50)
assert isinstance(total, Money)
assert total.cents == 200
### BEGIN HIDDEN TESTS
assert (Money(7) * 3).cents == 21
assert (3 * Money(7)).cents == 21
assert (-Money(5)).cents == -5
### END HIDDEN TESTS
# %% other
class Money:
    def __init__(self, cents):
        self.cents = int(cents)

    def __add__(self, other):
        if not isinstance(other, Money):
            return NotImplemented
        return type(self)(self.cents + other.cents)

    def __mul__(self, times):
        return type(self)(self.cents * times)

    def __rmul__(self, times):
        return self * times

    def __neg__(self):
        return self * -1
# %% other
class Money(int):
    @property
    def cents(self):
        return int(self)

    def __add__(self, other):
        return Money(int(self) + int(other))

    def __mul__(self, times):
        return Money(int(self) * times)

    __rmul__ = __mul__

    def __neg__(self):
        return Money(-int(self))
# %% wrong
class Money:
    def __init__(self, cents):
        self.cents = cents

    def __add__(self, other):
        return Money(self.cents + other.cents)

# %% idiom text-of-an-instance
# %% solution
class Ket:
    def __init__(self, label):
        self.label = label

    def __repr__(self):
        return f"Ket({self.label!r})"

    def __str__(self):
        return f"|{self.label}>"
# %% test
assert str(Ket("0")) == "|0>"
### BEGIN HIDDEN TESTS
assert repr(Ket("+")) == "Ket('+')"
assert f"{Ket('1')} and {Ket('0')!r}" == "|1> and Ket('0')"
### END HIDDEN TESTS
# %% other
class Ket:
    def __init__(self, label):
        self._label = str(label)

    def __repr__(self):
        return "Ket(%r)" % self._label

    def __str__(self):
        return "|" + self._label + ">"
# %% other
class Ket(str):
    def __repr__(self):
        return f"Ket({str.__repr__(self)})"

    def __str__(self):
        return "|" + str.__str__(self) + ">"

    def __format__(self, spec):
        return format(str(self), spec)
# %% wrong
class Ket:
    def __init__(self, label):
        self.label = label

    def __str__(self):
        return f"|{self.label}>"

# %% idiom properties
# %% solution
class Square:
    def __init__(self, side):
        self.side = side

    @property
    def area(self):
        return self.side**2

    @area.setter
    def area(self, value):
        if value < 0:
            raise ValueError("no area is negative")
        self.side = value**0.5
# %% test
s = Square(3)
assert s.area == 9
s.side = 4
assert s.area == 16
### BEGIN HIDDEN TESTS
s.area = 25
assert s.side == 5
try:
    s.area = -1
    assert False, "a negative area was taken"
except ValueError:
    pass
### END HIDDEN TESTS
# %% other
class Square:
    def __init__(self, side):
        self.side = side

    def _get(self):
        return self.side * self.side

    def _set(self, value):
        self.side = math.sqrt(value)

    area = property(_get, _set)
# %% wrong
class Square:
    def __init__(self, side):
        self.side = side
        self.area = side**2

# %% idiom class-and-static-methods
# %% solution
class Celsius:
    zero = -273.15

    def __init__(self, degrees):
        self.degrees = degrees

    @classmethod
    def from_kelvin(cls, kelvin):
        return cls(kelvin + cls.zero)

    @staticmethod
    def is_possible(degrees):
        return degrees >= -273.15
# %% test
assert Celsius.from_kelvin(273.15).degrees == 0
assert Celsius.is_possible(20)
### BEGIN HIDDEN TESTS
assert Celsius.zero == -273.15
assert not Celsius.is_possible(-300)
assert isinstance(Celsius.from_kelvin(0), Celsius)
### END HIDDEN TESTS
# %% other
class Celsius:
    zero = -273.15

    def __init__(self, degrees):
        self.degrees = degrees

    @classmethod
    def from_kelvin(cls, kelvin):
        made = cls.__new__(cls)
        made.degrees = kelvin - 273.15
        return made

    @classmethod
    def is_possible(cls, degrees):
        return not degrees < cls.zero
# %% wrong
class Celsius:
    zero = -273.15

    def __init__(self, degrees):
        self.degrees = degrees

    @classmethod
    def from_kelvin(cls, kelvin):
        return kelvin + cls.zero

    @staticmethod
    def is_possible(degrees):
        return degrees >= -273.15

# %% given
class Shape:
    """Something with an area."""

    def area(self):
        raise NotImplementedError

    def describe(self):
        return f"{type(self).__name__} of area {self.area():.2f}"

# %% idiom inherits-from-a-given-class
# %% solution
class Circle(Shape):
    def __init__(self, radius):
        self.radius = radius

    def area(self):
        return math.pi * self.radius**2
# %% test
c = Circle(1)
assert isinstance(c, Shape)
assert abs(c.area() - math.pi) < 1e-9
### BEGIN HIDDEN TESTS
assert issubclass(Circle, Shape)
assert c.describe() == "Circle of area 3.14"
assert Circle(2).area() == 4 * math.pi
### END HIDDEN TESTS
# %% other
class Circle(Shape):
    def __init__(self, radius):
        super().__init__()
        self.radius = radius

    def area(self):
        from numpy import pi
        return pi * self.radius * self.radius
# %% wrong
class Circle:
    def __init__(self, radius):
        self.radius = radius

    def area(self):
        return math.pi * self.radius**2

# %% idiom container-protocol
# %% solution
class Playlist:
    def __init__(self, songs):
        self.songs = list(songs)

    def __len__(self):
        return len(self.songs)

    def __getitem__(self, place):
        return self.songs[place]

    def __iter__(self):
        return iter(self.songs)
# %% test
p = Playlist(["a", "b", "c"])
assert len(p) == 3
assert p[0] == "a" and p[-1] == "c"
### BEGIN HIDDEN TESTS
assert [song for song in p] == ["a", "b", "c"]
assert p[1:] == ["b", "c"]
try:
    p[9]
    assert False, "there is no tenth song"
except IndexError:
    pass
### END HIDDEN TESTS
# %% other
class Playlist(list):
    pass
# %% other
from collections import UserList

class Playlist:
    def __init__(self, songs):
        self._songs = tuple(songs)

    def __len__(self):
        return len(self._songs)

    def __getitem__(self, place):
        found = self._songs[place]
        return list(found) if isinstance(place, slice) else found

    def __iter__(self):
        yield from self._songs
# %% wrong
class Playlist:
    def __init__(self, songs):
        self.songs = list(songs)

    def __len__(self):
        return len(self.songs)

    def __getitem__(self, place):
        return self.songs[0]

# %% idiom membership
# %% solution
class Interval:
    def __init__(self, low, high):
        self.low, self.high = low, high

    def __contains__(self, value):
        return self.low <= value <= self.high
# %% test
assert 3 in Interval(1, 5)
### BEGIN HIDDEN TESTS
assert 7 not in Interval(1, 5)
assert 5 in Interval(1, 5)
### END HIDDEN TESTS
# %% other
class Interval:
    def __init__(self, low, high):
        self.ends = sorted((low, high))

    def __contains__(self, value):
        return not (value < self.ends[0] or value > self.ends[1])
# %% wrong
class Interval:
    def __init__(self, low, high):
        self.low, self.high = low, high

    def __contains__(self, value):
        return self.low < value < self.high

# %% idiom truth-and-order
# %% solution
class Version:
    def __init__(self, *numbers):
        self.numbers = numbers

    def __lt__(self, other):
        return self.numbers < other.numbers

    def __bool__(self):
        return bool(self.numbers)
# %% test
assert Version(1, 2) < Version(1, 10)
assert not Version()
### BEGIN HIDDEN TESTS
ordered = sorted([Version(2), Version(1, 5), Version(1)])
assert [v.numbers for v in ordered] == [(1,), (1, 5), (2,)]
assert Version(0)
### END HIDDEN TESTS
# %% other
import functools

@functools.total_ordering
class Version:
    def __init__(self, *numbers):
        self.numbers = numbers

    def __eq__(self, other):
        return self.numbers == other.numbers

    def __gt__(self, other):
        return other.numbers < self.numbers

    def __len__(self):
        return len(self.numbers)
# %% wrong
class Version:
    def __init__(self, *numbers):
        self.numbers = numbers

    def __lt__(self, other):
        return self.numbers > other.numbers

    def __bool__(self):
        return bool(self.numbers)

# %% idiom context-manager
# %% solution
class Recorder:
    def __init__(self):
        self.log = []

    def __enter__(self):
        self.log.append("in")
        return self

    def __exit__(self, kind, error, trace):
        self.log.append("out" if kind is None else kind.__name__)
        return kind is KeyError
# %% test
r = Recorder()
with r as inner:
    assert r.log == ["in"]
assert r.log == ["in", "out"]
### BEGIN HIDDEN TESTS
with Recorder() as other_one:
    raise KeyError("swallowed")
assert other_one.log == ["in", "KeyError"]
### END HIDDEN TESTS
# %% other
class Recorder:
    def __init__(self):
        self.log = []

    def __enter__(self):
        self.log += ["in"]
        return self

    def __exit__(self, *details):
        if details[0] is None:
            self.log += ["out"]
            return False
        self.log += [details[0].__name__]
        return issubclass(details[0], KeyError)
# %% wrong
class Recorder:
    def __init__(self):
        self.log = []

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.log.append("out")

# %% idiom callable-instance
# %% solution
class Line:
    def __init__(self, slope, offset=0):
        self.slope, self.offset = slope, offset

    def __call__(self, x):
        return self.slope * x + self.offset
# %% test
f = Line(2, 1)
assert f(3) == 7
### BEGIN HIDDEN TESTS
assert [Line(-1)(x) for x in (0, 1, 2)] == [0, -1, -2]
assert callable(f)
### END HIDDEN TESTS
# %% other
class Line:
    def __init__(self, slope, offset=0):
        self._inner = lambda x: slope * x + offset

    def __call__(self, x):
        return self._inner(x)
# %% wrong
class Line:
    def __init__(self, slope, offset=0):
        self.slope, self.offset = slope, offset

    def __call__(self, x):
        return self.slope * x

# %% idiom class-keeps-count
# %% solution
class Robot:
    made = 0

    def __init__(self, name):
        Robot.made += 1
        self.name = name
        self.number = Robot.made
# %% test
before = Robot.made
first, second = Robot("a"), Robot("b")
assert Robot.made == before + 2
### BEGIN HIDDEN TESTS
assert second.number == first.number + 1
### END HIDDEN TESTS
# %% other
class Robot:
    made = 0

    def __init__(self, name):
        type(self).made += 1
        self.name, self.number = name, self.made
# %% wrong
class Robot:
    made = 0

    def __init__(self, name):
        self.made += 1
        self.name, self.number = name, self.made

# %% idiom state-of-an-instance
# %% solution
class Account:
    def __init__(self):
        self.balance = 0
        self.history = []

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("only positive amounts")
        self.balance += amount
        self.history.append(amount)

    def withdraw(self, amount):
        if amount > self.balance:
            raise RuntimeError("not enough")
        self.balance -= amount
        self.history.append(-amount)
        return amount
# %% test
a = Account()
a.deposit(10)
assert a.balance == 10
### BEGIN HIDDEN TESTS
b = Account()
assert a.withdraw(4) == 4
assert a.history == [10, -4] and b.history == []
try:
    b.withdraw(1)
except RuntimeError as error:
    assert "enough" in str(error)
else:
    raise AssertionError("it went below zero")
### END HIDDEN TESTS
# %% other
class Account:
    def __init__(self):
        self.history = []

    @property
    def balance(self):
        return sum(self.history)

    def deposit(self, amount):
        assert amount > 0
        self.history.append(amount)

    def withdraw(self, amount):
        if self.balance < amount:
            raise RuntimeError(f"{self.balance} is not enough")
        self.history.append(-amount)
        return amount
# %% other
class Account(dict):
    """A learner who has heard that everything is a dict."""

    def __init__(self):
        super().__init__(balance=0)
        self.history = []

    @property
    def balance(self):
        return self["balance"]

    def deposit(self, amount):
        self["balance"] += amount
        self.history.append(amount)

    def withdraw(self, amount):
        if amount > self["balance"]:
            raise RuntimeError("there is not enough")
        self["balance"] -= amount
        self.history.append(-amount)
        return amount
# %% wrong
class Account:
    balance = 0
    history = []

    def deposit(self, amount):
        self.balance += amount
        self.history.append(amount)

    def withdraw(self, amount):
        self.balance -= amount
        self.history.append(-amount)
        return amount

# %% idiom looks-inside
# %% solution
class Box:
    def __init__(self, size):
        self.size = size
        self.items = []

    def put(self, item):
        self.items.append(item)
        return self
# %% test
box = Box(3)
assert hasattr(box, "size") and hasattr(box, "put") and not hasattr(box, "weight")
assert box.put("a").put("b") is box
### BEGIN HIDDEN TESTS
assert getattr(box, "items") == ["a", "b"]
assert type(box).__name__ == "Box" and type(box) is Box
assert "items" in vars(box)
### END HIDDEN TESTS
# %% other
class Box:
    """Holds things."""

    def __init__(self, size):
        self.items = list()
        self.size = size

    def put(self, item):
        self.items = self.items + [item]
        return self
# %% wrong
class Box:
    def __init__(self, size):
        self.size = size
        self.items = []

    def put(self, item):
        return Box(self.size)
