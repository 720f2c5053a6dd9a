"""Which names come from whom: read from the instructor's text, and robust against odd cells in it."""

from __future__ import annotations

import copy
import json

import pytest
from nbformat import v4

from autograder.grading import names
from autograder.grading.master import Master
from autograder.grading.plan import Found, Plan, language, make_plan, solved


def cell(kind, text, name=None, **data):
    made = v4.new_code_cell(text) if kind != "text" else v4.new_markdown_cell(text)
    full = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    own = {"solution": {"solution": True}, "test": {"grade": True, "locked": True, "points": 1}}.get(kind, {})
    if kind in {"solution", "test"}:
        made.metadata["nbgrader"] = {**full, "grade_id": name, **own, **data}
    return made


def master(*cells):
    """Make the three versions: (kind, text, name), where a text with --- is solution and stub."""
    graded, released, solution = [], [], []
    for number, (kind, text, *rest) in enumerate(cells):
        name = rest[0] if rest else f"c{number}"
        full, _, stub = text.partition("\n---\n")
        visible = full.split("### BEGIN HIDDEN TESTS")[0]
        solution.append(cell(kind, full, name))
        graded.append(cell(kind, stub if kind == "solution" else full, name))
        released.append(cell(kind, stub if kind == "solution" else visible, name))
    return Master("n", *(v4.new_notebook(cells=copy.deepcopy(one)) for one in (graded, released, solution)))


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("x = 1\ny: int = 2\nz += 3", "x y z"),
        ("a, (b, *c) = f()\nfor d, e in g: pass", "a b c d e"),
        ("with open('f') as handle:\n    text = handle.read()", "handle text"),
        ("def f(inner, default=0):\n    local = 1\nclass K:\n    attribute = 2", "f K"),
        ("async def g(): pass", "g"),
        ("def f():\n    global hidden\n    hidden = 1", "f hidden"),
        ("if (n := 3) > 2:\n    m = n\nvalues = [k for k in range(3) if (last := k)]", "n m values last"),
        ("import numpy as np\nfrom math import pi\ntau = 2 * pi", "tau"),
        ("try:\n    x = 1\nexcept ValueError as error:\n    y = 2", "x y"),
        ("del old", "old"),
        (
            "match command:\n    case [first, *rest]: pass\n    case {'k': v, **more}: pass",
            "first rest v more",
        ),
        ("data['a'] = 1\nobject.attribute = 2", ""),
        ("λ = 0.5\nгород = 'x'", "λ город"),
        ("f = lambda x: (y := x)", "f"),
        ("await thing()\nvalue = await other()", "value"),
        ("%matplotlib inline\nx = 1", "x"),
        ("files = !ls\ncount = %sql select", "files count"),
        ("%%time\nslow = work()", "slow"),
        ("%time quick = work()", "quick"),
        ("%%capture said\nprint('a')\nx = 1", "said x"),
        ("%%bash\nx=1", ""),
        ("half(?\ndef broken(x):\n  return\nvalue = 3\nif value == 3 then", "broken value"),
        ("", ""),
    ],
)
def test_names_that_a_cell_binds(text, bound):
    assert names.read(text).bound == set(bound.split())


def test_imports_are_kept_apart_and_those_in_functions_are_not_the_cells():
    found = names.read(
        "try:\n    import numpy as np\nexcept ImportError:\n    np = None\ndef f():\n    import os"
    )
    assert (found.imports, found.imported) == ("import numpy as np", {"np"})
    assert names.read("import qiskit.circuit\nfrom math import *").imported == {"qiskit"}


def test_classes_are_found_however_they_are_made():
    made = "B = namedtuple('B', 'x')\nC = collections.namedtuple('C', 'x')\nD = make_dataclass('D', [])"
    text = f"class A: pass\n{made}"
    assert names.read(text).classes == {"A", "B", "C", "D"}


@pytest.mark.parametrize("text", ["globals()['f'](3)", "eval('f(3)')", "%timeit f(3)", "x = = 1"])
def test_a_cell_that_may_read_any_name_is_known(text):
    assert names.read(text).open


