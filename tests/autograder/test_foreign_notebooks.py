"""Notebooks of other people's courses in two rooms: heavy tests, files, histories, simulations."""

from __future__ import annotations

from contextlib import closing

import pytest

from autograder.grading.room import Run
from autograder.grading.running import run_pair
from autograder.grading.solution_first import as_member
from autograder.grading.warm import start
from tests.autograder.test_two_rooms import Desk, master

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    (folder / "old.txt").write_text("42")
    (folder / "in.txt").write_text("1")
    with closing(start(folder, ["import numpy as np"], seconds=60)) as warm:
        yield Desk(warm, folder)


def found(rehearsed):
    return {
        "fallback": rehearsed.plan.found.fallback,
        "manual": rehearsed.plan.found.manual,
        "changed": rehearsed.plan.found.changed,
    }


def test_a_test_that_ends_the_rooms_takes_no_other_along(desk):
    source = master(
        ("given", "g", "import os\nimport numpy as np"),
        ("solution", "s", "x = 3\ndef size(a):\n    return a.size"),
        ("test", "before", "assert x == 3"),
        # More than the hatch carries at once, and no more than one room holds.
        ("test", "heavy", "assert size(np.zeros(35_000_000)) == 35_000_000"),
        ("test", "ends", "os._exit(3)"),
        ("test", "after", "assert size(np.zeros(3)) == 3"),
    )
    rehearsed = desk.learn(source)
    assert found(rehearsed) == {"fallback": ["heavy"], "manual": ["ends"], "changed": []}
    scores = desk.grade(source, {"s": "x = 3\ndef size(a):\n    return len(a)"}, rehearsed.plan).scores
    assert scores == {"before": 2.0, "heavy": 2.0, "ends": None, "after": 2.0}


def test_a_file_that_the_learner_writes_is_read_where_it_was_written(desk):
    source = master(
        ("solution", "s", "with open('old.txt', 'w') as file:\n    file.write(str(6 * 7))"),
        ("given", "g", "read = open('old.txt').read()\nkept = 1"),
        ("test", "opens", "assert open('old.txt').read() == '42'"),
        ("test", "uses", "assert read == '42' and kept == 1"),
        (
            "solution",
            "f",
            "def save(n):\n    open('old.txt', 'w').write(n)\ndef load():\n    return open('in.txt').read()",
        ),
        ("test", "calls", "save('7')\nassert open('old.txt').read() == '7'"),
        ("test", "lends", "with open('in.txt', 'w') as file:\n    file.write('1')\nassert load() == '1'"),
        ("test", "none", "assert save('1') is None"),
    )
    rehearsed = desk.learn(source)
    assert found(rehearsed)["fallback"] == ["calls", "lends", "opens"]
    assert set(found(rehearsed)["changed"]) == {"read", "kept"}
    # The shipped file holds what a right answer would write: a room of its own would be content with it.
    wrong = {"s": "with open('old.txt', 'w') as file:\n    file.write('13')"}
    scores = desk.grade(source, wrong, rehearsed.plan).scores
    assert (scores["opens"], scores["uses"], scores["calls"], scores["none"]) == (0.0, 0.0, 0.0, 0.0)


def test_the_cells_that_have_run_are_kept_without_what_is_hidden(desk):
    source = master(
        ("solution", "s", "print('hello')"),
        (
            "test",
            "again",
            "import io, contextlib\nheard = io.StringIO()\nwith contextlib.redirect_stdout(heard):\n"
            "    exec(In[-2])\nassert heard.getvalue() == 'hello\\n'\n### HIDDEN\nassert len(_ih) == 3",
        ),
        ("test", "rooms", "assert 1 + 1 == 2\n### HIDDEN\nassert 'secret' != 'word'"),
        ("solution", "u", "seen = [*In]"),
        ("test", "t", "assert len(seen) == 5"),
    )
    rehearsed = desk.learn(source)
    assert found(rehearsed) == {"fallback": ["again"], "manual": [], "changed": []}
    graded = desk.grade(source, {"s": "print( 'hello' )", "u": "seen = [*In]\nprint(In)"}, rehearsed.plan)
    assert graded.scores == {"again": 2.0, "rooms": 2.0, "t": 2.0}
    assert "1 + 1 == 2" in graded.shown("u") and "secret" not in graded.shown("u")
    assert desk.grade(source, {"s": "print('no')"}, rehearsed.plan).scores["again"] == 0.0


SIMULATION = master(
    ("solution", "s", "calls = []\ndef step(x):\n    calls.append(x)\n    return x + 1"),
    ("given", "idle", "xs = [0]\nfor _ in range(9):\n    xs.append(step(xs[-1]))\nprint(xs)"),
    ("given", "shows", "print(max(xs))"),
    ("given", "asked", "found = step(41)"),
    ("test", "t", "assert found == 42 and step(1) == 2"),
    ("test", "once", "assert calls.count(5) == 1"),
)


def test_a_simulation_that_no_test_looks_at_runs_in_one_room(desk):
    rehearsed = desk.learn(SIMULATION)
    left = [at for at, cell in enumerate(rehearsed.plan.cells) if cell.left_out]
    assert left == [1, 2] and found(rehearsed)["fallback"] == []
    assert desk.grade(SIMULATION, {}, rehearsed.plan).scores == {"t": 0.0, "once": 0.0}
    right = {"s": "calls = []\ndef step(x):\n    calls.append(x)\n    return 1 + x"}
    assert desk.grade(SIMULATION, right, rehearsed.plan).scores == {"t": 2.0, "once": 2.0}


def test_what_a_test_needs_by_a_way_round_is_found_when_the_solution_fails(desk):
    source = master(
        (
            "given",
            "g",
            "class Box:\n    value = 0\ndef put(x):\n    Box.value = x\ndef now():\n    return Box.value",
        ),
        ("solution", "s", "def two():\n    return 2"),
        ("given", "fills", "put(two())"),
        ("test", "t", "assert now() == 2"),
    )
    rehearsed = desk.learn(source)
    assert found(rehearsed) == {"fallback": [], "manual": [], "changed": []} and rehearsed.plan.found.whole
    assert desk.grade(source, {"s": "def two():\n    return 3"}, rehearsed.plan).scores == {"t": 0.0}


def test_what_the_solution_loses_as_one_of_the_class_is_told_before_anybody_loses_it(desk):
    rehearsed = desk.learn(SIMULATION)

    def run(notebook) -> Run:
        job = desk.job(notebook, list(range(len(notebook.cells))))
        with desk.pair(job) as pair:
            return run_pair(rehearsed.plan, job, pair)

    assert as_member(rehearsed, SIMULATION, run) is rehearsed

    def loses(notebook) -> Run:
        done = run(notebook)
        done.replies[4] = "error"
        return done

    told = as_member(rehearsed, SIMULATION, loses)
    assert told.lost == told.plan.found.manual == ["t"]
    assert "t alone, but not as one of the class" in told.note and "please report it" in told.note
