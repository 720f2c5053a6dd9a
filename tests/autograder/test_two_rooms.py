"""Notebooks through two real rooms: what comes from whom, in which order, and what each way is worth."""

from __future__ import annotations

import copy
import json
from contextlib import closing, suppress
from pathlib import Path

import pytest
from nbformat import v4

from autograder.grading import rehearsal
from autograder.grading.master import Master
from autograder.grading.plan import Plan
from autograder.grading.reading import SubmittedCell
from autograder.grading.rebuild import rebuild
from autograder.grading.room import Job, Run
from autograder.grading.running import run_pair
from autograder.grading.scoring import score_cells
from autograder.grading.solution_first import rehearse
from autograder.grading.warm import start

pytestmark = pytest.mark.slow

OWN = {"solution": {"solution": True}, "test": {"grade": True, "locked": True}}


def cell(kind, text, name, points):
    made = v4.new_code_cell(text)
    full = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    made["id"] = name
    if kind in OWN:
        made.metadata["nbgrader"] = {**full, "grade_id": name, **OWN[kind]}
        if kind == "test":
            made.metadata["nbgrader"]["points"] = points
    return made


def master(*cells):
    """Make a notebook's three versions of (kind, name, text, …); tests are worth 2 points."""
    versions = [], [], []
    for kind, name, text in cells:
        stub = "raise NotImplementedError" if kind == "solution" else text
        for version, said in zip(versions, (stub, stub.split("### HIDDEN")[0], text), strict=True):
            version.append(cell(kind, said, name, 2))
    return Master("n", *(v4.new_notebook(cells=copy.deepcopy(one)) for one in versions))


class Desk:
    """A warm parent, and what is done with it."""

    def __init__(self, warm, folder):
        self.warm = warm
        self.folder = folder
        self.timeout = 5

    def job(self, notebook, master, origin=None):
        cells = origin or list(range(len(notebook.cells)))
        return Job(
            dict(notebook), self.folder, {"COURSE_VARIANT_TOKEN": "t0k3n"}, self.timeout, 60, "n", cells
        )

    def pair(self, job):
        from autograder.rooms.pair import Pair

        return closing(Pair(self.warm, slot=0, environment=job.environment))

    def learn(self, master):
        return rehearse(master, self.job, self.pair)

    def grade(self, master, answers, plan=None, added=()):
        """Run a submission: answers by cell, and added cells as (before, text)."""
        handed = []
        for one in master.released.cells:
            handed += [SubmittedCell("code", text) for before, text in added if before == one.id]
            name = one.metadata.get("nbgrader", {}).get("grade_id")
            handed.append(SubmittedCell("code", answers.get(one.id, one.source), name, one.id))
        built = rebuild(master, handed)
        plan = Plan.read(json.loads(json.dumps((plan or self.learn(master).plan).plain())))
        job = Job.read(json.loads(json.dumps(self.job(built.notebook, master, built.origin).plain())))
        with self.pair(job) as pair:
            run = Run.read(json.loads(json.dumps(run_pair(plan, job, pair).plain())))
        cells, _ = score_cells(run, built.answered)
        return Graded(run, {one.grade_id: one for one in cells})


class Graded:
    def __init__(self, run, cells):
        self.run = run
        self.cells = cells
        self.scores = {name: one.score for name, one in cells.items()}

    def shown(self, name):
        found = next(one for one in self.run.notebook.cells if one.id == name)
        return json.dumps(found.outputs)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    (folder / "data.txt").write_text("1\n2\n3\n")
    (folder / "helper.py").write_text("def twice(x):\n    return 2 * x\n")
    with closing(start(folder, ["import numpy as np"], seconds=60)) as warm:
        yield Desk(warm, folder)


HALF = master(
    ("given", "setup", "import os\nLIMIT = 10\ndef thirds(f):\n    return [f(x) for x in (3, 6)]"),
    ("solution", "half", "def half(x):\n    return x / 2"),
    ("test", "first", "assert half(4) == 2\n### HIDDEN\nassert half(9) == 4.5, 'keep fractions'"),
    ("solution", "value", "value = LIMIT * 3"),
    ("test", "second", "assert value == 30 and LIMIT == 10\nassert thirds(half) == [1.5, 3.0]"),
    ("test", "part", "score = 0.5 * (half(2) == 1) + 1.5 * (value == 30)\nscore"),
)
RIGHT = {"half": "def half(x):\n    return x * 0.5", "value": "value = 30"}


@pytest.fixture(scope="module")
def half(desk):
    return desk.learn(HALF)


