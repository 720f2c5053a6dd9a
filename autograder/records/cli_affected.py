"""`records affected`: whom to tell when something that was taught turns out to be otherwise."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.records import affected as affected_records
from autograder.records.cli_verify import record_files
from autograder.records.command import FILE, db_option, example, json_option, open_home, show


@click.command(
    epilog=example(
        "python -m coursefacts changed --since 0.1.0 --json > changed.json",
        "records affected changed.json --issuer issuer",
        "records affected changed.json issued/ --json",
    )
)
@click.argument("changed", type=FILE, metavar="CHANGED")
@click.argument("records", nargs=-1, type=FILE, metavar="[RECORD]...")
@click.option("--issuer", "folder", type=FILE, help="The issuer's folder: every record that was not revoked.")
@db_option
@json_option
def affected(changed: Path, records: tuple[Path, ...], folder: Path | None, as_json: bool) -> None:
    """Name the holders who were taught a fact that has changed or was wrong, and what to tell them.

    CHANGED is what `python -m coursefacts changed --since VERSION --json` writes.
    Signatures are not checked: that is what `records verify` does.
    """
    if (folder is None) != bool(records):
        raise click.UsageError("give either --issuer or records")
    told = affected_records.load(changed)
    erased = 0
    if folder is not None:
        held, erased = affected_records.issued(open_home(folder))
    else:
        held = affected_records.brought_in(record_files(records))
    found = list(affected_records.find(held, told))
    if as_json:
        show([one.as_json() for one in found])
    else:
        for one in found:
            click.echo("\t".join(_line(one)))
    click.echo(
        f"{len(found)} of {len(held)} records teach something that changed since {told.since}", err=True
    )
    if erased:
        click.echo(f"{erased} copies were erased: what they taught cannot be seen", err=True)
    early = affected_records.older(held, told)
    if early:
        first = min((one.version for one in early), key=affected_records.order)
        told_again = f"python -m coursefacts changed --since {first} --json"
        click.echo(
            f"{len(early)} of them are of versions before {told.since}; ask again with {told_again}", err=True
        )


def _line(one: affected_records.Found) -> tuple[str, ...]:
    """Whose record, and what changed in it."""
    record = one.record
    errata = ", ".join(f"{each.id} {each.level}" for each in one.errata)
    facts = ", ".join(f"{each.id} {each.change}" for each in one.facts)
    return record.holder, record.award, record.record, record.version, record.expires[:10], errata, facts
