"""The command `autograder marks`: what people decided about marks, beside giving them."""

from __future__ import annotations

import getpass
from pathlib import Path

import click
from coursefacts.command import Commands
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.options import course_option, db_option, example, json_option, say
from autograder.strangers import shown

__all__ = ["marks"]

_who = click.option("--as", "who", help="Your name, kept with what you decide; default: your login name.")


@click.group(
    cls=Commands,
    epilog=example(
        "autograder marks waiting export-controls",
        "autograder marks confirm export-controls --all --as Ada",
    ),
)
def marks() -> None:
    """Confirm marks whose answers changed.

    A mark that a person gave stands as long as the learner's words do: grading again, with --force, with a
    mended test or after an update of the course, leaves it alone.
    """


@marks.command(epilog=example("autograder marks waiting export-controls"))
@click.argument("exercise")
@course_option
@db_option
@json_option
def waiting(exercise: str, root: Path, db: str | None, as_json: bool) -> None:
    """List the marks that were given for other words than those that lie there now."""
    from autograder.marking.waiting import waiting as find

    course = Course(root, db).must_exist()
    course.notebooks(exercise)
    found = find(course, exercise)
    if as_json:
        rows = [
            {"learner": one.key[0], "notebook": one.key[1], "cell": one.key[2], "score": one.score,
             "max_score": one.most, "marker": one.marker or None, "marked_at": one.marked_at or None}
            for one in found
        ]  # fmt: skip
        say({"schema": "marks.waiting/1", "exercise": exercise, "marks": rows})
        return
    for one in found:
        by = f"  by {one.marker}, {one.marked_at}" if one.marker else ""
        click.echo(shown(f"{one.key[0]:24} {one.key[2]:20} {one.score:g} of {one.most:g}{by}"))
    if found:
        click.echo(
            f"{len(found)} to confirm, for the answer changed after it was marked: look at each with "
            f"`autograder mark {exercise}`, or let the marks stand with `autograder marks confirm {exercise}`"
        )
    else:
        click.echo("every mark stands for the words that lie there now")


@marks.command(epilog=example("autograder marks confirm export-controls --learner s0101 --as Ada"))
@click.argument("exercise")
@course_option
@click.option("--learner", "learners", multiple=True, help="Only this learner's; may be given again.")
@click.option("--all", "everybody", is_flag=True, help="Everybody's.")
@_who
@db_option
def confirm(
    exercise: str, root: Path, learners: tuple[str, ...], everybody: bool, who: str | None, db: str | None
) -> None:
    """Let marks stand for the words that lie there now, with your name and the time."""
    from autograder.marking.waiting import confirm as run

    if everybody == bool(learners):
        raise InputFault("say whose marks", remedy="name them with --learner, or give --all")
    course = Course(root, db).must_exist()
    course.notebooks(exercise)
    done = run(course, exercise, None if everybody else learners, marker(who))
    click.echo(f"{len(done)} mark{'' if len(done) == 1 else 's'} confirmed")


def marker(who: str | None) -> str:
    """Name whoever decides: as they say, else by their login."""
    name = " ".join((who if who is not None else getpass.getuser()).split())
    if not name or len(name) > 100 or not name.isprintable():
        raise InputFault("--as is no name", remedy="give your name")
    return name
