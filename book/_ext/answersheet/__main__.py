"""The commands of `python -m answersheet`: sheets for practice, for the grader, for an author."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from coursefacts.command import Commands
from coursefacts.errors import InputFault
from courselab import tokens

from answersheet import sealing


@click.group(cls=Commands, epilog="Example: python -m answersheet show export-controls ada")
def main() -> None:
    """Draw sheets. What a course hands out is drawn by `autograder release` from the course's secret."""


@main.command()
@click.argument("exercise")
@click.argument("token")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def practice(exercise: str, token: str, folder: Path) -> None:
    """Write the sheet of a practice TOKEN into FOLDER."""
    made = sealing.for_practice(exercise, tokens.write(tokens.read(token)))
    for name, data in made.files().items():
        (folder / name).write_bytes(data)


@main.command()
@click.argument("exercise")
@click.argument("name")
def show(exercise: str, name: str) -> None:
    """Print the practice sheet of NAME with its answers, as JSON."""
    made = sealing.for_practice(exercise, tokens.practice(exercise, name))
    _echo(made)


@main.command()
@click.argument("exercise")
def rehearsal(exercise: str) -> None:
    """Print the sheet on which the instructor's own solution runs, with its answers, as JSON."""
    _echo(sealing.for_rehearsal(exercise))


@main.command(hidden=True)
def serve() -> None:
    """Answer the grader: a line of JSON for each sheet, until it hangs up."""
    for line in sys.stdin:
        wanted = json.loads(line)
        try:
            answer = _sealed(**wanted).plain()
        except InputFault as fault:
            answer = {"failed": str(fault)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _echo(made: sealing.Sealed) -> None:
    told = {"sheet": made.sheet.written(), "answers": made.answers, "literal": made.literal}
    click.echo(json.dumps(told, indent=2))


def _sealed(
    exercise: str, token: str | None = None, seed: str = "", practice: bool = False
) -> sealing.Sealed:
    """Draw what the grader asks for; without a token the sheet of the rehearsal."""
    if token is None:
        return sealing.for_rehearsal(exercise)
    return sealing.seal(exercise, token, bytes.fromhex(seed), practice=practice)


if __name__ == "__main__":
    main(prog_name="python -m answersheet")
