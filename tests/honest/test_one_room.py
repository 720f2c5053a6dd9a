"""Tests that would pass wrong work across two rooms are found from their text, and others are left alone."""

from __future__ import annotations

import pytest

from autograder.grading.one_room import for_one_room, needs_one_room
from tests.honest import idiom, variant

MODULES = {"np", "mock", "builtins", "sys", "time", "pytest"}
LEARNERS = {"solve", "Stack", "rows", "data_of"}


@pytest.mark.parametrize(
    "text",
    [
        "with mock.patch('numpy.linalg.solve', side_effect=AssertionError):\n    solve(1)",
        "with mock.patch.object(np.linalg, 'solve') as seen:\n    solve(1)",
        "@mock.patch('numpy.dot')\ndef check(dot):\n    solve(1)",
        "kept = np.dot\nnp.dot = None\nsolve(1)\nnp.dot = kept",
        "setattr(np.linalg, 'solve', None)\nsolve(1)",
        "patch = pytest.MonkeyPatch()\npatch.setattr(builtins, 'sorted', None)\nsolve(1)",
        "sys.setrecursionlimit(60)\nsolve(1)",
        "a = [1]\nb = solve(a)\nassert b is not a",
        "m = np.eye(2)\nassert not np.shares_memory(m, solve(m))",
        "m = [[0]]\nn = rows(m)\nn[0][0] = 1\nassert m[0][0] == 0",
        "m = [[0]]\nn = rows(m)\nm[0].append(1)\nassert n == [[0]]",
        "m = np.eye(2)\nn = rows(m)\nn *= 2\nassert m.sum() == 2",
        "d = [1]\ns = Stack(d)\nd.append(2)\nassert s.items == [1]",
        "d = [1]\ns = Stack()\ns.fill(d)\ndel d[0]\nassert s.top() == 1",
        "assert 'helper' not in globals()",
        "import sys\nassert 'pandas' not in sys.modules",
        "assert 'sorted' not in solve.__code__.co_names",
        "import dis\ndis.dis(solve)",
        "import time\nbegan = time.process_time()\nsolve(1)\nassert time.process_time() - began < 1",
        "s = Stack()\ns.items().append(3)\nassert s.items() == []",
        "s = Stack()\ns.items.append(3)\nassert s.top() == 3",
        "for size in (1, 2):\n    d = [0] * size\n    s = Stack(d)\n    d[0] = 1\n    assert s.top() == 0",
    ],
)
def test_these_need_one_room(text: str):
    assert needs_one_room(text, MODULES, LEARNERS)


@pytest.mark.parametrize(
    "text",
    [
        "assert solve([1]) == [1]",
        "with mock.patch('builtins.input', side_effect=['1']):\n    assert solve(1) == 1",
        "with mock.patch('time.sleep') as slept:\n    solve(1)\nslept.assert_called_once()",
        "old, sys.stdout = sys.stdout, None\nsolve(1)\nsys.stdout = old",
        "with mock.patch('__main__.helper'):\n    solve(1)",
        "a = [3, 1]\nsolve(a)\nassert a == [1, 3]\nassert solve(a) is a",
        "found = solve(1)\nassert found is not None",
        "assert 'solve' in globals()",
        "assert 'for' not in inspect.getsource(solve)",
        "assert 'secret' not in dir(Stack())",
        "s = Stack()\ns.size = 3\nassert s.size == 3",
        "points = 0\nif solve(1):\n    points += 1\npoints",
        "found = []\nfor k in range(3):\n    found.append(solve(k))\nassert found == [0, 1, 2]",
        "seen = []\nsolve(lambda x: seen.append(x))\nassert seen",
        "this is no Python (",
    ],
)
def test_these_do_not(text: str):
    assert not needs_one_room(text, MODULES, LEARNERS)


def test_of_ordinary_courses_only_those_are_found_that_ask_for_it():
    for source in variant.sources().values():
        assert for_one_room(source) == []
    found = {name for idioms in idiom.everything().values() for name in for_one_room(idiom.source(idioms))}
    assert found == {
        *("library-function-forbidden", "builtin-forbidden", "library-call-counted"),
        *("shallow-copy-is-not-enough", "copy-not-view", "view-not-copy", "keeps-its-own-copy"),
        *("the-same-each-time", "attribute-changed-from-outside", "one-of-the-arguments-is-returned"),
        *("copied-and-pickled", "ring-of-lists", "closure-counter"),
        *("leaves-no-names-behind", "names-in-the-code", "one-room-after-two"),
    }
