"""What a hidden test called a function with does not come back in the notebook that was run."""

from __future__ import annotations

import json

import pytest
from nbformat import from_dict, v4

from autograder.grading.hidden import first_hidden, keep_back
from autograder.grading.master import Master
from autograder.grading.outputs import said
from autograder.grading.reading import read_submission
from autograder.grading.rebuild import rebuild
from autograder.grading.room import Run

HIDDEN = "assert f(1)\n### BEGIN HIDDEN TESTS\nassert f(77)\n### END HIDDEN TESTS"


def own(text, name, **data):
    made = v4.new_code_cell(text)
    made["id"] = name
    if data:
        full = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        made.metadata["nbgrader"] = {**full, "grade_id": name, **data}
    return made


def cells(test):
    return [
        own("seen = []", "given"),
        own("# YOUR CODE", "f", solution=True),
        own("assert f(0)", "open", grade=True, locked=True, points=1),
        own(test, "t", grade=True, locked=True, points=1),
        own("# YOUR CODE", "late", solution=True),
    ]


MASTER = Master(
    "n",
    v4.new_notebook(cells=cells(HIDDEN)),
    v4.new_notebook(cells=cells("assert f(1)")),
    v4.new_notebook(cells=cells(HIDDEN)),
)
PRINTED = [{"output_type": "stream", "name": "stdout", "text": "[0, 1]\n"}]


def ran(tmp_path, *, saved, ways=None, answered=True):
    """Run a hand-in whose cells print [0, 1], and whose copy was saved with `saved`."""
    handed = cells("assert f(1)")
    for cell in (*handed, own("print(seen)", "mine")):
        cell.outputs = [from_dict(one) for one in saved]
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps(v4.new_notebook(cells=[*handed, own("print(seen)", "mine")])))
    built = rebuild(MASTER, read_submission(path))
    for cell in built.notebook.cells:
        cell.outputs = [from_dict(one) for one in PRINTED]
    replies = dict.fromkeys(range(len(built.notebook.cells)), "ok") if answered else {}
    run = Run(built.notebook, replies, ways=ways or {})
    keep_back(run, built, first_hidden(run, built, MASTER))
    return {cell.id: json.dumps(cell.outputs) for cell in run.notebook.cells}, run


def test_what_a_later_cell_printed_stays_only_where_it_was_known_before(tmp_path):
    shown, run = ran(tmp_path, saved=PRINTED)
    assert "[0, 1]" in shown["late"] and "[0, 1]" in shown["f"]
    shown, run = ran(tmp_path, saved=[])
    assert "[0, 1]" in shown["given"] and "[0, 1]" in shown["f"] and "[0, 1]" in shown["open"]
    assert "[0, 1]" not in shown["late"] and "[0, 1]" not in shown["added-5"]
    assert "after a hidden check" in shown["late"]
    late = [cell.id for cell in run.notebook.cells if cell.metadata.get("autograder", {}).get("after_hidden")]
    assert late == ["late", "added-5"]


def test_every_line_has_to_be_the_same(tmp_path):
    guesses = [{"output_type": "stream", "name": "stdout", "text": "[0, 1]\n[0, 2]\n"}]
    assert "[0, 1]" not in ran(tmp_path, saved=guesses)[0]["late"]


def test_what_a_fallback_printed_is_dropped(tmp_path):
    shown, _ = ran(tmp_path, saved=[], ways={3: "fallback"})
    assert shown["t"] == "[]"


def test_a_hidden_test_that_did_not_run_hides_nothing(tmp_path):
    assert "[0, 1]" in ran(tmp_path, saved=[], answered=False)[0]["late"]


@pytest.mark.parametrize(
    "odd", [None, 3, "x", [3], [{}], [{"data": 3}], [{"text": {"a": 1}}], [{"data": {"text/plain": 3}}]]
)
def test_odd_outputs_in_a_hand_in_do_no_harm(odd):
    assert len(said(odd)) == 64


def test_the_same_said_in_pieces_is_the_same():
    whole = [{"output_type": "stream", "name": "stdout", "text": "a\nb\n"}]
    pieces = [{"output_type": "stream", "name": name, "text": [f"{name}\n"]} for name in ("a", "b")]
    assert said(whole) == said([{**one, "text": one["text"]} for one in pieces])
