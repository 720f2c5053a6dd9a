"""`records verify`: JSON on standard output, the same in words on standard error."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from autograder.records import brought, issuer, safejson, times
from autograder.records.command import FILE, Moment, example, show
from autograder.records.errors import Fault
from autograder.records.verify import Settings, Verdict
from autograder.records.verify import verify as verify_document
from autograder.records.worker import Guarded


@click.command(
    epilog=example(
        "records verify ada.json --issuers issuers.json --status-list revocation-1.json \\",
        "  --accept-status-as-of 2026-11-22",
    )
)
@click.argument("file", type=FILE)
@click.option("--issuers", "trusted", type=FILE, required=True, help="The issuers you trust: issuers.json.")
@click.option("--at", type=Moment(last=True), help="The moment to ask for; without it, now.")
@click.option("--status-list", "snapshot", type=FILE, help="A copy of the issuer's status list.")
@click.option(
    "--accept-status-as-of",
    "since",
    type=Moment(),
    help="Accept a status list that is not older than this date.",
)
def verify(
    file: Path, trusted: Path, at: datetime | None, snapshot: Path | None, since: datetime | None
) -> None:
    """Verify a record; nothing is fetched from anywhere.

    Exit 0 when every check holds, 1 when one does not, 2 when the file is not JSON.
    """
    if since is not None and snapshot is None:
        raise Fault("--accept-status-as-of needs a snapshot", remedy="add --status-list FILE")
    document = brought.read(file)
    listed = safejson.read(snapshot, limit=4_000_000) if snapshot is not None else None
    with Guarded() as rdfc:
        settings = Settings(issuer.load_list(trusted), at or times.now(), rdfc, listed, since)
        verdict = verify_document(document, settings)
    show(verdict.as_json())
    _explain(verdict)
    raise click.exceptions.Exit(0 if verdict.valid else 1)


def _explain(verdict: Verdict) -> None:
    for check in verdict.checks:
        click.echo(f"{'ok ' if check.ok else 'NOT'} {check.check}: {check.message}", err=True)
    click.echo("VALID" if verdict.valid else "NOT VALID", err=True)
