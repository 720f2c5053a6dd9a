"""Each learner's own data, made from the token and from nothing else.

    >>> from courselab import variants
    >>> mine = variants.mine("export-controls", "practice: ada")
    >>> mine.practice
    True

A token comes from the instructor. Without one, `practice: your name` draws a practice variant. While an
exercise is graded, the grader's own token stands in COURSE_VARIANT_TOKEN and decides, whatever the notebook
says.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from types import MappingProxyType

import click
from coursefacts.command import Commands
from coursefacts.errors import InputFault

from courselab import export_controls, tokens
from courselab.export_controls import Variant

GRADERS_TOKEN = "COURSE_VARIANT_TOKEN"
PRACTICE = "practice"
_MAKERS: Mapping[str, Callable[[str, bytes, bool], Variant]] = MappingProxyType(
    {"export-controls": export_controls.draw}
)


def from_token(exercise: str, token: str, *, practice: bool = False) -> Variant:
    """Make the variant that belongs to a token."""
    if exercise not in _MAKERS:
        raise InputFault(f"no variants for '{exercise}'", remedy=f"use one of {', '.join(_MAKERS)}")
    seed = tokens.read(token)
    return _MAKERS[exercise](tokens.write(seed), seed, practice)


def mine(exercise: str, token_in_notebook: str) -> Variant:
    """Make the learner's variant; the grader's token decides where there is one."""
    granted = os.environ.get(GRADERS_TOKEN)
    if granted:
        return from_token(exercise, granted)
    text = token_in_notebook.strip()
    if text.lower().startswith(PRACTICE):
        learner = text[len(PRACTICE) :].lstrip(" :").strip()
        return from_token(exercise, tokens.practice(exercise, learner), practice=True)
    if not text:
        raise tokens.TokenFault(
            "the token is still empty",
            remedy='put your token between the quotes, or "practice: your name" if you have none',
        )
    return from_token(exercise, text)


@click.command(
    cls=Commands, epilog="Example: python -m courselab.variants export-controls ZZX5-47DJ-TZFQ-MX6A-5"
)
def main() -> None:
    """Print what a token stands for: public data of the learner's variant, as JSON."""


def _command(exercise: str) -> click.Command:
    @click.command(exercise, help=f"Print the variant of {exercise} as JSON.")
    @click.argument("token")
    @click.option("--answers", is_flag=True, help="Print the right answers as well, for whoever marks.")
    def show(token: str, answers: bool) -> None:
        variant = mine(exercise, token) if token.startswith(PRACTICE) else from_token(exercise, token)
        data = variant.public() | ({"answers": variant.answers()} if answers else {})
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))

    return show


for _exercise in _MAKERS:
    main.add_command(_command(_exercise))

if __name__ == "__main__":
    main()
