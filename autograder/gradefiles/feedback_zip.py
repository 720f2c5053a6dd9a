"""Feedback as one zip that a platform hands out again, each page under the name that it knows the hand-in by.

Moodle: Assignment, Upload multiple feedback files in a zip (assign/feedback/file/importziplib.php reads the
number in the folder's name). Canvas: Upload submissions (abstract_assignment.rb reads the two numbers, and
attaches the file as a comment).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import click
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.files import write_bytes
from autograder.gradefiles.origins import Origin, origins
from autograder.grading.ledger import Ledger
from autograder.strangers import shown

__all__ = ["Packed", "pack", "packed_after"]


@dataclass
class Packed:
    """What a zip holds.

    pages: how many.
    left: learners with feedback whose hand-in did not come from the platform.
    """

    pages: int = 0
    left: list[str] = field(default_factory=list)


def packed_after(
    write: Callable[[], None], course: Course, exercise: str, platform: str, target: Path
) -> None:
    """Write pages and pack them, also where those of some could not be written; say what is in the zip."""
    ended: click.exceptions.Exit | None = None
    try:
        write()
    except click.exceptions.Exit as code:
        ended = code
    done = pack(course, exercise, platform, target)
    click.echo(f"{done.pages} pages packed for {platform.capitalize()}: {target}")
    if done.left:
        names = ", ".join(map(shown, done.left))
        click.echo(f"note: not in it, because they handed in another way: {names}", err=True)
    if ended is not None:
        raise ended


def pack(course: Course, exercise: str, platform: str, target: Path) -> Packed:
    """Pack the pages of feedback that lie in the course."""
    known = origins(course, exercise)
    packed, data = Packed(), io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for _, learner, notebook in sorted(Ledger(course.root).latest(exercise)):
            page = course.feedback(learner, exercise) / f"{notebook}.html"
            if not page.is_file():
                continue
            name = _name(known.get(learner, Origin()), platform, exercise, page.stem)
            if name is None:
                packed.left.append(learner)
                continue
            archive.writestr(name, page.read_bytes())
            packed.pages += 1
    if not packed.pages:
        raise InputFault(
            f"no hand-in of '{exercise}' was collected from a download of {platform.capitalize()}",
            path=course.root,
            remedy="give the pages back in another way; they lie in the folder feedback",
        )
    write_bytes(target, data.getvalue(), 0o600)
    return packed


def _name(origin: Origin, platform: str, exercise: str, notebook: str) -> str | None:
    own = f"feedback-{exercise}" + ("" if notebook == "exercise" else f"-{notebook}")
    if platform == "moodle":
        return f"{origin.moodle}/{own}.html" if origin.moodle else None
    return f"{origin.canvas}_{own}.html" if origin.canvas else None
