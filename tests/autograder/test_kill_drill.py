"""Fifty runs are killed at random moments; then one runs to its end, and nothing is lost, doubled or torn."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.marks import read_marks

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.timeout(1800)]

KILLS = 50
AUTO = 7.0


def groups(processes: set[int]) -> list[str]:
    """The memory groups that these processes made; other graders on this machine have their own."""
    names = [Path(folder).name for folder, _, _ in os.walk("/sys/fs/cgroup")]
    own = [name for name in names if name.startswith("autograder-rooms-")]
    return [name for name in own if int(name.split("-")[2]) in processes]


class Drill:
    """A course to which hand-ins keep coming, and a grader that keeps being killed."""

    def __init__(self, course: Path, hands, family) -> None:
        self.course, self.hands, self.family = course, hands, family
        self.learners: list[str] = []
        self.processes: set[int] = set()
        self.temporary = course.parent / "tmp"
        self.temporary.mkdir()

    def hand_in(self, count: int) -> None:
        for _ in range(count):
            self.learners.append(f"learner{len(self.learners):03}")
            self.hands.put(self.learners[-1], self.hands.notebook())

    def start(self) -> subprocess.Popen[str]:
        program = Path(sys.executable).parent / "autograder"
        process = subprocess.Popen(
            [program, "grade", "greeting", "--course", self.course, "--jobs", "2"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(self.temporary)},
        )
        self.processes.add(process.pid)
        return process

    def kill_after(self, seconds: float) -> float | None:
        """Let a run begin and kill it; where it was done before, tell how long it took."""
        began = time.monotonic()
        process = self.start()
        those = self.family(process.pid)
        while time.monotonic() < began + seconds and process.poll() is None:
            those.look()
            time.sleep(0.05)
        took = time.monotonic() - began
        those.look()
        process.send_signal(signal.SIGKILL)
        out, err = process.communicate()
        assert process.returncode in {-signal.SIGKILL, 0}, out + err
        assert those.left() == set()
        return took if process.returncode == 0 else None

    def lines(self) -> list[dict]:
        """The results that are whole; the last line may be torn until somebody writes again."""
        path = self.course / "results.jsonl"
        whole = path.read_bytes().rpartition(b"\n")[0].splitlines() if path.exists() else []
        return [json.loads(line) for line in whole]

    def check_no_half(self) -> None:
        """After any kill: each line once, each notebook whole, each transaction whole."""
        assert max(Counter(line["learner"] for line in self.lines()).values(), default=1) == 1
        for path in self.course.glob("autograded/*/greeting/*.ipynb"):
            assert json.loads(path.read_text())["nbformat"] == 4
        written = {line["learner"] for line in self.lines()}
        marks = {one.learner: one for one in read_marks(Course(self.course), "greeting")}
        assert written <= set(marks)
        assert all(len(marks[learner].marks) == 4 for learner in marks)


def test_fifty_kills_lose_nothing_and_double_nothing(course, hands, family):
    (course / "roster.csv").unlink()
    drill = Drill(course, hands, family)
    drill.hand_in(6)
    mounts = Path("/proc/mounts").read_text()
    began = time.monotonic()
    out, err = drill.start().communicate(timeout=300)
    whole = time.monotonic() - began
    assert "6 notebooks: 0 held" in out, err
    chance = random.Random(20261122)
    killed = 0
    while killed < KILLS:
        drill.hand_in(2)
        took = drill.kill_after(chance.uniform(0.05, whole))
        # The next one is killed at some moment of a run as long as those are now.
        killed, whole = killed + (took is None), took or whole
        drill.check_no_half()
    out, err = drill.start().communicate(timeout=300)
    assert f"{len(drill.learners)} notebooks: 0 held" in out, err
    assert Counter(line["learner"] for line in drill.lines()) == dict.fromkeys(drill.learners, 1)
    found = {
        one.learner: sum(mark.auto or 0 for mark in one.marks)
        for one in read_marks(Course(course), "greeting")
    }
    assert found == dict.fromkeys(drill.learners, AUTO)
    with closing(sqlite3.connect(course / "gradebook.db")) as book:
        assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    drill.check_no_half()
    folders = {path.relative_to(course / "autograded") for path in course.glob("autograded/*/*")}
    assert folders == {Path(learner) / "greeting" for learner in drill.learners}
    assert list(drill.temporary.iterdir()) == []
    assert groups(drill.processes) == []
    assert Path("/proc/mounts").read_text() == mounts
