"""Cohort and items: which part was hard, which told good work from poor, what went wrong most often.

Nothing is said of fewer than five learners, because a figure about four is a figure about a person. An answer
that nobody has begun is no sign of how hard it is, so those left blank are counted apart.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import correlation, fmean, median, pstdev

from coursefacts.errors import InputFault

from autograder.collecting.counting import picks
from autograder.course import Course
from autograder.decisions.store import of_course
from autograder.gradebook import private_jupyter
from autograder.grading.ledger import Ledger
from autograder.grading.model import CellResult
from autograder.marks import Mark, Submission, read_marks
from autograder.reporting.blanks import Blanks
from autograder.reporting.parts import marked_parts

__all__ = ["LEAST", "Item", "Part", "Report", "Row", "Wrong", "make_report"]

LEAST = 5
_MOST_REASONS = 5
_MOST_VALUES = 5

Key = tuple[str, str]
"""Notebook and cell."""


@dataclass
class Wrong:
    """A reason for lost points.

    number: how many learners had it.
    values: what they had instead of the right value, commonest first, with how many had each.
    """

    message: str
    number: int
    values: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class Item:
    """One graded cell, over those who tried it and whose score is settled.

    number: how many these are.
    facility: mean share of its points, 0 to 1; None where they are fewer than five.
    discrimination: correlation of its score with the rest of the score; None when one of them never varies.
    blank: how many left the answer as it was handed out.
    pending: for how many a person has still to mark it.
    wrong: the commonest reasons for lost points.
    """

    notebook: str
    cell: str
    max_score: float
    number: int
    facility: float | None
    discrimination: float | None
    blank: int
    pending: int
    wrong: list[Wrong]


@dataclass
class Part:
    """One part of a written answer's rubric, over the answers that are marked by parts."""

    cell: str
    name: str
    max_score: float
    number: int
    mean: float


@dataclass
class Row:
    """One learner.

    learner: the id; empty unless names were asked for.
    total: of what is settled for this learner, without what lateness cost.
    shares: of each item the share of its points, None while it is not settled.
    blank: the items that were left as they were handed out.
    """

    learner: str
    total: float
    shares: list[float | None]
    blank: list[bool]


@dataclass
class Report:
    """One exercise.

    learners: how many have a score.
    held, review, pending: whose work could not be graded, waits for a look, waits for marks.
    picked: of how many a person has said which attempt counts.
    counted: over how many learners totals are told, and max_score of how many points that are settled.
    points: all points of the exercise.
    blocked: whose marks are no marks and stand in no figure, each with the reason.
    """

    exercise: str
    learners: int = 0
    held: int = 0
    review: int = 0
    pending: int = 0
    picked: int = 0
    counted: int = 0
    mean: float | None = None
    median: float | None = None
    max_score: float | None = None
    points: float = 0.0
    totals: list[float] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    withheld: str | None = None
    blocked: dict[str, str] = field(default_factory=dict)


def make_report(course: Course, exercises: tuple[str, ...], *, names: bool = False) -> list[Report]:
    """Report on the named exercises, or on all that have results.

    names: whether rows bear their learners' ids.
    """
    course.must_exist()
    graded = sorted({key[0] for key in Ledger(course.root).latest()})
    if not graded:
        raise InputFault("nothing is graded yet", path=course.root, remedy="run `autograder grade EXERCISE`")
    for name in exercises:
        if name not in graded:
            raise InputFault(f"nothing of '{name}' is graded yet", path=course.root, remedy="check the name")
    with private_jupyter():
        return [_report(course, name, names) for name in exercises or graded]


def _report(course: Course, exercise: str, names: bool) -> Report:
    results = Ledger(course.root).latest(exercise)
    by_status = {
        status: {result.learner for result in results.values() if result.status == status}
        for status in ("held", "needs-review")
    }
    known = {result.learner for result in results.values()} - by_status["held"]
    marks = [one for one in read_marks(course, exercise) if one.learner in known]
    blocked = {one.learner: reason for one in marks if (reason := _fault(one))}
    marks = [one for one in marks if one.learner not in blocked]
    if len(marks) < LEAST:
        return Report(exercise, withheld=f"fewer than {LEAST} learners: nothing is shown", blocked=blocked)
    report = Report(
        exercise,
        learners=len(marks),
        held=len(by_status["held"]),
        review=len(by_status["needs-review"]),
        blocked=blocked,
        pending=sum(any(mark.pending for mark in one.marks) for one in marks),
        picked=len(picks(of_course(course, exercise)).keys() & {one.learner for one in marks}),
    )
    cells = list(dict.fromkeys((mark.notebook, mark.cell) for one in marks for mark in one.marks))
    blanks = Blanks(course, exercise, marks)
    _totals(report, marks)
    told = {(r.learner, r.notebook, c.grade_id): c for r in results.values() for c in r.cells}
    report.items = [_item(marks, key, told, blanks) for key in cells]
    report.parts = [
        Part(cell, name, most, len(points), round(fmean(points), 2))
        for cell, name, most, points in marked_parts(course, exercise, marks)
        if len(points) >= LEAST
    ]
    report.rows = sorted(
        (_row(one, cells, blanks, names) for one in marks), key=lambda row: (-row.total, row.learner)
    )
    return report


