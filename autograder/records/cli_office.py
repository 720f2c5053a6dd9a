"""The commands for what goes wrong: replace a key, report a theft, back up, restore."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path

import click

from autograder.records import backup as backups
from autograder.records import issuer as issuers
from autograder.records import times
from autograder.records.command import (
    FILE,
    PUBLISH,
    Moment,
    ask_option,
    db_address,
    db_option,
    example,
    issuer_option,
    json_option,
    new_passphrase,
    open_home,
    open_signer,
    passphrase_option,
    show,
)
from autograder.records.reissue import reissue as reissue_records


@click.command(epilog=example("records rotate --issuer issuer"))
@issuer_option
@passphrase_option
@ask_option
@click.option("--compromised", type=Moment(), help="The old key was stolen; since when.")
def rotate(folder: Path, passphrase_file: Path | None, ask: bool, compromised: datetime | None) -> None:
    """Replace the signing key; old records keep verifying.

    Of a stolen key only records keep verifying that a ledger head was published for before the theft.
    """
    home = open_home(folder)
    since = times.text(compromised) if compromised else None
    renewed = issuers.rotate(home, new_passphrase(passphrase_file, ask), compromised=since)
    click.echo(renewed.active.id)
    click.echo("Publish again, so that verifiers learn of the new key: records publish DIR", err=True)
    if since is not None:
        _after_a_theft(renewed.issuer.keys[-2])


@click.command(epilog=example("records distrust z6Mk… --since 2026-11-01 --issuer issuer"))
@click.argument("key")
@issuer_option
@click.option("--since", type=Moment(), required=True, help="Since when it was in other hands.")
def distrust(key: str, folder: Path, since: datetime) -> None:
    """Report a key stolen that is no longer in use; the one in use is reported with `records rotate`."""
    renewed = issuers.distrust(open_home(folder), key, times.text(since))
    _after_a_theft(next(one for one in renewed.issuer.keys if key in (one.id, one.publicKeyMultibase)))


def _after_a_theft(key: issuers.Key) -> None:
    """Say what stands, and what to do for the rest."""
    if key.trusted is None:
        click.echo("No head was published before that day: no record of this key stands.", err=True)
    else:
        told = f"{key.trusted.issued} records stand by the head of {key.trusted.time}"
        click.echo(f"{told}, as far as this key signed them.", err=True)
    click.echo(
        "Issue the others anew (records reissue), publish, and tell who has your issuers.json.", err=True
    )


@click.command(epilog=example("records reissue --issuer issuer --out issued"))
@issuer_option
@click.option("--out", type=FILE, required=True, help="Where the new records are written.")
@click.option(
    "--every", is_flag=True, help="Also those that stand: other makes of verifiers refuse them too."
)
@passphrase_option
@json_option
def reissue(folder: Path, out: Path, every: bool, passphrase_file: Path | None, as_json: bool) -> None:
    """Issue records of stolen keys anew under the key in use, and revoke the old ones.

    What they certify, when they end and whether they are suspended stays the same.
    Records whose copy was erased cannot be issued anew.
    """
    home, signer = open_signer(folder, passphrase_file)
    done = list(reissue_records(home, signer, out, every=every))
    if as_json:
        show([dataclasses.asdict(one) for one in done])
    else:
        for one in done:
            click.echo("\t".join((one.result, one.learner, one.award, one.file, one.reason)).rstrip())
    click.echo(PUBLISH if done else "No record has to be issued anew.", err=True)


@click.command(epilog=example("records backup issuer-2026-11-25.tar.gz --issuer issuer"))
@click.argument("file", type=FILE)
@issuer_option
def backup(file: Path, folder: Path) -> None:
    """Write keys, identity and ledger into one file that only you can read.

    It may run while records are issued. A ledger in PostgreSQL is left out: back that up with pg_dump.
    """
    lines = backups.backup(open_home(folder), file)
    click.echo(f"{file}\t{lines} lines of the ledger")
    click.echo("This file holds your signing key: keep it as you keep the key.", err=True)


@click.command(epilog=example("records restore issuer-2026-11-25.tar.gz --out issuer --head head.json"))
@click.argument("file", type=FILE)
@click.option("--out", "folder", type=FILE, required=True, help="The new issuer's folder.")
@click.option("--head", type=FILE, required=True, help="The last head you published: ledger/head.json.")
@click.option(
    "--lost", is_flag=True, help="The backup is older than that head; go on with a new status list."
)
@db_option
def restore(file: Path, folder: Path, head: Path, lost: bool) -> None:
    """Unpack a backup, and hold its ledger against the last head you published."""
    lines = backups.restore(file, folder, db=db_address(), head=head, lost=lost)
    click.echo(f"{folder}\t{lines} lines of the ledger, all whole")


COMMANDS = (rotate, distrust, reissue, backup, restore)
