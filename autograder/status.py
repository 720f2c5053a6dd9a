"""Where everybody stands: who has handed in, is late, is missing, is stuck, waits for marks, is settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from autograder import roster
from autograder.collecting.attempts import in_place, read_attempts
from autograder.collecting.counting import Counting
from autograder.course import Course
from autograder.decisions.accept import accepted
from autograder.decisions.store import Decision, in_force, of_course
from autograder.extensions import due_times
from autograder.files import iso, sha256_file
from autograder.gradebook import private_jupyter
from autograder.grading.ledger import Ledger
from autograder.grading.master import source_digest
from autograder.grading.model import Result
from autograder.grading.reading import LARGEST
from autograder.grading.times import Times
from autograder.marks import Submission, read_marks

__all__ = ["STATES", "Exercise", "Standing", "State", "make_status"]

State = Literal["missing", "to grade", "held", "to look at", "to mark", "settled", "excused"]
STATES: tuple[State, ...] = get_args(State)
_AGAIN = "handed in again since it was graded"


@dataclass
class Standing:
    """Where one learner stands in one exercise.

    state: missing: nothing was handed in. to grade: what lies there has no result yet. held: it could not be
        graded. to look at: a result waits for a person's look. to mark: a written part has no mark.
        settled: the score stands. excused: somebody decided that nothing is asked of this learner.
    score: of what is settled, less what lateness cost; None where nothing has a score.
    max_score: of all points, and open_points of those that wait for a mark.
    penalty: points that lateness cost.
    received: when it came, as far as is known.
    reason: why it is held, to be looked at or excused.
    on_roster: whether the roster names this learner.
    attempts: how many times something was handed in, and attempt which of them lies there to count; None for
        what was laid there by hand.
    extended: until when this learner has more time, and why; empty for who has none.
    picked: which attempt a person has picked, and why; empty where the course's rule decides.
    changed: whether the exercise (its tests) has changed since the score was made.
    """

    exercise: str
    learner: roster.Learner
    state: State
    late: bool = False
    received: str | None = None
    score: float | None = None
    max_score: float | None = None
    open_points: float = 0.0
    penalty: float = 0.0
    reason: str = ""
    on_roster: bool = True
    attempts: int = 0
    attempt: int | None = None
    extended: str = ""
    picked: str = ""
    changed: bool = False


@dataclass
class Exercise:
    """An exercise, and everybody's standing in it, by the roster's order."""

    exercise: str
    title: str
    due: str | None
    standings: list[Standing]

    def of(self, state: State) -> list[Standing]:
        """Give those in a state."""
        return [one for one in self.standings if one.state == state]


def make_status(
    course: Course, exercises: tuple[str, ...] = (), section: str | None = None
) -> list[Exercise]:
    """Tell of the named exercises, or of all; of a section alone where one is named."""
    course.must_exist()
    for name in exercises:
        course.notebooks(name)
    with private_jupyter():
        return [_exercise(course, name, section) for name in exercises or course.exercises()]


def _exercise(course: Course, exercise: str, section: str | None) -> Exercise:
    results: dict[str, list[Result]] = {}
    for result in Ledger(course.root).latest(exercise).values():
        results.setdefault(result.learner, []).append(result)
    marks = {one.learner: one for one in read_marks(course, exercise)}
    handed = list(course.learners(exercise))
    due, extensions = due_times(course, exercise)
    times, turns = Times(course, exercise), _Attempts(course, exercise)
    decisions, source = of_course(course, exercise), source_digest(course, exercise)
    excuses = {decision.learner: decision for decision in in_force(decisions, "excuse")}
    longer = {decision.learner: decision for decision in in_force(decisions, "extend")}
    standings = []
    for who, known in _people(course, [*handed, *results, *marks]):
        if section is not None and who.section != section:
            continue
        one = Standing(exercise, who, "missing", on_roster=known)
        if who.id in handed:
            _handed_in(course, one, results.get(who.id, []), times, decisions)
            turns.tell(one)
            one.changed = any(each.source_sha256 != source for each in results.get(who.id, []))
            until = None if due is None else due + extensions.get(who.id, timedelta())
            came = None if one.received is None else datetime.fromisoformat(one.received)
            one.late = until is not None and came is not None and came > until
        _marked(one, marks.get(who.id))
        if who.id in longer:
            more = longer[who.id]
            one.extended = f"until {(more.details or {}).get('until', '')}: {more.words}"
        if who.id in excuses:
            one.state, one.score, one.reason = "excused", None, excuses[who.id].words
        standings.append(one)
    return Exercise(
        exercise, str(course.meta(exercise).get("title", exercise)), iso(due) if due else None, standings
    )


def _people(course: Course, others: Iterable[str]) -> list[tuple[roster.Learner, bool]]:
    """List the roster, then those whom it does not name."""
    listed = roster.of_course(course.root)
    known = {one.id for one in listed}
    rest = sorted(set(others) - known)
    return [(one, True) for one in listed] + [(roster.Learner(name, name), not known) for name in rest]


def _handed_in(
    course: Course, one: Standing, results: list[Result], times: Times, decisions: list[Decision]
) -> None:
    """Hold what lies there against the results."""
    digests = _digests(course.submitted(one.learner.id, one.exercise))
    came = [times.of(one.learner.id, digest).moment for digest in digests or [None]]
    known = [moment for moment in came if moment is not None]
    one.received = iso(max(known)) if known else None
    one.state = "settled"
    if not results or any(r.submission_sha256 not in digests for r in results if r.submission_sha256):
        one.state = "to grade"
        one.reason = _AGAIN if results else ""
    elif held := next((result for result in results if result.status == "held"), None):
        one.state, one.reason = "held", "; ".join(held.reasons)
        return
    doubted = [result for result in results if result.status == "needs-review"]
    if review := next((result for result in doubted if accepted(result, decisions) is None), None):
        one.state, one.reason = "to look at", "; ".join(review.reasons)


class _Attempts:
    """What was handed in how often, at one exercise."""

    def __init__(self, course: Course, exercise: str) -> None:
        self._course, self._counting = course, Counting(course, exercise)
        self._all = read_attempts(course, exercise)

    def tell(self, one: Standing) -> None:
        """Add how many attempts there are and which counts; one that does not lie there is to be graded."""
        mine = self._all.get(one.learner.id, [])
        one.attempts = max(1, len(mine))
        there = in_place(self._course, one.learner.id, one.exercise)
        one.attempt = next((each.number for each in mine if each.content == there), None)
        picked = self._counting.picked_of(mine)
        if picked is not None:
            one.picked = f"attempt {picked.number}: {self._counting.picked[one.learner.id].words}"
            if one.attempt == picked.number and one.reason == _AGAIN:
                one.reason = f"attempt {picked.number} counts now"
        if len(mine) < 2 or (self._counting.rule == "best" and picked is None):
            return
        chosen = self._counting.of(mine)
        if chosen is not None and one.attempt not in {None, chosen.number}:
            one.state, one.reason = "to grade", f"attempt {chosen.number} counts now"


def _digests(folder: Path) -> set[str]:
    """Digest the notebooks of a submission; it is a learner's folder and may hold anything."""
    found = set()
    for path in folder.glob("*.ipynb"):
        try:
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST:
                found.add(sha256_file(path))
        except OSError:
            continue
    return found


def _marked(one: Standing, mine: Submission | None) -> None:
    """Add what the gradebook says."""
    if mine is None or not mine.marks or one.state in {"missing", "to grade", "held"}:
        return
    settled = [mark for mark in mine.marks if not mark.pending]
    one.max_score = sum(mark.max_score for mark in mine.marks)
    one.open_points = one.max_score - sum(mark.max_score for mark in settled)
    one.penalty = mine.penalty
    if mine.has_score:
        one.score = max(0.0, sum(mark.score for mark in settled) - mine.penalty)
    if len(settled) < len(mine.marks) and one.state == "settled":
        one.state = "to mark"
