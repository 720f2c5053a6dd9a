"""The command `autograder viva`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.options import FILE, FOLDER, course_option, db_option, decided_by, example, who_option

__all__ = ["viva"]


@click.command(
    epilog=example(
        "autograder viva incidents s0104 --pdf talk.pdf",
        "autograder viva incidents s0104 --record passed --examiner 'Ada Roy' --on 2026-12-14",
    )
)
@click.argument("exercise")
@click.argument("learner")
@course_option
@click.option(
    "--source", type=FOLDER, default=Path("exercises/source"), show_default=True, help="Where exercises lie."
)
@click.option("--html", type=FILE, help="The page to write; default: viva-EXERCISE-LEARNER.html here.")
@click.option("--pdf", type=FILE, help="Also write it as two sheets.")
@click.option(
    "--questions", "many", type=click.IntRange(3, 5), default=4, show_default=True, help="How many."
)
@click.option("--record", "outcome", type=click.Choice(["passed", "not-passed"]), help="Keep the outcome.")
@click.option("--examiner", help="Who led the talk.")
@click.option("--on", "day", help="The day of the talk, e.g. 2026-12-14; default: today.")
@click.option("--note", default="", help="What else to keep with it.")
@who_option
@db_option
def viva(
    exercise: str, learner: str, root: Path, source: Path, html: Path | None, pdf: Path | None, many: int,
    outcome: Any, examiner: str | None, day: str | None, note: str, who: str | None, db: str | None,
) -> None:  # fmt: skip
    """Make the questions of a talk about LEARNER's hand-in for EXERCISE, or keep its outcome.

    The questions come from the exercise's viva.yml and are filled with the learner's own code, figures and
    choices, so that another's answers do not fit. The sheet has the questions on its first page, and on its
    second what to hear and a place to mark. The hand-in and the course's own solution run in closed rooms
    for it.

    With --record nothing is made: outcome, examiner and day are kept. For the hand-in as it lies there,
    a talk that was passed is evidence of assurance "supervised"; one that was not blocks it until another.
    """
    course = Course(root, db).must_exist()
    course.notebooks(exercise)
    if outcome is not None:
        _keep(course, exercise, learner, outcome, examiner, day, decided_by(who), note)
        return
    if examiner or day or note:
        raise InputFault("--examiner, --on and --note belong to --record", remedy="add --record passed")
    _make(course, exercise, learner, source, html, pdf, many)


def _keep(
    course: Course, exercise: str, learner: str, outcome: Any, examiner: str | None, day: str | None, by: str,
    note: str,
) -> None:  # fmt: skip
    from autograder.files import now
    from autograder.strangers import shown
    from autograder.viva.outcome import keep

    if not (examiner or "").strip():
        raise InputFault("a talk has an examiner", remedy="give the name with --examiner")
    try:
        on = date.fromisoformat(day) if day else now().date()
    except ValueError:
        raise InputFault(f"--on {day!r} is no day", remedy="write it like 2026-12-14") from None
    keep(course, exercise, learner, outcome, str(examiner).strip(), on, by, note)
    click.echo(shown(f"{learner}: {outcome} ({examiner}, {on}); `autograder evidence` says so from now on"))


def _make(
    course: Course, exercise: str, learner: str, source: Path, html: Path | None, pdf: Path | None, many: int
) -> None:
    from autograder import roster
    from autograder.files import write_bytes
    from autograder.progress import shown as shown_progress
    from autograder.rooms.findings import NoIsolation
    from autograder.viva.questions import choose
    from autograder.viva.sheet import Sheet, as_html, as_pdf
    from autograder.viva.template import FILE as NAME
    from autograder.viva.template import read
    from autograder.viva.values import look

    template = read(source / exercise / NAME)
    try:
        with shown_progress(exercise, "notebook") as progress:
            progress.stage("running the hand-in and the solution")
            work = look(course, exercise, learner, template.values)
    except NoIsolation as lack:
        click.echo(f"nothing was run, for learner code cannot be isolated here: {lack}", err=True)
        raise click.exceptions.Exit(3) from None
    names = {one.id: one.name for one in roster.of_course(course.root)}
    title = str(course.meta(exercise).get("title", exercise))
    asked = choose(template, work, learner, many)
    sheet = Sheet(title, exercise, names.get(learner, learner), learner, work.digest, asked)
    page = html or Path(f"viva-{exercise}-{learner}.html")
    # It holds what a learner should not have before the talk.
    write_bytes(page, as_html(sheet).encode(), 0o600)
    click.echo(f"{len(asked)} questions in {page}")
    if pdf is not None:
        write_bytes(pdf, as_pdf(sheet), 0o600)
        click.echo(f"as two sheets in {pdf}")
