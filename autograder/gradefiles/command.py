"""What `autograder grades` writes and says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from autograder.course import Course
from autograder.files import write_bytes
from autograder.gradefiles.fill import fill
from autograder.gradefiles.origins import Origin, origins
from autograder.gradefiles.sheets import Grade, make_sheet
from autograder.spreadsheet import write_table
from autograder.status import Exercise, Standing, make_status
from autograder.strangers import clean_json, shown

__all__ = ["Wanted", "grades"]


@dataclass
class Wanted:
    """What to write.

    platform: for whom.
    out: the file; None for one that is named for exercise and platform.
    into: a file that the platform exported, or None.
    column: the column's name there; None for the exercise's title.
    section: only this one.
    zero_missing: whether who handed in nothing gets a 0.
    unlooked: whether work that waits for a look gets its score.
    as_json: whether to print the marks as JSON.
    """

    platform: str
    out: Path | None = None
    into: Path | None = None
    column: str | None = None
    section: str | None = None
    zero_missing: bool = False
    unlooked: bool = False
    as_json: bool = False


def grades(course: Course, exercise: str, wanted: Wanted) -> None:
    """Write the marks of one exercise."""
    (status,) = make_status(course, (exercise,), wanted.section)
    known = origins(course, exercise)
    found = [_grade(one, known.get(one.learner.id, Origin()), wanted) for one in status.standings]
    points = _points(course, status)
    target = wanted.out or Path(f"grades-{exercise}-{wanted.platform}.csv")
    if wanted.into is not None:
        filled = fill(wanted.into, wanted.platform, status.title, wanted.column, found)
        write_bytes(target, filled.data, 0o600)
        told = [f"filled into the column '{shown(filled.column)}'"]
        if filled.unknown:
            told.append(f"not in the file: {', '.join(filled.unknown)}")
        if filled.others:
            told.append(f"{filled.others} lines of the file name nobody of ours and are as they were")
    else:
        sheet = make_sheet(wanted.platform, wanted.column or status.title, points, found)
        write_table(target, sheet.head, sheet.rows, 0o600, quoted=sheet.quoted)
        told = sheet.told
    if wanted.as_json:
        click.echo(clean_json(_document(exercise, points, found, target, told)))
    else:
        _say(found, target, told)


def _points(course: Course, status: Exercise) -> float:
    """Tell the exercise's points: of the gradebook, else of meta.yml."""
    known = [one.max_score for one in status.standings if one.max_score]
    stated = course.meta(status.exercise).get("points")
    return max(known) if known else float(stated) if isinstance(stated, int | float) else 0.0


def _grade(one: Standing, origin: Origin, wanted: Wanted) -> Grade:
    score: float | None = None
    why: str = one.state
    if one.state == "settled" or (one.state == "to look at" and wanted.unlooked and not one.open_points):
        score, why = one.score, ""
    elif one.state == "missing" and wanted.zero_missing:
        score = 0.0
    if one.reason and why:
        why = f"{why}: {one.reason}"
    return Grade(one, score, why, number=origin.number, excused=one.state == "excused")


def _document(
    exercise: str, points: float, found: list[Grade], target: Path, told: list[str]
) -> dict[str, Any]:
    marks = [
        {
            "learner": one.standing.learner.id,
            "score": one.score,
            "state": one.standing.state,
            "late": one.standing.late,
            "penalty": one.standing.penalty,
            "attempts": one.standing.attempts,
            "attempt": one.standing.attempt,
            "why": one.why,
        }
        for one in found
    ]
    return {
        "schema": "grades/1", "exercise": exercise, "max_score": points, "file": str(target), "notes": told,
        "marks": marks,
    }  # fmt: skip


def _say(found: list[Grade], target: Path, told: list[str]) -> None:
    marked = sum(one.score is not None for one in found)
    click.echo(f"{marked} of {len(found)} marks written: {target}")
    empty = Counter(one.standing.state for one in found if one.score is None)
    if empty:
        counts = ", ".join(f"{number} {state}" for state, number in empty.items())
        click.echo(f"empty, because nothing is settled: {counts}")
    for sentence in told:
        click.echo(f"note: {sentence}", err=True)
