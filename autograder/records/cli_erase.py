"""`records erase`: forget people, one by one or all whose records have ended."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

import click

from autograder.records import chain, inventory
from autograder.records.command import Moment, example, issuer_option, open_home
from autograder.records.errors import Refused


@click.command(
    epilog=example(
        "records erase ada --issuer issuer",
        "records erase --ended-before 2025-01-01 --issuer issuer --dry-run",
    )
)
@click.argument("learners", nargs=-1, metavar="[LEARNER]...")
@issuer_option
@click.option("--ended-before", "ended", type=Moment(), help="Everybody whose last record ended before.")
@click.option("--dry-run", is_flag=True, help="Say who would be forgotten, and write nothing.")
def erase(learners: tuple[str, ...], folder: Path, ended: datetime | None, dry_run: bool) -> None:
    """Forget people: the copies and names kept here go, the chain of digests stays.

    Somebody with a record that still runs keeps the earlier ones with --ended-before, because a renewal is
    held against them.
    """
    if bool(learners) == (ended is not None):
        raise click.UsageError("name learners, or give --ended-before")
    home = open_home(folder)
    with closing(home.open_ledger()) as ledger:
        chain.check(home, ledger)
        people = inventory.ended_before(ledger, ended) if ended is not None else list(dict.fromkeys(learners))
        kept = {learner: sum(1 for _ in ledger.holdings(learner=learner)) for learner in people}
        unknown = [learner for learner, number in kept.items() if not number]
        if unknown:
            what = f"nothing is kept here under the id {', '.join(unknown)[:200]}; nobody was forgotten"
            raise Refused(what, remedy="check the id: large and small letters differ")
        others = {other for learner in people for other in inventory.other_ids(ledger, learner)} - {*people}
        for learner, number in kept.items():
            if not dry_run:
                ledger.erase(learner)
            if len(kept) > 1 or learners != (learner,) or dry_run:
                click.echo(f"{'would be erased' if dry_run else 'erased'}\t{learner}\t{_copies(number)}")
    click.echo(f"{_copies(sum(kept.values()))} {'would be erased' if dry_run else 'erased'}")
    for other in sorted(others):
        click.echo(f"Records that were replaced are kept under {other}: records erase {other}", err=True)
    if kept and not dry_run:
        click.echo(
            "Copies may also lie in the folder of issued files, with carried sheets and badges, in evidence, "
            "exports and backups, and with the instructor; publish again if a record was public.",
            err=True,
        )


def _copies(number: int) -> str:
    return f"{number} {'copy' if number == 1 else 'copies'}"
