"""Reading, rebuilding, scoring and explaining, without a kernel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from coursefacts.errors import InputFault
from nbformat import from_dict, v4

from autograder.grading.finding import Handed
from autograder.grading.ledger import Ledger
from autograder.grading.master import Master
from autograder.grading.messages import explain
from autograder.grading.model import CellResult, Result
from autograder.grading.outcome import Outcome
from autograder.grading.reading import SubmittedCell, Unreadable, read_submission
from autograder.grading.rebuild import rebuild
from autograder.grading.room import Job, Run
from autograder.grading.scoring import score_cells


def own(kind, text, name, **data):
    make = v4.new_code_cell if kind == "code" else v4.new_markdown_cell
    made = make(text)
    made["id"] = name
    if data:
        full = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        made.metadata["nbgrader"] = {**full, "grade_id": name, **data}
    return made


@pytest.fixture
def master():
    def cells(test):
        return [
            own("code", "import math", "given"),
            own("code", "# YOUR CODE HERE", "f", solution=True),
            own("code", test, "t", grade=True, locked=True, points=2),
            own("markdown", "YOUR ANSWER HERE", "why", grade=True, solution=True, points=3),
        ]

    graded = v4.new_notebook(cells=cells("assert f(1) == 1\nassert f(2) == 4"))
    released = v4.new_notebook(cells=cells("assert f(1) == 1"))
    return Master("exercise", graded, released, graded)


def handed(*cells):
    return [SubmittedCell(kind, text, name, ident) for kind, text, name, ident in cells]


HONEST = [
    ("code", "import math", None, "given"),
    ("code", "def f(x): return x * x", "f", "f"),
    ("code", "assert f(1) == 1", "t", "t"),
    ("markdown", "because", "why", "why"),
]


def texts(built):
    return [cell.source for cell in built.notebook.cells]


def test_answers_come_from_the_learner_and_tests_from_the_source(master):
    built = rebuild(master, handed(*HONEST))
    assert texts(built) == [
        "import math",
        "def f(x): return x * x",
        "assert f(1) == 1\nassert f(2) == 4",
        "because",
    ]
    assert built.reasons == [] and built.answered == {"f", "why"}


def test_added_cells_stay_where_they_were(master):
    cells = [("code", "first", None, "x"), *HONEST[:2], ("code", "between", None, "y"), *HONEST[2:]]
    cells.append(("raw", "last", None, "z"))
    built = rebuild(master, handed(*cells))
    assert [cell.id for cell in built.notebook.cells] == [
        "added-0",
        "given",
        "f",
        "added-3",
        "t",
        "why",
        "added-6",
    ]
    assert built.reasons == []


def test_added_cells_bring_their_text_and_nothing_else(master, tmp_path):
    path = tmp_path / "n.ipynb"
    evil = {
        "cell_type": "code",
        "source": ["x = 1"],
        "metadata": {"tags": ["skip-execution"], "nbgrader": {"grade": True, "points": 99}},
        "outputs": [{"output_type": "execute_result"}],
    }
    path.write_text(json.dumps({"cells": [evil]}))
    made = rebuild(master, read_submission(path)).notebook.cells[0]
    assert (made.source, made.metadata, made.outputs) == ("x = 1", {}, [])


def test_an_edited_given_cell_runs_as_given_and_then_as_edited(master):
    built = rebuild(master, handed(("code", "import math as m", None, "given"), *HONEST[1:]))
    assert texts(built)[:2] == ["import math", "import math as m"]


def test_a_given_cell_without_its_id_is_known_by_its_text(master):
    built = rebuild(master, handed(("code", "import math\n", None, None), *HONEST[1:]))
    assert texts(built)[0] == "import math" and len(texts(built)) == 4


def test_a_changed_deleted_or_retyped_test_is_the_sources_again(master):
    for cells in (
        [*HONEST[:2], ("code", "pass", "t", "t"), HONEST[3]],
        [*HONEST[:2], ("markdown", "assert f(1) == 1", "t", "t"), HONEST[3]],
        [*HONEST[:2], HONEST[3]],
    ):
        built = rebuild(master, handed(*cells))
        assert texts(built)[2] == "assert f(1) == 1\nassert f(2) == 4"
        assert len(built.reasons) == 1 and "'t'" in built.reasons[0]


def test_the_source_decides_the_order(master):
    built = rebuild(master, handed(*reversed(HONEST)))
    assert [cell.id for cell in built.notebook.cells] == ["given", "f", "t", "why"]
    assert built.reasons == ["cells were moved; the course's own order was used"]


def test_of_two_cells_with_one_name_the_one_that_was_worked_on_counts(master):
    blank = ("code", "# YOUR CODE HERE", "f", "f2")
    built = rebuild(master, handed(*HONEST[:2], blank, *HONEST[2:]))
    assert "def f(x): return x * x" in texts(built)[1] and not built.review
    other = ("code", "def f(x): return 0", "f", "f2")
    built = rebuild(master, handed(*HONEST[:2], other, *HONEST[2:]))
    assert built.review


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"cells": 3}', b'"x"', b"\xff\xfe", b"[" * 200_000])
def test_what_is_no_notebook_is_told_in_words(tmp_path, data):
    path = tmp_path / "n.ipynb"
    path.write_bytes(data)
    with pytest.raises(Unreadable):
        read_submission(path)


def test_odd_cells_and_odd_text_do_no_harm(tmp_path):
    path = tmp_path / "n.ipynb"
    cells = [
        3,
        None,
        {},
        {"cell_type": "code"},
        {"cell_type": "code", "source": ["a\r\n", 3, "b\ud800"], "metadata": 7},
    ]
    path.write_text(json.dumps({"cells": cells}))
    found = read_submission(path)
    assert [cell.text for cell in found] == ["", "a\nb?"]


def run_of(cell, reply, outputs=(), **more):
    notebook = v4.new_notebook(cells=[own("code", cell["source"], "t", grade=True, locked=True, points=2)])
    notebook.cells[0].outputs = [from_dict(output) for output in outputs]
    scored, doubts = score_cells(Run(notebook, {0: reply} if reply else {}, **more), set())
    return scored[0], doubts


def value(text):
    return {
        "output_type": "execute_result",
        "data": {"text/plain": text},
        "metadata": {},
        "execution_count": 1,
    }


ERROR = {"output_type": "error", "ename": "AssertionError", "evalue": "no", "traceback": []}
STDERR = {"output_type": "stream", "name": "stderr", "text": "warning"}
TEST = {"source": "assert f(1) == 1, 'no'"}


@pytest.mark.parametrize(
    ("reply", "outputs", "score", "outcome"),
    [
        ("ok", [], 2.0, "passed"),
        ("ok", [STDERR], 2.0, "passed"),
        (None, [], 0.0, "error"),
        (None, [value("2.0")], 0.0, "error"),
        ("error", [], 0.0, "error"),
        ("timeout", [], 0.0, "timeout"),
        ("error", [ERROR], 0.0, "failed"),
        ("ok", [ERROR], 0.0, "failed"),
        ("ok", [value("1.5")], 1.5, "failed"),
        ("ok", [value("2")], 2.0, "passed"),
        ("ok", [value("'text'")], 2.0, "passed"),
        ("ok", [value("np.float64(1.5)")], 1.5, "failed"),
        ("ok", [value("np.int64(0)")], 0.0, "failed"),
        ("ok", [value("np.float64(inf)")], 0.0, "refused"),
        ("ok", [value("-1")], 0.0, "refused"),
        ("ok", [value("nan")], 0.0, "refused"),
        ("ok", [value("inf")], 0.0, "refused"),
        ("ok", [value("3")], 0.0, "refused"),
    ],
)
def test_a_test_cell_earns_marks_only_when_it_was_seen_to_run(reply, outputs, score, outcome):
    scored, doubts = run_of(TEST, reply, outputs)
    assert (scored.score, scored.outcome) == (score, outcome)
    assert bool(doubts) == (outcome == "refused")


def test_the_way_of_a_check_stands_with_its_score():
    assert run_of(TEST, "ok")[0].through == "kernel"
    assert run_of(TEST, "ok", ways={0: "handles"})[0].through == "handles"
    scored, doubts = run_of(TEST, None, ways={0: "manual"})
    assert (scored.score, scored.outcome, scored.through, doubts) == (None, "manual", "person", [])


def test_a_check_that_failed_for_want_of_a_value_is_looked_at_and_one_that_passed_is_not():
    lacking = {"ways": {0: "hatch"}, "refused": {0: ["answer"]}}
    scored, doubts = run_of(TEST, "error", [ERROR], **lacking)
    assert (scored.score, scored.outcome) == (0.0, "refused") and "a value of 'answer' could not" in doubts[0]
    scored, doubts = run_of(TEST, "ok", **lacking)
    assert (scored.score, scored.outcome, doubts) == (2.0, "passed", [])


@pytest.mark.parametrize(
    ("isolation", "practice", "way", "reply", "certifiable"),
    [
        ("root", False, "hatch", "ok", True),
        ("user namespace", False, "handles", "ok", True),
        ("root", False, "hatch", "error", True),
        ("root", False, "manual", None, True),
        ("root", False, "fallback", "ok", False),
        ("root", False, "hatch", "timeout", False),
        ("root", True, "hatch", "ok", False),
        ("none", False, "kernel", "ok", False),
    ],
)
def test_what_a_record_may_rest_on(master, isolation, practice, way, reply, certifiable):
    built = rebuild(master, handed(*HONEST))
    run = Run(built.notebook, {2: reply} if reply else {}, ways={} if way == "kernel" else {2: way})
    room = type("Room", (), {"isolation": isolation, "shortfalls": ()})
    result = Outcome("x", "0" * 64, practice, 9, room).scored(
        Handed("ada", master, None, None), built, run, 0.0
    )
    assert result.result.certifiable is certifiable
    named = [reason for reason in result.result.reasons if "'t'" in reason and "own solution" in reason]
    assert len(named) == (way in {"fallback", "manual"})


def test_a_job_and_a_run_are_plain_data(master):
    built = rebuild(master, handed(*HONEST))
    job = Job(dict(built.notebook), Path("/x"), {"A": "b"}, 3, 9, "exercise", built.origin)
    assert Job.read(json.loads(json.dumps(job.plain()))) == job
    run = Run(
        built.notebook,
        replies={2: "ok"},
        ways={2: "hatch"},
        refused={2: ["no"]},
        values={2: {"x": "1"}},
        raised={1: "ValueError"},
        log=["x"],
    )
    assert Run.read(json.loads(json.dumps(run.plain()))) == run


AUTHOR = """assert f(1) == 1, "f(1) is 1"
assert f(x) == 2, f"for {x} it is 2"
### BEGIN HIDDEN TESTS
assert f(77) == 2, f"77 gives {f(77)}"
assert f(8) == 2, "a hidden reason"
### END HIDDEN TESTS
assert f(3)
"""


@pytest.mark.parametrize(
    ("ename", "evalue", "told"),
    [
        ("AssertionError", "f(1) is 1", "f(1) is 1"),
        ("AssertionError", "for 5 it is 2", "for 5 it is 2"),
        ("AssertionError", "a hidden reason", "a hidden reason"),
        ("AssertionError", "77 gives 12", "a check of this cell failed"),
        ("AssertionError", "", "a check of this cell failed"),
        ("AssertionError", "I was called with 77", "a check of this cell failed"),
        ("ValueError", "secret 77", "a check of this cell stopped with ValueError"),
        ("Secret77", "x", "a check of this cell stopped with an error"),
    ],
)
def test_only_the_authors_words_reach_the_learner(ename, evalue, told):
    assert explain(AUTHOR, ename, evalue) == told


LATE = """### BEGIN HIDDEN TESTS
assert f(8) == 2
### END HIDDEN TESTS
assert f(x) == 2, f"for {x} it is {f(x)}"
"""


def test_values_are_filled_in_only_before_a_hidden_argument_may_be_known():
    visible = LATE.splitlines()[-1]
    assert explain(visible, "AssertionError", "for 5 it is 8") == "for 5 it is 8"
    assert explain(visible, "AssertionError", "for 5 it is 8", filled=False) == "for … it is …"
    assert explain(LATE, "AssertionError", "for 5 it is 8") == "for … it is …"


def test_a_course_may_mark_its_hidden_tests_as_it_likes():
    source = 'assert f(1) == 2, f"one: {f(1)}"\n# SECRET\nassert f(8) == 2, f"eight: {f(8)}"\n# END\n'
    released = 'assert f(1) == 2, f"one: {f(1)}"\n'
    assert explain(source, "AssertionError", "one: 3", released=released) == "one: 3"
    assert explain(source, "AssertionError", "eight: 3", released=released) == "a check of this cell failed"


def test_what_learner_code_raised_is_never_repeated_even_in_the_authors_words():
    cell = {"source": "assert f(1) == 1, 'no'"}
    scored, _ = run_of(cell, "error", [ERROR], ways={0: "hatch"}, raised={0: "AssertionError"})
    assert (scored.outcome, scored.message) == ("error", "a check of this cell stopped with AssertionError")
    scored, _ = run_of(cell, "error", [ERROR], ways={0: "hatch"}, raised={0: "Secret77"})
    assert scored.message == "a check of this cell stopped with an error"


def test_the_kind_of_an_error_is_not_told_once_a_hidden_argument_may_have_chosen_it():
    tests = [own("code", TEST["source"], name, grade=True, locked=True, points=2) for name in "abcd"]
    for cell in tests:
        cell.outputs = [from_dict(ERROR)]
    raised = {0: "KeyError", 1: "KeyError", 2: "NotImplementedError", 3: "OSError"}
    run = Run(v4.new_notebook(cells=tests), dict.fromkeys(range(4), "error"))
    run.ways, run.raised = dict.fromkeys(range(4), "hatch"), raised
    told = [
        cell.message.removeprefix("a check of this cell stopped with ")
        for cell in score_cells(run, set(), 1)[0]
    ]
    # Of an answer that stands as it was handed out everybody may know that it raises what the stub does.
    assert told == ["KeyError", "an error", "NotImplementedError", "an error"]


def result(learner="ada", score=1.0):
    cells = [CellResult(grade_id="t", score=score, max_score=2, outcome="failed")]
    return Result(
        exercise="x", learner=learner, notebook="n", score=score, max_score=2, status="graded", cells=cells,
        submission_sha256="0" * 64, source_sha256="1" * 64, graded_at="2026-11-22T10:00:00Z",
        graded_by="t", seconds=1,
    )  # fmt: skip


def test_the_list_of_results_only_grows_and_forgets_a_torn_line(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add([result()])
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + whole[:40])
    assert [one.learner for one in ledger.read()] == ["ada"]
    ledger.add([result("ben")])
    assert ledger.path.read_bytes().startswith(whole)
    assert [one.learner for one in ledger.read()] == ["ada", "ben"]


def test_a_line_that_was_tampered_with_is_a_fault_with_its_number(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add([result()])
    ledger.path.write_text("{}\n" + ledger.path.read_text())
    with pytest.raises(InputFault, match=r"results.jsonl:1: is not a result"):
        list(ledger.read())


def test_results_that_differ_only_in_time_are_the_same():
    assert result().same_as(result().model_copy(update={"seconds": 9.0, "graded_at": "later"}))
    assert not result().same_as(result(score=2.0))


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    folder = Path(tmp_path / "results.jsonl")
    folder.mkdir()
    with pytest.raises(InputFault, match="cannot be written"):
        Ledger(tmp_path).add([result()])
