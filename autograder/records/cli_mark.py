"""`records revoke`, `suspend` and `resume`: take records back, one or a whole list."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import click

from autograder.records import office
from autograder.records.command import PUBLISH, Function, example, issuer_option, left_out, open_home
from autograder.records.errors import Fault

RECORD = re.compile(r"urn:uuid:[0-9a-fA-F-]{36}")
MAX_LIST = 20_000_000


def _options(function: Function) -> Callable[..., Any]:
    for option in (
        click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing."),
        click.option("--reason", required=True, help="Kept in the office, never published."),
        click.option(
            "--list",
            "listed",
            type=click.File("r", encoding="utf-8"),
            help="A file with one record on each line, such as the output of records list or affected; - for "
            "standard input.",
        ),
        issuer_option,
        click.argument("records", nargs=-1, metavar="[RECORD]..."),
    ):
        function = option(function)
    return function


def listed_records(records: tuple[str, ...], listed: IO[str] | None) -> list[str]:
    """The records that were named, and the first one on each line of a list."""
    named = list(records)
    if listed is not None:
        try:
            text = listed.read(MAX_LIST)
        except UnicodeDecodeError:
            raise Fault("is not UTF-8 text", path=listed.name, remedy="name a list of records") from None
        for number, line in enumerate(text.splitlines(), 1):
            found = RECORD.search(line)
            if found:
                named.append(found.group().lower())
            elif line.strip():
                raise Fault(
                    "no record (urn:uuid:…) stands on this line; nothing was done",
                    path=listed.name,
                    line=number,
                    remedy="mend the list, such as with: records list",
                )
    if not named:
        raise click.UsageError("name records, or a --list of them")
    return named


def _mark(
    event: office.Event,
    done: str,
    records: tuple[str, ...],
    listed: IO[str] | None,
    folder: Path,
    reason: str,
    dry_run: bool,
) -> None:
    named = listed_records(records, listed)
    marked, faults = office.mark_all(open_home(folder), event, named, reason, dry_run=dry_run)
    if len(named) == 1 and faults:
        raise faults[0]
    for one in marked:
        word = f"would be {done}" if dry_run else done
        click.echo("\t".join((word, one.record, one.award, one.learner)).rstrip())
    click.echo("Nothing was written: --dry-run." if dry_run else PUBLISH, err=True)
    left_out(faults)


@click.command(
    epilog=example(
        'records revoke urn:uuid:5f0e… --issuer issuer --reason "issued to the wrong person"',
        'records revoke --list withdrawn.txt --issuer issuer --reason "exam was leaked" --dry-run',
    )
)
@_options
def revoke(
    records: tuple[str, ...], listed: IO[str] | None, folder: Path, reason: str, dry_run: bool
) -> None:
    """Revoke records by their ids (urn:uuid:…), for good; it takes effect with the next `records publish`.

    A wrong record that its holder should have right is replaced instead: `records replace`.
    """
    _mark("revoke", "revoked", records, listed, folder, reason, dry_run)


@click.command(epilog=example('records suspend urn:uuid:5f0e… --issuer issuer --reason "under review"'))
@_options
def suspend(
    records: tuple[str, ...], listed: IO[str] | None, folder: Path, reason: str, dry_run: bool
) -> None:
    """Suspend records until `records resume`; it takes effect with the next `records publish`.

    Verifiers of other makes do not look at the list of suspensions: what they must refuse has to be revoked.
    """
    _mark("suspend", "suspended", records, listed, folder, reason, dry_run)


@click.command(epilog=example('records resume urn:uuid:5f0e… --issuer issuer --reason "review is over"'))
@_options
def resume(
    records: tuple[str, ...], listed: IO[str] | None, folder: Path, reason: str, dry_run: bool
) -> None:
    """End the suspension of records."""
    _mark("resume", "resumed", records, listed, folder, reason, dry_run)


COMMANDS = (revoke, suspend, resume)
