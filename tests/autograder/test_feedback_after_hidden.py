"""What a hidden test called a function with does not come back to the learner through a later cell."""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace

import pytest
from nbformat import from_dict, v4

from autograder.feedback.page import page
from autograder.feedback.saved import saved_outputs
from autograder.grading.model import CellResult, Result
from autograder.marks import Mark, Submission


def printed(text):
    return from_dict([{"output_type": "stream", "name": "stdout", "text": text}])


def graded_notebook():
    early = v4.new_code_cell("print(1)", outputs=printed("early-as-graded"))
    late = v4.new_code_cell("print(seen)", outputs=printed("hidden-argument-42"))
    late.metadata["autograder"] = {"after_hidden": True}
    return v4.new_notebook(cells=[early, late])


def shown(saved):
    made = Result(
        exercise="x", learner="ada", notebook="n", score=1, max_score=1, status="graded",
        submission_sha256="0" * 64, source_sha256="1" * 64, graded_at="x", graded_by="t", seconds=1,
        cells=[CellResult(grade_id="t", score=1, max_score=1, outcome="passed")],
    )  # fmt: skip
    master = SimpleNamespace(released=v4.new_notebook(cells=[]))
    marks = [Mark("n", "t", 1, 1, None, 0, False)]
    return page(
        "x", made, Submission("ada", "Ada", None, False, 0.0, marks), master, graded_notebook(), saved
    )


def test_a_cell_after_a_hidden_test_shows_what_the_learner_saved():
    told = shown({"print(seen)": printed("[] at home")})
    assert "early-as-graded" in told
    assert "hidden-argument-42" not in told
    assert "[] at home" in told and "As you saved it" in told


def test_without_a_saved_output_nothing_is_shown():
    told = shown({})
    assert "hidden-argument-42" not in told and "As you saved it" not in told


def test_saved_outputs_come_from_the_graded_file_alone(tmp_path):
    cells = [
        {"cell_type": "code", "source": ["print(", "seen)\r\n"], "outputs": printed("home")},
        {"cell_type": "markdown", "source": "x"},
    ]
    file = tmp_path / "n.ipynb"
    file.write_text(json.dumps({"cells": cells}))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert saved_outputs(tmp_path, digest) == {"print(seen)": printed("home")}
    assert saved_outputs(tmp_path, "0" * 64) == {}


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"cells": 3}', '{"cells": [7]}', '{"cells": [{"cell_type": "code"}]}', "[" * 100_000,
     '{"cells": [{"cell_type": "code", "source": 3, "outputs": 5}]}'],
)  # fmt: skip
def test_a_damaged_copy_has_no_outputs(tmp_path, text):
    (tmp_path / "n.ipynb").write_text(text)
    assert saved_outputs(tmp_path, hashlib.sha256(text.encode()).hexdigest()) == {}


def test_odd_outputs_are_dropped(tmp_path):
    odd = [1, None, {"output_type": "display_data", "data": [1]}, {"output_type": "stream", "text": ["a", 3]}]
    text = json.dumps({"cells": [{"cell_type": "code", "source": "x", "outputs": odd}]})
    (tmp_path / "n.ipynb").write_text(text)
    kept = saved_outputs(tmp_path, hashlib.sha256(text.encode()).hexdigest())["x"]
    assert [one["output_type"] for one in kept] == ["stream"]
