"""A person's mark stands as long as the words that it was given for; what must be confirmed is one list."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.course import Course
from autograder.gradebook import gradebook, private_jupyter
from autograder.marks import read_marks
from autograder.records.cli import main as records
from tests.autograder.conftest import SAMPLE, Hands

pytestmark = pytest.mark.slow


def formgrader(course: Path, learner: str, cell: str, score: float) -> None:
    """Mark a cell as nbgrader's formgrader does."""
    with private_jupyter(), gradebook(Course(course)) as book:
        grade = book.find_grade(cell, "exercise", "greeting", learner)
        grade.manual_score, grade.needs_manual_grade = score, False
        book.db.commit()


def standing(course: Path) -> dict[tuple[str, str], tuple[float | None, float | None, bool]]:
    with private_jupyter():
        return {
            (one.learner, mark.cell): (mark.auto, mark.manual, mark.pending)
            for one in read_marks(Course(course), "greeting")
            for mark in one.marks
        }


class Instructor:
    """Runs the commands on one class, and the office's on what comes of it."""

    def __init__(self, run, course: Path, folder: Path) -> None:
        self.run_, self.course, self.folder = run, course, folder
        self.issuer, self.file = folder / "issuer", folder / "evidence.json"

    def run(self, *words: object) -> str:
        ended = self.run_(*words, "--course", self.course)
        assert ended.code == 0, ended.said
        return ended.out

    def evidence(self) -> dict[str, dict]:
        self.run("evidence", "--out", self.file)
        return {one["learner"]: one for one in json.loads(self.file.read_text())["learners"]}

    def office(self, *words: object) -> str:
        told = [str(word) for word in words]
        if told[0] != "init":
            told += ["--issuer", str(self.issuer), "--evidence", str(self.file)]
            told += ["--awards", str(SAMPLE / "awards.yml")]
        done = CliRunner().invoke(records, told)
        assert done.exit_code == 0, done.output
        return done.output


def test_marks_outlive_regrading_a_mended_test_and_wait_only_where_the_words_changed(
    run, course, hands: Hands, tmp_path
):
    there = Instructor(run, course, tmp_path)
    hands.put("ada", hands.notebook())
    hands.put("ben", hands.notebook(area="def area(radius):\n    return 3.1415 * radius**2"))
    there.run("grade", "greeting")
    for learner in ("ada", "ben"):
        formgrader(course, learner, "why", 2.5)
    formgrader(course, "ben", "partial", 1.0)
    assert standing(course)["ben", "test-area"][0] == 0
    assert there.evidence()["ada"]["evidence"][0]["certifiable"]
    there.office("init", "--out", there.issuer, "--name", "Example U", "--url", "https://r.example.edu")
    there.office("issue", "--out", tmp_path / "issued", "--learner", "ada")

    # A test is mended, as in A4 of the instructor's trial; then everything is graded again by force.
    source = tmp_path / "exercises"
    shutil.copytree(SAMPLE / "exercises", source)
    text = (source / "greeting/exercise.py").read_text()
    (source / "greeting/exercise.py").write_text(text.replace("< 1e-9", "< 1e-2").replace("< 1e-6", "< 10"))
    there.run("release", "greeting", "--quick", "--source", source)
    there.run("grade", "greeting")
    there.run("grade", "greeting", "--force")
    found = standing(course)
    assert found["ben", "test-area"] == (3.0, None, False), "the mended test gives the points"
    assert found["ada", "why"][1:] == found["ben", "why"][1:] == (2.5, False)
    assert found["ben", "partial"] == (2.0, 1.0, False), "what a person set over a program's score stays, too"
    assert not there.evidence()["ada"]["blocked"]
    assert "every mark stands" in there.run("marks", "waiting", "greeting")
    assert "revoke" not in there.office("due")

    # Ada hands in again with other words, Ben with the same words and another program.
    hands.put("ada", hands.notebook(why="A half is smaller."))
    hands.put("ben", hands.notebook())
    there.run("grade", "greeting")
    found = standing(course)
    assert found["ada", "why"] == (None, 2.5, True) and found["ben", "why"] == (None, 2.5, False)
    assert found["ben", "partial"][1:] == (1.0, True), (
        "the program that the override was given for is another"
    )
    assert "waits to be confirmed" in there.evidence()["ada"]["blocked"][0]["reason"]
    due = there.office("due")
    assert "waits to be confirmed" in due and "records revoke" not in due

    said = there.run("marks", "waiting", "greeting")
    assert "ada" in said and "why" in said and "2 to confirm" in said
    wrong = run("marks", "confirm", "greeting", "--learner", "eva", "--course", course)
    assert wrong.code == 2 and "no mark of 'eva' waits" in wrong.err
    assert run("marks", "confirm", "greeting", "--course", course).code == 2
    assert "1 mark confirmed" in there.run("marks", "confirm", "greeting", "--learner", "ada", "--as", "Dr Z")
    assert there.evidence()["ada"]["evidence"][0]["assurance"] == "marked by a person"
    waiting = json.loads(there.run("marks", "waiting", "greeting", "--json"))["marks"]
    assert [(one["learner"], one["cell"]) for one in waiting] == [("ben", "partial")]

    # The confirmed mark stands for the new words from now on, and not for the old ones.
    there.run("grade", "greeting", "--force")
    assert standing(course)["ada", "why"] == (None, 2.5, False)
    hands.put("ada", hands.notebook())
    there.run("grade", "greeting")
    assert standing(course)["ada", "why"] == (None, 2.5, True)
