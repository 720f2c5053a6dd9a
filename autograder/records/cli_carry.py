"""`records carry`: the certificate page and the badges of records."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click
from tqdm import tqdm

from autograder.records import evidence as evidence_file
from autograder.records import files, safejson
from autograder.records.command import FILE, db_option, example, left_out, open_home
from autograder.records.errors import Fault

KINDS = ("pdf", "png", "svg")


@click.command(
    epilog=example(
        'records carry ada-export-controls-1a2b3c4d.json --out ada --name "Ada Example"',
        "records carry issued/*.json --out carried --issuer issuer --evidence evidence.json",
    )
)
@click.argument("records", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option("--out", type=FILE, required=True, help="Where the pages and pictures are written.")
@click.option(
    "--format",
    "kinds",
    type=click.Choice(KINDS),
    multiple=True,
    default=KINDS,
    help="A page to print (pdf) or a badge (png, svg); may be given several times; without it, all three.",
)
@click.option("--name", help="The holder's name on the page; it is printed and not signed.")
@click.option("--issuer", "folder", type=FILE, help="The issuer's folder, to find the holders' names.")
@click.option("--evidence", "evidence", type=FILE, help="The evidence file with the names.")
@db_option
def carry(
    records: tuple[Path, ...],
    out: Path,
    kinds: tuple[str, ...],
    name: str | None,
    folder: Path | None,
    evidence: Path | None,
) -> None:
    """Make the certificate page and the badges of records; each carries the signed record inside."""
    # The typesetter is loaded only where something is drawn: whoever verifies does not need it.
    from autograder.records.carriers import draw, unwrap

    if (folder is None) != (evidence is None):
        raise click.UsageError("names come from --issuer and --evidence together")
    if name is not None and (evidence is not None or len(records) > 1):
        raise click.UsageError("--name is for one record; for several give --issuer and --evidence")
    faults: list[Fault] = []
    holders, names = _names(folder, evidence, faults) if folder and evidence else ({}, {})
    for file in tqdm(records, desc="records", disable=None):
        learner = ""
        try:
            text = unwrap(safejson.read_bytes(file), file)
            learner = holders.get(draw.identity(text, file), "")
            # All of one holder's files, or none: a badge without its sheet would be taken for the whole.
            made = {
                kind: draw.draw(text, kind, name=name or names.get(learner) or None, path=file)
                for kind in dict.fromkeys(kinds)
            }
        except Fault as fault:
            whose = f"{learner}: " if learner else ""
            told = Fault(f"{whose}{fault.what}", path=file, remedy=fault.remedy)
            if len(records) == 1:
                raise told from None
            faults.append(told)
            continue
        for kind, picture in made.items():
            target = out / f"{file.stem}.{kind}"
            files.write(target, picture, mode=0o600)
            click.echo(str(target))
    left_out(faults)


def _names(folder: Path, evidence: Path, faults: list[Fault]) -> tuple[dict[str, str], dict[str, str | None]]:
    """To find a holder's name: the ledger knows the learner of a record, the evidence the learner's name."""
    with closing(open_home(folder).open_ledger()) as ledger:
        holders = {held.record: held.learner for held in ledger.holdings()}
    shown, unread = evidence_file.load_class(evidence)
    faults.extend(unread)
    return holders, {learner.learner: learner.name for learner in shown.learners}
