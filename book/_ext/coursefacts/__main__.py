"""The command `python -m coursefacts`: check the facts, list what is due and what changed, write schemas."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import click

from coursefacts import changes, tables, versions
from coursefacts import schema as schemas
from coursefacts.command import Commands
from coursefacts.errata import Erratum, folder_beside, load_errata
from coursefacts.errors import InputFault
from coursefacts.loader import DEFAULT_FOLDER, load
from coursefacts.model import Fact

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
    """Read every fact and erratum; name each fault with file, line and remedy.

    A passed review date is a warning and never a failure.

    Example: python -m coursefacts check --facts book/facts
    """
    facts, on = load(folder), _day(on_text)
    errata = load_errata(folder_beside(folder), facts)
    stale = [fact.id for fact in facts.values() if fact.stale(on)]
    if as_json:
        _print({"facts": len(facts), "digest": facts.digest, "errata": len(errata), "stale": stale})
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
    """List the errata that are not mended yet, the worst first, and the facts whose review date has come.

    Example: python -m coursefacts due --on 2027-06-01
    """
    facts, on = load(folder), _day(on_text)
    waiting = [one for one in load_errata(folder_beside(folder), facts) if one.mended_in is None]
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
        errata = [one.to_json() for one in waiting]
        _print({"on": on.isoformat(), "errata": errata, "due": rows})
        return
    if waiting:
        click.echo(f"{tables.plain(tables.errata(waiting))}\n")
    click.echo(tables.plain(tables.due(facts, on)))


@main.command()
@_folder
@_json
@click.option("--since", required=True, metavar="VERSION", help="The version of the course that was taught.")
def changed(folder: Path, as_json: bool, since: str) -> None:
    """Say what somebody should know who was taught an earlier version: errata, and facts that changed.

    With --json it is what `records affected` reads.

    Example: python -m coursefacts changed --since 0.1.0 --json > changed.json
    """
    facts = load(folder)
    told = changes.changed(
        facts, load_errata(folder_beside(folder), facts), versions.load_releases(folder), since
    )
    if as_json:
        _print(told)
    else:
        click.echo(changes.text(told))


@main.command()
@click.argument("version")
@_folder
@_on
def release(version: str, folder: Path, on_text: str | None) -> None:
    """Write down what a version teaches, on the day on which it goes out; `changed` compares with it.

    Example: python -m coursefacts release 0.2.0
    """
    facts = load(folder)
    wrong = [
        one.id
        for one in load_errata(folder_beside(folder), facts)
        if one.level == "wrong-in-law" and one.mended_in is None
    ]
    if wrong:
        what = f"wrong in law and not mended: {', '.join(wrong)}"
        raise InputFault(what, remedy="mend it before a version goes out")
    click.echo(f"wrote {versions.write(facts, folder, version, _day(on_text))}")


@main.command()
@_folder
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 when a file is not current.")
def schema(folder: Path, only_check: bool) -> None:
    """Write the JSON Schemas: schema.json in the folder of facts, and in that of the errata beside it.

    Example: python -m coursefacts schema
    """
    if not folder.is_dir() and not only_check:
        raise InputFault("no folder of facts here", path=folder, remedy="give the folder with --facts DIR")
    models: list[tuple[Path, type[Fact] | type[Erratum]]] = [(folder, Fact)]
    if folder_beside(folder).is_dir():
        models.append((folder_beside(folder), Erratum))
    for place, model in models:
        _write_schema(place / "schema.json", schemas.text(model), only_check)


def _write_schema(path: Path, text: str, only_check: bool) -> None:
    """Write one schema, or hold the file to it."""
    if only_check:
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            click.echo(f"{path} is not current; run python -m coursefacts schema", err=True)
            raise click.exceptions.Exit(1)
        return
    # A reader never meets half a file.
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
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
