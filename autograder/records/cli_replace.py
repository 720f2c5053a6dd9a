"""`records replace`: correct records that were issued with a fault in them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import IO

import click

from autograder.records import awards as awards_file
from autograder.records import build, gather, issue, office
from autograder.records.cli_mark import listed_records
from autograder.records.command import (
    FILE,
    PUBLISH,
    example,
    issuer_option,
    json_option,
    left_out,
    open_signer,
    passphrase_option,
    show,
)
from autograder.records.replace import Correction
from autograder.records.replace import replace as replace_records


@click.command(
    epilog=example(
        "records replace 5f0e12ab --holder email --email ada@example.edu --issuer issuer --out issued \\",
        '    --reason "wrong e-mail address"',
        "records replace --list wrong.txt --evidence evidence.json --awards exercises/awards.yml \\",
        '    --issuer issuer --out issued --reason "wrong version of the course"',
    )
)
@click.argument("records", nargs=-1, metavar="[RECORD]...")
@click.option(
    "--list",
    "listed",
    type=click.File("r", encoding="utf-8"),
    help="A file with one record on each line, such as the output of records list; - for standard input.",
)
@issuer_option
@click.option("--out", type=FILE, required=True, help="Where the new records are written.")
@click.option("--reason", required=True, help="Why. Kept in the office, never published.")
@click.option("--evidence", type=FILE, multiple=True, help="What the records shall say; with --awards.")
@click.option("--awards", type=FILE, help="What earns what, with --evidence.")
@click.option(
    "--holder",
    type=click.Choice(["email", "id", "none"]),
    help="How it names its holder; as before if not said.",
)
@click.option("--email", help="The right e-mail address, where there is no evidence file.")
@click.option("--learner", help="The id under which the office knows this person now.")
@passphrase_option
@json_option
def replace(
    records: tuple[str, ...],
    listed: IO[str] | None,
    folder: Path,
    out: Path,
    reason: str,
    evidence: tuple[Path, ...],
    awards: Path | None,
    holder: build.HolderKind | None,
    email: str | None,
    learner: str | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Issue corrected records, and revoke the wrong ones with a dated reason, each pair at once.

    With --evidence and --awards the new record says what they say now, for the same work; without them it
    says what the old one said and names its holder another way. Its end never moves away by that.
    """
    office.check_reason(reason)
    named = listed_records(records, listed)
    if bool(evidence) != (awards is not None):
        raise click.UsageError("--evidence and --awards belong together")
    if (email or learner) and len(named) > 1:
        raise click.UsageError("--email and --learner are for one record")
    if email and evidence:
        raise click.UsageError("with --evidence the e-mail address is the one that stands there")
    shown, faults = gather.gather(evidence) if evidence else (None, [])
    wanted = awards_file.load(awards) if awards else None
    home, signer = open_signer(folder, passphrase_file)
    if shown is not None and wanted is not None:
        issue.prepare(home, shown, wanted)
    correction = Correction(reason, out, holder, learner, email, shown, wanted)
    done: list[issue.Outcome] = []
    for name, one in zip(named, replace_records(home, signer, named, correction), strict=True):
        if isinstance(one, issue.Outcome):
            done.append(one)
        elif len(named) == 1:
            raise one
        else:
            faults.append(type(one)(f"{name}: {one.what}", path=one.path, remedy=one.remedy))
    if as_json:
        show([dataclasses.asdict(one) for one in done])
    else:
        for one in done:
            click.echo("\t".join((one.result, one.learner, one.award, one.file, one.reason)))
    click.echo(PUBLISH, err=True)
    left_out(faults)
