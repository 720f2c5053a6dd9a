"""Writing a mark: nbgrader's number and comment and our row, in one transaction, or nothing at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coursefacts.errors import InputFault
from sqlalchemy import update

from autograder.course import Course
from autograder.files import iso, now
from autograder.gradebook import gradebook
from autograder.grading import tables as t
from autograder.marking.letters import differs, version
from autograder.marking.rubric import Rubric
from autograder.marking.store import COUNTING, Key, Mark, Role, add, ensure, read

__all__ = ["Given", "Stale", "checked", "save", "save_sample"]

LONGEST = 20_000
"""Characters of a comment."""


@dataclass(frozen=True)
class Given:
    """What a marker gave.

    points: for each part of the rubric; None where nothing was given, which cannot be saved.
    answer: the digest of the words that were on the screen.
    version: the state of the letter that was on the screen.
    """

    key: Key
    role: Role
    marker: str
    points: Sequence[float | None]
    comment: str
    answer: str
    version: str


class Stale(Exception):
    """The letter is no longer as it was on the marker's screen; nothing was written."""


def checked(rubric: Rubric, points: Sequence[float | None]) -> list[float]:
    """Hold points against the rubric; raise InputFault with the first part that does not fit."""
    if len(points) != len(rubric.parts):
        raise InputFault("the rubric has changed", remedy="load the page again")
    sure: list[float] = []
    for part, given in zip(rubric.parts, points, strict=True):
        if given is None:
            raise InputFault(f"“{part.name}” has no points yet", remedy="give it points, then save")
        if not math.isfinite(given) or not 0 <= given <= part.points:
            raise InputFault(f"“{part.name}” takes 0 to {part.points:g}", remedy="mend it, then save")
        sure.append(given)
    return sure


def save(course: Course, exercise: str, rubric: Rubric, given: Given, apart: float) -> Mark:
    """Write one mark; raise Stale where the letter has moved on since it was shown.

    A first or settled mark becomes the gradebook's. A second one leaves that number alone, and where it lies
    more than `apart` away the gradebook waits for a person again.
    """
    made = _made(exercise, rubric, given)
    with gradebook(course) as book:
        with book.engine.begin() as own:
            ensure(own)
        db = book.db
        # The first statement writes, so that whoever comes second waits here and then reads what is there.
        db.execute(update(t.assignment).where(t.assignment.c.name == exercise).values(name=exercise))
        grade, comment = _found(book, exercise, given.key)
        marks = [mark for mark in read(db.connection(), exercise) if mark.key == given.key]
        said = comment.manual_comment if comment is not None else None
        if version(grade.manual_score, grade.needs_manual_grade, said, given.answer, marks) != given.version:
            db.rollback()
            raise Stale
        add(db.connection(), made)
        written = [mark for mark in read(db.connection(), exercise) if mark.key == given.key]
        if given.role in COUNTING:
            grade.manual_score = made.score
            if comment is not None:
                comment.manual_comment = made.comment or None
        grade.needs_manual_grade = grade.manual_score is None or differs(written, apart)
        db.commit()
    return made


def save_sample(course: Course, exercise: str, rubric: Rubric, given: Given) -> Mark:
    """Write down how a marker marked a sample answer; no learner's mark changes."""
    made = _made(exercise, rubric, given)
    with gradebook(course) as book:
        with book.engine.begin() as own:
            ensure(own)
        add(book.db.connection(), made)
        book.db.commit()
    return made


def _made(exercise: str, rubric: Rubric, given: Given) -> Mark:
    points = checked(rubric, given.points)
    names = [part.name for part in rubric.parts]
    parts = dict(zip(names, points, strict=True)) if rubric.own else None
    comment = given.comment.replace("\r\n", "\n").strip()[:LONGEST]
    learner, notebook, cell = given.key
    return Mark(
        exercise, learner, notebook, cell, given.role, given.marker, iso(now()),
        round(sum(points), 6), parts, comment, given.answer,
    )  # fmt: skip


def _found(book: Any, exercise: str, key: Key) -> tuple[Any, Any]:
    """Find nbgrader's own rows for a written part; the comment's may be missing."""
    from nbgrader.api import MissingEntry

    learner, notebook, cell = key
    try:
        grade = book.find_grade(cell, notebook, exercise, learner)
    except MissingEntry:
        raise Stale from None
    try:
        return grade, book.find_comment(cell, notebook, exercise, learner)
    except MissingEntry:
        return grade, None
