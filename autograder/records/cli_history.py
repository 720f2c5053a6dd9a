"""`records history` and `verify-history`: what somebody held on a day, signed for an auditor."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from autograder.records import files, history, issuer, safejson, times
from autograder.records.command import (
    FILE,
    Moment,
    example,
    issuer_option,
    json_option,
    open_home,
    open_signer,
    passphrase_option,
    show,
)
from autograder.records.errors import Fault

MAX_BYTES = 20_000_000


@click.command(
    "history",
    epilog=example(
        "records history ada --on 2026-11-30 --issuer issuer",
        "records history ada --on 2026-11-30 --issuer issuer --out ada-2026-11-30.json",
    ),
)
@click.argument("person")
@issuer_option
@click.option("--on", "day", type=Moment(last=True), help="The day that is asked for; without it, now.")
@click.option("--out", type=FILE, help="Write it to this file, signed with the key in use.")
@passphrase_option
@json_option
def show_history(
    person: str,
    folder: Path,
    day: datetime | None,
    out: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Say what a person held on a day: records that were corrected or issued anew since stand there too.

    A revocation has no public date, so no other file can answer this for a record that was replaced.
    """
    home, signer = open_signer(folder, passphrase_file) if out else (open_home(folder), None)
    told = history.held_on(home, person, day or times.now())
    if out is not None and signer is not None:
        told = history.signed(told, signer)
        files.write(out, issuer.pretty(told), mode=0o600)
    if as_json:
        show(told)
    else:
        _explain(told)


def _explain(told: dict[str, Any]) -> None:
    for one in told["records"]:
        later = "" if one["now"] == one["state"] else f"{one['now']} since {one['now since'][:10]}"
        columns = (one["state"], told["person"], one["award"], one["record"], one["version"])
        click.echo("\t".join((*columns, one["issued"][:10], one["expires"][:10], later)).rstrip())
    good = sum(one["state"] == "good" for one in told["records"])
    click.echo(f"{len(told['records'])} records, {good} of them good on {told['on']}", err=True)


@click.command(
    "verify-history",
    epilog=example("records verify-history ada-2026-11-30.json --issuers issuers.json"),
)
@click.argument("file", type=FILE)
@click.option("--issuers", "trusted", type=FILE, required=True, help="The issuers you trust: issuers.json.")
def verify_history(file: Path, trusted: Path) -> None:
    """Check the signature of a statement that `records history --out` wrote, and show what it says."""
    document = safejson.read(file, limit=MAX_BYTES)
    try:
        history.check(document, issuer.load_list(trusted))
        _explain(document)
    except (KeyError, TypeError):
        raise Fault("is not a statement of what somebody held", path=file) from None
    except Fault as fault:
        raise type(fault)(fault.what, path=fault.path or file, remedy=fault.remedy) from None
    click.echo(f"signed by {document['issuer']} on {document['made']}", err=True)


COMMANDS = (show_history, verify_history)