NOTEBOOK = (
    ("given", "import math\nclass Given: pass\ndef helper(x):\n    return half(x)"),
    (
        "solution",
        "import random as rd\nclass Own: pass\ndef half(x):\n    return x / 2\nspare = 1\n---\n# YOUR CODE",
    ),
    ("text", "Some words about half."),
    (
        "test",
        "import numpy.testing as npt\nassert helper(2) == 1\n### BEGIN HIDDEN TESTS\nsecret = half(9)",
        "first",
    ),
    ("solution", "limit = tolerance * 2\n---\nlimit = None"),
    ("test", "tolerance = 0.1\nassert abs(limit) < 1", "second"),
    ("test", "assert rd.random() < 1 and spare", "third"),
    ("test", "assert 'Own' in globals()", "fourth"),
    ("test", "assert secret == 4.5", "fifth"),
)


@pytest.fixture
def plan():
    return make_plan(master(*NOTEBOOK))


def test_the_learners_names_are_those_of_the_solution_and_not_of_its_stub(plan):
    assert plan.names == ["Own", "half", "limit", "spare"]
    assert (plan.classes, plan.given_classes, plan.imports) == (["Own"], ["Given"], "import random as rd")
    assert [one.role for one in plan.cells[:5]] == ["given", "solution", "text", "test", "solution"]


def test_a_cell_gets_what_it_mentions_and_what_its_helpers_mention(plan):
    assert plan.cells[3].bring == ["half"]
    assert plan.cells[5].bring == ["half", "limit"]  # helper(), which could be called, uses half
    assert plan.cells[6].bring == ["half", "spare"]
    assert plan.cells[7].bring == plan.names


def test_what_only_the_solution_imports_the_learner_has_to_import_too(plan):
    assert [one.lent for one in plan.cells if one.role == "test"] == [[], [], ["rd"], [], []]


def test_what_later_cells_need_of_a_test_runs_in_the_learners_room_without_its_hidden_part():
    cells = (NOTEBOOK[0], NOTEBOOK[1], NOTEBOOK[5], NOTEBOOK[4], NOTEBOOK[3], NOTEBOOK[4])
    plan = make_plan(master(*cells))
    assert plan.cells[2].also == "tolerance = 0.1\nassert abs(limit) < 1"
    assert plan.cells[4].also == "import numpy.testing as npt"
    assert "secret" not in plan.cells[4].text and "secret" in plan.cells[4].offers


def test_a_test_that_falls_back_lends_its_names_and_finds_those_of_others():
    found = Found(fallback=["first"], manual=["third"])
    plan = make_plan(master(*NOTEBOOK), found)
    assert [one.way for one in plan.cells if one.role == "test"] == [
        "fallback",
        "rooms",
        "manual",
        "rooms",
        "rooms",
    ]
    assert plan.cells[3].echo and not plan.cells[5].echo
    found = Found(fallback=["fifth"])
    assert "secret" in make_plan(master(*NOTEBOOK), found).cells[3].also


def test_given_names_that_the_solution_changes_come_from_the_learner():
    cells = (("given", "table = {}"), ("solution", "table['a'] = 1\n---\n"), ("test", "assert table", "t"))
    assert make_plan(master(*cells)).names == []
    plan = make_plan(master(*cells), Found(changed=["table"]))
    assert plan.names == ["table"] and plan.cells[2].bring == ["table"]


def test_a_plan_is_plain_data(plan):
    assert Plan.read(json.loads(json.dumps(plan.plain()))) == plan


def test_the_solved_notebook_has_the_solutions_and_the_graded_tests():
    one = master(*NOTEBOOK)
    one.solution.cells.insert(0, cell("text", "A header that the course's configuration takes away."))
    texts = [each.source for each in solved(one).cells]
    assert len(texts) == len(NOTEBOOK) and "return x / 2" in texts[1] and "secret" in texts[3]


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({}, "python"),
        ({"kernelspec": {"name": "conda-env", "language": "python"}}, "python"),
        ({"kernelspec": {"name": "ir", "language": "R"}}, "r"),
        ({"language_info": {"name": "julia"}}, "julia"),
    ],
)
def test_the_language_of_a_notebook(metadata, told):
    assert language({"metadata": metadata}) == told
