"""What `autograder release` prints, and what keeps it from releasing."""

from __future__ import annotations

from typing import Any

import click

from autograder.options import say
from autograder.progress import shown as shown_progress
from autograder.release.run import Released
from autograder.release.sources import Exercise
from autograder.release.trial import Tried, trial
from autograder.strangers import shown

__all__ = ["released", "try_first"]

_LINE = 600


def try_first(strict: bool) -> Any:
    """Make what tries exercises before they are released.

    strict: whether a finding keeps all of them from being released: exit 1, or 3 without closed rooms.
    """

    def tried(exercises: list[Exercise]) -> list[Tried]:
        with shown_progress("release", "exercise") as progress:
            told = trial(exercises, progress.stage)
        bad = [one for one in told if not one.is_good]
        for one in bad:
            for line in one.lines():
                click.echo(shown(line, _LINE), err=True)
        if strict and bad:
            click.echo("nothing was released (--strict)", err=True)
            alone = all(one.why_not is not None for one in bad)
            raise click.exceptions.Exit(3 if alone else 1)
        return told

    return tried


def released(made: Released, as_json: bool) -> None:
    """Say what was released."""
    if as_json:
        tried = [one.plain() for one in made.tried]
        say({**vars(made), "enrolled": made.enrolled and made.enrolled.counted(), "tried": tried})
        return
    for folder in made.folders:
        click.echo(f"released {folder}")
    for line in made.enrolled.lines() if made.enrolled else ():
        click.echo(shown(line))
    if made.learners:
        click.echo(f"{made.learners} variants of each; tokens in variants/EXERCISE/tokens.csv")
    for exercise in made.changed:
        click.echo(f"{exercise}: sheets differ from those released before; hand the exercise out again")
    if made.practice:
        click.echo("practice: this course has no secret, so results earn no record (--init-secret makes one)")
