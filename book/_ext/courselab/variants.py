"""Each learner's own data: a view of the sheet that lies beside the notebook.

    >>> from courselab import variants
    >>> mine = variants.mine("publication", "practice: ada")
    >>> mine.practice
    True

A token comes from the instructor and says whose sheet it is. Without one, `practice: Mia` has Mia's sheet for
practice drawn on this machine, and mia's is the same. While an exercise is graded, the grader's own token
stands in COURSE_VARIANT_TOKEN and its own sheet beside the notebook, whatever the notebook says; where the
course has no secret, the grader has the token from the notebook.
"""

from __future__ import annotations

import importlib
import json
import os
from typing import Any, Protocol

import click
from coursefacts.command import Commands
from coursefacts.errors import InputFault

from courselab import sheets, tokens

GRADERS_TOKEN = "COURSE_VARIANT_TOKEN"
EXERCISES = ("classification", "export-controls", "incidents", "publication")
"""Each has `courselab.<its id, with underscores>`, with `view(sheet)`."""


class Variant(Protocol):
    """What every exercise's variant has; each adds the learner's data in attributes of its own."""

    @property
    def token(self) -> str:
        """The token that it was drawn from."""

    @property
    def practice(self) -> bool:
        """Whether it is a practice variant, which earns no record."""

    def public(self) -> dict[str, Any]:
        """What the learner may know at the beginning, as plain data."""


def mine(exercise: str, token_in_notebook: str) -> Any:
    """Give the learner's variant; the grader's token decides where there is one.

    Raises TokenFault or SheetFault, which say in one line what to do.
    """
    view = _module(exercise).view
    token, practice = _meant(exercise, token_in_notebook)
    token = tokens.write(tokens.read(token))
    sheet = sheets.for_practice(exercise, token) if practice else sheets.own(exercise, token)
    return view(sheet)


def _module(exercise: str) -> Any:
    if exercise not in EXERCISES:
        raise InputFault(f"no variants for '{exercise}'", remedy=f"use one of {', '.join(EXERCISES)}")
    # Loaded when it is asked for: one exercise's instruments need not slow another's notebook.
    return importlib.import_module(f"courselab.{exercise.replace('-', '_')}")


def seed(exercise: str, token_in_notebook: str) -> bytes:
    """Give ten bytes to draw a learner's data from, for an exercise that has no module here.

    They follow from the token alone; the grader's decides where there is one. Raises TokenFault for a token
    that cannot be right.
    """
    return tokens.read(_meant(exercise, token_in_notebook)[0])


def _meant(exercise: str, token_in_notebook: str) -> tuple[str, bool]:
    """Tell which token counts, and whether it is one of practice."""
    granted = os.environ.get(GRADERS_TOKEN)
    if granted:
        return granted, False
    if not isinstance(token_in_notebook, str) or not token_in_notebook.strip():
        raise tokens.TokenFault(
            "the token is still empty" if isinstance(token_in_notebook, str) else "the token is no text",
            remedy='put your token between the quotes, or "practice: " and your name if you have none',
        )
    name = tokens.practice_name(token_in_notebook)
    if name is None:
        return token_in_notebook, False
    return tokens.practice(exercise, name), True


@click.command(
    cls=Commands, epilog="Example: python -m courselab.variants export-controls ZZX5-47DJ-TZFQ-MX6A-DS"
)
def main() -> None:
    """Print what a token stands for: public data of the learner's variant, as JSON."""


def _command(exercise: str) -> click.Command:
    @click.command(exercise, help=f"Print the variant of {exercise} as JSON.")
    @click.argument("token")
    def show(token: str) -> None:
        click.echo(json.dumps(mine(exercise, token).public(), indent=2, ensure_ascii=False))

    return show


for _exercise in EXERCISES:
    main.add_command(_command(_exercise))

if __name__ == "__main__":
    main()