def test_the_solution_passes_and_every_test_has_the_first_way(half):
    assert half.why is None and half.plan.found.fallback == half.plan.found.manual == []
    assert "numpy" in half.modules


def test_right_answers_get_all_points_and_wrong_ones_what_they_earn(desk, half):
    right = desk.grade(HALF, RIGHT, half.plan)
    assert right.scores == {"first": 2.0, "second": 2.0, "part": 2.0}
    assert {one.through for one in right.cells.values()} <= {"hatch", "handles"}
    wrong = desk.grade(HALF, {"half": "def half(x):\n    return x // 2", "value": "value = 31"}, half.plan)
    assert wrong.scores == {"first": 0.0, "second": 0.0, "part": 0.5}
    assert wrong.cells["first"].message == "keep fractions"
    assert desk.grade(HALF, {}, half.plan).scores == {"first": 0.0, "second": 0.0, "part": 0.0}


def test_the_instructors_names_are_the_instructors(desk, half):
    forged = {**RIGHT, "value": "value = 30\nLIMIT = 11\ndef thirds(f):\n    return [1.5, 3.0]"}
    assert desk.grade(HALF, forged, half.plan).scores["second"] == 2.0
    cheat = {"half": "import builtins\nhalf = None\nfloat = lambda x: 2.0\nscore = 2.0\nthirds = None"}
    assert set(desk.grade(HALF, cheat, half.plan).scores.values()) == {0.0}


def test_outputs_are_shown_and_noise_is_no_fault(desk, half):
    noisy = "import sys, warnings\nwarnings.warn('careful')\nprint('loud', file=sys.stderr)\n" + RIGHT["half"]
    graded = desk.grade(
        HALF, {**RIGHT, "half": noisy}, half.plan, added=[("value", "1 / 0"), ("value", "6 * 7")]
    )
    assert graded.scores == {"first": 2.0, "second": 2.0, "part": 2.0}
    assert "loud" in graded.shown("half") and "stderr" not in graded.shown("half")
    assert "ZeroDivisionError" in graded.shown("added-3") and "42" in graded.shown("added-4")
    assert graded.run.replies[3] == "error"


def test_a_room_that_ends_loses_what_comes_after_and_nothing_before(desk, half):
    graded = desk.grade(HALF, {**RIGHT, "value": "import os\nos._exit(0)"}, half.plan)
    assert graded.scores == {"first": 2.0, "second": 0.0, "part": 0.0}
    assert "ended early" in graded.run.stopped and "not run" in graded.cells["second"].message


def test_a_function_that_ends_its_room_while_it_is_tested_earns_nothing(desk, half):
    graded = desk.grade(HALF, {**RIGHT, "half": "import os\ndef half(x):\n    os._exit(0)"}, half.plan)
    assert set(graded.scores.values()) == {0.0} and "ended early" in graded.run.stopped


def test_a_cell_that_takes_too_long_is_interrupted_and_the_rest_goes_on(desk, half):
    desk.timeout = 1
    try:
        graded = desk.grade(
            HALF, {**RIGHT, "half": "def half(x):\n    while x < 9: pass\n    return x / 2"}, half.plan
        )
    finally:
        desk.timeout = 5
    assert graded.cells["first"].outcome == "timeout"
    assert graded.scores["first"] == 0.0


def test_what_learner_code_raises_is_told_by_its_builtin_name_alone(desk, half):
    loud = "def half(x):\n    if x == 9:\n        raise AssertionError('keep fractions')\n    return x / 2"
    graded = desk.grade(HALF, {**RIGHT, "half": loud}, half.plan)
    assert graded.cells["first"].outcome == "error"
    assert graded.cells["first"].message == "a check of this cell stopped with AssertionError"
    secret = "class Secret9(ValueError): pass\ndef half(x):\n    raise Secret9(str(x))"
    graded = desk.grade(HALF, {**RIGHT, "half": secret}, half.plan)
    assert graded.cells["first"].message == "a check of this cell stopped with ValueError"


def test_nothing_of_one_run_is_found_by_the_next(desk, half):
    leave = {
        **RIGHT,
        "value": "value = 30\nopen('/room/left', 'w').write('x')\nimport os\nos.environ['LEFT'] = 'x'",
    }
    assert desk.grade(HALF, leave, half.plan).scores["second"] == 2.0
    look = "import os\nvalue = 0 if os.path.exists('/room/left') or 'LEFT' in os.environ else 30"
    assert desk.grade(HALF, {**RIGHT, "value": look}, half.plan).scores["second"] == 2.0


