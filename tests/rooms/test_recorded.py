"""A given cell that calls a learner's function in a loop: its answers come together."""

from __future__ import annotations

import numpy
import pytest

from autograder.rooms.pair import Pair
from autograder.rooms.recorded import NOTHING, Recorder, Replay, mark
from tests.rooms import pairs
from tests.waiting import PATIENCE


def functions(text):
    names = {"__name__": "__main__"}
    exec(text, names)
    return names


def test_a_mark_is_of_what_a_function_takes_however_it_is_said():
    step = functions("def step(x, v=2, w=3.0): pass")["step"]
    same = {
        mark(step, (1,), {}),
        mark(step, (1, 2), {}),
        mark(step, (1,), {"w": 3.0}),
        mark(step, (), {"x": 1}),
    }
    assert len(same) == 1 and None not in same
    assert mark(step, (1, 2, 4.0), {}) not in same
    for args, kwargs in (((), {}), ((1,), {"z": 1}), ((object(),), {}), ((lambda: 0,), {})):
        assert mark(step, args, kwargs) is None


def test_what_is_not_plain_or_changes_its_arguments_is_left_to_the_hatch():
    names = functions(
        "calls = []\n"
        "def plain(x): return x + 1, [x]\n"
        "def changing(xs): xs.append(1); return 0\n"
        "def itself(xs): return xs\n"
        "def strange(x): return lambda: x\n"
        "def failing(x): raise ValueError\n"
        "def outer(x): return plain(x)\n"
        "def many(*xs): return 1\n"
        "def steps(x): yield x\n"
    )
    own = dict(names)
    with Recorder(names, [*own, "missing"]) as recorder:
        exec(
            "plain(1); changing([]); itself([]); strange(1); outer(2); many(1); list(steps(1))\n"
            "try: failing(1)\nexcept ValueError: pass\nkept = plain\n",
            names,
        )
    assert names["plain"] is own["plain"] and names["kept"](1) == (2, [1])
    told = recorder.told(0)
    assert told["who"] == ["plain", None, None, None, "outer", None]
    assert told["values"][0] == (2, [1]) and told["values"][4] == (3, [2])
    numbers = functions("import numpy as np\ndef f(x): return x / 2, np.float64(x)\ndef g(x): return x / 4")
    for name, kinds in (("f", [float, numpy.float64]), ("g", [float])):
        with Recorder(numbers, [name]) as recorder_of_numbers:
            exec(f"for x in range(3): {name}(x)", numbers)
        told = recorder_of_numbers.told(0)
        assert len(told["values"]["parts"]) == len(kinds)
        one = Replay(numbers, lambda start, told=told: told if start == 0 else {})
        found = [one.next(numbers[name], (x,), {}) for x in range(3)]
        assert found == [numbers[name](x) for x in range(3)]
        assert [type(part) for part in (found[1] if len(kinds) > 1 else found[1:2])] == kinds
    assert recorder.told(6)["who"] == recorder.told("0")["who"] == []


def test_an_answer_counts_for_the_very_next_call_alone():
    names = functions("def f(x): pass\ndef g(x): pass")
    f, g = names["f"], names["g"]

    def replay(*calls):
        who, marks, values = zip(*calls, strict=True)
        told = [{"who": list(who), "marks": list(marks), "values": list(values)}]
        return Replay(names, lambda start: told[0] if start == 0 else {})

    first, second = ("f", mark(f, (1,), {}), 10), ("f", mark(f, (2,), {}), 20)
    one = replay(first, (None, None, None), second)
    assert [one.next(f, (1,), {}), one.next(f, (9,), {}), one.next(f, (2,), {})] == [10, NOTHING, 20]
    assert one.next(f, (1,), {}) is NOTHING  # the end
    for call in ((f, (3,)), (g, (1,)), (len, ("a",))):
        one = replay(first, second)
        assert one.next(*call, {}) is NOTHING and one.next(f, (2,), {}) is NOTHING  # and nothing after it
    bad = {"tuple": True, "own": [True], "parts": [numpy.zeros((1, 1))]}
    for odd in (
        None,
        5,
        {"who": ["f"], "marks": [first[1]], "values": bad},
        {"who": 1, "marks": [], "values": []},
        {"who": [[]], "marks": [0], "values": [0]},
    ):
        assert Replay(names, lambda start, odd=odd: odd).next(f, (1,), {}) is NOTHING


@pytest.mark.slow
def test_a_walk_of_a_thousand_steps_is_asked_in_a_few_questions():
    counting = "global calls\n    calls = globals().get('calls', 0) + 1"
    step = f"def step(x, v):\n    {counting}\n    return x + v / 4, v"
    walk = "xs = np.zeros(1001)\nfor i in range(1000):\n    xs[i + 1], v = step(xs[i], 0.5)"
    with pairs.parent("numpy") as parent, Pair(parent) as pair:
        pair.examiner.begin(imports="import numpy as np")
        pair.learner.run("import numpy as np\n" + step, seconds=PATIENCE)
        singly = pair.examiner.given(walk, ["step"], PATIENCE)
        assert singly.error is None and singly.asked >= 1000
        pair.examiner.fetch(["step"], PATIENCE)
        assert pair.learner.run(walk, seconds=PATIENCE, record=["step"]).error is None
        told = pair.examiner.given("xs = None\n" + walk, [], PATIENCE, replay=True)
        assert told.error is None and told.asked <= 4
        assert pair.examiner.test("assert xs[-1] == 125 and calls == 2000", ["calls"], PATIENCE).error is None
        # Another walk than the learner's room has run, and a function that is asked for in a test.
        other = pair.examiner.given(walk.replace("0.5", "1.0"), [], PATIENCE, replay=True)
        assert other.error is None and other.asked >= 1000
        assert (
            pair.examiner.test("assert xs[-1] == 250 and step(1, 0) == (1, 0)", ["step"], PATIENCE).error
            is None
        )
        assert (
            pair.examiner.given(walk, ["step"], PATIENCE, most=200).error["text"]
            == "this cell asks too often"
        )
        # Where a cell listens, or has seeded, each call is asked.
        listening = "import io, contextlib\ncontextlib.redirect_stdout(io.StringIO()).__enter__()"
        for line in (listening, "np.random.seed(1)"):
            pair.learner.run(walk, seconds=PATIENCE, record=["step"])
            assert pair.examiner.given(f"{line}\n{walk}", [], PATIENCE, replay=True).asked >= 1000
