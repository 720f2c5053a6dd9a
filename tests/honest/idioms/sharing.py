# ruff: noqa
# fmt: off
# Whether things are the same thing, a copy, or a view: what tests do to find out.
# %% given
import copy
import json
import pickle
import numpy as np

# %% idiom shallow-copy-is-not-enough
# %% solution
def copied_board(board):
    return [list(row) for row in board]
# %% test
board = [[0, 0], [0, 0]]
new = copied_board(board)
new[0][0] = 1
assert board[0][0] == 0, "a copy of the rows, too"
### BEGIN HIDDEN TESTS
board = [[1, 2], [3, 4]]
new = copied_board(board)
assert new == board and new is not board and new[1] is not board[1]
board[1][1] = 5
assert new[1][1] == 4
### END HIDDEN TESTS
# %% other
def copied_board(board):
    return copy.deepcopy(board)
# %% wrong
def copied_board(board):
    return list(board)

# %% idiom copy-not-view
# %% solution
def first_row(matrix):
    return matrix[0].copy()
# %% test
m = np.arange(6.0).reshape(2, 3)
row = first_row(m)
row[0] = 99
assert m[0, 0] == 0, "the matrix must not change with its row"
### BEGIN HIDDEN TESTS
m = np.ones((2, 2))
assert not np.shares_memory(m, first_row(m))
### END HIDDEN TESTS
# %% other
def first_row(matrix):
    return np.array(matrix[0, :])
# %% wrong
def first_row(matrix):
    return matrix[0]

# %% idiom view-not-copy
# %% solution
def diagonal_block(matrix, size):
    return matrix[:size, :size]
# %% test
m = np.zeros((3, 3))
diagonal_block(m, 2)[:] = 1
assert m.sum() == 4, "give a view, so that one can write through it"
### BEGIN HIDDEN TESTS
block = diagonal_block(m, 1)
block += 5
assert m[0, 0] == 6 and np.shares_memory(block, m)
### END HIDDEN TESTS
# %% other
def diagonal_block(matrix, size):
    rows = slice(0, size)
    return matrix[rows, rows]
# %% wrong
def diagonal_block(matrix, size):
    return matrix[:size, :size].copy()

# %% idiom keeps-its-own-copy
# %% solution
class Stack:
    def __init__(self, items=()):
        self._items = list(items)

    def push(self, item):
        self._items.append(item)

    def pop(self):
        return self._items.pop()

    def items(self):
        return list(self._items)
# %% test
data = [1, 2]
s = Stack(data)
data.append(3)
assert s.items() == [1, 2], "keep a copy of what you are given"
### BEGIN HIDDEN TESTS
s.push(9)
assert data == [1, 2, 3] and s.pop() == 9
s.items().append("x")
assert s.items() == [1, 2], "and give a copy away"
### END HIDDEN TESTS
# %% other
class Stack:
    def __init__(self, items=()):
        self.inner = tuple(items)

    def push(self, item):
        self.inner += (item,)

    def pop(self):
        *rest, last = self.inner
        self.inner = tuple(rest)
        return last

    def items(self):
        return [*self.inner]
# %% wrong
class Stack:
    def __init__(self, items=()):
        self._items = items

    def push(self, item):
        self._items.append(item)

    def pop(self):
        return self._items.pop()

    def items(self):
        return self._items

# %% idiom the-same-each-time
# %% solution
_settings = {}

def settings():
    return _settings
# %% test
assert settings() is settings()
settings()["colour"] = "red"
assert settings()["colour"] == "red"
### BEGIN HIDDEN TESTS
settings().clear()
assert settings() == {}
### END HIDDEN TESTS
# %% other
def settings(_kept={}):
    return _kept
# %% wrong
def settings():
    return {}

# %% idiom attribute-changed-from-outside
# %% solution
class Cart:
    def __init__(self):
        self.items = []

    def count(self):
        return len(self.items)
