"""`records list`, `show` and `holders`: find records by person, award, day, fact, version or state."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from autograder.records import inventory, times
from autograder.records.command import (
    FILE,
    Moment,
    example,
    issuer_option,
    json_option,
    open_home,
    show,
    show_each,
)
from autograder.records.drafts import write_file
from autograder.records.errors import Refused
from autograder.records.inventory import Entry
from autograder.records.ledger import Ledger


@dataclass(frozen=True)
class Wanted:
    """Which records are asked for; what is None or empty asks for nothing."""

    learner: str | None = None
    award: str | None = None
    states: tuple[str, ...] = ()
    version: str | None = None
    fact: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    expires: datetime | None = None
    demonstrations: bool = False

    def fits(self, entry: Entry, ledger: Ledger) -> bool:
        """Whether a record is among them."""
        return (
            self.learner in (None, entry.learner)
            and self.award in (None, entry.award)
            and (not self.states or entry.state in self.states)
            and self.version in (None, entry.version)
            and (self.since is None or entry.issued >= times.text(self.since))
            and (self.until is None or entry.issued <= times.text(self.until))
            and (self.expires is None or entry.expires <= times.text(self.expires))
            and (self.demonstrations or not entry.demonstration)
            and (self.fact is None or self.fact in inventory.facts_of(ledger, entry.record))
        )


@click.command(
    "list",
    epilog=example(
        "records list --issuer issuer --learner ada",
        "records list --issuer issuer --state good --expires-until 2027-01-31 --json",
        "records list --issuer issuer --of-fact us.15cfr734.8 | records revoke --list - --dry-run …",
    ),
)
@issuer_option
@click.option("--learner", help="Only this person's.")
@click.option("--award", help="Only of this award.")
@click.option(
    "--state",
    "states",
    type=click.Choice(inventory.STATES),
    multiple=True,
    help="May be given several times.",
)
@click.option("--version", help="Only of this version of the course.")
@click.option("--of-fact", "fact", help="Only those that taught this fact.")
@click.option("--since", type=Moment(), help="Issued on this day or later.")
@click.option("--until", type=Moment(last=True), help="Issued on this day or earlier.")
@click.option("--expires-until", "expires", type=Moment(last=True), help="Ending on this day or earlier.")
@click.option("--on", "at", type=Moment(last=True), help="As it stood on that day; without it, now.")
@click.option("--demonstrations", is_flag=True, help="Also records that certify nothing.")
@json_option
def list_records(folder: Path, at: datetime | None, as_json: bool, **asked: object) -> None:
    """List issued records: state, person, award, record, version, issued, ends, and more in words.

    Reads the ledger alone, so it also knows records whose files were lost.
    """
    wanted = Wanted(**asked)  # type: ignore[arg-type]
    with closing(open_home(folder).open_ledger()) as ledger:
        found = (entry for entry in inventory.entries(ledger, at) if wanted.fits(entry, ledger))
        if as_json:
            show_each(entry.as_json() for entry in found)
            return
        number = 0
        for entry in found:
            click.echo("\t".join(_line(entry)).rstrip())
            number += 1
    click.echo(f"{number} records", err=True)
    if not number and wanted.learner is not None:
        click.echo("Ids of learners are as in the evidence: large and small letters differ.", err=True)


def _line(entry: Entry) -> tuple[str, ...]:
    days = (entry.issued[:10], entry.expires[:10])
    return entry.state, entry.learner, entry.award, entry.record, entry.version, *days, _words(entry)


def _words(entry: Entry) -> str:
    """What the columns do not say."""
    words = []
    if entry.state in ("suspended", "revoked", "replaced"):
        words.append(f"since {entry.since[:10]}")
    if entry.successor:
        words.append(f"by {entry.successor}")
    if entry.reason:
        words.append(entry.reason)
    if entry.erased:
        words.append("copy erased")
    if entry.demonstration:
        words.append("demonstration")
    return "; ".join(words)


@click.command(
    "show",
    epilog=example("records show 5f0e12ab --issuer issuer", "records show 5f0e12ab --issuer issuer --out ."),
)
@click.argument("record")
@issuer_option
@click.option("--out", type=FILE, help="Write the holder's file again, into this folder.")
@json_option
def show_record(record: str, folder: Path, out: Path | None, as_json: bool) -> None:
    """Show one record: whose it is, what it says, what became of it, and what took its place.

    RECORD is its id or the first eight letters of it, as they stand in the file's name.
    """
    with closing(open_home(folder).open_ledger()) as ledger:
        row = inventory.find(ledger, record)
        before = inventory.predecessor(ledger, row)
        copy = ledger.holding(row.record)
        entry = inventory.entry(ledger, row, copy)
        facts = sorted(inventory.facts_of(ledger, row.record))
        events = [
            {
                "at": one.at,
                "event": one.event,
                "reason": inventory.reason_of(copy.details, one.seq) if copy else "",
            }
            for one in ledger.events("issue", "suspend", "resume", "revoke")
            if one.record == row.record
        ]
    if out is not None:
        if copy is None:
            raise Refused(f"the copy of {row.record} was erased, so there is no file to write")
        click.echo(str(write_file(out, copy)), err=True)
    told = {**entry.as_json(), "predecessor": before, "place": row.place, "facts": facts, "events": events}
    if as_json:
        show(told)
        return
    for name, value in told.items():
        if name == "events":
            for one in events:
                click.echo("\t".join(("event", one["at"], one["event"], one["reason"])).rstrip())
        elif value not in ("", False, []):
            click.echo(f"{name}\t{' '.join(value) if isinstance(value, list) else value}")


@click.command(
    "holders", epilog=example("records holders --of-fact us.15cfr734.8 --of-version 0.1.0 --issuer issuer")
)
@issuer_option
@click.option("--of-fact", "fact", required=True, help="The id of a fact that was taught.")
@click.option("--of-version", "version", help="Only holders who were taught this version of the course.")
@json_option
def holders(folder: Path, fact: str, version: str | None, as_json: bool) -> None:
    """Name who was taught a fact, by records that were not revoked: person, award, record, version, ends.

    `records affected` answers the same for everything that has changed since a version.
    """
    wanted = Wanted(fact=fact, version=version, states=inventory.STANDING, demonstrations=True)
    found: list[Entry] = []
    erased = 0
    with closing(open_home(folder).open_ledger()) as ledger:
        for entry in inventory.entries(ledger):
            found.extend([entry] if wanted.fits(entry, ledger) else [])
            erased += entry.erased and entry.state in wanted.states
    if as_json:
        show([entry.as_json() for entry in found])
    else:
        for one in found:
            click.echo("\t".join((one.learner, one.award, one.record, one.version, one.expires[:10])))
    people = len({entry.learner for entry in found})
    click.echo(f"{len(found)} records of {people} people teach {fact}", err=True)
    if erased:
        click.echo(f"{erased} copies were erased: what they taught cannot be seen", err=True)


COMMANDS = (list_records, show_record, holders)