def _fault(one: Submission) -> str:
    """Say what is wrong with somebody's marks, which would spoil everybody's figures; empty for nothing."""
    if not math.isfinite(one.penalty):
        return "what lateness cost is no number"
    odd = [
        mark.cell for mark in one.marks if not (math.isfinite(mark.score) and math.isfinite(mark.max_score))
    ]
    return f"the score of '{odd[0]}' is no number" if odd else ""


def _totals(report: Report, marks: list[Submission]) -> None:
    """Tell totals of what is settled: of those who are done, or of the items that wait for nobody."""
    report.points = max(sum(mark.max_score for mark in one.marks) for one in marks)
    done = [one for one in marks if not any(mark.pending for mark in one.marks)]
    waiting: set[Key] = set()
    # Those whose written part was left blank are done before all others, and are not the class.
    if len(done) < max(LEAST, len(marks) / 2):
        done = marks
        waiting = {(mark.notebook, mark.cell) for one in marks for mark in one.marks if mark.pending}
    report.counted = len(done)
    report.totals = sorted(_total(one, waiting) for one in done)
    report.mean, report.median = round(fmean(report.totals), 2), round(median(report.totals), 2)
    report.max_score = max(sum(mark.max_score for mark in _settled(one, waiting)) for one in done)


def _settled(one: Submission, without: set[Key]) -> Iterable[Mark]:
    return (mark for mark in one.marks if (mark.notebook, mark.cell) not in without)


def _total(one: Submission, without: set[Key]) -> float:
    return max(0.0, sum(mark.score for mark in _settled(one, without)) - one.penalty)


def _item(
    marks: list[Submission], key: Key, told: dict[tuple[str, str, str], CellResult], blanks: Blanks
) -> Item:
    """Describe one cell by those who tried it and for whom it is settled."""
    own: list[float] = []
    rest: list[float] = []
    wrong: list[tuple[str, CellResult | None]] = []
    blank = pending = 0
    most = 0.0
    for one in marks:
        mark = next((m for m in one.marks if (m.notebook, m.cell) == key), None)
        if mark is None:
            continue
        most = max(most, mark.max_score)
        pending += mark.pending
        if blanks.left(one.learner, key) and not mark.score:
            blank += 1
        elif not mark.pending and mark.max_score:
            own.append(mark.score / mark.max_score)
            rest.append(sum(other.score for other in one.marks if other is not mark and not other.pending))
            if mark.score < mark.max_score:
                cell = told.get((one.learner, *key)) if mark.manual is None else None
                by = "no reason noted" if mark.manual is None else "marked by a person"
                wrong.append(((cell and cell.message) or by, cell))
    item = Item(*key, most, len(own), None, None, blank, pending, [])
    if len(own) >= LEAST:
        item.facility = round(fmean(own), 3)
        if pstdev(own) > 0 and pstdev(rest) > 0:
            item.discrimination = round(correlation(own, rest), 3)
        item.wrong = _reasons(wrong)
    return item


def _reasons(wrong: list[tuple[str, CellResult | None]]) -> list[Wrong]:
    found: list[Wrong] = []
    for message, number in Counter(message for message, _ in wrong).most_common(_MOST_REASONS):
        values = Counter(
            ", ".join(f"{name} = {value}" for name, value in cell.values.items())
            for said, cell in wrong
            if said == message and cell is not None and cell.values
        )
        found.append(Wrong(message, number, values.most_common(_MOST_VALUES)))
    return found


def _row(one: Submission, cells: list[Key], blanks: Blanks, names: bool) -> Row:
    own = {(mark.notebook, mark.cell): mark for mark in one.marks}
    found = [own.get(key) for key in cells]
    return Row(
        one.learner if names else "",
        max(0.0, sum(mark.score for mark in one.marks if not mark.pending) - one.penalty),
        [
            None if m is None or m.pending or not m.max_score else round(m.score / m.max_score, 3)
            for m in found
        ],
        [
            blanks.left(one.learner, key) and not (mark and mark.score)
            for key, mark in zip(cells, found, strict=True)
        ],
    )
