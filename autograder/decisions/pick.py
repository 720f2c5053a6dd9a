"""A person says which attempt of a learner counts, or lets the course's rule decide again."""

from __future__ import annotations

from coursefacts.errors import InputFault

from autograder.collecting.attempts import Attempt, keep_unlisted, put_in_place, read_attempts
from autograder.collecting.counting import Counting, put_where_it_counts
from autograder.course import Course
from autograder.decisions.store import Decision, add, ensure
from autograder.files import iso, now
from autograder.gradebook import writing

__all__ = ["pick", "take_back"]


def pick(course: Course, exercise: str, learner: str, number: int, who: str, why: str) -> Attempt:
    """Let an attempt count from now on, whatever comes later, and put it in place.

    What somebody laid into submitted/ by hand is kept beside the attempts before.
    """
    mine = _attempts(course, exercise, learner)
    chosen = next((one for one in mine if one.number == number), None)
    listed = f"see what there is: autograder attempts {exercise} {learner}"
    if chosen is None:
        raise InputFault(f"'{learner}' has no attempt {number} at '{exercise}'", remedy=listed)
    if not chosen.is_kept:
        raise InputFault(
            f"the files of attempt {number} of '{learner}' were not kept",
            path=chosen.folder,
            remedy="collect it again",
        )
    if not chosen.is_readable:
        raise InputFault(
            f"attempt {number} of '{learner}' cannot be read", path=chosen.folder, remedy="pick another one"
        )
    details = {"attempt": number, "content": chosen.content, "submission_sha256": chosen.sha256}
    with writing(course, exercise) as db:
        ensure(db)
        add(db, Decision(exercise, "attempt", who, iso(now()), why, learner, details=details))
    keep_unlisted(course, learner, exercise)
    put_in_place(course, chosen)
    return chosen


def take_back(course: Course, exercise: str, learner: str, who: str, why: str) -> Attempt | None:
    """Let the rule decide again; give the attempt that counts by it, None where grading has to tell."""
    mine = _attempts(course, exercise, learner)
    if learner not in Counting(course, exercise).picked:
        raise InputFault(
            f"nobody has picked an attempt of '{learner}' at '{exercise}'",
            remedy=f"see what counts: autograder attempts {exercise} {learner}",
        )
    with writing(course, exercise) as db:
        ensure(db)
        add(db, Decision(exercise, "attempt", who, iso(now()), why, learner, taken_back=True))
    put_where_it_counts(course, exercise, [learner])
    counting = Counting(course, exercise)
    return None if counting.rule == "best" else counting.of(mine)


def _attempts(course: Course, exercise: str, learner: str) -> list[Attempt]:
    course.must_exist()
    course.notebooks(exercise)
    mine = read_attempts(course, exercise).get(learner, [])
    if not mine:
        raise InputFault(
            f"nothing of '{learner}' was collected for '{exercise}'",
            path=course.root,
            remedy="check the id, or collect the hand-in first",
        )
    return mine
