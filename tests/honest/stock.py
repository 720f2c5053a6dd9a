"""Stock nbgrader as a stranger would use it: its own commands, each a process, on throwaway folders."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

__all__ = ["Scores", "autograde", "generate", "scores"]

# (learner, notebook, cell) to points; None while a person has to mark.
Scores = dict[tuple[str, str, str], float | None]
_CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'elsewhere'\nc.Execute.timeout = 120\n"
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")
_READ = """
import json, sys
from nbgrader.api import Gradebook
rows = []
with Gradebook(sys.argv[1]) as book:
    for submission in book.assignment_submissions(sys.argv[2]):
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                rows.append([submission.student_id, notebook.name, grade.name, grade.auto_score])
print(json.dumps(rows))
"""


def _command(course: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one of nbgrader's commands in a course folder."""
    with tempfile.TemporaryDirectory(prefix="home-") as home:
        own = {"HOME": home, "IPYTHONDIR": f"{home}/ipython", "JUPYTER_CONFIG_DIR": f"{home}/jupyter"}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [sys.executable, "-m", "nbgrader", *words],
            cwd=course,
            env={**os.environ, **own, **dict.fromkeys(_THREADS, "1"), "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )


def generate(course: Path, assignment: str) -> Path:
    """Let nbgrader make the learners' version of what lies in source/; answer its folder."""
    (course / "nbgrader_config.py").write_text(_CONFIG)
    ended = _command(course, "generate_assignment", assignment)
    assert ended.returncode == 0, ended.stderr[-4000:]
    return course / "release" / assignment


def autograde(course: Path, assignment: str, *, alone: set[str] | None = None, halves: int = 2) -> Scores:
    """Let nbgrader grade everybody, in two throwaway copies of the course side by side.

    alone: learners whose notebook would end the whole run; each has a run to itself, which may fail.
    """
    alone = alone or set()
    learners = sorted(folder.name for folder in (course / "submitted").iterdir())
    many = [learner for learner in learners if learner not in alone]
    parts = [many[start::halves] for start in range(halves)] + [[one] for one in sorted(alone)]
    found: Scores = {}
    with ThreadPoolExecutor(halves) as pool:
        for part in pool.map(partial(_grade, course, assignment, alone), [part for part in parts if part]):
            found |= part
    return found


def _grade(course: Path, assignment: str, alone: set[str], learners: list[str]) -> Scores:
    """Grade some learners in a copy of the course."""
    with tempfile.TemporaryDirectory(prefix="stock-") as place:
        copy = Path(place) / "course"
        leave = shutil.ignore_patterns("submitted", "autograded", "results.jsonl")
        shutil.copytree(course, copy, ignore=leave)
        for learner in learners:
            shutil.copytree(course / "submitted" / learner, copy / "submitted" / learner)
        ended = _command(copy, "autograde", assignment)
        assert ended.returncode == 0 or alone.issuperset(learners), ended.stderr[-4000:]
        return scores(copy, assignment)


def scores(course: Path, assignment: str) -> Scores:
    """Read what stands in nbgrader's gradebook."""
    address = f"sqlite:///{course / 'gradebook.db'}"
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _READ, address, assignment],
        capture_output=True,
        text=True,
        check=True,
    )
    return {(row[0], row[1], row[2]): row[3] for row in json.loads(ended.stdout.splitlines()[-1])}
