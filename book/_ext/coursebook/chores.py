"""What a learner asks of start.py once the environment stands: `python -m coursebook.chores practice`.

Example: EXERCISE=publication LEARNER=ada python -m coursebook.chores handin
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
from coursefacts.command import Commands
from coursefacts.errors import InputFault

PROGRAMS = Path(sys.executable).parent
HANDED_ON = {"ignore_unknown_options": True}


def begun() -> list[str]:
    """Name the exercises that lie in the workspace."""
    return sorted(path.name for path in Path("workspace", "exercises").glob("*") if path.is_dir())


def chosen(exercise: str | None) -> str | None:
    """Name the exercise that is meant: the one that was named, or the only one begun."""
    found = begun()
    return exercise or (found[0] if len(found) == 1 else None)


@click.group(cls=Commands)
def main() -> None:
    """Do a learner's chores in the repository; make and start.py call this."""


@main.command(context_settings=HANDED_ON)
@click.argument("exercise", required=False, envvar="EXERCISE")
@click.option("--notebook", envvar="NOTEBOOK", help="Which one, where several lie beside each other.")
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def practice(
    context: click.Context, exercise: str | None, notebook: str | None, rest: tuple[str, ...]
) -> None:
    """Say what is right in your own practice notebook, and why the rest is not.

    EXERCISE is its name; by default the only one that you have begun.
    Further words go to `autograder practice`.
    """
    exercise = chosen(exercise)
    if not exercise:
        names = f"exercises begun: {', '.join(begun()) or 'none yet'}"
        raise InputFault(f"Say which: make practice EXERCISE=NAME ({names})")
    words = [notebook] if notebook else []
    context.exit(subprocess.call([PROGRAMS / "autograder", "practice", exercise, *words, *rest]))


@main.command(context_settings=HANDED_ON)
@click.argument("exercise", required=False, envvar="EXERCISE")
@click.option("--learner", envvar="LEARNER", help="Who you are, as your instructor knows you.")
@click.option("--notebook", envvar="NOTEBOOK", help="Which one, where several lie beside each other.")
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def handin(
    context: click.Context,
    exercise: str | None,
    learner: str | None,
    notebook: str | None,
    rest: tuple[str, ...],
) -> None:
    """Pack your exercise into one file for your instructor.

    EXERCISE is its name; by default the only one that you have begun.
    Further words go to `autograder handin`.
    """
    exercise = chosen(exercise)
    if not (exercise and learner):
        names = f"exercises begun: {', '.join(begun()) or 'none yet'}"
        raise InputFault(f"Say what and who: make handin EXERCISE=NAME LEARNER=YOU ({names})")
    words = [*([notebook] if notebook else []), "--learner", learner, *rest]
    context.exit(subprocess.call([PROGRAMS / "autograder", "handin", exercise, *words]))


if __name__ == "__main__":
    main(prog_name="chores")
