"""What people decide beside marks: points for everybody, a doubt settled, an excuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.gradebook import private_jupyter
from autograder.marks import read_marks
from tests.autograder.conftest import Hands, cell

pytestmark = pytest.mark.slow


@pytest.fixture
def do(run, course):
    """Run a command on the course; it must end well."""

    def command(*words: object, ends: int = 0) -> str:
        ended = run(*words, "--course", course)
        assert ended.code == ends, ended.said
        return ended.said

    return command


def scores(course: Path, part: str) -> dict[str, tuple[float | None, float | None, bool]]:
    with private_jupyter():
        return {
            one.learner: (mark.auto, mark.manual, mark.pending)
            for one in read_marks(Course(course), "greeting")
            for mark in one.marks
            if mark.cell == part
        }


def evidence(do, tmp_path: Path) -> dict[str, dict]:
    do("evidence", "--out", tmp_path / "evidence.json")
    return {one["learner"]: one for one in json.loads((tmp_path / "evidence.json").read_text())["learners"]}


def states(do) -> dict[str, tuple[str, str]]:
    (told,) = json.loads(do("status", "greeting", "--json"))["exercises"]
    return {one["learner"]: (one["state"], one["reason"]) for one in told["learners"]}


def test_everybody_gets_a_part_whose_check_was_wrong(do, course, hands: Hands, tmp_path):
    wrong = "def half(number):\n    return number // 2"
    hands.put("ada", hands.notebook())
    hands.put("ben", hands.notebook(half=wrong))
    do("grade", "greeting")
    assert "is no part of this exercise" in do("marks", "give", "greeting", "test-hlf", "--why", "x", ends=2)
    assert "has 2 points" in do(
        "marks", "give", "greeting", "test-half", "--points", "5", "--why", "x", ends=2
    )
    said = do("marks", "give", "greeting", "test-half", "--why", "the check was wrong", "--as", "Dr Z")
    assert "everybody has 2 points" in said and "1 had less" in said
    assert scores(course, "test-half") == {"ada": (2.0, None, False), "ben": (0.0, 2.0, False)}
    assert "was given 'test-half' already" in do(
        "marks", "give", "greeting", "test-half", "--why", "x", ends=2
    )
    # It stays through a new run, with other words too, and whoever comes later has it.
    hands.put("ben", hands.notebook(half=wrong + " "))
    hands.put("chloe", hands.notebook(half=wrong, area="def area(radius):\n    return 0"))
    do("grade", "greeting", "--force")
    assert scores(course, "test-half")["ben"] == scores(course, "test-half")["chloe"] == (0.0, 2.0, False)
    do("feedback", "greeting")
    page = (course / "feedback/chloe/greeting/exercise.html").read_text()
    assert "everybody was given these points: the check was wrong (Dr Z, " in page
    do("marks", "give", "greeting", "why", "--points", "1", "--why", "badly asked")
    assert scores(course, "why")["ada"] == (None, 1.0, False)
    reasons = evidence(do, tmp_path)["ben"]["evidence"][0]["reasons"]
    assert any("everybody was given 'test-half': the check was wrong" in one for one in reasons)
    do("marks", "give", "greeting", "test-half", "--take-back", "--why", "it was right after all")
    assert scores(course, "test-half")["ben"] == (0.0, None, False)
    do("grade", "greeting", "--force")
    assert scores(course, "test-half")["chloe"] == (0.0, None, False)


def test_a_doubt_of_the_program_is_settled_by_a_person_for_these_very_bytes(do, course, hands, tmp_path):
    doubted = hands.notebook()
    draft = json.loads(json.dumps(cell(doubted, "half")))
    draft["source"] = "def half(number):\n    return None"
    doubted["cells"].insert(0, draft)
    hands.put("ada", doubted)
    hands.put("ben", hands.notebook())
    do("grade", "greeting")
    do("marks", "give", "greeting", "why", "--why", "not asked this year")
    assert not evidence(do, tmp_path)["ada"]["evidence"][0]["certifiable"]
    said = do("marks", "review", "greeting")
    assert "stands 2 times" in said and "1 of 1 to settle" in said and "ben" not in said
    assert "nothing of 'ben' waits" in do("marks", "accept", "greeting", "ben", "--why", "x", ends=2)
    do("marks", "accept", "greeting", "ada", "--why", "I asked her", "--as", "Dr Z")
    piece = evidence(do, tmp_path)["ada"]["evidence"][0]
    assert piece["certifiable"] and any(
        "settled by a person: I asked her (Dr Z" in one for one in piece["reasons"]
    )
    assert "0 of 1 to settle" in do("marks", "review", "greeting")
    assert states(do)["ada"] == ("settled", "")
    # Other bytes are another doubt.
    doubted["cells"][0]["source"] += "  # again"
    hands.put("ada", doubted)
    do("grade", "greeting")
    assert not evidence(do, tmp_path)["ada"]["evidence"][0]["certifiable"]
    assert states(do)["ada"][0] == "to look at"


def test_who_is_excused_lacks_nothing_by_accident(do, course, hands, tmp_path):
    hands.put("ada", hands.notebook())
    do("grade", "greeting")
    do("excuse", "greeting", "ben", "--why", "passed it last year", "--as", "Dr Z")
    assert evidence(do, tmp_path)["ben"]["blocked"][0]["reason"].startswith(
        "excused: passed it last year (Dr Z"
    )
    state, reason = states(do)["ben"]
    assert state == "excused" and reason.startswith("passed it last year (Dr Z")
    do("grades", "greeting", "--for", "canvas", "--out", tmp_path / "grades.csv", "--zero-missing")
    (line,) = [line for line in (tmp_path / "grades.csv").read_text().splitlines() if "ben" in line]
    assert "EX" in line.split(",")
    do("excuse", "greeting", "ben", "--take-back", "--why", "handed in after all")
    assert states(do)["ben"][0] == "missing"
    assert evidence(do, tmp_path)["ben"]["blocked"] == []


def test_a_lost_or_foreign_notebook_is_for_a_person_and_never_simply_nothing(do, course, hands, tmp_path):
    hands.put("ada", hands.notebook(), "exercise.ipynb.json")
    hands.put("ben", hands.notebook(), "mine/exercise.IPYNB")
    other = hands.notebook()
    for one in other["cells"]:
        one["metadata"], one["id"] = {}, f"x-{one['id']}"
        one["source"] = f"# {one['id']}"
    hands.put("chloe", other)
    (course / "submitted/ada/greeting/exercise.ipynb.json").stat()
    do("grade", "greeting", "--json", tmp_path / "results.json")
    found = {one["learner"]: one for one in json.loads((tmp_path / "results.json").read_text())["results"]}
    assert found["ada"]["score"] == found["ben"]["score"] == 7
    assert found["chloe"]["status"] == "needs-review"
    assert any("it looks like another notebook: none of" in one for one in found["chloe"]["reasons"])
    # The blank draft is newer in name, the other one is complete: a person looks.
    hands.put("chloe", hands.released)
    hands.put("chloe", hands.notebook(), "final.ipynb")
    (course / "submitted/ada/greeting/exercise.ipynb.json").rename(course / "submitted/ada/greeting/work.txt")
    do("grade", "greeting", "--json", tmp_path / "results.json")
    found = {one["learner"]: one for one in json.loads((tmp_path / "results.json").read_text())["results"]}
    assert (found["ada"]["status"], found["chloe"]["status"]) == ("needs-review", "needs-review")