# %% test
cart = Cart()
cart.items.append("tea")
assert cart.count() == 1
### BEGIN HIDDEN TESTS
cart.items += ["milk", "jam"]
assert cart.count() == 3 and cart.items[-1] == "jam"
assert Cart().count() == 0
### END HIDDEN TESTS
# %% other
class Cart:
    def __init__(self):
        self.items = list()

    def count(self):
        return sum(1 for _ in self.items)
# %% wrong
class Cart:
    items = []

    def count(self):
        return len(self.items)

# %% idiom one-of-the-arguments-is-returned
# %% solution
def longer(a, b):
    return a if len(a) >= len(b) else b

def oldest(people):
    return max(people, key=lambda person: person["age"])
# %% test
x, y = [1, 2, 3], [4, 5]
assert longer(x, y) is x
### BEGIN HIDDEN TESTS
assert longer(y, x) is x
people = [{"age": 3}, {"age": 8}, {"age": 5}]
assert oldest(people) is people[1]
oldest(people)["age"] = 0
assert people == [{"age": 3}, {"age": 0}, {"age": 5}]
### END HIDDEN TESTS
# %% other
def longer(a, b):
    if len(b) > len(a):
        a = b
    return a

def oldest(people):
    return sorted(people, key=lambda person: -person["age"])[0]
# %% wrong
def longer(a, b):
    return list(a) if len(a) >= len(b) else list(b)

def oldest(people):
    return dict(max(people, key=lambda person: person["age"]))

# %% idiom copied-and-pickled
# %% solution
class Pixel:
    def __init__(self, x, y):
        self.x, self.y = x, y

def as_json(pixel):
    return json.dumps({"x": pixel.x, "y": pixel.y})
# %% test
p = Pixel(1, 2)
q = copy.copy(p)
q.x = 9
assert p.x == 1
### BEGIN HIDDEN TESTS
r = copy.deepcopy(p)
assert (r.x, r.y) == (1, 2) and r is not p
assert pickle.loads(pickle.dumps(p)).y == 2
assert json.loads(as_json(p)) == {"x": 1, "y": 2}
### END HIDDEN TESTS
# %% other
class Pixel:
    def __init__(self, x, y):
        self.__dict__.update(x=x, y=y)

def as_json(pixel):
    return json.dumps(vars(pixel))
# %% wrong
class Pixel:
    def __init__(self, x, y):
        self.x, self.y = x, y

def as_json(pixel):
    return str(vars(pixel))

# %% idiom large-array
# %% solution
big = np.arange(12_500_000, dtype=float)

def scaled(a):
    return 2 * a
# %% test
assert big.nbytes == 100_000_000 and big[-1] == 12_499_999
### BEGIN HIDDEN TESTS
assert scaled(np.ones(1_000_000)).sum() == 2_000_000
assert big.sum() == 12_500_000 * 12_499_999 / 2
### END HIDDEN TESTS
# %% other
big = np.linspace(0, 12_499_999, 12_500_000)

def scaled(a):
    a = a.copy()
    a += a
    return a
# %% wrong
big = np.zeros(12_500_000)

def scaled(a):
    return a

# %% idiom ring-of-lists
# %% solution
def ring():
    a = [1]
    a.append(a)
    return a

def shared_rows(n):
    row = [0] * n
    return [row] * n
# %% test
r = ring()
assert r[0] == 1 and r[1] is r
### BEGIN HIDDEN TESTS
rows = shared_rows(2)
rows[0][0] = 7
assert rows[1][0] == 7 and rows[0] is rows[1]
### END HIDDEN TESTS
# %% other
def ring():
    a = []
    a += [1, a]
    return a

def shared_rows(n):
    row = [0 for _ in range(n)]
    return [row for _ in range(n)]
# %% wrong
def ring():
    return [1, [1]]

def shared_rows(n):
    return [[0] * n for _ in range(n)]
