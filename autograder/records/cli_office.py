"""The commands for what goes wrong: issue anew after a theft, back up, restore."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from autograder.records import backup as backups
from autograder.records.command import (
    FILE,
    PUBLISH,
    db_address,
    db_option,
    example,
    issuer_option,
    json_option,
    open_home,
    open_signer,
    passphrase_option,
    show,
)
from autograder.records.reissue import reissue as reissue_records


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
@click.option(
    "--older",
    is_flag=True,
    help="Of a copy that is behind what was published, because the newer folder is lost; it is restored with "
    "--lost.",
)
def backup(file: Path, folder: Path, older: bool) -> None:
    """Write keys, identity and ledger into one file that only you can read.

    It may run while records are issued. A ledger in PostgreSQL is left out: back that up with pg_dump.
    """
    home = open_home(folder)
    lines = backups.backup(home, file, older=older)
    if home.db is None:
        click.echo(f"{file}\t{lines} lines of the ledger")
    else:
        click.echo(f"{file}\tkeys and identity, without the ledger")
        click.echo("The ledger is in PostgreSQL: back it up with pg_dump.", err=True)
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


COMMANDS = (reissue, backup, restore)