def test_files_environment_and_shipped_modules_are_in_both_rooms(desk):
    one = master(
        ("given", "g", "import os, helper\nlines = open('data.txt').read().split()"),
        (
            "solution",
            "s",
            "total = sum(map(int, open('data.txt')))\ntoken = os.environ['COURSE_VARIANT_TOKEN']",
        ),
        ("test", "t", "assert total == sum(map(int, lines)) == helper.twice(3)"),
        ("test", "u", "assert token == os.environ['COURSE_VARIANT_TOKEN']"),
    )
    plan = desk.learn(one).plan
    assert plan.found.fallback == []
    same = {"s": "import helper\ntotal = helper.twice(3)\ntoken = 't0k3n'"}
    assert desk.grade(one, same, plan).scores == {"t": 2.0, "u": 2.0}
    spoilt = {"s": "open('data.txt', 'w').write('6')\ntotal = 7\ntoken = ''"}
    assert desk.grade(one, spoilt, plan).scores == {"t": 0.0, "u": 0.0}


def test_given_names_that_the_solution_changes_are_the_learners(desk):
    one = master(
        ("given", "g", "table = {}\nrest = [1]"),
        ("solution", "s", "table['a'] = 1"),
        ("test", "t", "assert table == {'a': 1} and rest == [1]"),
    )
    plan = desk.learn(one).plan
    assert plan.found.changed == ["table"] and plan.found.fallback == []
    assert desk.grade(one, {"s": "table.update(a=1)"}, plan).scores == {"t": 2.0}
    assert desk.grade(one, {"s": "table.update(a=2)"}, plan).scores == {"t": 0.0}


def test_what_a_function_changes_while_it_is_tested_is_found_in_a_second_run(desk):
    one = master(
        ("given", "g", "seen = []"),
        ("solution", "s", "def note(x):\n    seen.append(x)"),
        ("test", "t", "note(3)\nassert seen == [3]"),
    )
    plan = desk.learn(one).plan
    assert plan.found.changed == ["seen"] and plan.found.fallback == []
    assert desk.grade(one, {"s": "def note(x):\n    seen.extend([x])"}, plan).scores == {"t": 2.0}


def test_a_given_cell_that_asks_very_often_is_answered_at_once_and_still_the_instructors(desk, monkeypatch):
    monkeypatch.setattr(rehearsal, "_OFTEN", 40)
    walk = "xs = [0.0]\nfor i in range(60):\n    xs.append(step(xs[-1], 0.25))"
    cells = [("solution", "s", "def step(x, v):\n    return x + v"), ("given", "g", walk)]
    cells.append(("test", "t", "assert xs[-1] == 15 and len(xs) == 61"))
    # A cell that listens to what is printed has to ask each time, and does.
    heard = "import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()):\n"
    heard += "    for i in range(60):\n        xs.append(step(xs[-1], 0.25))"
    told = desk.learn(master(*cells, ("given", "h", heard), ("test", "u", "assert xs[-1] == 30")))
    found = told.plan.found
    assert (found.recorded, found.singly, found.fallback, found.manual) == ([], True, [], [])
    assert told.why is None
    one = master(*cells)
    plan = desk.learn(one).plan
    assert plan.found.recorded == [1] and plan.found.fallback == plan.found.manual == []
    # Plain, with a memory, with prints and errors of its own, wrong, and one that writes the end itself.
    assert desk.grade(one, {"s": "def step(x, v):\n    return v + x"}, plan).scores == {"t": 2.0}
    noisy = "n = [0]\ndef step(x, v):\n    n[0] += 1\n    print(n)\n    return x + v"
    assert desk.grade(one, {"s": noisy}, plan).scores == {"t": 2.0}
    assert desk.grade(one, {"s": "def step(x, v):\n    return x + 2 * v"}, plan).scores == {"t": 0.0}
    assert desk.grade(one, {"s": "def step(x, v):\n    return 1 / 0"}, plan).scores == {"t": 0.0}
    forged = "def step(x, v):\n    globals()['xs'] = [0.0] * 60 + [15.0]\n    return 0.0"
    assert desk.grade(one, {"s": forged}, plan).scores == {"t": 0.0}


def test_a_module_that_only_the_solution_imports_has_to_be_imported(desk):
    one = master(
        ("solution", "s", "import math as m\ntau = 2 * m.pi"),
        ("test", "t", "assert m.sqrt(4) == 2"),
        ("test", "u", "assert abs(tau - 6.283) < 0.01"),
    )
    plan = desk.learn(one).plan
    assert desk.grade(one, {"s": "import math as m\ntau = 6.2831"}, plan).scores == {"t": 2.0, "u": 2.0}
    assert desk.grade(one, {"s": "tau = 6.2831"}, plan).scores == {"t": 0.0, "u": 2.0}


