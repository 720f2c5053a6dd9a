"""Release exercises into a course directory, with each learner's variant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from coursefacts.errors import InputFault

from autograder import roster, secret, tokens
from autograder.course import NBGRADER, Course
from autograder.enrol import Enrolled, enrol, merge, write_variants
from autograder.files import new_folder, write_bytes, write_json
from autograder.gradebook import gradebook, private_jupyter
from autograder.release import sources
from autograder.release.student import student_version
from autograder.release.trial import Tried

__all__ = ["Released", "release"]

TryFirst = Callable[[list[sources.Exercise]], list[Tried]]


@dataclass
class Released:
    """What a release made.

    exercises: their ids.
    learners: how many variants of each.
    practice: whether the course has no secret.
    folders: the learners' versions.
    enrolled: what became of the roster, where one was given.
    tried: what came of trying the exercises first, where that was asked for.
    changed: exercises of which somebody has a sheet that is no longer the one to work on.
    """

    exercises: list[str]
    learners: int
    practice: bool
    folders: list[str] = field(default_factory=list)
    enrolled: Enrolled | None = None
    tried: list[Tried] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def release(
    course: Course,
    source: Path,
    names: tuple[str, ...],
    roster_file: Path | None,
    *,
    columns: roster.Columns | None = None,
    init_secret: bool = False,
    due: datetime | None = None,
    period: str | None = None,
    try_first: TryFirst | None = None,
) -> Released:
    """Release the named exercises, or all. Every input is read before anything is written.

    period: makes variants that no other period has.
    try_first: tries the exercises, and raises what is to keep them from being released.
    """
    found = [sources.read(folder) for folder in sources.find(source, names)]
    learners = roster.read(roster_file, columns) if roster_file else []
    enrolled = merge(course, learners) if learners else None
    tried = [] if try_first is None else try_first(found)
    if period is not None:
        secret.begin_period(course.home, period)
    if init_secret:
        _create_secret(course)
    key = secret.load(course.home)
    course.root.mkdir(parents=True, exist_ok=True)
    course.write_config()
    made = Released([one.id for one in found], len(learners), key == tokens.PRACTICE, tried=tried)
    with private_jupyter():
        for exercise in found:
            _release_one(course, exercise, due)
            made.folders.append(str(course.release(exercise.id)))
    if enrolled is not None:
        made.changed = enrol(course, enrolled, made.exercises)
        made.enrolled = enrolled
    everybody = roster.of_course(course.root)
    made.learners = len(everybody)
    for exercise in found if everybody and enrolled is None else ():
        if write_variants(course, exercise.id, everybody, key, fresh=True):
            made.changed.append(exercise.id)
    return made


def _create_secret(course: Course) -> None:
    """Create the secret, but never in a folder that a Jupyter server serves."""
    if course.home == course.root and not (course.home / secret.FILE).exists():
        raise InputFault(
            "a Jupyter server that serves this folder would serve the secret with it",
            path=course.root,
            remedy=f"move it into an empty folder, with the name '{NBGRADER}', and name that folder "
            "with --course",
        )
    secret.create(course.home)


def _release_one(course: Course, exercise: sources.Exercise, due: datetime | None) -> None:
    import nbformat

    with gradebook(course) as book:
        extra = {} if due is None else {"duedate": due.replace(tzinfo=None)}
        book.update_or_create_assignment(exercise.id, **extra)
    source, target = course.source(exercise.id), course.release(exercise.id)
    with new_folder(source) as theirs, new_folder(target) as learners:
        for name, notebook in exercise.notebooks.items():
            (theirs / name).write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
            released = student_version(course, exercise.id, source / name, notebook)
            (learners / name).write_text(nbformat.writes(released) + "\n", encoding="utf-8")
        for name, data in exercise.files.items():
            write_bytes(theirs / name, data)
            write_bytes(learners / name, data)
    write_json(course.root / "exercises" / f"{exercise.id}.json", exercise.meta)
