"""The commands for keys: replace one, report one stolen, change a passphrase, and the lists' life."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from autograder.records import issuer as issuers
from autograder.records import keys, times
from autograder.records.command import (
    FILE,
    Moment,
    ask_option,
    example,
    issuer_option,
    json_option,
    new_passphrase,
    old_passphrase,
    open_current,
    open_home,
    passphrase_option,
    show,
)
from autograder.records.errors import Refused

PUBLISHING = "The key that signs status lists and ledger heads, and no record."


@click.command(
    epilog=example("records rotate --issuer issuer", "records rotate --publishing --issuer issuer")
)
@issuer_option
@passphrase_option
@ask_option
@click.option("--compromised", type=Moment(), help="The old key was stolen; since when.")
@click.option("--publishing", is_flag=True, help=PUBLISHING + " The first time it makes one.")
def rotate(
    folder: Path, passphrase_file: Path | None, ask: bool, compromised: datetime | None, publishing: bool
) -> None:
    """Replace the signing key; old records keep verifying.

    Of a stolen key only records keep verifying that a ledger head was published for before the theft.

    With --publishing, make or replace a key for `records publish` alone, so that a scheduled job needs
    neither the signing key nor its passphrase. Our verifiers and the page believe no record that it signs;
    software of other makes does not tell the two keys apart, so guard it too.
    """
    home = open_current(folder)
    old = home.publishing if publishing else home.active
    if publishing and old is None and compromised is not None:
        raise Refused("this issuer has no key for publishing", remedy="leave out --compromised")
    since = times.text(compromised) if compromised else None
    phrase = new_passphrase(passphrase_file, ask)
    signs: issuers.Signs = "publications" if publishing else "all"
    renewed = issuers.rotate(home, phrase, compromised=since, signs=signs)
    click.echo(renewed.issuer.keys[-1].id)
    click.echo("Publish again, so that verifiers learn of the new key: records publish DIR", err=True)
    if since is not None and old is not None:
        _after_a_theft(next(key for key in renewed.issuer.keys if key.id == old.id))


@click.command(epilog=example("records distrust z6Mk… --since 2026-11-01 --issuer issuer"))
@click.argument("key")
@issuer_option
@click.option("--since", type=Moment(), required=True, help="Since when it was in other hands.")
def distrust(key: str, folder: Path, since: datetime) -> None:
    """Report a key stolen that is no longer in use; the one in use is reported with `records rotate`."""
    # What was reported in another copy may be reported here too.
    home = open_current(folder, published_keys=False)
    renewed = issuers.distrust(home, key, times.text(since))
    _after_a_theft(next(one for one in renewed.issuer.keys if key in (one.id, one.publicKeyMultibase)))


def _after_a_theft(key: issuers.Key) -> None:
    """Say what stands, and what to do for the rest."""
    if key.signs == "publications":
        click.echo("It signed no record, so none is issued anew; tell who has your issuers.json.", err=True)
        return
    if key.trusted is None:
        click.echo("No head was published before that day: no record of this key stands.", err=True)
    else:
        told = f"{key.trusted.issued} records stand by the head of {key.trusted.time}"
        click.echo(f"{told}, as far as this key signed them.", err=True)
    click.echo(
        "Issue the others anew (records reissue), publish, and tell who has your issuers.json.", err=True
    )


@click.command(
    epilog=example(
        "records passphrase --issuer issuer --ask-passphrase",
        "records passphrase --issuer issuer --passphrase-file old.txt --new-passphrase-file new.txt",
    )
)
@issuer_option
@passphrase_option
@ask_option
@click.option("--new-passphrase-file", type=FILE, help="First line: the new passphrase.")
@click.option("--publishing", is_flag=True, help=PUBLISHING)
def passphrase(
    folder: Path, passphrase_file: Path | None, ask: bool, new_passphrase_file: Path | None, publishing: bool
) -> None:
    """Encrypt the key in use under another passphrase; the key, and every record, stays as it is.

    Copies of the old file open with the old passphrase: replace the backups too.
    """
    if ask == (new_passphrase_file is not None):
        raise click.UsageError("give either --ask-passphrase or --new-passphrase-file")
    home = open_current(folder)
    key = home.publishing if publishing else home.active
    if key is None:
        raise Refused("this issuer has no key for publishing", remedy="run: records rotate --publishing")
    file = home.key_file(key)
    old = old_passphrase(file, passphrase_file)
    # Before anybody is asked for a new one.
    home.signer(old, key)
    phrase = new_passphrase(new_passphrase_file, ask)
    if phrase is None:
        raise click.UsageError("give either --ask-passphrase or --new-passphrase-file")
    keys.change_passphrase(file, old, phrase)
    click.echo(key.id)
    click.echo("Copies of the old file still open with the old passphrase: make a new backup.", err=True)


@click.command(
    epilog=example("records settings --issuer issuer", "records settings --list-days 21 --issuer issuer")
)
@issuer_option
@click.option(
    "--list-days",
    type=click.IntRange(1, issuers.LONGEST_LIST_DAYS),
    help="For how many days a published status list is good.",
)
@json_option
def settings(folder: Path, list_days: int | None, as_json: bool) -> None:
    """Show the issuer's settings, or change one; it takes effect with the next `records publish`.

    A longer life of the lists bears holidays without a publication; a shorter one lets fewer people rely on
    a list from before a revocation.
    """
    home = open_home(folder) if list_days is None else open_current(folder)
    if list_days is not None:
        home = replace(home, list_days=list_days)
        issuers.save(home)
    publishing = home.publishing
    told = {
        "issuer": home.issuer.id,
        "list days": home.list_days,
        "signing key": home.active.id,
        "publishing key": publishing.id if publishing else None,
    }
    if as_json:
        show(told)
        return
    for name, value in told.items():
        click.echo(f"{name}\t{value or 'the signing key'}")


COMMANDS = (rotate, distrust, passphrase, settings)
