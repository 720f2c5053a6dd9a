"""The exercise on export controls: what nothing, everything and each named mistake score."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from coursefacts import load, yamltext
from courselab import activities, tokens

from autograder.release.convert import to_notebook

EXERCISE = "export-controls"
FOLDER = Path(__file__).parents[2] / "exercises" / "source" / EXERCISE
WRONG = sorted((FOLDER / "wrong").glob("*.py"))
AUTOMATIC = 20
BY_A_PERSON = 10


def cells_by_id(notebook):
    found = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    found.pop(None, None)
    return found


def as_handed_out(notebook):
    """What nbgrader's own step leaves of the solution cells."""
    from nbgrader.preprocessors import ClearSolutions

    cleared, _ = ClearSolutions().preprocess(notebook, {})
    return cleared


def with_answers(notebook, path):
    """Replace whole solution cells by those of a wrong answer; return the header's keys as well."""
    parts = re.split(r"^# %% (\S+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    header = dict(re.findall(r"^# ([a-z-]+): (.+)$", parts[0], flags=re.MULTILINE))
    cells = cells_by_id(notebook)
    for name, source in zip(parts[1::2], parts[2::2], strict=True):
        assert cells[name].metadata.nbgrader["solution"], f"{path.name}: {name} is no solution cell"
        before = cells[name].source.partition("### BEGIN SOLUTION")[0]
        cells[name].source = before + source
    return header


def graded(notebook, folder, learner):
    """Run as the grader does, with the grader's token; return points and messages of each check."""
    from nbclient import NotebookClient
    from nbgrader.utils import determine_grade

    environment = dict(os.environ) | {"COURSE_VARIANT_TOKEN": tokens.practice(EXERCISE, learner)}
    client = NotebookClient(
        notebook, allow_errors=True, timeout=300, resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env=environment)
    found = {}
    for name, cell in cells_by_id(notebook).items():
        if cell.metadata.nbgrader["grade"] and cell.cell_type == "code":
            assert not [o for o in cell.outputs if o.get("name") == "stderr"], f"{name} writes to stderr"
            said = " ".join(o.evalue for o in cell.outputs if o.output_type == "error")
            found[name] = (determine_grade(cell)[0], said)
    return found


def total(found):
    return sum(points for points, _ in found.values())


@pytest.mark.slow
def test_what_is_handed_out_scores_nothing_and_does_not_stop(tmp_path):
    found = graded(as_handed_out(to_notebook(FOLDER / "exercise.py")), tmp_path, "blank")

    assert total(found) == 0
    assert all(said for _, said in found.values())


@pytest.mark.slow
@pytest.mark.parametrize("learner", ["ada", "emmy", "lise"])
def test_the_reference_scores_full(tmp_path, learner):
    found = graded(to_notebook(FOLDER / "exercise.py"), tmp_path, learner)

    assert total(found) == AUTOMATIC, found


@pytest.mark.slow
@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_wrong_answer_scores_what_it_claims(tmp_path, path):
    notebook = to_notebook(FOLDER / "exercise.py")
    header = with_answers(notebook, path)
    assert header["mistake"]

    found = graded(notebook, tmp_path, header["token"].removeprefix("practice: "))

    assert total(found) == float(header["expected-score"]), found


@pytest.mark.slow
def test_the_token_in_the_notebook_never_decides(tmp_path):
    notebook = to_notebook(FOLDER / "exercise.py")
    cell = next(cell for cell in notebook.cells if cell.source.startswith("TOKEN = "))
    cell.source = cell.source.replace("practice: your name", tokens.practice(EXERCISE, "a neighbour"))

    assert total(graded(notebook, tmp_path, "ada")) == AUTOMATIC


def test_there_are_at_least_four_named_mistakes():
    assert len(WRONG) >= 4


def test_points_add_up_and_two_thirds_are_automatic():
    cells = cells_by_id(to_notebook(FOLDER / "exercise.py"))
    points = {
        kind: sum(
            c.metadata.nbgrader["points"]
            for c in cells.values()
            if c.metadata.nbgrader["grade"] and kind == c.cell_type
        )
        for kind in ("code", "markdown")
    }

    assert points == {"code": AUTOMATIC, "markdown": BY_A_PERSON}


def test_the_rubric_adds_up_and_its_samples_are_marked():
    meta = yamltext.read(FOLDER / "meta.yml").data
    rubric = meta["rubric"]
    assert sum(part["points"] for part in rubric["parts"]) == rubric["points"] == BY_A_PERSON
    assert all(
        set(part["anchors"]) == {0, 1, 2} or set(part["anchors"]) == {"0", "1", "2"}
        for part in rubric["parts"]
    )
    marks = {sample["label"]: sum(sample["marks"]) for sample in meta["samples"]}
    assert marks["good"] >= 9 > 3 >= marks["poor"]


def test_questions_name_every_outcome_and_all_points():
    meta = yamltext.read(FOLDER / "meta.yml").data

    assert sum(question["points"] for question in meta["questions"]) == meta["points"]
    assert {outcome for question in meta["questions"] for outcome in question["outcomes"]} == set(
        meta["outcomes"]
    )


def test_every_plan_is_decided_by_a_rule_that_was_seen_and_is_in_force():
    activities.check(activities.load(), load())


def test_every_fact_of_the_exercise_exists():
    facts = load()
    for fact_id in yamltext.read(FOLDER / "meta.yml").data["facts"]:
        facts.get(fact_id, path=FOLDER / "meta.yml")


def test_hidden_tests_ask_for_the_graders_variant():
    cells = cells_by_id(to_notebook(FOLDER / "exercise.py"))
    for name, cell in cells.items():
        for hidden in re.findall(r"### BEGIN HIDDEN TESTS(.*?)### END HIDDEN TESTS", cell.source, re.DOTALL):
            assert 'variants.mine("export-controls", TOKEN)' in hidden, name
