"""How the benchmarks of grading take their figures: whole processes, and marks of time within a run."""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from cohorts import AUTOGRADER, stock_command

HERE = Path(__file__).resolve().parent


@dataclass
class Spent:
    """What a command took: by the clock, and of the processor with all that it started."""

    wall: float
    cpu: float


@dataclass
class Series:
    """The same measurement several times."""

    all: list[Spent] = field(default_factory=list)

    @property
    def wall(self) -> float:
        """The median by the clock."""
        return statistics.median(one.wall for one in self.all)

    @property
    def cpu(self) -> float:
        """The median of processor time."""
        return statistics.median(one.cpu for one in self.all)


def spent(command: list[str], cwd: Path, environment: dict[str, str] | None = None) -> Spent:
    """Run a command to its end; one that fails is no measurement."""
    before, began = _children(), time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    wall = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return Spent(wall, _children() - before)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def remove(folder: Path) -> None:
    """Delete a graded course; what nbgrader writes is read-only."""
    shutil.rmtree(folder, ignore_errors=True)


def fresh(course: Path) -> Path:
    """Copy an ungraded course, with the secret that lies beside nbgrader's folder."""
    target = course.parent.with_name("run")
    remove(target)
    shutil.copytree(course.parent, target)
    return target / course.name


def ours(course: Path, exercise: str, jobs: int) -> Spent:
    """Grade with the command as a person types it."""
    words = ["grade", exercise, "--course", str(course), "--jobs", str(jobs)]
    return spent([AUTOGRADER, *words], course)


def stock(course: Path, exercise: str, students: str) -> Spent:
    """Grade with `nbgrader autograde`; students as a pattern of its own."""
    command, environment = stock_command("autograde", exercise, "--student", students)
    return spent(command, course, environment)


@dataclass
class Steady:
    """How long one submission takes while a class is graded.

    each: seconds for one, at the class's rate.
    first: seconds until the first was done.
    latency: the median time between two results.
    """

    each: float
    first: float
    latency: float


def steady(course: Path, exercise: str, jobs: int) -> Steady:
    """Grade, note when each result came, and leave out the start."""
    command = [sys.executable, str(HERE / "marks.py"), str(course), exercise, str(jobs)]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"grading {exercise} failed:\n{done.stderr[-3000:]}")
    marks = json.loads(done.stdout.splitlines()[-1])
    gaps = [later - earlier for earlier, later in pairwise(marks)]
    return Steady((marks[-1] - marks[jobs - 1]) / (len(marks) - jobs), marks[0], statistics.median(gaps))


def floor(work: dict[str, Any], folder: Path) -> float:
    """Run the same cells in bare forks, one after another; the mean seconds of one."""
    file = folder / "work.json"
    file.write_text(json.dumps(work), encoding="utf-8")
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, str(HERE / "floor.py"), str(file)]
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return statistics.fmean(json.loads(done.stdout))
