"""How fast `autograder grade` is, against stock `nbgrader autograde` and against the bare cells.

Two classes of invented learners (cohorts.py): a light exercise, made as any nbgrader course, and our own
Qiskit exercise. Everything is measured in this one run, in turn, so that a busy machine slows all alike;
medians count. What must hold:

- 40 light submissions, the whole command with its start, 2 jobs: at least 25 times as fast as stock;
- 400 light submissions, 2 jobs: at least 60 times as fast a submission as stock;
- both classes, 2 jobs: a submission takes at most the floor / 2 x 1.5 + 20 ms. The floor is the same cells in
  a fork of a warm interpreter, with bare exec;
- one submission, when the rooms' parents are warm: a result in under 1 second besides the cells' own time.

Stock is slow: by default it grades 1 and then 6 of the class, and its 40 are the 1 and 39 times what each of
the others took. --full lets it grade all 40.

Example: make bench
         python tests/benchmarks/bench_grading.py --full
         python tests/benchmarks/bench_grading.py --profile
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cohorts
import measure
from measure import Series, Spent, Steady

from autograder import secret, tokens
from autograder.course import Course
from autograder.gradebook import private_jupyter
from autograder.grading.master import load
from autograder.grading.reading import read_submission
from autograder.grading.rebuild import rebuild
from autograder.marks import read_marks
from autograder.sheets import Drawer

JOBS = 2
SMALL, LARGE, OURS = 40, 400, 4
SOME = 6
MOST_OVER_FLOOR, MARGIN = 1.5, 0.020


@dataclass
class Found:
    """All that was measured, in seconds."""

    stock_one: Series = field(default_factory=Series)
    stock_some: Series = field(default_factory=Series)
    stock_all: Series = field(default_factory=Series)
    small: Series = field(default_factory=Series)
    large: list[Steady] = field(default_factory=list)
    single: list[Steady] = field(default_factory=list)
    ours: list[Steady] = field(default_factory=list)
    light_floor: list[float] = field(default_factory=list)
    ours_floor: list[float] = field(default_factory=list)


def middle(values: list[float]) -> float:
    """The median."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def cells_of(ungraded: Path, exercise: str) -> dict[str, Any]:
    """Write down the cells that grading would run, for the floor."""
    # A copy, because what grading keeps of a source would spare the measured runs their work.
    course = measure.fresh(ungraded)
    own = Course(course)
    with private_jupyter():
        (master,) = load(own, exercise)
    key = secret.load(own.home)
    work = []
    drawer = Drawer()
    for learner in own.learners(exercise):
        (path,) = own.submitted(learner, exercise).glob("*.ipynb")
        built = rebuild(master, read_submission(path))
        cells = [cell.source for cell in built.notebook.cells if cell.cell_type == "code"]
        one: dict[str, Any] = {"environment": {}, "cells": cells}
        if key != tokens.PRACTICE:
            token = tokens.make(key, exercise, learner)
            one["environment"]["COURSE_VARIANT_TOKEN"] = token
            if (sheet := drawer.sheet(key, exercise, token)) is not None:
                one |= {"files": sheet.files, "names": {"ANSWERS": sheet.answers}}
        work.append(one)
    drawer.close()
    solution = [cell.source for cell in master.solution.cells if cell.cell_type == "code"]
    return {"solution": solution, "work": work}


def same_scores(stock: Path, ours: Path) -> None:
    """Stop unless those whom both graded have the same scores, cell by cell."""
    theirs, mine = (
        {
            one.learner: [(mark.cell, mark.auto) for mark in one.marks]
            for one in read_marks(course, cohorts.LIGHT)
        }
        for course in (Course(stock), Course(ours))
    )
    different = [name for name in theirs if theirs[name] != mine[name]]
    if different or not theirs:
        raise SystemExit(f"stock and ours score differently: {different}")


def light_round(found: Found, small: Path, single: Path, work: dict[str, Any], *, full: bool) -> None:
    """Measure everything about the light class once."""
    copy = measure.fresh(small)
    found.small.all.append(measure.ours(copy, cohorts.LIGHT, JOBS))
    graded = copy.rename(copy.parent / "graded")
    copy = measure.fresh(small)
    found.stock_one.all.append(measure.stock(copy, cohorts.LIGHT, "learner0000"))
    found.stock_some.all.append(measure.stock(copy, cohorts.LIGHT, f"learner000[4-{3 + SOME}]"))
    with private_jupyter():
        same_scores(copy, graded)
    if full and not found.stock_all.all:
        found.stock_all.all.append(measure.stock(measure.fresh(small), cohorts.LIGHT, "*"))
    measure.remove(graded)
    found.light_floor.append(measure.floor(work, small.parent))
    found.single.append(measure.steady(measure.fresh(single), cohorts.LIGHT, 1))
    found.light_floor.append(measure.floor(work, small.parent))


