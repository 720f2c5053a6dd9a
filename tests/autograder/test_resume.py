"""Runs that are killed or stopped, databases that are locked: nothing is lost and nothing is done twice."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.marks import read_marks

pytestmark = pytest.mark.slow

LEARNERS = [f"learner{number}" for number in range(4)]


@pytest.fixture
def crowd(course, hands):
    (course / "roster.csv").unlink()
    for learner in LEARNERS:
        hands.put(learner, hands.notebook())
    return course


def start(course: Path) -> subprocess.Popen[str]:
    (course.parent / "tmp").mkdir(exist_ok=True)
    # The place of temporary files goes on to workers and kernels, so it tells whose they are.
    environment = {**os.environ, "TMPDIR": str(course.parent / "tmp")}
    words = [
        Path(sys.executable).parent / "autograder",
        "grade",
        "greeting",
        "--course",
        course,
        "--jobs",
        "2",
    ]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def lines(course: Path) -> list[str]:
    path = course / "results.jsonl"
    return path.read_text().splitlines() if path.exists() else []


def wait_for(course: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Wait until so many submissions are run; their rows and lines may still be on their way."""
    while len(list(course.glob("autograded/*/greeting"))) < count and process.poll() is None:
        time.sleep(0.02)


def kernels(course: Path) -> list[int]:
    """Find processes that still work in this run's folders."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            if f"TMPDIR={course.parent / 'tmp'}".encode() in environment:
                found.append(int(entry.name))
    return found


def check_whole(course: Path) -> None:
    """Everybody once in the results, in the gradebook and in autograded/, and no half-written file."""
    assert Counter(json.loads(line)["learner"] for line in lines(course)) == dict.fromkeys(LEARNERS, 1)
    marks = {
        one.learner: sum(mark.auto or 0 for mark in one.marks)
        for one in read_marks(Course(course), "greeting")
    }
    assert marks == dict.fromkeys(LEARNERS, 7.0)
    for learner in LEARNERS:
        json.loads((course / "autograded" / learner / "greeting/exercise.ipynb").read_text())


@pytest.mark.parametrize("after", [0, 2])
def test_a_killed_run_goes_on_where_it_was(crowd, after):
    process = start(crowd)
    wait_for(crowd, after, process)
    process.kill()
    process.communicate()
    done = lines(crowd)
    assert len(done) < len(LEARNERS)
    said = start(crowd).communicate()[0]
    assert "4 notebooks: 0 held" in said
    assert lines(crowd)[: len(done)] == done
    check_whole(crowd)


def test_a_kill_between_gradebook_and_results_is_made_good(crowd):
    start(crowd).communicate()
    kept = lines(crowd)
    (crowd / "results.jsonl").write_text("\n".join(kept[:-1]) + "\n" + kept[-1][:50])
    start(crowd).communicate()
    check_whole(crowd)


def test_ctrl_c_ends_with_one_line_and_no_process_left(crowd):
    process = start(crowd)
    wait_for(crowd, 1, process)
    assert len(kernels(crowd)) >= 2
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "stopped; what is graded stays graded" in err and "Traceback" not in out + err
    assert kernels(crowd) == []
    assert "4 notebooks" in start(crowd).communicate()[0]
    check_whole(crowd)


def test_a_locked_gradebook_is_one_line_and_nothing_is_lost(crowd):
    holder = sqlite3.connect(crowd / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        process = start(crowd)
        out, err = process.communicate(timeout=120)
    finally:
        holder.rollback()
        holder.close()
    assert process.returncode == 2 and "Traceback" not in out + err
    assert "locked" in err and len(err.strip().splitlines()) == 1
    assert "0 held" in start(crowd).communicate()[0]
    check_whole(crowd)


def test_a_loop_without_end_is_stopped_and_the_others_keep_their_marks(course, hands, run):
    (course / "roster.csv").unlink()
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.timeout = 3\n")
    hands.put("loop", hands.notebook(area="while True:\n    pass"))
    stubborn = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    hands.put("stubborn", hands.notebook(area=stubborn))
    hands.put("right", hands.notebook())
    target = course / "results.json"
    assert run("grade", "greeting", "--course", course, "--jobs", "2", "--json", target).code == 0
    found = {one["learner"]: one for one in json.loads(target.read_text())["results"]}
    assert found["right"]["score"] == 7.0
    for name in ("loop", "stubborn"):
        scores = {cell["grade_id"]: cell["score"] for cell in found[name]["cells"]}
        assert scores["test-half"] == 2.0 and scores["test-area"] == 0.0
        assert found[name]["status"] == "needs-review"
        assert any("took longer than 3 s" in reason for reason in found[name]["reasons"])
