"""Both rooms of a submission as the driver has them: what it may say to the examiner, and what it hears."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.rooms.pair import Pair
from tests.rooms import pairs
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def parent():
    with pairs.parent("numpy") as one:
        yield one


@pytest.fixture
def pair(parent):
    with Pair(parent, environment={"COURSE_VARIANT_TOKEN": "abc"}) as one:
        one.examiner.begin()
        yield one


def test_a_pass_a_failure_and_a_part_of_the_marks(pair):
    examiner = pair.examiner
    assert examiner.test("assert True").error is None
    failed = examiner.test("x = 1\nassert x == 2, 'not two'")
    assert (failed.error["type"], failed.error["text"]) == ("AssertionError", "not two")
    assert "assert x == 2" in "".join(failed.error["traceback"])
    assert examiner.test("0.5").result == "0.5"
    assert examiner.test("0.5;").result is None
    assert examiner.test("1 +").error["builtin"] == "SyntaxError"
    assert examiner.test("print('seen')").outputs == [
        {"output_type": "stream", "name": "stdout", "text": "seen\n"}
    ]


def test_the_room_of_either_side_has_the_environment(pair):
    source = "import os\ntoken = os.environ['COURSE_VARIANT_TOKEN']"
    assert pair.learner.run(source, seconds=PATIENCE).error is None
    assert pair.examiner.given(source + "\nassert token == 'abc'").error is None


def test_an_error_of_a_given_cell_is_told(pair):
    assert pair.examiner.given("1 / 0").error["builtin"] == "ZeroDivisionError"


def test_a_given_cell_finds_the_learners_names(pair):
    pair.learner.run("n = 4\ndef f(x): return x * n", seconds=PATIENCE)
    assert pair.examiner.given("m = f(n) + 1", ["f", "n"]).error is None
    assert pair.examiner.test("assert m == 17").error is None


def test_imports_of_the_solution_run_in_the_examiners_room(parent):
    with Pair(parent) as pair:
        pair.examiner.begin(own=[], imports="import math\nfrom collections import Counter as C")
        assert pair.examiner.test("assert math.pi > 3 and C('aa')['a'] == 2").error is None


def test_test_cells_see_the_state_after_the_cells_before(pair):
    pair.learner.run("x = 1", seconds=PATIENCE)
    assert pair.examiner.test("assert x == 1", ["x"]).error is None
    pair.learner.run("x += 1", seconds=PATIENCE)
    assert pair.examiner.test("assert x == 2", ["x"]).error is None
    pair.learner.run("del x", seconds=PATIENCE)
    assert pair.examiner.test("assert x == 2", ["x"]).error["type"] == "NameError"


def test_a_name_of_the_learners_is_not_bound_unless_it_is_asked_for(pair):
    pair.learner.run("check = 1\nassert_equal = lambda *a: None", seconds=PATIENCE)
    assert pair.examiner.test("check", []).error["type"] == "NameError"


def test_given_names_that_the_solution_changed_are_found(pair):
    source = "import numpy as np\na = [1, 2]\nb = {'x', 'y'}\nc = np.arange(3)\nd = 1\nf = lambda: 1\ne = [1]"
    assert pair.learner.run(source, seconds=PATIENCE).error is None
    assert pair.examiner.given(source).error is None
    names = ["a", "b", "c", "d", "e", "f", "nowhere"]
    assert pair.examiner.changed(names) == []
    pair.learner.run("a.append(3); c[0] = 9; del e; d = 1.0", seconds=PATIENCE)
    assert pair.examiner.changed(names) == ["a", "c", "d", "e"]


def test_modules_are_told_by_both(pair):
    pair.learner.run("import colorsys", seconds=PATIENCE)
    assert "colorsys" in pair.learner.modules()
    assert "colorsys" not in pair.examiner.modules()
    assert "numpy" in pair.examiner.modules()


def test_what_does_not_travel_is_said_and_the_next_cell_runs(pair):
    pair.learner.run("x = []\nx.append(x)\ny = 1", seconds=PATIENCE)
    tested = pair.examiner.test("try:\n    x\nexcept NameError: pass", ["x", "y"])
    assert tested.error is not None
    assert "containing itself" in tested.refused[0]
    assert pair.examiner.test("assert y == 1", ["x", "y"]).error is None


def test_an_examiner_that_is_gone_is_an_answer(parent):
    with Pair(parent) as pair:
        tested = pair.examiner.test("import os; os._exit(1)")
        assert tested.error is not None
        assert "examiner" in tested.lost
        assert pair.examiner.test("assert True").lost
        assert pair.examiner.given("x = 1").error is not None
        assert pair.examiner.changed(["x"]) == []


def test_an_examiner_that_will_not_be_interrupted_is_ended(parent):
    with Pair(parent) as pair:
        source = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
        tested = pair.examiner.test(source, [], 0.5)
        assert tested.late
        assert tested.lost
        assert pair.examiner.room.status is not None
        assert pair.learner.room.status is not None


def test_hundreds_of_calls_give_each_its_own_answer(pair):
    # How long one takes is measured in tests/benchmarks/bench_hatch.py, against a bare exchange.
    pair.learner.run("def f(x): return x + 1", seconds=PATIENCE)
    tested = pair.examiner.test("[f(n) for n in range(400)] == [*range(1, 401)]", ["f"], PATIENCE)
    assert tested.result == "True"


def test_rooms_and_descriptors_are_given_back(parent):
    def held():
        return len(list(Path("/proc/self/fd").iterdir())), parent.state()

    with Pair(parent):
        pass
    before = held()
    for _ in range(5):
        with Pair(parent) as pair:
            pair.examiner.begin()
            pair.learner.run("def f(): return 1", seconds=PATIENCE)
            assert pair.examiner.test("assert f() == 1", ["f"]).error is None
    assert held() == before
