"""The command `autograder mark`."""

from __future__ import annotations

import getpass
from pathlib import Path

import click
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.options import FILE, course_option, db_option
from autograder.strangers import shown

__all__ = ["mark"]

_SOON = 4  # seconds


@click.command(
    epilog="\b\nExample:\n"
    "  autograder mark export-controls --as Ada\n"
    "  autograder mark export-controls --as Ada --among Ada,Ben,Cem\n"
    "  autograder mark export-controls --out marks.csv\n"
    "  autograder mark export-controls --as Ben --in marks.csv"
)
@click.argument("exercise")
@course_option
@click.option("--as", "marker", help="Your name, kept with each of your marks; default: your login name.")
@click.option("--among", help="Everybody who shares the letters, with commas; each gets an even share.")
@click.option("--apart", type=click.FloatRange(0), default=2.0, show_default=True,
              help="How many points two marks may lie apart before somebody has to settle them.")  # fmt: skip
@click.option("--names", is_flag=True, help="Show whose letter it is.")
@click.option("--seed", help="Another order by chance than the course's own; the same for all who share.")
@click.option("--port", type=click.IntRange(0, 65535), default=8899, show_default=True)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--out", "out", type=FILE, help="Serve nothing: write marks and letters to this CSV file.")
@click.option("--in", "into", type=FILE, help="Serve nothing: take marks from a CSV file that --out wrote.")
@db_option
def mark(
    exercise: str,
    root: Path,
    marker: str | None,
    among: str | None,
    apart: float,
    names: bool,
    seed: str | None,
    port: int,
    no_browser: bool,
    out: Path | None,
    into: Path | None,
    db: str | None,
) -> None:
    """Mark the written part of EXERCISE on a page of its own, by keyboard.

    Serves the page on this machine alone and prints an address that signs in once. Nothing that a learner
    wrote runs in it. The rubric's parts stand beside the letter, the two samples come first, and a letter
    takes a key for each part and Enter. Names are hidden, and the order is by chance.

    Marks go to nbgrader's gradebook at once, with your name, the time and the parts. A mark stays settled as
    long as the learner's words do not change. On the overview you mark a second time what others have marked,
    without seeing their marks; where two lie more than --apart points apart somebody settles them.

    --out and --in are for marking in a spreadsheet: fill in the columns that begin with `part:` (or `score`
    where there is no rubric) and `comment`, and leave the others as they are.
    """
    who = _names(marker or getpass.getuser())
    shared = _names(among) if among else who
    if len(who) != 1 or who[0] not in shared:
        raise InputFault(
            f"'{shown(marker or who[0])}' is not among those who share the letters",
            remedy="give your name with --as as it stands in --among",
        )
    if out and into:
        raise InputFault("--out and --in exclude each other", remedy="give one of them")
    # A person waits before the page: what is in use is told soon, and the mark is kept there meanwhile.
    course = Course(root, db, patience=_SOON).must_exist()
    course.notebooks(exercise)
    if out or into:
        _by_table(course, exercise, who[0], shared if among else (), apart, seed, out, into)
        return
    from autograder import screen
    from autograder.marking.desk import Desk, Settings
    from autograder.marking.serve import serve

    desk = Desk(course, Settings(exercise, who[0], shared, apart, seed, names))

    def ready(address: str) -> None:
        click.echo(f"Marking '{exercise}' as {who[0]}:  {address}")
        click.echo("Open it once: it signs you in. What you save is in the gradebook at once; Ctrl-C stops.")
        if not no_browser and screen.can_show_a_browser():
            click.launch(address)

    serve(desk, port, ready)


def _names(text: str) -> tuple[str, ...]:
    found = [" ".join(one.split()) for one in text.split(",")]
    if not all(found) or any(len(one) > 100 or shown(one) != one for one in found):
        raise InputFault(f"'{shown(text)}' are no names", remedy="write them like Ada,Ben")
    return tuple(dict.fromkeys(found))


def _by_table(
    course: Course,
    exercise: str,
    marker: str,
    shared: tuple[str, ...],
    apart: float,
    seed: str | None,
    out: Path | None,
    into: Path | None,
) -> None:
    from autograder.marking import sheet
    from autograder.marking.desk import Desk, Settings

    if out is not None:
        desk = Desk(course, Settings(exercise, marker, shared or (marker,), apart, seed))
        keys = desk.mine(desk.look()) if shared else None
        count = sheet.write(course, exercise, out, keys, apart)
        click.echo(f"{count} letters: {out}")
        return
    if into is None:
        return
    said = sheet.take(course, exercise, into, marker, apart)
    for line in said.refused:
        click.echo(f"refused  {shown(line)}")
    click.echo(
        f"{len(said.taken)} marks taken, {len(said.known)} known, {said.empty} lines without points, "
        f"{len(said.refused)} refused"
    )
    if said.refused:
        raise click.exceptions.Exit(1)