def take(folder: Path, *, full: bool, rounds: int) -> Found:
    """Measure everything, in turn."""
    found = Found()
    small = cohorts.light(folder / "small/nbgrader", SMALL)
    single = cohorts.light(folder / "single/nbgrader", 12)
    large = cohorts.light(folder / "large/nbgrader", LARGE)
    ours = cohorts.export(folder / "ours/nbgrader", OURS)
    light_work, our_work = cells_of(small, cohorts.LIGHT), cells_of(ours, cohorts.EXPORT)
    for number in range(rounds):
        light_round(found, small, single, light_work, full=full)
        if number < max(1, rounds - 1):
            found.large.append(measure.steady(measure.fresh(large), cohorts.LIGHT, JOBS))
            found.light_floor.append(measure.floor(light_work, folder))
    found.ours_floor.append(measure.floor(our_work, folder))
    found.ours.append(measure.steady(measure.fresh(ours), cohorts.EXPORT, JOBS))
    return found


@dataclass
class Line:
    """One line of the table: what, our seconds, theirs, the ratio and what must hold."""

    what: str
    ours: float
    theirs: float
    least: float | None = None
    most: float | None = None

    @property
    def good(self) -> bool:
        """Whether what must hold does."""
        if self.least is not None:
            return self.theirs / self.ours >= self.least
        return self.most is None or self.ours <= self.most

    def __str__(self) -> str:
        bound = f"at least {self.least:g}x" if self.least else ""
        bound = f"at most {shown(self.most)}" if self.most else bound
        ratio = f"{self.theirs / self.ours:7.1f}x" if self.theirs else " " * 8
        verdict = "" if not bound else "good" if self.good else "MISSED"
        return f"{self.what:54} {shown(self.ours):>9} {shown(self.theirs):>9} {ratio}  {bound:17} {verdict}"


def shown(seconds: float) -> str:
    """Write seconds for people."""
    if not seconds:
        return ""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def table(found: Found) -> list[Line]:
    """Compare."""
    one, some = found.stock_one, found.stock_some
    each = Spent((some.wall - one.wall) / (SOME - 1), (some.cpu - one.cpu) / (SOME - 1))
    all_ = Spent(one.wall + each.wall * (SMALL - 1), one.cpu + each.cpu * (SMALL - 1))
    if found.stock_all.all:
        all_ = found.stock_all.all[0]
    large = middle([one.each for one in found.large])
    light, ours = middle(found.light_floor), middle(found.ours_floor)
    steady = middle([one.each for one in found.ours])
    single = middle([one.latency for one in found.single])
    first = middle([one.first for one in found.large])
    return [
        Line(f"{SMALL} light, whole command / stock", found.small.wall, all_.wall, least=25),
        Line("  the same, processor time", found.small.cpu, all_.cpu),
        Line(f"{LARGE} light, each / stock, each", large, each.wall, least=60),
        Line("light, each / floor", large, light, most=light / JOBS * MOST_OVER_FLOOR + MARGIN),
        Line("ours, each / floor", steady, ours, most=ours / JOBS * MOST_OVER_FLOOR + MARGIN),
        Line("one light submission, warm, 1 job / floor", single, light, most=1 + light),
        Line("  first result of the light class, from nothing", first, 0),
    ]


def profile() -> int:
    """Show where the time of the light class goes, with one job so that steps do not overlap."""
    with tempfile.TemporaryDirectory(prefix="bench-grading-") as folder:
        course = cohorts.light(Path(folder) / "small/nbgrader", SMALL)
        return subprocess.call(
            [sys.executable, str(measure.HERE / "stages.py"), str(course), cohorts.LIGHT, "1"]
        )


def main() -> int:
    """Measure, print, and say with the exit code whether all holds."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--full", action="store_true", help="let stock grade all 40")
    parser.add_argument("--profile", action="store_true", help="only show where the time goes, step by step")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--json", type=Path, help="also write every figure to this file")
    options = parser.parse_args()
    load_before, began = os.getloadavg()[0], time.monotonic()
    if options.profile:
        return profile()
    with tempfile.TemporaryDirectory(prefix="bench-grading-") as folder:
        found = take(Path(folder), full=options.full, rounds=options.rounds)
    lines = table(found)
    taken = time.monotonic() - began
    print(f"grading with {JOBS} jobs; load before {load_before:.1f}; {taken:.0f} s for all of it")
    print(f"{'':54} {'ours':>9} {'other':>9}   ratio")
    for line in lines:
        print(line)
    if options.json:
        options.json.write_text(json.dumps(found, default=vars, indent=1), encoding="utf-8")
    return 0 if all(line.good for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
