"""A course with a secret and an exercise with sheets: released, handed out, graded in real rooms."""

from __future__ import annotations

import json
import re

import pytest

from autograder import secret, tokens
from autograder.course import Course
from autograder.rooms import view
from autograder.sheets import PACKAGE, Drawer
from tests.content.classroom import SOURCE, cells_by_id, notebook_of

EXERCISE = "export-controls"
PEOPLE = ("right", "friend", "curious", "early")
# Answers that somebody looks for where the grader runs; each name is a grade_id.
CURIOUS = {
    "count": """
import importlib, os, sys
counts = dict.fromkeys(("total", "connected", "counted"))
for name in ("answersheet", "answersheet.export_controls", "answersheet.sealing"):
    try:
        importlib.import_module(name)
        print("FOUND", name)
    except ImportError:
        pass
print("FOUND" if "ANSWERS" in globals() or any("ANSWER" in key for key in os.environ) else "nothing")
print("FOUND" if any("answersheet" in name for name in sys.modules) else "nothing")
"""
}


def notebook(folder, literal):
    """Fill in the notebook of a hand-out as its learner would."""
    made = json.loads((folder / "exercise.ipynb").read_text(encoding="utf-8"))
    full = cells_by_id(notebook_of(EXERCISE))
    for cell in made["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name == "place" and "decide" in literal:
            cell["source"] = re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", full[name].source)
        if name in literal:
            before = full[name].source.partition("### BEGIN SOLUTION")[0]
            cell["source"] = before + literal[name]
    return json.dumps(made)


@pytest.fixture(scope="module")
def graded(tmp_path_factory, run):
    """Hand out to four; grade what they hand in; give results by learner, and the course."""
    place = tmp_path_factory.mktemp("sealed")
    roster = place / "roster.csv"
    roster.write_text("learner,name,email\n" + "".join(f"{one},{one},\n" for one in PEOPLE))
    course = Course(place / "course" / "nbgrader")
    common = ("--course", course.root)
    made = run("release", EXERCISE, "--source", SOURCE, "--roster", roster, "--init-secret", *common)
    assert made.code == 0, made.said
    made = run("handout", EXERCISE, "--out", place / "out", "--folders", *common)
    assert made.code == 0, made.said
    key = secret.load(course.home)
    with Drawer() as drawer:
        sheets = {one: drawer.sheet(key, EXERCISE, tokens.make(key, EXERCISE, one)) for one in PEOPLE}
    literals = {one: sheets[one].literal for one in PEOPLE} | {
        "friend": sheets["right"].literal,
        "curious": CURIOUS,
    }
    for one in PEOPLE:
        folder = course.submitted(one, EXERCISE)
        folder.mkdir(parents=True)
        own = place / "out" / one / "exercises" / EXERCISE
        (folder / "exercise.ipynb").write_text(notebook(own, literals[one]), encoding="utf-8")
    # A sheet that is handed in is nobody's business: the friend brings the one that the answers belong to.
    theirs = place / "out" / "right" / "exercises" / EXERCISE / "sheet.json"
    (course.submitted("friend", EXERCISE) / "sheet.json").write_bytes(theirs.read_bytes())
    # As a release of 0.1 left it.
    noted = course.root / "variants" / EXERCISE / "early.json"
    noted.write_text(json.dumps({k: v for k, v in json.loads(noted.read_text()).items() if k != "sheet"}))
    done = run("grade", EXERCISE, "--json", place / "results.json", *common)
    assert done.code == 0, done.said
    results = json.loads((place / "results.json").read_text())["results"]
    return {one["learner"]: one for one in results}, course, place / "out", sheets


@pytest.mark.proof
def test_each_gets_what_is_due_and_a_friends_answers_are_worth_little(graded):
    results, _, _, _ = graded
    automatic = {
        one: sum(cell["score"] for cell in result["cells"] if cell["outcome"] != "manual")
        for one, result in results.items()
        if result["status"] != "held"
    }

    assert automatic["right"] == 20, results["right"]
    assert automatic["friend"] <= 8 and automatic["curious"] == 0
    assert results["right"]["certifiable"]


@pytest.mark.proof
def test_the_learners_room_has_the_own_sheet_and_no_answers(graded):
    _, course, _, _ = graded
    made = json.loads((course.autograded("curious", EXERCISE) / "exercise.ipynb").read_text())
    said = "".join(
        "".join(output.get("text", "")) for cell in made["cells"] for output in cell.get("outputs", ())
    )

    assert "FOUND" not in said and said.count("nothing") == 2
    assert view.HIDDEN == (PACKAGE,)


@pytest.mark.proof
def test_a_hand_out_holds_notebook_and_sheet_and_nothing_that_draws_one(graded):
    _, _, out, sheets = graded
    for one in PEOPLE:
        folder = out / one / "exercises" / EXERCISE
        assert {path.name for path in folder.iterdir()} == {"exercise.ipynb", "sheet.json", "sheet.npz"}
        content = json.loads((folder / "sheet.json").read_text())
        assert content["digest"] == sheets[one].digest and content["token"] == sheets[one].token
        assert content["token"] in (folder / "exercise.ipynb").read_text()


@pytest.mark.proof
def test_what_was_released_before_there_were_sheets_is_held_with_what_to_do(graded):
    results, _, _, _ = graded

    assert results["early"]["status"] == "held"
    (reason,) = results["early"]["reasons"]
    assert (
        "released before 'export-controls' had sheets" in reason and "hand the exercise out again" in reason
    )
