"""Write a learner's unsigned progress report: `python -m coursebook.progress --root .`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from coursefacts.command import Commands
from coursefacts.errors import InputFault, shorten

from autograder import screen
from coursebook import plan
from coursebook.progress import report, standing, state, workspace
from coursebook.server.handout import write_whole
from coursebook.server.places import Places


def write(root: Path, out: Path, learner: str = "") -> tuple[int, int, InputFault | None]:
    """Write the report; return how many parts are done, of how many, and a fault that was met."""
    from coursebook import front  # it brings Sphinx, which nobody needs to read this command's help

    if not (root / "book" / "_toc.yml").is_file():
        raise InputFault("no course here", path=root, remedy="give the repository with --root DIR")
    read = plan.read(root)
    known, fault = workspace.known(Places(root).workspace)
    note = f"A part is missing: {shorten(fault.path)} could not be read." if fault and fault.path else ""
    now = state.iso(datetime.now(UTC))
    text = report.page(
        read, known, front.awards(root), front.endings(root, read), now=now, learner=learner, note=note
    )
    try:
        write_whole(out, text.encode())
    except OSError as error:
        raise InputFault(
            f"cannot be written ({error.strerror})", path=out, remedy="name another --out"
        ) from None
    parts = len(list(read.parts()))
    return parts - sum(len(standing.left_of(module, known)) for module in read.modules), parts, fault


@click.group(cls=Commands, invoke_without_command=True)
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    show_default=True,
    help="The course.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Default: workspace/progress.html."
)
@click.option("--name", default="", help="Your name, if the report is to show one.")
@click.option("--no-open", is_flag=True, help="Do not show it in a browser.")
def main(root: Path, out: Path | None, name: str, no_open: bool) -> None:
    """Write an unsigned report of what you read, tried, played, answered and practised.

    Example: python -m coursebook.progress --root . --out report.html
    """
    root = root.resolve()
    target = (out or Places(root).workspace / "progress.html").absolute()
    done, parts, fault = write(root, target, name)
    if fault is not None:
        click.echo(f"{fault}; it was left out", err=True)
    click.echo(f"Your progress report is in {shorten(target)}: {done} of {parts} parts done.")
    click.echo("It is unsigned. Your browser's print command makes a PDF of it.")
    if not no_open and screen.can_show_a_browser():
        screen.show(target)


if __name__ == "__main__":
    main(prog_name="python -m coursebook.progress")
