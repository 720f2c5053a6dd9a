# ruff: noqa
# fmt: off
# Cells that rest on one another: given cells on answers, tests on earlier tests, answers on earlier answers.
# %% given
import math
import numpy as np
import matplotlib.pyplot as plt
get_ipython().run_line_magic("matplotlib", "inline")
np.random.seed(12)

# %% idiom answer-that-rests-on-an-answer
# %% solution
def square(x):
    return x * x

def hypotenuse(a, b):
    return math.sqrt(square(a) + square(b))
# %% test
assert square(3) == 9
### BEGIN HIDDEN TESTS
assert hypotenuse(3, 4) == 5
### END HIDDEN TESTS
# %% other
square = lambda x: x**2

def hypotenuse(*sides):
    return sum(map(square, sides)) ** 0.5
# %% wrong
def square(x):
    return 2 * x

def hypotenuse(a, b):
    return square(a) + square(b)

# %% given
squares = [square(k) for k in range(5)]
plt.plot(squares)
plt.title("squares")
plt.show()

# %% idiom given-cell-uses-an-answer
# %% solution
total_of_squares = sum(squares)
# %% test
assert squares == [0, 1, 4, 9, 16]
### BEGIN HIDDEN TESTS
assert total_of_squares == 30
### END HIDDEN TESTS
# %% other
total_of_squares = 0
for one in squares:
    total_of_squares += one
# %% wrong
total_of_squares = max(squares)

# %% idiom drawn-after-a-given-seed
# %% solution
sample = np.random.normal(size=100)
spread = sample.std()
# %% test
assert sample.shape == (100,)
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(spread, np.std(sample))
assert abs(sample.mean()) < 0.5
### END HIDDEN TESTS
# %% other
sample = np.array([np.random.normal() for _ in range(100)])
spread = np.sqrt(np.mean((sample - sample.mean()) ** 2))
# %% wrong
sample = np.zeros(100)
spread = 1.0

# %% idiom class-for-the-next-cells
# %% solution
class Wallet:
    def __init__(self, coins=0):
        self.coins = coins

    def put(self, coins):
        self.coins += coins
        return self.coins
# %% test
wallet = Wallet(2)
assert wallet.put(3) == 5
### BEGIN HIDDEN TESTS
assert Wallet().coins == 0
### END HIDDEN TESTS
# %% other
class Wallet:
    coins = 0

    def __init__(self, coins=None):
        if coins is not None:
            self.coins = coins

    def put(self, coins):
        self.coins = self.coins + coins
        return self.coins
# %% wrong
class Wallet:
    def __init__(self, coins=0):
        self.coins = coins

    def put(self, coins):
        self.coins = coins
        return self.coins

# %% given
lunch = Wallet(10)
lunch.put(5)

# %% idiom object-of-a-given-cell
# %% solution
lunch.put(100)
spent = lunch.coins - 15
# %% test
assert lunch.coins == 115
### BEGIN HIDDEN TESTS
assert spent == 100
assert lunch.put(1) == 116
### END HIDDEN TESTS
# %% other
for _ in range(100):
    lunch.put(1)
spent = 100
# %% wrong
lunch = None
spent = 100

# %% idiom goes-on-with-the-test-before
# %% solution
def richer(one, other):
    return one if one.coins >= other.coins else other
# %% test
assert wallet.coins == 5, "the wallet of the test before"
poor = Wallet(1)
assert richer(wallet, poor).coins == 5
### BEGIN HIDDEN TESTS
assert richer(poor, wallet).coins == 5
assert richer(Wallet(1), Wallet(0)).coins == 1
### END HIDDEN TESTS
# %% other
def richer(one, other):
    return max(one, other, key=lambda wallet: wallet.coins)
# %% wrong
def richer(one, other):
    return one

# %% idiom one-room-after-two
# %% solution
def drained(wallet):
    taken, wallet.coins = wallet.coins, 0
    return taken
# %% test
kept = wallet
assert kept is not poor
assert drained(wallet) == 5 and kept.coins == 0
### BEGIN HIDDEN TESTS
assert drained(poor) == 1 and poor.coins == 0
helper_of_this_test = drained(Wallet(7))
### END HIDDEN TESTS
# %% other
def drained(wallet):
    taken = wallet.coins
    wallet.put(-taken)
    return taken
# %% wrong
def drained(wallet):
    return wallet.coins

# %% idiom two-rooms-after-one
# %% solution
def refill(wallet, coins):
    wallet.coins = max(wallet.coins, coins)
    return wallet.coins
# %% test
fresh = Wallet(3)
assert refill(fresh, 10) == 10 and fresh.coins == 10
### BEGIN HIDDEN TESTS
assert helper_of_this_test == 7
assert refill(fresh, 4) == 10
### END HIDDEN TESTS
# %% other
def refill(wallet, coins):
    if wallet.coins < coins:
        wallet.put(coins - wallet.coins)
    return wallet.coins
# %% wrong
def refill(wallet, coins):
    return coins

# %% idiom import-in-the-answer
# %% solution
import statistics
from collections import Counter as Tally

def middle(values):
    return statistics.median(values)
# %% test
assert middle([3, 1, 2]) == statistics.median([3, 1, 2])
### BEGIN HIDDEN TESTS
assert Tally("aab")["a"] == 2
assert middle([4, 1]) == 2.5
### END HIDDEN TESTS
# %% other
import statistics
from collections import Counter as Tally
middle = statistics.median
# %% wrong
import statistics
from collections import Counter as Tally

def middle(values):
    return values[len(values) // 2]

# %% idiom same-name-twice
# %% solution
def scale(x):
    return 10 * x
# %% test
assert scale(2) == 20
### BEGIN HIDDEN TESTS
first_scale = scale
assert first_scale(0) == 0
### END HIDDEN TESTS
# %% other
def scale(x, factor=10):
    return factor * x
# %% wrong
def scale(x):
    return 10 + x

# %% idiom defined-anew
# %% solution
def scale(x, factor):
    return factor * x
# %% test
assert scale(2, 3) == 6
### BEGIN HIDDEN TESTS
assert first_scale(4) == 40, "the function of the earlier cell still does what it did"
assert scale is not None and scale("ab", 2) == "abab"
### END HIDDEN TESTS
# %% other
scale = lambda x, factor: x * factor
# %% wrong
def scale(x, factor):
    return x + factor
