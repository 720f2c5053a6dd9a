"""What the gradebook says of an exercise, read once and as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.course import Course
from autograder.decisions.store import in_force, of_course
from autograder.gradebook import NO_ANSWER, gradebook

__all__ = ["Mark", "Submission", "read_marks"]


@dataclass
class Mark:
    """One cell of one learner.

    auto, manual: what program and person gave; None where they have not.
    pending: whether a person has still to look.
    comment: what the person wrote, or None.
    given: why everybody was given these points, by whom and when, or None.
    """

    notebook: str
    cell: str
    max_score: float
    auto: float | None
    manual: float | None
    extra: float
    pending: bool
    comment: str | None = None
    given: str | None = None

    @property
    def score(self) -> float:
        """The score that counts, by nbgrader's rule: a person's goes before a program's."""
        given = self.manual if self.manual is not None else self.auto
        return (given or 0.0) + self.extra if given is not None else 0.0


@dataclass
class Submission:
    """One learner's marks in an exercise.

    penalty: points that lateness costs.
    blank: notebook and cell of each answer that stands as it was handed out.
    """

    learner: str
    name: str
    email: str | None
    late: bool
    penalty: float
    marks: list[Mark] = field(default_factory=list)
    blank: set[tuple[str, str]] = field(default_factory=set)

    @property
    def has_score(self) -> bool:
        """Whether anybody or anything gave a score."""
        return any(mark.auto is not None or mark.manual is not None for mark in self.marks)


def read_marks(course: Course, exercise: str) -> list[Submission]:
    """Read everybody's marks."""
    from nbgrader.api import MissingEntry

    with gradebook(course) as book:
        try:
            book.find_assignment(exercise)
        except MissingEntry:
            return []
        found = [_submission(one) for one in book.assignment_submissions(exercise)]
    given = {(one.notebook, one.cell): one for one in in_force(of_course(course, exercise), "give")}
    for submission in found if given else []:
        for mark in submission.marks:
            one = given.get((mark.notebook, mark.cell))
            if one is not None and mark.manual == one.points:
                mark.given = one.words
    return found


def _submission(one: object) -> Submission:
    student = one.student  # type: ignore[attr-defined]
    name = " ".join(part for part in (student.first_name, student.last_name) if part) or student.id
    late = one.total_seconds_late > 0  # type: ignore[attr-defined]
    found = Submission(student.id, name, student.email, bool(late), 0.0)
    for notebook in one.notebooks:  # type: ignore[attr-defined]
        found.penalty += notebook.late_submission_penalty or 0.0
        comments = {comment.name: comment.manual_comment for comment in notebook.comments}
        found.blank |= {
            (notebook.name, one.name) for one in notebook.comments if one.auto_comment == NO_ANSWER
        }
        for grade in notebook.grades:
            found.marks.append(
                Mark(
                    notebook.name,
                    grade.name,
                    float(grade.max_score),
                    grade.auto_score,
                    grade.manual_score,
                    grade.extra_credit or 0.0,
                    bool(grade.needs_manual_grade),
                    comments.get(grade.name),
                )
            )
    return found
