"""The learner's two commands: `autograder practice` and `autograder handin`.

In the terminals of the learner's JupyterLab they stand by themselves, in any folder: `practice publication`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from coursefacts.errors import InputFault

from autograder import workspace as places
from autograder.strangers import clean_json

__all__ = ["handin", "handin_alone", "practice", "practice_alone"]

_FOLDER = click.Path(path_type=Path, file_okay=False)
_workspace = click.option(
    "--workspace", type=_FOLDER, help="Your workspace; default: workspace/ of the course."
)
_course = click.option(
    "--course",
    "root",
    type=_FOLDER,
    help=f"Where the exercise was released; default: {places.RELEASED} of the course.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _prepared(home: Path) -> Path:
    """Return where `make start` puts the exercises with their tests; InputFault where it never ran."""
    released = home / places.RELEASED
    if not released.is_dir():
        raise InputFault(
            "the exercises were not prepared here yet",
            path=home,
            remedy="run `make start` once, then this again",
        )
    return released


def _say(data: dict[str, Any]) -> None:
    click.echo(clean_json(data))


@click.command(
    epilog="\b\nExample:\n  autograder practice export-controls\n  autograder practice publication 'my copy'"
)
@click.argument("exercise")
@click.argument("notebook", required=False)
@_workspace
@_course
@click.option(
    "--open/--no-open", "show", default=None, help="Show the feedback; default: where a browser is."
)
@_json
def practice(
    exercise: str,
    notebook: str | None,
    workspace: Path | None,
    root: Path | None,
    show: bool | None,
    as_json: bool,
) -> None:
    """Say what is right in your own practice notebook, and why the rest is not.

    Grades the notebook as you last saved it, on this machine, by the tests that an instructor would use, and
    opens the page of feedback. NOTEBOOK is needed only where several lie beside each other. The token in the
    notebook must be a name: "practice: " and yours. What comes of it lies in practice/ of your workspace;
    nobody else sees it, and no record can rest on it. The first time takes longer than the others.
    """
    from autograder.commands import practise

    home = places.home()
    told = practise(
        root or _prepared(home),
        workspace or home / "workspace",
        exercise,
        notebook,
        show=show,
        quiet=as_json,
    )
    if as_json:
        _say(told)


@click.command(epilog="\b\nExample:\n  autograder handin export-controls --learner ada")
@click.argument("exercise")
@click.argument("notebook", required=False)
@click.option("--learner", help="Your id, as your instructor knows you.")
@click.option("--token", help="Your token for this exercise, from your instructor's note.")
@_workspace
@_course
@click.option("--out", type=_FOLDER, help="Where the zip goes; default: hand-in/ in your workspace.")
@_json
def handin(
    exercise: str,
    notebook: str | None,
    learner: str | None,
    token: str | None,
    workspace: Path | None,
    root: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Pack your exercise into one zip for your instructor.

    It holds the notebook as you last saved it, the transcripts of your cases, and the versions you worked
    with. Who you are is taken from --learner, else from learner.json in your workspace ({"learner":
    "ada"}), else from the lines LEARNER = "ada" and TOKEN = "…" in the notebook. NOTEBOOK is needed only
    where several lie beside each other. Keep the SHA-256 that is printed: it shows later which file you
    handed in.
    """
    from autograder.handin import Order, hand_in

    home = places.home()
    order = Order(
        exercise,
        workspace or home / "workspace",
        root or home / places.RELEASED,
        notebook,
        learner,
        token,
        out,
    )
    made = hand_in(order)
    if as_json:
        _say({**vars(made), "said": made.lines()})
        return
    for line in made.lines():
        click.echo(line)


def practice_alone() -> None:
    """Be the command `practice`."""
    _alone("practice")


def handin_alone() -> None:
    """Be the command `handin`."""
    _alone("handin")


def _alone(name: str) -> None:
    from autograder.cli import main

    main([name, *sys.argv[1:]], prog_name="autograder")
