"""`autograder practice` and `autograder handin` as a learner meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.grading.stock import StockRoom
from autograder.practice.told import BACK


@pytest.fixture
def ground(empty_course, tmp_path, hands):
    """A workspace with a right notebook of the sample exercise, and the course that it was released into."""
    ground = Ground(tmp_path / "workspace", hands.course, hands)
    ground.save(ground.filled())
    return ground


class Ground:
    """A learner at work."""

    def __init__(self, workspace, course, hands):
        self.workspace, self.course, self.hands = workspace, course, hands
        self.folder = workspace / "exercises" / "greeting"

    def filled(self, token="practice: Mia", **answers):
        made = self.hands.notebook(**answers)
        for cell in made["cells"]:
            cell["source"] = cell["source"].replace('LEARNER = "practice"', "")
            cell["source"] = cell["source"].replace('TOKEN = ""', f'TOKEN = "{token}"')
        return made

    def save(self, notebook, name="exercise.ipynb"):
        self.folder.mkdir(parents=True, exist_ok=True)
        data = notebook if isinstance(notebook, str) else json.dumps(notebook)
        (self.folder / name).write_text(data, encoding="utf-8")

    def words(self, *more):
        return ("greeting", *more, "--workspace", self.workspace, "--course", self.course)

    @property
    def told(self):
        return json.loads((self.workspace / "practice/greeting.json").read_text(encoding="utf-8"))

    @property
    def page(self):
        return (self.workspace / "practice/greeting.html").read_text(encoding="utf-8")


def practise(run, ground, *more):
    return run("practice", *ground.words(*more, "--no-open"))


@pytest.mark.slow
def test_right_then_wrong_then_right_again_is_said_and_kept_and_nothing_is_graded(run, ground):
    before = sorted(path for path in ground.course.rglob("*") if path.is_file())

    ended = practise(run, ground)
    assert ended.code == 0, ended.said
    assert "Mia: 7 of 7 automatic points for exercise.ipynb, as saved at" in ended.out
    told = ground.told
    assert (told["schema"], told["exercise"], told["name"]) == ("practice/1", "greeting", "Mia")
    assert told["automatic"] == {"score": 7, "max_score": 7} and (told["pending"], told["tries"]) == (3, 1)
    assert told["isolation"] in ("root", "user namespace")
    assert (
        "Mia: <strong>7 of 7 points</strong> so far" in ground.page
        and "nobody else has seen it" in ground.page
    )
    assert ground.page.count(BACK) == 1
    assert "1 written part (3 points) is yours to mark." in ground.page and "for a person" not in ground.page

    ground.save(ground.filled(half="def half(number):\n    return number // 2"))
    ended = practise(run, ground)
    assert (ended.code, ground.told["automatic"]["score"]) == (0, 4)
    assert "half should keep fractions." in ended.out and "half should keep fractions." in ground.page
    assert (ground.told["tries"], ground.told["best"]["score"]) == (2, 7)

    ground.save(ground.filled("practice: Zoe"))
    assert practise(run, ground).code == 0
    assert (ground.told["tries"], ground.told["name"]) == (1, "Zoe")

    # Nothing lands where an instructor grades, and nothing that a record could rest on is written at all.
    assert sorted(path for path in ground.course.rglob("*") if path.is_file()) == before
    beside = ground.course.with_name("nbgrader-practice")
    assert not (beside / "results.jsonl").exists() and not (beside / "submitted").exists()
    assert "certifiable" not in json.dumps(ground.told)


@pytest.mark.slow
def test_without_rooms_it_runs_in_a_kernel_and_says_so(run, ground, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    ended = practise(run, ground)
    assert ended.code == 0, ended.said
    assert (ground.told["isolation"], ground.told["automatic"]["score"]) == (StockRoom.isolation, 7)
    assert "note: this machine has no closed rooms, so your notebook ran with your own rights" in ended.out
    assert "no closed rooms" in ground.page


@pytest.mark.parametrize(
    ("token", "says", "to_do"),
    [
        ("", "the token is still empty", "your name"),
        ("practice: your name", "the token still says", "put your own name"),
        ("practice:", "the token still says", "put your own name"),
        ("QD1A", "the token has 4 symbols", "copy it again"),
        ("ZZX5-47DJ-TZFQ-MX6A-DS", "it carries the token of a course", "into a copy"),
    ],
)
def test_whoever_has_not_said_who_practises_is_told_what_to_do(run, ground, token, says, to_do):
    ground.save(ground.filled(token))
    ended = practise(run, ground)
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1)
    assert says in ended.err and to_do in ended.err and "exercise.ipynb" in ended.err
    assert not (ground.workspace / "practice").exists()


@pytest.mark.parametrize("data", ['{"cells": [', "[]", '{"cells": []}', ""])
def test_a_broken_notebook_is_one_line(run, ground, data):
    ground.save(data)
    for command in ("practice", "handin"):
        ended = run(command, *ground.words())
        assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1)
        assert "exercise.ipynb" in ended.err and "save it again from JupyterLab" in ended.err


def test_where_nothing_was_prepared_yet_it_says_how(run, ground, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    ended = run("practice", "greeting", "--workspace", ground.workspace)
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1)
    assert "the exercises were not prepared here yet; run `make start` once" in ended.err


def test_a_mistyped_exercise_names_those_that_are_begun(run, ground):
    for command in ("practice", "handin"):
        ended = run(command, "greting", *ground.words()[1:])
        assert ended.code == 2 and len(ended.err.splitlines()) == 1
        assert "(begun: greeting)" in ended.err and "did you mean 'greeting'?" in ended.err
        ended = run(command, "../greeting", *ground.words()[1:])
        assert ended.code == 2 and "begun" in ended.err


def handed(run, ground, *more):
    ended = run("handin", *ground.words(*more))
    assert ended.code == 0, ended.said
    return ended.out


def test_of_two_notebooks_it_says_which_one_and_lets_one_choose(run, ground):
    ground.save(ground.filled("practice: Zoe"), "my exercise (final).ipynb")
    assert "packed exercise.ipynb and not 'my exercise (final).ipynb'" in handed(run, ground)
    said = handed(run, ground, "my exercise (final)")
    assert "packed my exercise (final).ipynb and not 'exercise.ipynb'" in said
    assert Path(said.split("a practice zip: ")[1].splitlines()[0]).name.startswith("zoe-greeting-")
    ended = run("handin", *ground.words("another"))
    assert ended.code == 2 and "'exercise.ipynb', 'my exercise (final).ipynb'" in ended.err
    (ground.folder / "exercise.ipynb").rename(ground.folder / "first try.ipynb")
    ended = run("handin", *ground.words())
    assert ended.code == 2 and "several notebooks here: 'first try.ipynb', 'my exercise" in ended.err


def test_a_deleted_answer_is_named_and_an_untouched_one_too(run, ground):
    notebook = ground.filled()
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "why"]
    ground.save(notebook)
    assert "the cell 'why' is gone, so its answer counts as blank" in handed(run, ground)
    blank = ground.hands.released
    ground.save(blank)
    said = handed(run, ground, "--learner", "mia")
    assert "3 answers still stand as they were handed out: half, area, why" in said and "gone" not in said


def test_a_practice_zip_says_what_it_is_for_and_a_real_one_where_it_goes(run, ground, tmp_path):
    said = handed(run, ground)
    assert "nobody has to get it, and it earns no record" in said
    assert "whether your answers are right: autograder practice greeting" in said
    assert "write your instructor's token into the notebook" in said
    table = (ground.course / "variants/greeting/tokens.csv").read_text(encoding="utf-8")
    token = next(line.split(",")[-1] for line in table.splitlines() if line.startswith("ada,"))
    ground.save(ground.filled(token))
    said = handed(run, ground, "--learner", "ada")
    assert "hand in this file: " in said and "upload it where your instructor says" in said
    assert "practice zip" not in said and "nobody has to get it" not in said


def test_from_any_folder_below_the_course_the_workspace_is_found(run, ground, monkeypatch, tmp_path):
    monkeypatch.delenv("COURSE_HOME", raising=False)
    monkeypatch.chdir(ground.folder)
    ended = run("handin", "greeting", "--course", ground.course)
    assert ended.code == 0, ended.said
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    monkeypatch.chdir("/")
    assert run("handin", "greeting", "--course", ground.course).code == 0
    assert len(list((ground.workspace / "hand-in").glob("*.zip"))) >= 1
