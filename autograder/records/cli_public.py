"""The commands for holders who want to be found: a public page for a record, and a link for a profile."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.records import brought, profile, showcase
from autograder.records.command import FILE, example, issuer_option, open_home


@click.command(
    epilog=example(
        "records public 5f0e12ab --issuer issuer",
        'records public 5f0e12ab --issuer issuer --name "Ada Example"',
    )
)
@click.argument("records", nargs=-1, required=True, metavar="RECORD...")
@issuer_option
@click.option("--name", help="Show this name as well, because the holder asked for it.")
@click.option("--withdraw", is_flag=True, help="Show the records no longer.")
def public(records: tuple[str, ...], folder: Path, name: str | None, withdraw: bool) -> None:
    """Let your page tell whether a record stands, to whoever has the code of its printed sheet.

    For holders who ask for it. The page then says title, days and status of the record, and no name unless
    you give one; it takes effect with the next `records publish`.
    """
    if name is not None and (withdraw or len(records) > 1):
        raise click.UsageError("--name is for one record that is to be shown")
    for record in showcase.show(open_home(folder), records, name, withdraw=withdraw):
        click.echo(f"{'withdrawn' if withdraw else 'public'}\t{record}")
    click.echo("Now publish the page: records publish DIR", err=True)


@click.command("profile-link", epilog=example("records profile-link ada-export-controls-1a2b3c4d.json"))
@click.argument("file", type=FILE)
def profile_link(file: Path) -> None:
    """Print a link that adds a record to a LinkedIn profile (JSON, or a PNG, SVG or PDF that carries one)."""
    click.echo(profile.link(brought.read(file), file))


COMMANDS = (public, profile_link)
