"""One class with everything in it: every submission ends as a result, and honest work keeps its marks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from autograder.grading.model import Result

pytestmark = pytest.mark.slow

AUTO = 7.0
FULL = {"test-half": 2.0, "test-area": 3.0, "partial": 2.0, "why": None}


def by_cell(result: Result) -> dict[str, float | None]:
    return {one.grade_id: one.score for one in result.cells}


def test_every_submission_found_appears_exactly_once(graded):
    folders = sorted(path.name for path in (graded.course / "submitted").iterdir())
    lines = [json.loads(line) for line in (graded.course / "results.jsonl").read_text().splitlines()]
    assert sorted(graded.results) == folders
    assert sorted(line["learner"] for line in lines) == folders


@pytest.mark.parametrize(
    "learner",
    ["right", "noisy", "windows", "renamed", "doubled", "moved", "short", "kernel", "printing", "editing"],
)
def test_honest_work_keeps_its_marks(graded, learner):
    assert by_cell(graded.results[learner]) == FULL, graded.results[learner].reasons


@pytest.mark.parametrize(
    ("learner", "reason"),
    [
        ("notjson", "not JSON"),
        ("notnotebook", "no notebook"),
        ("zero", "empty"),
        ("huge", "200 MB"),
        ("deep", "not JSON"),
    ],
)
def test_what_cannot_be_read_is_held_with_its_reason(graded, learner, reason):
    result = graded.results[learner]
    assert result.status == "held" and result.score is None
    assert reason in result.reasons[0]


@pytest.mark.parametrize("learner", ["blank", "nocells", "nothing"])
def test_nothing_done_is_zero_and_waits_for_nobody(graded, learner):
    result = graded.results[learner]
    assert result.score == 0 and set(by_cell(result).values()) == {0.0}
    assert result.status == "graded"


def test_a_wrong_answer_gets_what_it_earns_and_the_authors_words(graded):
    cells = {one.grade_id: one for one in graded.results["wrong"].cells}
    assert (cells["test-half"].score, cells["test-half"].message) == (0.0, "half should keep fractions.")
    assert (cells["partial"].score, cells["partial"].outcome) == (1.0, "failed")
    assert cells["test-area"].score == 3.0


@pytest.mark.parametrize("learner", ["skipping", "gutted"])
def test_what_a_notebook_says_about_itself_earns_nothing(graded, learner):
    assert by_cell(graded.results[learner])["test-half"] == 0.0
    assert graded.results[learner].max_score == 10


def test_cells_after_the_kernels_death_earn_nothing_and_those_before_keep_theirs(graded):
    cells = {one.grade_id: one for one in graded.results["dying"].cells}
    assert cells["test-half"].score == 2.0
    assert cells["test-area"].score == 0.0 and "not run" in (cells["test-area"].message or "")
    assert any("ended early" in reason for reason in graded.results["dying"].reasons)


@pytest.mark.parametrize(
    ("learner", "reason"),
    [
        ("renamed", "was called 'exercise (1).ipynb'"),
        ("moved", "cells were moved"),
        ("doubled", "'half' stands 2 times"),
        ("gutted", "locked cell 'test-half' was changed"),
        ("short", "'test-half' is missing; the course's own was put back"),
        ("nocells", "'half' is missing; it counts as blank"),
        ("nothing", "no notebook exercise.ipynb"),
    ],
)
def test_what_was_odd_is_said(graded, learner, reason):
    assert any(reason in said for said in graded.results[learner].reasons)


def test_two_different_answers_under_one_name_are_for_a_person(graded):
    assert graded.results["doubled"].status == "needs-review"


def test_what_was_graded_whole_in_the_rooms_can_be_certified_and_nothing_else(graded):
    ways = {"root", "user namespace"}
    for result in graded.results.values():
        assert result.isolation in ways and not result.practice and "two rooms" in result.graded_by
        whole = result.status == "graded" and result.submission_sha256 is not None
        assert result.certifiable == whole, result
    through = {one.grade_id: one.through for one in graded.results["right"].cells}
    assert through["why"] == "person" and set(through.values()) <= {"hatch", "handles", "person"}


def test_without_isolation_there_is_a_warning_and_nothing_can_be_certified(course, hands, run, tmp_path):
    hands.put("ada", hands.notebook())
    target = tmp_path / "results.json"
    ended = run("grade", "greeting", "--course", course, "--without-isolation", "--json", target)
    assert ended.code == 0 and ended.err.startswith("warning: without isolation learner code runs")
    (result,) = json.loads(target.read_text())["results"]
    assert (result["score"], result["isolation"], result["certifiable"]) == (AUTO, "none", False)
    assert "graded without isolation" in result["reasons"] and "in a kernel" in result["graded_by"]
    assert {cell["through"] for cell in result["cells"]} == {"kernel", "person"}


def test_a_time_that_only_the_learners_folder_states_is_marked_as_unproved(graded):
    result = graded.results["right"]
    assert result.collected_at == "2026-11-21T18:00:00Z"
    assert "the time of hand-in stands only in timestamp.txt" in result.reasons


def test_the_document_has_the_shape_that_was_promised(graded, run, tmp_path):
    target = tmp_path / "results.json"
    ended = run("grade", "greeting", "--course", graded.course, "--learner", "right", "--json", target)
    assert ended.code == 0, ended.said
    jsonschema.validate(json.loads(target.read_text()), SCHEMA)


def test_nothing_is_graded_again_when_nothing_has_changed(graded_copy, run):
    before = (graded_copy / "results.jsonl").read_bytes()
    changed = (graded_copy / "autograded/right/greeting/exercise.ipynb").stat().st_mtime_ns
    ended = run("grade", "greeting", "--course", graded_copy, "--jobs", "2")
    assert ended.code == 0, ended.said
    assert (graded_copy / "results.jsonl").read_bytes() == before
    assert (graded_copy / "autograded/right/greeting/exercise.ipynb").stat().st_mtime_ns == changed


def test_what_has_changed_is_graded_again_and_only_that(graded_copy, run):
    path = graded_copy / "submitted/right/greeting/exercise.ipynb"
    path.write_text(path.read_text().replace("number / 2", "number - 2"))
    before = (graded_copy / "results.jsonl").read_text().splitlines()
    assert run("grade", "greeting", "--course", graded_copy).code == 0
    after = (graded_copy / "results.jsonl").read_text().splitlines()
    assert after[: len(before)] == before
    assert [json.loads(line)["learner"] for line in after[len(before) :]] == ["right"]


def _nbgrader(course: Path, *words: str) -> subprocess.CompletedProcess[str]:
    bin_ = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}", "JUPYTER_CONFIG_DIR": str(course / ".none")}
    return subprocess.run(
        [bin_ / "nbgrader", *words], cwd=course, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.proof
def test_nbgraders_own_export_reads_the_gradebook(graded_copy):
    done = _nbgrader(graded_copy, "export")
    assert done.returncode == 0, done.stderr
    rows = {
        row.split(",")[3]: row.split(",") for row in (graded_copy / "grades.csv").read_text().splitlines()[1:]
    }
    assert float(rows["right"][9]) == 7.0 and float(rows["blank"][9]) == 0.0
    assert "notjson" not in rows


@pytest.mark.proof
def test_nbgraders_own_feedback_reads_what_was_graded(graded_copy):
    done = _nbgrader(graded_copy, "generate_feedback", "greeting", "--student", "right")
    assert done.returncode == 0, done.stderr
    assert (graded_copy / "feedback/right/greeting/exercise.html").exists()


@pytest.mark.proof
def test_stock_nbgrader_gives_honest_work_the_same_scores(graded_copy, tmp_path):
    """Stock runs in the same course on the same files; noise on stderr is where it is wrong."""
    from autograder.course import Course
    from autograder.marks import read_marks

    def automatic(course: Path) -> dict[str, dict[str, float | None]]:
        marks = read_marks(Course(course), "greeting")
        return {one.learner: {mark.cell: mark.auto for mark in one.marks} for one in marks}

    ours = automatic(graded_copy)
    stock = tmp_path / "stock"
    shutil.copytree(graded_copy, stock, ignore=shutil.ignore_patterns("autograded", "feedback"))
    # Our courses refuse nbgrader's autograde; here nbgrader is to run as it comes.
    as_it_comes = "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter"
    for learner in ("right", "wrong", "blank", "windows"):
        done = _nbgrader(stock, "autograde", "greeting", "--student", learner, "--force", as_it_comes)
        assert done.returncode == 0, done.stderr[-2000:]
    theirs = automatic(stock)
    for learner in ("right", "wrong", "blank"):
        # Stock knows no variant: its hidden test of the area runs with another factor, to the same end.
        assert ours[learner] == theirs[learner]


CELL = {
    "type": "object",
    "required": ["grade_id", "score", "max_score", "outcome", "message", "through"],
    "properties": {
        "score": {"type": ["number", "null"]},
        "max_score": {"type": "number"},
        "outcome": {"enum": ["passed", "failed", "error", "timeout", "refused", "manual"]},
        "message": {"type": ["string", "null"]},
        "through": {"enum": ["hatch", "handles", "fallback", "kernel", "person"]},
    },
}
REQUIRED = (
    "learner notebook score max_score status reasons certifiable isolation "
    "submission_sha256 source_sha256 collected_at graded_by seconds cells"
)
SCHEMA = {
    "type": "object",
    "required": ["schema", "exercise", "results"],
    "additionalProperties": False,
    "properties": {
        "schema": {"const": "autograder.results/1"},
        "exercise": {"const": "greeting"},
        "results": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": REQUIRED.split(),
                "properties": {
                    "status": {"enum": ["graded", "needs-review", "held"]},
                    "certifiable": {"type": "boolean"},
                    "isolation": {"enum": ["root", "user namespace", "none"]},
                    "submission_sha256": {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"},
                    "source_sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "cells": {"type": "array", "items": CELL},
                },
            },
        },
    },
}  # fmt: skip
