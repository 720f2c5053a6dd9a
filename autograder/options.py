"""What the commands of `autograder` share: options, times as people type them, examples, machine output."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from coursefacts.errors import InputFault

from autograder.course import DEFAULT
from autograder.strangers import clean_json, shown

__all__ = [
    "FILE",
    "FOLDER",
    "course_option",
    "db_option",
    "decided_by",
    "example",
    "json_option",
    "moment",
    "reason_option",
    "say",
    "who_option",
]

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)


def _course_folder(_context: click.Context, _parameter: click.Parameter, folder: Path) -> Path:
    """Take the course directory, after moving one that an earlier version made."""
    from autograder.moving import move_earlier

    said = move_earlier(folder)
    if said:
        click.echo(shown(said, 1000), err=True)
    return folder


course_option = click.option(
    "--course",
    "root",
    type=FOLDER,
    default=DEFAULT,
    show_default=True,
    help="The course directory.",
    callback=_course_folder,
)
db_option = click.option(
    "--db", help="Another gradebook than the course's, as an SQLAlchemy address: postgresql://…"
)
who_option = click.option(
    "--as", "who", help="Your name, kept with what you decide; default: your login name."
)
reason_option = click.option("--why", required=True, help="The reason, kept with what you decide.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def say(data: dict[str, Any]) -> None:
    """Print machine output."""
    click.echo(clean_json(data))


def moment(text: str | None, option: str) -> datetime | None:
    """Read a time such as 2026-11-20 18:00, or now; without a zone it is UTC."""
    if text is None:
        return None
    if text == "now":
        return datetime.now(UTC).replace(microsecond=0)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputFault(
            f"{option} {text!r} is no time", remedy="write it like 2026-11-20T18:00+01:00"
        ) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def example(*lines: str) -> str:
    """Make the end of a help page: commands as they are typed, not wrapped."""
    return "\b\n" + "\n".join(["Example:", *(f"  {line}" for line in lines)])


def decided_by(who: str | None) -> str:
    """Name whoever decides: as they say, else by their login."""
    name = " ".join((who if who is not None else getpass.getuser()).split())
    if not name or len(name) > 100 or not name.isprintable():
        raise InputFault("--as is no name", remedy="give your name")
    return name
