"""Learner code that fights the hatch: it gains nothing, and the examiner's room answers in time."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from autograder.rooms import RoomLost
from autograder.rooms.pair import Pair
from tests.rooms import pairs

# Each call has a few seconds; whoever could make the examiner wait on would be seen by this.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

SECONDS = 1.5
FIGHTS = yaml.safe_load((Path(__file__).parent / "attacks.yml").read_text(encoding="utf-8"))
GREEDY, CHECKS = FIGHTS["greedy"], FIGHTS["checks"]
ATTACKS, CALLBACKS = FIGHTS["attacks"], FIGHTS["callbacks"]
# The solution has functions of these names, and one of them returns instances of its own class.
OWN = ["name:f~function", "name:g~function", "name:Greedy~function", "call:f~instance", "call:f~function"]


@pytest.fixture(scope="module")
def parent():
    with pairs.parent("numpy", "pytest") as one:
        yield one


def held_out(parent, solution, test, **begin):
    """The test must not pass, and the examiner must answer; an endless wait is ended by the bound below."""
    with Pair(parent) as pair:
        book = pairs.Notebook(pair, own=OWN, seconds=SECONDS, **begin)
        try:
            book.solved(solution, {"f", "Greedy"})
        except RoomLost as problem:
            assert pair.learner.room.status is not None, problem
        tested = book.test(test, seconds=SECONDS)
        assert tested.error is not None or tested.late, tested
        again = pair.examiner.test("assert 1 + 1 == 2\n7", [], SECONDS)
        assert again.result == "7" or again.lost or tested.lost, again
        assert pair.examiner.lost is None, "the examiner's room has ended"


@pytest.mark.parametrize("check", CHECKS)
def test_an_object_that_is_everything_is_nothing(parent, check):
    held_out(parent, GREEDY, check, solution_classes=["Greedy"])
    held_out(parent, GREEDY + "f = lambda x: [Greedy()]\n", check.replace("f(3)", "f(3)[0]"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_gains_nothing(parent, attack):
    check = "expected = 9\ncheck = lambda x: x == 9\nassert check(f(3)) is True and f(4) == 16"
    held_out(parent, ATTACKS[attack], check)


@pytest.mark.parametrize("attack", CALLBACKS)
def test_a_callback_tells_nothing_more_than_it_returns(parent, attack):
    held_out(parent, CALLBACKS[attack], "expected = 9\ndef g(x): return 8\nassert f(g) == expected")


def test_a_part_of_the_marks_is_not_what_a_handle_says(parent):
    source = "class C:\n    def __repr__(self): return '10'\n    __str__ = __repr__\ndef f(x): return C()"
    with Pair(parent) as pair:
        book = pairs.Notebook(pair, own=OWN)
        book.solved(source)
        assert book.test("f(1)").result == "<C>"
        assert "10" not in str(book.test("f(1)").outputs)


def test_what_is_printed_while_tested_stays_unsaid(parent):
    with Pair(parent) as pair:
        book = pairs.Notebook(pair, own=OWN)
        book.solved(
            "import sys\ndef f(x):\n    print('SECRET', x)\n    sys.stderr.write('SECRET')\n    return x"
        )
        tested = book.test("assert f(3) == 3")
        assert tested.error is None
        assert tested.outputs == []


def test_names_of_a_test_are_not_read_by_naming_them(parent):
    with Pair(parent) as pair:
        book = pairs.Notebook(pair, own=[*OWN, "global:other"])
        book.solved("def f(): return expected")
        assert book.test("expected = 9\nassert f() == expected").error["type"] == "NameError"


def test_operators_need_the_contract(parent):
    source = (
        "class V:\n    def __init__(self, x): self.x = x\n"
        "    def __add__(self, other): return V(self.x + other.x)\nv = V(1)"
    )
    test = "w = v + V(2)\nassert w.x == 3"

    def tried(own):
        with Pair(parent) as pair:
            book = pairs.Notebook(pair, own=own, solution_classes=["V"])
            book.solved(source)
            return book.test(test)

    first = tried(None)
    assert first.error is None
    assert {"name:v", "op:V.__add__"} <= set(first.own)
    assert tried(first.own).error is None
    assert tried(set(first.own) - {"op:V.__add__"}).error is not None
    assert tried(set(first.own) - {"name:v"}).error is not None
    assert tried([]).error is not None


def test_a_random_state_is_not_the_learners_to_choose(parent):
    """Arguments that a test draws at random stay unknown to one who fixes the seed beforehand."""
    drawn = []
    for _ in range(2):
        with Pair(parent) as pair:
            book = pairs.Notebook(pair, own=OWN)
            book.solved(
                "import random, numpy\nrandom.seed(0); numpy.random.seed(0)\n"
                "def f(x):\n    random.seed(0)\n    return 1"
            )
            tested = book.test(
                "import random\nimport numpy as np\nf(1)\nprint(random.random(), np.random.rand())"
            )
            drawn.append(tested.outputs[0]["text"])
    assert drawn[0] != drawn[1]


def test_a_slow_call_is_interrupted_and_both_rooms_live_on(parent):
    with Pair(parent) as pair:
        book = pairs.Notebook(pair, own=OWN)
        book.solved("def f():\n    while True: pass\ndef g(): return 1")
        tested = book.test("assert f() == 1", seconds=0.5)
        assert tested.late
        assert tested.lost is None
        assert book.test("assert g() == 1").error is None
        assert pair.learner.run("x = g()", seconds=SECONDS).error is None


def test_a_slow_test_is_interrupted_and_both_rooms_live_on(parent):
    with Pair(parent) as pair:
        book = pairs.Notebook(pair, own=OWN)
        book.solved("def g(): return 1")
        tested = book.test("g()\nwhile True: pass", seconds=0.5)
        assert tested.late
        assert tested.error["type"] == "KeyboardInterrupt"
        assert book.test("assert g() == 1").error is None


def test_a_room_that_is_gone_is_said_to_be(parent):
    with Pair(parent) as pair:
        book = pairs.Notebook(pair, own=OWN)
        book.solved("import os\ndef f(): os._exit(3)")
        tested = book.test("try:\n    f()\nexcept Exception: pass")
        assert tested.error is not None
        assert "learner's room" in tested.lost
        again = book.test("assert True")
        assert again.lost


@pytest.mark.parametrize(
    "source",
    [
        "def f(m): m.read.assert_called_once_with = lambda *a: None",
        "def f(m): m.read.called = True; m.read.call_args = (3,)",
        "def f(m): m.read(3); m.read.reset_mock(); m.read(3)\n",
        "def f(m): m.configure_mock(read=lambda *a: None)",
        "def f(m): m.read.call_count = 1; m.read.side_effect = None",
        "def f(m): return m.read.mock_calls.append(3)",
    ],
)
def test_the_books_of_a_mock_are_not_the_learners(parent, source):
    test = "from unittest.mock import Mock\nm = Mock()\nf(m)\nm.read.assert_called_once_with(3)"
    held_out(parent, source, test)


def test_a_method_of_the_tests_object_is_not_replaced(parent):
    source = "def f(a): a.check = lambda *_: True; a.total = 9"
    test = (
        "class Account:\n    def __init__(self): self.total = 1\n    def check(self): return False\n"
        "a = Account()\ntry: f(a)\nexcept Exception: pass\nassert a.check()"
    )
    held_out(parent, source, test)


def test_a_shell_is_not_lent(parent):
    held_out(parent, "def f(s): return s.run_cell('expected = 8').result", "expected = 9\nf(get_ipython())")
