"""What `autograder attempts` does and tells: what a learner handed in, when, and which of it counts."""

from __future__ import annotations

from typing import Any

import click

from autograder.collecting.attempts import Attempt, in_place, read_attempts
from autograder.collecting.counting import Counting
from autograder.course import Course
from autograder.decisions.pick import pick, take_back
from autograder.files import iso
from autograder.grading.best import FILE
from autograder.grading.ledger import Ledger
from autograder.grading.model import Result
from autograder.strangers import clean_json, shown

__all__ = ["attempts", "use"]


def use(
    course: Course, exercise: str, learner: str, number: int | None, who: str, why: str, *, quiet: bool
) -> None:
    """Let an attempt of a learner count, or, with None, what the course's rule says."""
    if number is not None:
        pick(course, exercise, learner, number, who, why)
        told = f"attempt {number} counts, as {who} picked: {why}"
    else:
        back = take_back(course, exercise, learner, who, why)
        told = f"attempt {back.number} counts" if back else "grading finds the best attempt"
        told += ", by the course's rule again"
    if quiet:
        return
    click.echo(shown(f"{learner}: {told}", 300))
    click.echo(f"to grade what counts now: autograder grade {exercise} --learner {shown(learner)}")


def attempts(course: Course, exercise: str, learners: tuple[str, ...], *, as_json: bool) -> None:
    """Tell of these learners, or of all who have several attempts."""
    course.must_exist()
    course.notebooks(exercise)
    counting, found = Counting(course, exercise), read_attempts(course, exercise)
    results = _results(course, exercise)
    wanted = learners or tuple(learner for learner, mine in sorted(found.items()) if len(mine) > 1)
    told = []
    for learner in wanted:
        there = in_place(course, learner, exercise)
        picked = counting.picked_of(found.get(learner, []))
        for one in found.get(learner, []):
            result = results.get((learner, one.sha256))
            late, counts = not counting.is_in_time(one), one.content == there
            words = counting.picked[learner].words if one is picked else ""
            told.append({**_plain(one, result, late=late, counts=counts), "picked": words})
    if as_json:
        about = {"schema": "attempts/1", "exercise": exercise, "rule": counting.rule}
        click.echo(clean_json({**about, "attempts": told}))
        return
    for row in told:
        click.echo(shown(_line(row), 300))
    if not told:
        who = " and ".join(learners) or "nobody"
        click.echo(f"{who}: no attempt that was collected" if learners else "nobody has several attempts")
    click.echo(f"which counts: {counting.rule} (c.Autograder.attempts in nbgrader_config.py)")


def _results(course: Course, exercise: str) -> dict[tuple[str, str], Result]:
    """Find the last result of each notebook that was handed in, by learner and digest."""
    found = {}
    for ledger in (Ledger(course.root, FILE), Ledger(course.root)):
        for one in ledger.read():
            if one.exercise == exercise and one.submission_sha256 is not None:
                found[one.learner, one.submission_sha256] = one
    return found


def _plain(one: Attempt, result: Result | None, *, late: bool, counts: bool) -> dict[str, Any]:
    return {
        "learner": one.learner,
        "attempt": one.number,
        "received": iso(one.received),
        "late": late,
        "counts": counts,
        "status": result.status if result else None,
        "score": result.score if result else None,
        "max_score": result.max_score if result else None,
        "sha256": one.sha256,
        "origin": one.origin,
        "folder": str(one.folder) if one.is_kept else None,
    }


def _line(row: dict[str, Any]) -> str:
    came = row["received"][:16].replace("T", " ")
    score = "held" if row["status"] == "held" else "not graded"
    if row["score"] is not None:
        score = f"{row['score']:g} of {row['max_score']:g}"
    words = ["counts" if row["counts"] else "", "late" if row["late"] else ""]
    if row["folder"] is None:
        words.append("its files were not kept")
    marks = ", ".join(word for word in words if word)
    picked = f"  picked: {row['picked']}" if row["picked"] else ""
    line = f"{row['learner']:12} {row['attempt']:3}  {came} UTC  {score:12} {marks:14} {row['origin']}"
    return line + picked
