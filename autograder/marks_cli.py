"""The command `autograder marks`: what people decided about marks, beside giving them."""

from __future__ import annotations

from pathlib import Path

import click
from coursefacts.command import Commands
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.options import (
    course_option,
    db_option,
    decided_by,
    example,
    json_option,
    reason_option,
    say,
    who_option,
)
from autograder.strangers import shown

__all__ = ["marks"]


@click.group(
    cls=Commands,
    epilog=example(
        "autograder marks waiting export-controls",
        "autograder marks confirm export-controls --all --as Ada",
        "autograder marks give export-controls check-ends --why 'the check was wrong'",
        "autograder marks accept export-controls s0107 --why 'the same bytes: they share one machine'",
    ),
)
def marks() -> None:
    """Confirm marks, give everybody a part, settle what the program left to a person.

    A mark that a person gave stands as long as the learner's words do: grading again, with --force, with a
    mended test or after an update of the course, leaves it alone.
    """


@marks.command(epilog=example("autograder marks waiting export-controls"))
@click.argument("exercise")
@course_option
@db_option
@json_option
def waiting(exercise: str, root: Path, db: str | None, as_json: bool) -> None:
    """List marks that were given for other words than lie there now, or that two markers differ on."""
    from autograder.marking.waiting import APART
    from autograder.marking.waiting import waiting as find

    course = Course(root, db).must_exist()
    course.notebooks(exercise)
    found = find(course, exercise)
    if as_json:
        rows = [
            {"learner": one.key[0], "notebook": one.key[1], "cell": one.key[2], "score": one.score,
             "max_score": one.most, "marker": one.marker or None, "marked_at": one.marked_at or None,
             "second": None if one.apart is None else {"score": one.apart.score, "marker": one.apart.marker}}
            for one in found
        ]  # fmt: skip
        say({"schema": "marks.waiting/1", "exercise": exercise, "marks": rows})
        return
    for one in found:
        by = f"  by {one.marker}, {one.marked_at}" if one.marker else ""
        if one.apart is not None:
            by = f"  by {one.marker}, {one.apart.score:g} by {one.apart.marker}: to be settled"
        click.echo(shown(f"{one.key[0]:24} {one.key[2]:20} {one.score:g} of {one.most:g}{by}"))
    changed, apart = [one for one in found if one.apart is None], [one for one in found if one.apart]
    if changed:
        click.echo(
            f"{len(changed)} to confirm, for the answer changed after it was marked: look at each with "
            f"`autograder mark {exercise}`, or let the marks stand with `autograder marks confirm {exercise}`"
        )
    if apart:
        click.echo(
            f"{len(apart)} to settle, for two markers lie more than {APART:g} points apart: settle each "
            f"on the page of `autograder mark {exercise}`"
        )
    if not found:
        click.echo("every mark stands for the words that lie there now")


@marks.command(epilog=example("autograder marks confirm export-controls --learner s0101 --as Ada"))
@click.argument("exercise")
@course_option
@click.option("--learner", "learners", multiple=True, help="Only this learner's; may be given again.")
@click.option("--all", "everybody", is_flag=True, help="Everybody's.")
@who_option
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
    done = run(course, exercise, None if everybody else learners, decided_by(who))
    click.echo(f"{len(done)} mark{'' if len(done) == 1 else 's'} confirmed")


@marks.command(
    epilog=example(
        "autograder marks give export-controls check-ends --why 'the check was wrong'",
        "autograder marks give export-controls check-ends --take-back --why 'it was right after all'",
    )
)
@click.argument("exercise")
@click.argument("part")
@click.option("--points", type=float, help="So many at least; default: all that the part has.")
@click.option("--take-back", is_flag=True, help="Let the marks count again that stood before.")
@reason_option
@who_option
@course_option
@db_option
def give(
    exercise: str, part: str, points: float | None, take_back: bool, why: str, who: str | None, root: Path,
    db: str | None,
) -> None:  # fmt: skip
    """Give everybody the points of PART, for a check that was wrong.

    Whoever has more keeps it, and whoever hands in later has the points, too. The reason stands in each
    learner's feedback.
    """
    from autograder.decisions import give as run

    course = Course(root, db).must_exist()
    if take_back:
        changed = run.take_back(course, exercise, part, decided_by(who), why)
        click.echo(f"'{shown(part)}' counts as it was marked again, for {changed} learners")
        return
    given, gained = run.give(course, exercise, part, points, decided_by(who), why)
    click.echo(f"everybody has {given:g} points for '{shown(part)}'; {gained} had less")


@marks.command(epilog=example("autograder marks review export-controls"))
@click.argument("exercise")
@course_option
@db_option
@json_option
def review(exercise: str, root: Path, db: str | None, as_json: bool) -> None:
    """List what the program left to a person, with its reasons, and who settled it."""
    from autograder.decisions.accept import doubted

    course = Course(root, db).must_exist()
    course.notebooks(exercise)
    found = doubted(course, exercise)
    if as_json:
        rows = [
            {"learner": one.learner, "notebook": one.notebook, "reasons": one.reasons,
             "settled": settled.words if settled else None}
            for one, settled in found
        ]  # fmt: skip
        say({"schema": "marks.review/1", "exercise": exercise, "results": rows})
        return
    for one, settled in found:
        ended = f"  settled: {settled.words}" if settled else ""
        click.echo(shown(f"{one.learner:24} {'; '.join(one.reasons)}{ended}", 1000))
    left = sum(settled is None for _, settled in found)
    click.echo(f"{left} of {len(found)} to settle: autograder marks accept {exercise} LEARNER --why REASON")


@marks.command(epilog=example("autograder marks accept export-controls s0107 --why 'I asked her' --as Ada"))
@click.argument("exercise")
@click.argument("learners", nargs=-1, required=True)
@reason_option
@who_option
@course_option
@db_option
def accept(
    exercise: str, learners: tuple[str, ...], why: str, who: str | None, root: Path, db: str | None
) -> None:
    """Settle what the program left to a person in the hand-ins of LEARNERS, so that records can rest on them.

    It holds for these very files and these reasons. What ran without isolation, or in the learner's room, or
    on practice data, no word of a person can certify.
    """
    from autograder.decisions.accept import accept as run

    course = Course(root, db).must_exist()
    course.notebooks(exercise)
    for one in run(course, exercise, learners, decided_by(who), why):
        click.echo(shown(f"{one.learner}: settled ({'; '.join(one.reasons)})", 1000))
