"""A class without a course secret, through the real commands: everybody gets what is due."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from coursefacts import yamltext

from autograder.cli import main
from tests.content.classroom import SOURCE, as_saved, header_of

EXERCISES = sorted(path.parent.name for path in SOURCE.glob("*/meta.yml"))
PLACEHOLDER = "practice: your name"


def run(*words):
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("practice") / "course/nbgrader"
    run("release", "--quick", "--source", SOURCE, "--course", folder)
    return folder


def hand_in(folder, exercise, learner, notebook):
    """Save a notebook into a workspace of the learner's own and pack it with the real command."""
    file = folder / learner / "exercises" / exercise / "exercise.ipynb"
    file.parent.mkdir(parents=True)
    file.write_text(notebook, encoding="utf-8")
    words = ("--learner", learner, "--workspace", folder / learner, "--out", folder / "inbox")
    run("handin", exercise, *words)


@pytest.mark.slow
@pytest.mark.parametrize(
    "exercise", [EXERCISES[0], *(pytest.param(name, marks=pytest.mark.proof) for name in EXERCISES[1:])]
)
def test_right_wrong_and_blank_practice_notebooks_get_what_is_due(course, tmp_path, exercise):
    meta = yamltext.read(SOURCE / exercise / "meta.yml").data
    wrong = next(p for p in sorted((SOURCE / exercise / "wrong").glob("*.py")) if "neighbour" not in p.stem)
    header = header_of(wrong)
    hand_in(tmp_path, exercise, "mia", as_saved(course, exercise, "practice: Mia"))
    hand_in(tmp_path, exercise, "wim", as_saved(course, exercise, header["token"], wrong))
    hand_in(tmp_path, exercise, "bea", as_saved(course, exercise, PLACEHOLDER, blank=True))

    run("collect", tmp_path / "inbox", "--course", course)
    run("grade", exercise, "--course", course, "--jobs", 2, "--json", tmp_path / "results.json")
    run("feedback", exercise, "--course", course)

    results = {one["learner"]: one for one in json.loads((tmp_path / "results.json").read_text())["results"]}
    scores = {learner: one["score"] for learner, one in results.items()}
    full = meta["points"] - meta["rubric"]["points"]
    assert scores == {"mia": full, "wim": float(header["expected-score"]), "bea": 0}
    assert not any(one["certifiable"] for one in results.values())
    name = header["token"].removeprefix("practice: ")
    told = {
        "mia": [],
        "wim": [
            f"handed in as 'wim', with the practice token of '{name}': the token in the notebook decides"
        ],
        "bea": [f"the token still says '{PLACEHOLDER}', so the practice variant of 'bea' was used"],
    }
    for learner, reasons in told.items():
        page = (course / "feedback" / learner / exercise / "exercise.html").read_text(encoding="utf-8")
        assert [said for said in results[learner]["reasons"] if "token" in said] == reasons
        assert all(said.replace("'", "&#x27;") in page for said in reasons)
        assert ("the token in the notebook decides" in page) == (learner == "wim")