def test_a_test_lends_its_names_to_later_cells_of_the_learner(desk):
    one = master(
        ("solution", "s", "x = 2"),
        ("test", "t", "import math\nbase = 10\nassert x == 2\n### HIDDEN\nsecret = 7"),
        ("solution", "r", "y = base * x"),
        ("test", "u", "assert y == 20"),
    )
    plan = desk.learn(one).plan
    assert plan.found.fallback == []
    assert desk.grade(one, {"s": "x = 2", "r": "y = math.floor(base * x)"}, plan).scores == {
        "t": 2.0,
        "u": 2.0,
    }
    peek = {"s": "x = 2", "r": "y = 20 if 'secret' in globals() else 0"}
    assert desk.grade(one, peek, plan).scores == {"t": 2.0, "u": 0.0}


NEEDS_BOTH = "import sys\nassert sys.modules['__main__'].__dict__ is half.__globals__"


def test_a_test_that_needs_one_process_falls_back_and_says_so(desk):
    one = master(
        ("solution", "half", "def half(x):\n    return x / 2"),
        ("test", "t", "found = 1\n" + NEEDS_BOTH),
        ("test", "u", "assert half(3) == 1.5 and found == 1"),
    )
    rehearsed = desk.learn(one)
    assert rehearsed.plan.found.fallback == ["t"] and rehearsed.plan.found.manual == []
    graded = desk.grade(one, {"half": "def half(x):\n    return x / 2"}, rehearsed.plan)
    assert graded.scores == {"t": 2.0, "u": 2.0}
    assert (graded.cells["t"].through, graded.cells["u"].through) == ("fallback", "hatch")


def test_a_test_that_the_solution_fails_is_for_a_person_and_zero_for_nobody(desk):
    one = master(
        ("solution", "s", "x = 2"),
        ("test", "t", "assert x == 3, 'the author was wrong'"),
        ("test", "u", "assert x == 2"),
        ("test", "v", "0.5 * x"),
    )
    rehearsed = desk.learn(one)
    assert rehearsed.plan.found.manual == ["t", "v"] and "the author was wrong" in rehearsed.why
    graded = desk.grade(one, {"s": "x = 2"}, rehearsed.plan)
    assert graded.scores == {"t": None, "u": 2.0, "v": None}
    assert graded.cells["t"].through == "person"
    # Even when the room ends before.
    assert desk.grade(one, {"s": "import os\nos._exit(1)"}, rehearsed.plan).scores["t"] is None


def test_a_source_without_solutions_gives_everything_to_a_person(desk):
    one = master(("solution", "s", "raise NotImplementedError"), ("test", "t", "assert answer == 42"))
    rehearsed = desk.learn(one)
    assert rehearsed.plan.found.manual == ["t"] and "NotImplementedError in the cell 's'" in rehearsed.why


def test_what_a_room_sends_is_made_fit_for_a_notebook(desk, half):
    odd = (
        "from IPython.display import display, HTML, publish_display_data\n"
        "print('\\ud800 lone')\n"
        "display(HTML('<b>x</b>'))\n"
        "publish_display_data({'text/plain': 'y' * 3_000_000})\n" + RIGHT["half"]
    )
    graded = desk.grade(HALF, {**RIGHT, "half": odd}, half.plan)
    shown = graded.shown("half")
    assert "? lone" in shown and "<b>x</b>" in shown and "3 MB was left out" in shown
    shown.encode("utf-8")


def test_an_import_that_fails_takes_no_other_along(tmp_path):
    texts = [
        "import numpy.nowhere\nimport colorsys",
        "try:\n    import no_such_package\nexcept ImportError: pass",
    ]
    with closing(start(tmp_path, texts, seconds=60)) as warm:
        desk = Desk(warm, tmp_path)
        one = master(("solution", "s", "x = 1"), ("test", "t", "assert x"))
        learned = desk.learn(one)
        assert {"numpy", "colorsys"} <= set(learned.modules)
        assert desk.grade(one, {"s": "import numpy\nx = numpy.int64(1)"}, learned.plan).scores == {"t": 2.0}


def test_nobody_is_left_when_the_parent_is_closed(tmp_path):
    one = master(("solution", "s", "x = 1"), ("test", "t", "assert x"))
    with closing(start(tmp_path, [], seconds=60)) as warm:
        desk = Desk(warm, tmp_path)
        desk.grade(one, {"s": "import subprocess\nx = subprocess.Popen(['sleep', '54321']).pid"})
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            assert "54321" not in (process / "cmdline").read_text()
