"""The command `python -m coursefacts`: check the facts, list what is due, write the schema."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import click

from coursefacts import schema as schemas
from coursefacts import tables
from coursefacts.command import Commands
from coursefacts.errors import InputFault
from coursefacts.loader import DEFAULT_FOLDER, load

_folder = click.option(
    "--facts",
    "folder",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    help="The folder of facts; the course's own when not given.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print machine-readable output.")
_on = click.option(
    "--on", "on_text", metavar="YYYY-MM-DD", help="The day to look from; today when not given."
)


@click.group(cls=Commands)
def main() -> None:
    """Check and list the facts of law and record that the course teaches.

    Example: python -m coursefacts check
    """


@main.command()
@_folder
@_json
@_on
def check(folder: Path, as_json: bool, on_text: str | None) -> None:
    """Read every fact; name each fault with file, line and remedy.

    A passed review date is a warning and never a failure.

    Example: python -m coursefacts check --facts book/facts
    """
    facts, on = load(folder), _day(on_text)
    stale = [fact.id for fact in facts.values() if fact.stale(on)]
    if as_json:
        _print({"facts": len(facts), "digest": facts.digest, "stale": stale})
        return
    said = "1 fact is" if len(facts) == 1 else f"{len(facts)} facts are"
    click.echo(f"{said} sound (digest {facts.digest[:12]}).")
    for name in stale:
        click.echo(f"warning: the review date of {name} has passed; read its source again", err=True)


@main.command()
@_folder
@_json
@_on
def due(folder: Path, as_json: bool, on_text: str | None) -> None:
    """List the facts whose review date has come.

    Example: python -m coursefacts due --on 2027-06-01
    """
    facts, on = load(folder), _day(on_text)
    if as_json:
        rows = [
            {
                "id": fact.id,
                "review_by": fact.review_by,
                "url": fact.source.url,
                "read_at": fact.source.read_at,
            }
            for fact in facts.due(on)
        ]
        _print({"on": on.isoformat(), "due": rows})
        return
    click.echo(tables.plain(tables.due(facts, on)))


@main.command()
@_folder
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; exit 1 when the file is not current."
)
def schema(folder: Path, only_check: bool) -> None:
    """Write the JSON Schema of a fact file to schema.json in the folder of facts.

    Example: python -m coursefacts schema
    """
    path = folder / "schema.json"
    if only_check:
        if not path.is_file() or path.read_text(encoding="utf-8") != schemas.text():
            click.echo(f"{path} is not current; run python -m coursefacts schema", err=True)
            raise click.exceptions.Exit(1)
        return
    if not folder.is_dir():
        raise InputFault("no folder of facts here", path=folder, remedy="give the folder with --facts DIR")
    # A reader never meets half a file.
    part = path.with_suffix(".part")
    part.write_text(schemas.text(), encoding="utf-8")
    part.replace(path)
    click.echo(f"wrote {path}")


def _day(text: str | None) -> datetime.date:
    """Read a day; today when nothing is given."""
    if text is None:
        return datetime.date.today()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InputFault(f"'{text}' is not a date", remedy="write it as YYYY-MM-DD") from None


def _print(data: Any) -> None:
    """Print machine-readable output."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main(prog_name="python -m coursefacts")
