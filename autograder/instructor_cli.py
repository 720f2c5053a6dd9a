"""Commands for an instructor's week: who stands where, marks out, and an exercise of one's own begun."""

from __future__ import annotations

from pathlib import Path

import click
from coursefacts.command import Commands
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.options import FILE, FOLDER, course_option, db_option, decided_by, who_option

__all__ = ["COMMANDS"]

_section = click.option("--section", help="Only this section of the roster.")


@click.command(epilog="\b\nExample:\n  autograder status incidents --csv status.csv")
@click.argument("exercises", nargs=-1)
@course_option
@_section
@click.option("--csv", "table", type=FILE, help="Also write a line for each learner to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@db_option
def status(
    exercises: tuple[str, ...],
    root: Path,
    section: str | None,
    table: Path | None,
    as_json: bool,
    db: str | None,
) -> None:
    """Show who has handed in, is late, is missing, is stuck, or waits for marks.

    Without EXERCISES all of them. Missing: nothing was handed in. To grade: what lies there has no result
    yet. Held: it could not be graded. To look at: the result waits for a person's look. To mark: a written
    part has no mark. Settled: the score stands.
    """
    from autograder.status_command import status as run

    run(Course(root, db), exercises, section=section, as_json=as_json, table=table)


@click.command(
    epilog="\b\nExample:\n  autograder grades incidents --for canvas\n"
    "  autograder grades incidents --for moodle --into worksheet.csv --out marks.csv"
)
@click.argument("exercise")
@course_option
@click.option(
    "--for",
    "platform",
    type=click.Choice(["canvas", "moodle", "brightspace", "blackboard", "gradescope", "csv"]),
    required=True,
    help="Whose columns to write.",
)
@click.option("--out", type=FILE, help="The file to write; default: grades-EXERCISE-PLATFORM.csv here.")
@click.option("--into", type=FILE, help="Fill the marks into this file, which the platform exported.")
@click.option("--column", help="The column's name on the platform; default: the exercise's title.")
@_section
@click.option("--zero-missing", is_flag=True, help="Give 0 to whom nothing was handed in; else it is empty.")
@click.option("--unlooked", is_flag=True, help="Also give scores that wait for a person's look.")
@click.option(
    "--json", "as_json", is_flag=True, help="Also print the marks, and what lateness took, as JSON."
)
@db_option
def grades(
    exercise: str,
    root: Path,
    platform: str,
    out: Path | None,
    into: Path | None,
    column: str | None,
    section: str | None,
    zero_missing: bool,
    unlooked: bool,
    as_json: bool,
    db: str | None,
) -> None:
    """Write marks as a file that a platform imports.

    What has no settled mark is an empty cell and never a 0. A file that the platform itself exported, given
    with --into, has its ids, language and column names right already, and is the surest way.
    """
    from autograder.gradefiles.command import Wanted
    from autograder.gradefiles.command import grades as run

    wanted = Wanted(platform, out, into, column, section, zero_missing, unlooked, as_json)
    run(Course(root, db), exercise, wanted)


@click.command(
    epilog="\b\nExample:\n  autograder attempts incidents\n  autograder attempts incidents s0115"
    "\n  autograder attempts incidents s0115 --use 2 --why 'the third was handed in by mistake'"
    "\n  autograder attempts incidents s0115 --by-rule --why 'asked again'"
)
@click.argument("exercise")
@click.argument("learners", nargs=-1, metavar="[LEARNER...]")
@course_option
@click.option("--use", "number", type=click.IntRange(1), metavar="N", help="Let this attempt count.")
@click.option("--by-rule", is_flag=True, help="Take that back: let the course's rule decide again.")
@click.option("--why", help="The reason, kept with what you decide.")
@who_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@db_option
def attempts(
    exercise: str, learners: tuple[str, ...], root: Path, number: int | None, by_rule: bool, why: str | None,
    who: str | None, as_json: bool, db: str | None,
) -> None:  # fmt: skip
    """List what LEARNER handed in, when, and which attempt counts; or pick one.

    Without LEARNER everybody who handed in more than once. Every hand-in that `autograder collect` takes is
    kept in attempts/ of the course. Which one counts is the course's to set, in nbgrader_config.py:
    c.Autograder.attempts = "newest-in-time" (default), "newest" or "best", which grades each of them. What
    cannot be read never takes the place of what can.

    What is picked with --use counts whatever the rule says and whatever is handed in later, through every
    grading, until another is picked or --by-rule takes it back. Who, when and why are kept and shown.
    """
    from autograder.attempts_command import attempts as run
    from autograder.attempts_command import use

    course = Course(root, db)
    if number is not None or by_rule:
        if number is not None and by_rule:
            raise InputFault("--use and --by-rule exclude each other", remedy="give one of them")
        if len(learners) != 1:
            raise InputFault("an attempt is picked for one learner", remedy="name one LEARNER")
        if not why:
            raise InputFault("to pick an attempt needs its reason", remedy="give it with --why")
        use(course, exercise, learners[0], number, decided_by(who), why, quiet=as_json)
        if not as_json:
            return
    run(course, exercise, learners, as_json=as_json)


@click.command(epilog="\b\nExample:\n  autograder extend incidents s0115 --until 2026-12-13T18:00+01:00")
@click.argument("exercise")
@click.argument("learners", nargs=-1, required=True, metavar="LEARNER...")
@course_option
@click.option("--until", required=True, help="When the hand-in becomes late, e.g. 2026-12-13T18:00+01:00.")
@click.option("--why", default="more time", show_default=True, help="The reason, kept with what you decide.")
@who_option
@db_option
def extend(
    exercise: str,
    learners: tuple[str, ...],
    root: Path,
    until: str,
    why: str,
    who: str | None,
    db: str | None,
) -> None:
    """Give learners more time; the exercise's own due time takes it back.

    It is nbgrader's own extension: formgrader, grading, status and marks go by it at once.
    """
    from autograder.extensions import extend as run
    from autograder.strangers import moment

    time = moment(until)
    if time is None:
        raise InputFault(f"--until {until!r} is no time", remedy="write it like 2026-12-13T18:00+01:00")
    for one in run(Course(root, db), exercise, learners, time, decided_by(who), why):
        kept = {None: "", True: "; the hand-in is late all the same", False: "; the hand-in is in time"}[
            one.late
        ]
        back = f", and {one.freed:g} points that lateness had cost are given back" if one.freed else ""
        click.echo(f"{one.learner}: until {one.until:%Y-%m-%d %H:%M} UTC{kept}{back}")


@click.command(
    epilog="\b\nExample:\n  autograder late incidents --points 2 --per day --grace 30 --at-most 10"
    " --why 'as announced'"
    "\n  autograder late incidents --off --why 'the platform was down'"
)
@click.argument("exercise")
@course_option
@click.option(
    "--points", type=click.FloatRange(0, min_open=True), help="Points for each unit that has begun."
)
@click.option("--per", type=click.Choice(["hour", "day"]), default="day", show_default=True, help="The unit.")
@click.option(
    "--grace", type=click.FloatRange(0), default=0.0, show_default=True, help="Minutes that cost nothing."
)
@click.option("--at-most", type=click.FloatRange(0, min_open=True), help="Points that it can cost in all.")
@click.option("--off", is_flag=True, help="Let lateness cost nothing.")
@click.option("--why", help="The reason, kept with what you decide.")
@who_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@db_option
def late(
    exercise: str, root: Path, points: float | None, per: str, grace: float, at_most: float | None, off: bool,
    why: str | None, who: str | None, as_json: bool, db: str | None,
) -> None:  # fmt: skip
    """Say what lateness costs in EXERCISE, for what is graded already and for what comes; or show it.

    It costs nothing unless you say so. Points are counted for each day or hour that has begun since the due
    time, a learner's own where there is an extension; what comes within the grace costs nothing. Feedback,
    status and marks say what was taken off. Other rules than this are a plugin of nbgrader's
    (c.LateSubmissionPlugin in nbgrader_config.py), which counts where this command was never used.
    """
    from autograder.late_command import late as run

    if off and points is not None:
        raise InputFault("--off and --points exclude each other", remedy="give one of them")
    changes = off or points is not None
    if changes and not why:
        raise InputFault("a policy needs its reason", remedy="give it with --why")
    terms = None if points is None else (points, per, grace, at_most)
    run(Course(root, db), exercise, terms, decided_by(who), why or "", changes=changes, as_json=as_json)


@click.group(cls=Commands, epilog="\b\nExample:\n  autograder new exercise half-life --title 'Half-life'")
def new() -> None:
    """Begin something of your own."""


@new.command("exercise", epilog="\b\nExample:\n  autograder new exercise half-life --title 'Half-life'")
@click.argument("name")
@click.option(
    "--source", type=FOLDER, default=Path("exercises/source"), show_default=True, help="Where exercises lie."
)
@click.option("--title", help="Its title; default: NAME in words.")
@click.option("--module", default="own", show_default=True, help="The module that it belongs to.")
def new_exercise(name: str, source: Path, title: str | None, module: str) -> None:
    """Write the skeleton of an exercise, which can be released and graded as it is."""
    from autograder.release.beginning import begin

    folder = begin(source, name, title, module)
    click.echo(f"begun in {folder}: exercise.py, meta.yml and a wrong answer that must not pass")
    click.echo(f"next: autograder release {name} --source {source} --course /tmp/trial")


COMMANDS: tuple[click.Command, ...] = (status, attempts, extend, late, grades, new)
"""What `autograder` takes from here."""
