"""Cohort and items: which part was hard, which told good work from poor, what went wrong most often.

Nothing is said of fewer than five learners, because a figure about four is a figure about a person.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import correlation, fmean, median, pstdev

from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.gradebook import private_jupyter
from autograder.grading.ledger import Ledger
from autograder.marks import Submission, read_marks
from autograder.strangers import shown

__all__ = ["LEAST", "Item", "Report", "as_html", "as_text", "make_report"]

LEAST = 5


@dataclass
class Item:
    """One graded cell.

    facility: mean share of its points, 0 to 1.
    discrimination: correlation of its score with the rest of the score; None when one of them never varies.
    commonest: the commonest reason for lost points, and how many had it.
    """

    notebook: str
    cell: str
    number: int
    facility: float
    discrimination: float | None
    commonest: str | None
    commonest_number: int


@dataclass
class Report:
    """One exercise."""

    exercise: str
    learners: int
    held: int
    pending: int
    mean: float | None
    median: float | None
    max_score: float | None
    items: list[Item]
    withheld: str | None = None


def make_report(course: Course, exercises: tuple[str, ...]) -> list[Report]:
    """Report on the named exercises, or on all that have results."""
    course.must_exist()
    graded = sorted({key[0] for key in Ledger(course.root).latest()})
    if not graded:
        raise InputFault("nothing is graded yet", path=course.root, remedy="run `autograder grade EXERCISE`")
    for name in exercises:
        if name not in graded:
            raise InputFault(f"nothing of '{name}' is graded yet", path=course.root, remedy="check the name")
    with private_jupyter():
        return [_report(course, name) for name in exercises or graded]


def _report(course: Course, exercise: str) -> Report:
    results = Ledger(course.root).latest(exercise)
    held = {result.learner for result in results.values() if result.status == "held"}
    known = {result.learner for result in results.values()} - held
    marks = [one for one in read_marks(course, exercise) if one.learner in known]
    pending = sum(any(mark.pending for mark in one.marks) for one in marks)
    report = Report(exercise, len(marks), len(held), pending, None, None, None, [])
    if len(marks) < LEAST:
        report.withheld = f"fewer than {LEAST} learners: nothing is shown"
        report.learners = report.held = report.pending = 0
        return report
    totals = [sum(mark.score for mark in one.marks) - one.penalty for one in marks]
    report.mean, report.median = round(fmean(totals), 2), round(median(totals), 2)
    report.max_score = max(sum(mark.max_score for mark in one.marks) for one in marks)
    told = {(r.learner, r.notebook, c.grade_id): c.message for r in results.values() for c in r.cells}
    cells = list(dict.fromkeys((mark.notebook, mark.cell) for one in marks for mark in one.marks))
    report.items = [item for item in (_item(marks, cell, told) for cell in cells) if item is not None]
    return report


def _item(
    marks: list[Submission], cell: tuple[str, str], told: dict[tuple[str, str, str], str | None]
) -> Item | None:
    """Describe one cell from those for whom it is settled; nothing when they are too few."""
    own: list[float] = []
    rest: list[float] = []
    wrong: Counter[str] = Counter()
    for one in marks:
        mark = next((m for m in one.marks if (m.notebook, m.cell) == cell), None)
        if mark is None or mark.pending or not mark.max_score:
            continue
        own.append(mark.score / mark.max_score)
        rest.append(sum(other.score for other in one.marks if other is not mark and not other.pending))
        if mark.score < mark.max_score:
            reason = told.get((one.learner, *cell)) if mark.manual is None else "marked by a person"
            wrong[reason or "no reason noted"] += 1
    if len(own) < LEAST:
        return None
    varies = pstdev(own) > 0 and pstdev(rest) > 0
    commonest = wrong.most_common(1)
    return Item(
        notebook=cell[0],
        cell=cell[1],
        number=len(own),
        facility=round(fmean(own), 3),
        discrimination=round(correlation(own, rest), 3) if varies else None,
        commonest=commonest[0][0] if commonest else None,
        commonest_number=commonest[0][1] if commonest else 0,
    )


def as_text(report: Report) -> str:
    """Write a report for the terminal."""
    if report.withheld:
        return f"{report.exercise}: {report.withheld}"
    lines = [
        f"{report.exercise}: {report.learners} learners, {report.held} held, {report.pending} wait for a "
        f"person; mean {report.mean:g}, median {report.median:g} of {report.max_score:g}",
        f"{'part':24} {'number':>6} {'facility':>8} {'discrim.':>8}  commonest reason for lost points",
    ]
    for item in report.items:
        cell, number, facility, sharp, reason = map(shown, _row(item))
        lines.append(f"{cell[:24]:24} {number:>6} {facility:>8} {sharp:>8}  {reason}")
    return "\n".join(lines)


def as_html(reports: list[Report]) -> str:
    """Write reports as one page."""
    from autograder.feedback.page import frame, table
    from autograder.feedback.safe import plain

    parts = ["<h1>Report on the cohort</h1>\n"]
    for report in reports:
        parts.append(f"<h2>{plain(report.exercise)}</h2>\n<p>{plain(as_text(report).splitlines()[0])}</p>\n")
        if not report.withheld:
            parts.append(
                table(_CAPTION, _HEAD, [[plain(cell) for cell in _row(item)] for item in report.items])
            )
    return frame("Report on the cohort", "".join(parts))


_CAPTION = "Facility: mean share of the points. Discrimination: correlation with the rest of the score."
_HEAD = ("part", "number#", "facility#", "discrimination#", "commonest reason for lost points")


def _row(item: Item) -> tuple[str, ...]:
    sharp = "–" if item.discrimination is None else f"{item.discrimination:.2f}"
    reason = f"{item.commonest} ({item.commonest_number})" if item.commonest else "–"
    return item.cell, str(item.number), f"{item.facility:.2f}", sharp, reason
