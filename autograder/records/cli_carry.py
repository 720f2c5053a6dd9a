"""`records carry`: the certificate page and the badges of records."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from autograder.records import evidence as evidence_file
from autograder.records import files, safejson, single
from autograder.records.command import FILE, db_option, example, left_out, open_current
from autograder.records.errors import Fault, Refused

if TYPE_CHECKING:
    from autograder.records.carriers.look import Look

KINDS = ("pdf", "png", "svg")


@click.command(
    epilog=example(
        'records carry ada-export-controls-1a2b3c4d.json --out ada --name "Ada Example"',
        "records carry issued/*.json --out carried --issuer issuer --evidence evidence.json \\",
        '    --logo logo.svg --signature "Zoë Example, Vice-Rector for Research"',
    )
)
@click.argument("records", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option("--out", type=FILE, required=True, help="Where the pages and pictures are written.")
@click.option(
    "--format",
    "kinds",
    type=click.Choice((*KINDS, "json")),
    multiple=True,
    help="A page to print (pdf), a badge (png, svg) or the record alone (json); may be given several times; "
    "without it, page and badges.",
)
@click.option("--name", help="The holder's name on the page; it is printed and not signed.")
@click.option(
    "--issuer",
    "folder",
    type=FILE,
    help="The issuer's folder, to find the holders' names and to refuse what was revoked or suspended.",
)
@click.option("--evidence", "evidence", type=FILE, help="The evidence file with the names.")
@click.option("--logo", type=FILE, help="The institution's logo on the page: PNG, JPEG or SVG.")
@click.option("--signature", help="A line to sign on, with this below it: a name and an office.")
@click.option(
    "--single-proof",
    "alone",
    is_flag=True,
    help="Carry one signature instead of two, for software that takes no list; writes the JSON too.",
)
@db_option
def carry(
    records: tuple[Path, ...],
    out: Path,
    kinds: tuple[str, ...],
    name: str | None,
    folder: Path | None,
    evidence: Path | None,
    logo: Path | None,
    signature: str | None,
    alone: bool,
) -> None:
    """Make the certificate page and the badges of records; each carries the signed record inside."""
    # The typesetter is loaded only where something is drawn: whoever verifies does not need it.
    from autograder.records.carriers import look

    if evidence is not None and folder is None:
        raise click.UsageError("names come from --issuer and --evidence together")
    if name is not None and (evidence is not None or len(records) > 1):
        raise click.UsageError("--name is for one record; for several give --issuer and --evidence")
    faults: list[Fault] = []
    known = _known(folder, evidence, faults) if folder else Known()
    wanted = dict.fromkeys(kinds or ((*KINDS, "json") if alone else KINDS))
    job = Job(tuple(wanted), name, look.load(logo, signature), alone)
    for file in tqdm(records, desc="records", disable=None):
        try:
            made = _made(file, job, known)
        except Fault as fault:
            if len(records) == 1:
                raise
            faults.append(fault)
            continue
        files.private_folder(out)
        for kind, content in made.items():
            target = out / f"{file.stem}.{'single.' if kind == 'json' and alone else ''}{kind}"
            files.write(target, content, mode=0o600)
            click.echo(str(target))
    left_out(faults)


@dataclass(frozen=True)
class Job:
    """What is made of each record."""

    kinds: tuple[str, ...]
    name: str | None
    look: Look
    alone: bool


@dataclass(frozen=True)
class Known:
    """What an office knows: whose each record is, what learners are called, and what was taken back."""

    holders: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str | None] = field(default_factory=dict)
    fallen: Mapping[str, str] = field(default_factory=dict)


def _known(folder: Path, evidence: Path | None, faults: list[Fault]) -> Known:
    """To find a holder's name: the ledger knows the learner of a record, the evidence the learner's name."""
    with closing(open_current(folder).open_ledger()) as ledger:
        holders = {held.record: held.learner for held in ledger.holdings()}
        fallen = dict.fromkeys(ledger.suspended(), "is suspended") | dict.fromkeys(
            ledger.revoked(), "was revoked"
        )
    if evidence is None:
        return Known(holders, {}, fallen)
    shown, unread = evidence_file.load_class(evidence)
    faults.extend(unread)
    return Known(holders, {learner.learner: learner.name for learner in shown.learners}, fallen)


def _made(file: Path, job: Job, known: Known) -> dict[str, bytes]:
    """All of one holder's files, or none: a badge without its sheet would be taken for the whole."""
    from autograder.records.carriers import draw, unwrap

    learner = ""
    try:
        text = unwrap(safejson.read_bytes(file), file)
        record = draw.identity(text, file)
        learner = known.holders.get(record, "")
        if record in known.fallen:
            remedy = "a holder may hang up only what stands; see records resume"
            raise Refused(f"the record {known.fallen[record]}", remedy=remedy)
        if job.alone:
            text = single.one_proof_text(text, file)
        name = job.name or known.names.get(learner) or None
        return {
            kind: text if kind == "json" else draw.draw(text, kind, name=name, look=job.look, path=file)
            for kind in job.kinds
        }
    except Fault as fault:
        whose = f"{learner}: " if learner else ""
        raise type(fault)(f"{whose}{fault.what}", path=file, remedy=fault.remedy) from None
