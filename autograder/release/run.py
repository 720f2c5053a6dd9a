"""Release exercises into a course directory, with each learner's variant."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder import roster, secret, tokens
from autograder.course import Course
from autograder.files import new_folder, write_bytes, write_json
from autograder.gradebook import gradebook, private_jupyter
from autograder.release import sources
from autograder.release.student import student_version

__all__ = ["Released", "release"]


@dataclass
class Released:
    """What a release made.

    exercises: their ids.
    learners: how many variants of each.
    practice: whether the course has no secret.
    folders: the learners' versions.
    """

    exercises: list[str]
    learners: int
    practice: bool
    folders: list[str] = field(default_factory=list)


def release(
    course: Course,
    source: Path,
    names: tuple[str, ...],
    roster_file: Path | None,
    *,
    init_secret: bool = False,
    due: datetime | None = None,
) -> Released:
    """Release the named exercises, or all. Every input is read before anything is written."""
    found = [sources.read(folder) for folder in sources.find(source, names)]
    learners = roster.read(roster_file) if roster_file else []
    if init_secret:
        secret.create(course.root)
    key = secret.load(course.root)
    course.root.mkdir(parents=True, exist_ok=True)
    course.write_config()
    made = Released([one.id for one in found], len(learners), key == tokens.PRACTICE)
    with private_jupyter():
        for exercise in found:
            _release_one(course, exercise, due)
            made.folders.append(str(course.release(exercise.id)))
        if learners:
            _note_learners(course, learners)
    if learners:
        write_bytes(course.root / roster.FILE, roster_file.read_bytes() if roster_file else b"", 0o600)
        for exercise in found:
            _variants(course, exercise.id, learners, key)
    return made


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


def _variants(course: Course, exercise: str, learners: list[roster.Learner], key: bytes) -> None:
    """Write each learner's token, for the learner and as one table for a mail merge."""
    target = course.root / "variants" / exercise
    rows: list[tuple[str, ...]] = []
    with new_folder(target) as folder:
        for learner in learners:
            token = tokens.make(key, exercise, learner.id)
            data: dict[str, Any] = {
                "schema": "variant/1",
                "exercise": exercise,
                "learner": learner.id,
                "token": token,
            }
            write_json(folder / f"{learner.id}.json", data, 0o600)
            rows.append((learner.id, learner.name, learner.email or "", token))
        roster.write_table(folder / "tokens.csv", ("learner", "name", "email", "token"), rows, 0o600)


def _note_learners(course: Course, learners: list[roster.Learner]) -> None:
    with gradebook(course) as book:
        for learner in learners:
            first, _, last = learner.name.rpartition(" ")
            book.update_or_create_student(
                learner.id, first_name=first or None, last_name=last or None, email=learner.email
            )
