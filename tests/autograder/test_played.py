"""Exercises that ask for a case: its transcript is replayed and earns the points of a cell."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Course
from autograder.grading.model import Result
from autograder.grading.played import Unasked, asked
from autograder.grading.run import Order, grade

SAMPLE = Path(__file__).parent.parent / "sample_course"
CASES = SAMPLE / "scenarios/cases"
GOOD, POOR = [3, 1, 3, 1, 1], [1, 1, 1, 1, 2]
CELL = (
    '\n# %% nbgrader={"grade": true, "grade_id": "the-case", "locked": true, "points": 4, '
    '"schema_version": 3, "solution": false, "task": false}\n'
    "# Play the case to an ending: its transcript earns these points.\n"
)


def source(tmp_path: Path, entry: str) -> Path:
    """The sample exercise, asking for a case."""
    folder = tmp_path / "exercises"
    shutil.copytree(SAMPLE / "exercises", folder)
    text = folder / "greeting/exercise.py"
    text.write_text(text.read_text(encoding="utf-8") + CELL, encoding="utf-8")
    meta = folder / "greeting/meta.yml"
    asks = (
        meta.read_text(encoding="utf-8").replace("points: 10", "points: 14") + f"transcripts:\n  - {entry}\n"
    )
    meta.write_text(asks, encoding="utf-8")
    return folder


def released(run: Any, tmp_path: Path, entry: str) -> Path:
    course = tmp_path / "course/nbgrader"
    ended = run("release", "--quick", "--source", source(tmp_path, entry), "--course", course)
    assert ended.code == 0, ended.said
    return course


def transcript(choices: list[int], **more: Any) -> dict[str, Any]:
    compiled = subprocess.run(
        [Path(sys.executable).parent / "scenarios", "compile", "borrowed-login", "--cases", CASES],
        capture_output=True,
        check=True,
    )
    case = json.loads(compiled.stdout)
    made = {"schema": "transcript/1", "case": case["id"], "case_digest": case["digest"], "choices": choices}
    return made | {"started": "2026-11-22T10:00:00Z", "finished": "2026-11-22T10:20:00Z"} | more


def hand_in(course: Path, learner: str, *transcripts: dict[str, Any]) -> None:
    folder = course / "submitted" / learner / "greeting"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(course / "release/greeting/exercise.ipynb", folder)
    for number, one in enumerate(transcripts):
        (folder / "transcripts").mkdir(exist_ok=True)
        (folder / f"transcripts/{number}.json").write_text(json.dumps(one), encoding="utf-8")


def graded(course: Path) -> dict[str, Result]:
    order = Order("greeting", jobs=2, cases=CASES)
    return {one.learner: one for one in grade(Course(course), order)}


def case_cell(result: Result) -> Any:
    return next(cell for cell in result.cells if cell.grade_id == "the-case")


@pytest.mark.slow
def test_a_case_that_was_played_earns_its_points_and_nothing_forged_does(run, tmp_path):
    course = released(run, tmp_path, "{case: borrowed-login, cell: the-case, endings: [ending-a-clean-week]}")
    hand_in(course, "good", transcript(GOOD))
    hand_in(course, "second", transcript(POOR), transcript(GOOD))
    hand_in(course, "poor", transcript(POOR, ending="ending-a-clean-week", score=100))
    hand_in(course, "early", transcript(GOOD[:3]))
    hand_in(course, "impossible", transcript([9, 9]))
    hand_in(course, "old", transcript(GOOD, case_digest="0" * 64))
    hand_in(course, "other", transcript(GOOD, case="elsewhere"))
    hand_in(course, "none")
    results = graded(course)
    words = {
        "good": (4.0, "ends in 'A clean week'"),
        "second": (4.0, "ends in 'A clean week'"),
        "poor": (0.0, "asks for another ending"),
        "early": (0.0, "was not played to its end"),
        "impossible": (0.0, "does not count: impossible: step 1"),
        "old": (0.0, "another version of the case"),
        "other": (0.0, "no transcript of the case 'borrowed-login' was handed in"),
        "none": (0.0, "no transcript of the case 'borrowed-login' was handed in"),
    }
    for learner, (score, said) in words.items():
        cell = case_cell(results[learner])
        assert (cell.score, cell.through) == (score, "transcript"), learner
        assert said in cell.message, learner
        assert results[learner].score == sum(one.score or 0.0 for one in results[learner].cells)
    # What was handed in later is graded without being forced to, and nothing else is.
    hand_in(course, "none", transcript(GOOD))
    again = graded(course)
    assert case_cell(again["none"]).score == 4.0
    assert again["good"].graded_at == results["good"].graded_at


@pytest.mark.slow
def test_a_case_that_is_not_here_stops_the_grading_and_costs_nobody_points(run, tmp_path):
    course = released(run, tmp_path, "{case: borrowed-logic, cell: the-case}")
    hand_in(course, "good", transcript(GOOD))
    ended = run("grade", "greeting", "--course", course, "--cases", CASES)
    assert ended.code == 2
    assert "asks for the case 'borrowed-logic', which is not here" in ended.err
    assert not (course / "results.jsonl").exists()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{case: borrowed-login}", "lacks 'cell'"),
        ("{case: borrowed-login, cell: nowhere}", "no graded cell 'nowhere' stands for the case"),
        ("{case: borrowed-login, cell: half}", "no graded cell 'half'"),
        ("{case: borrowed-login, cell: the-case, points: 3}", "is no request"),
        ("{case: borrowed-login, cell: the-case, endings: good}", "'endings' is not a list"),
        ("{case: borrowed-login, cell: the-case, correct: many}", "'correct' is no number"),
    ],
)
def test_a_slip_in_meta_yml_is_named_at_its_line(run, tmp_path, entry, words):
    ended = run("release", "--quick", "--source", source(tmp_path, entry), "--course", tmp_path / "course")
    assert ended.code == 2
    assert words in ended.err
    assert "meta.yml:" in ended.err


def test_what_is_no_list_is_refused():
    with pytest.raises(Unasked, match="is not a list"):
        asked({"transcripts": {"case": "x"}})
    assert asked({}) == []
