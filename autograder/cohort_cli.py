"""The commands `autograder roster` and `autograder handout`, and the options of whatever reads a roster."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.options import FILE, FOLDER, course_option, example
from autograder.roster_columns import Columns
from autograder.strangers import clean_json, shown

__all__ = ["column_options", "handout", "roster"]


def column_options(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command be told which columns of a roster are what, as `columns`."""

    @click.option(
        "--id-column", metavar="NAME", help="The roster's column with the ids that you want to use."
    )
    @click.option(
        "--name-column", metavar="NAME", multiple=True, help="Of the name; twice for given and family names."
    )
    @click.option("--email-column", metavar="NAME", help="Of the e-mail address.")
    @click.option("--section-column", metavar="NAME", help="Of the section or group.")
    @wraps(command)
    def with_columns(
        *args: Any,
        id_column: str | None,
        name_column: tuple[str, ...],
        email_column: str | None,
        section_column: str | None,
        **options: Any,
    ) -> None:
        columns = Columns(id_column, name_column, email_column, section_column)
        command(*args, columns=columns, **options)

    return with_columns


@click.command(
    epilog=example(
        "autograder roster gradebook-export.csv",
        "autograder roster participants.csv --id-column Username",
        "autograder roster --remove s0107",
    )
)
@click.argument("file", type=FILE, required=False)
@course_option
@column_options
@click.option("--remove", "gone", multiple=True, metavar="ID", help="Take this learner out; may be repeated.")
@click.option("--db", help="Another gradebook than the course's, as an SQLAlchemy address.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def roster(
    file: Path | None, root: Path, columns: Columns, gone: tuple[str, ...], db: str | None, as_json: bool
) -> None:
    """Show who is in the course, add learners, or take somebody out.

    FILE is a CSV of learners as Canvas, Moodle, Brightspace, Blackboard or Gradescope exports it, or one with
    the columns learner, name, email, section; other columns are named by the options. It adds learners and
    brings them up to date. Whom it does not name stays, so a late comer is a file of one line. Each learner
    gets a token for every exercise that has been released.
    """
    from autograder import roster as rosters
    from autograder.enrol import enrol, merge, remove

    course = Course(root, db).must_exist()
    if file is not None and gone:
        raise InputFault("FILE and --remove exclude each other", remedy="run the command once for each")
    if file is None and not gone:
        learners = rosters.of_course(course.root)
        if as_json:
            click.echo(clean_json({"schema": "roster/1", "learners": [vars(one) for one in learners]}))
        else:
            for one in learners:
                click.echo(shown(f"{one.id:24} {one.name:32} {one.section:12} {one.email or ''}".rstrip()))
            click.echo(f"{len(learners)} on the roster")
        return
    said = remove(course, gone) if file is None else merge(course, rosters.read(file, columns))
    enrol(course, said)
    if as_json:
        click.echo(clean_json({"schema": "enrolled/1"} | said.counted()))
        return
    for line in said.lines():
        click.echo(shown(line))


@click.command(
    epilog=example(
        "autograder handout incidents --out hand-outs",
        "autograder handout incidents --out hand-outs --for moodle --like grading-worksheet.csv",
    )
)
@click.argument("exercises", nargs=-1)
@course_option
@click.option("--out", type=FOLDER, required=True, help="Where to write; the files hold everybody's tokens.")
@click.option("--learner", "learners", multiple=True, metavar="ID", help="Only this one; may be repeated.")
@click.option("--section", metavar="NAME", help="Only this section of the roster.")
@click.option("--folders", is_flag=True, help="Write a folder for each learner, and no zip.")
@click.option(
    "--for", "platform", type=click.Choice(["moodle", "canvas"]), help="Also one zip to upload there."
)
@click.option(
    "--like",
    type=click.Path(path_type=Path),
    help="For --for: a download of that assignment, or Moodle's grading worksheet.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def handout(
    exercises: tuple[str, ...],
    root: Path,
    out: Path,
    learners: tuple[str, ...],
    section: str | None,
    folders: bool,
    platform: str | None,
    like: Path | None,
    as_json: bool,
) -> None:
    """Write what each learner gets: the notebooks with the own token in place.

    One zip for each learner, to be unpacked in the learner's workspace or anywhere; mail-merge.csv names it
    beside name, address, section and tokens. Without EXERCISES all that the course has.

    An LMS gives each learner the own zip when you upload one for all: --for moodle (the assignment's Upload
    multiple feedback files) or --for canvas (Upload submissions). Both know people by numbers of their own,
    which --like reads from what they exported of that assignment.
    """
    from autograder.handout.upload import upload
    from autograder.handout.write import Order, hand_out

    if (platform is None) != (like is None):
        raise InputFault("--for and --like belong together", remedy="see `autograder handout --help`")
    course = Course(root)
    said, files = hand_out(course, Order(out, exercises, learners, section, folders))
    sent = upload(course, files, like, platform, out) if platform is not None and like is not None else None
    if as_json:
        click.echo(clean_json({"schema": "handed-out/1"} | vars(said) | {"upload": sent and vars(sent)}))
        return
    for name in said.without:
        click.echo(
            f"note: the notebook of '{shown(name)}' has no TOKEN cell, so no token stands in it", err=True
        )
    click.echo(f"{len(said.files)} hand-outs in {out}, with {said.merge} for a mail merge")
    if sent is not None:
        click.echo(f"{sent.packed} of them in {sent.file}, to upload there")
        if sent.left:
            click.echo(f"not in it, for the file names nobody so: {', '.join(map(shown, sent.left))}")
