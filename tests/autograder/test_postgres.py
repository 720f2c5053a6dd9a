"""PostgreSQL as gradebook, with a real server: grading, two graders at once, and nbgrader's own tools."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.gradebook import gradebook
from autograder.marks import read_marks
from tests.autograder.marking import lines_of
from tests.waiting import faults

pytestmark = pytest.mark.slow

BIN = Path(sys.executable).parent


def scores(course: Path, db: str, exercise: str = "greeting") -> dict[str, float]:
    return {
        one.learner: sum(mark.auto or 0 for mark in one.marks)
        for one in read_marks(Course(course, db), exercise)
    }


def test_grading_feedback_report_evidence_and_nbgraders_export_work_on_it(course, hands, run, db, tmp_path):
    hands.put("ada", hands.notebook())
    hands.put("bob", hands.notebook(half="def half(number):\n    return number // 2"))
    (course / "roster.csv").unlink()
    with_db = ("--course", course, "--db", db)
    assert run("grade", "greeting", *with_db, "--jobs", "2").code == 0
    assert scores(course, db) == {"ada": 7.0, "bob": 4.0}
    with gradebook(Course(course, db)) as book:
        paper = book.find_submission_notebook("exercise", "greeting", "ada")
        next(grade for grade in paper.grades if grade.name == "why").manual_score = 3.0
        book.db.commit()
    hands.put("bob", hands.notebook())
    again = run("grade", "greeting", *with_db)
    assert again.code == 0 and scores(course, db) == {"ada": 7.0, "bob": 7.0}
    assert len((course / "results.jsonl").read_text().splitlines()) == 3
    assert run("feedback", "greeting", *with_db).code == 0
    assert run("report", *with_db).code == 0
    table = tmp_path / "marks.csv"
    assert run("mark", "greeting", *with_db, "--out", table).code == 0
    lines = lines_of(table)
    for line in lines:
        given = (
            {"part: Halves and wholes": "1", "part: One sentence": "1"} if line["learner"] == "bob" else {}
        )
        line.update(given)
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, lines[0].keys())
        writer.writeheader()
        writer.writerows(lines)
    marked = run("mark", "greeting", *with_db, "--as", "Ben", "--in", table)
    assert marked.code == 0 and marked.out.startswith("1 marks taken"), marked.said
    shown = run("evidence", *with_db)
    assert {one["learner"] for one in json.loads(shown.out)["learners"]} == {"ada", "bob"}
    words = [BIN / "nbgrader", "export", f"--CourseDirectory.db_url={db}", "--to", tmp_path / "grades.csv"]
    env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "JUPYTER_CONFIG_DIR": str(tmp_path)}
    done = subprocess.run(words, cwd=course, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "grades.csv").open() as stream:
        found = {row["student_id"]: float(row["score"]) for row in csv.DictReader(stream)}
    assert found == {"ada": 10.0, "bob": 9.0}
    # The course's own gradebook was asked nothing.
    assert scores(course, f"sqlite:///{course / 'gradebook.db'}") == {}


@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
def test_two_graders_of_different_exercises_work_at_once(course, hands, kind, request):
    db = request.getfixturevalue("db") if kind == "postgres" else f"sqlite:///{course / 'gradebook.db'}"
    (course / "roster.csv").unlink()
    shutil.copytree(course / "source/greeting", course / "source/second")
    learners = [f"learner{number}" for number in range(6)]
    for learner in learners:
        path = hands.put(learner, hands.notebook())
        shutil.copytree(path.parent, course / "submitted" / learner / "second")
    running = [
        subprocess.Popen(
            [BIN / "autograder", "grade", name, "--course", course, "--db", db],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in ("greeting", "second")
    ]  # fmt: skip
    for process in running:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, out + err
        assert "6 notebooks: 0 held" in out
    for exercise in ("greeting", "second"):
        assert scores(course, db, exercise) == dict.fromkeys(learners, 7.0)
    assert len((course / "results.jsonl").read_text().splitlines()) == 12


def test_a_server_that_is_not_there_is_one_line(course, hands, run):
    hands.put("ada", hands.notebook())
    ended = run("grade", "greeting", "--course", course, "--db", "postgresql://nobody@/x?host=/nowhere")
    assert ended.code == 2 and len(faults(ended.err)) == 1
    assert "the gradebook (postgresql) cannot be used" in ended.err
