"""`records`: issue completion records, verify them, revoke them, publish what others need to check them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click
from tqdm import tqdm

from autograder.records import awards as awards_file
from autograder.records import (
    build,
    chain,
    cli_history,
    cli_list,
    cli_mark,
    cli_office,
    cli_public,
    gather,
    office,
)
from autograder.records import issue as issuing
from autograder.records import issuer as issuers
from autograder.records import publish as publishing
from autograder.records.awards import Awards
from autograder.records.cli_affected import affected
from autograder.records.cli_carry import carry
from autograder.records.cli_erase import erase
from autograder.records.cli_export import export
from autograder.records.cli_keys import COMMANDS as KEY_COMMANDS
from autograder.records.cli_replace import replace
from autograder.records.cli_verify import verify
from autograder.records.command import (
    FILE,
    Commands,
    ask_option,
    db_address,
    db_option,
    evidence_option,
    example,
    issuer_option,
    json_option,
    left_out,
    new_passphrase,
    open_home,
    open_signer,
    passphrase_option,
    show,
)
from autograder.records.evidence import Evidence


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=example(
        'records init --out issuer --name "Example University" --url https://records.example.edu',
        "records issue --evidence evidence.json --awards exercises/awards.yml --issuer issuer --out issued",
        "records verify issued/ada-export-controls-1a2b3c4d.json --issuers issuer/issuers.json",
    ),
)
def main() -> None:
    """Completion records that anyone can verify."""


for command in (
    verify,
    carry,
    affected,
    erase,
    export,
    replace,
    *cli_list.COMMANDS,
    *cli_mark.COMMANDS,
    *cli_history.COMMANDS,
    *KEY_COMMANDS,
    *cli_office.COMMANDS,
    *cli_public.COMMANDS,
):
    main.add_command(command)


@main.command(
    epilog=example(
        'records init --out issuer --name "Example University" --url https://records.example.edu/quantum',
    )
)
@click.option("--out", "folder", type=FILE, required=True, help="The new issuer's folder.")
@click.option("--name", required=True, help="The institution's name, as it stands in every record.")
@click.option("--url", required=True, help="Where the published files will be, https://…")
@click.option("--did", help="The issuer's identity; without it, the did:web of --url.")
@passphrase_option
@ask_option
@db_option
def init(folder: Path, name: str, url: str, did: str | None, passphrase_file: Path | None, ask: bool) -> None:
    """Make an issuer: identity, key and ledger."""
    phrase = new_passphrase(passphrase_file, ask)
    home = issuers.create(folder, name=name, url=url, did=did, passphrase=phrase, db=db_address())
    click.echo(f"{home.issuer.id}\n{folder / 'issuers.json'}")
    if phrase is None:
        click.echo("The key is not encrypted: only the permissions of the folder guard it.", err=True)


@main.command(
    epilog=example(
        "records issue --evidence evidence.json --awards exercises/awards.yml --issuer issuer --out issued"
    )
)
@evidence_option
@click.option("--awards", "awards", type=FILE, required=True, help="What earns what: awards.yml.")
@issuer_option
@click.option("--out", type=FILE, required=True, help="Where the records are written.")
@click.option("--learner", "learners", multiple=True, help="Only this learner; may be given several times.")
@click.option(
    "--all", "everyone", is_flag=True, help="Every learner in the evidence (also without --learner)."
)
@click.option(
    "--holder",
    type=click.Choice(["email", "id", "none"]),
    default="id",
    show_default=True,
    help="How a record names its holder: hashed e-mail address, your id, or not at all.",
)
@click.option("--demonstration", is_flag=True, help="Issue records that say they certify nothing.")
@click.option(
    "--again",
    is_flag=True,
    help="With --learner: a new record though the last was revoked or suspended.",
)
@click.option("--reason", default="", help="With --again: why. Kept in the office, never published.")
@passphrase_option
@json_option
def issue(
    evidence: tuple[Path, ...],
    awards: Path,
    folder: Path,
    out: Path,
    learners: tuple[str, ...],
    everyone: bool,
    holder: build.HolderKind,
    demonstration: bool,
    again: bool,
    reason: str,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Issue to each learner what was earned; running it again issues nothing new."""
    if everyone and learners:
        raise click.UsageError("choose between --all and --learner")
    if again != bool(reason) or (again and not learners):
        raise click.UsageError("--again, --reason and --learner belong together")
    if again:
        office.check_reason(reason)
    shown, faults = gather.gather(evidence)
    wanted = awards_file.load(awards)
    tell_doubts(shown, wanted)
    chosen = shown.chosen(learners)
    home, signer = open_signer(folder, passphrase_file)
    issuing.prepare(home, shown, wanted)
    run = issuing.Run(home, signer, shown, wanted, out, holder, demonstration, reason)
    work = issuing.issue(run, chosen)
    outcomes = list(tqdm(work, total=len(chosen) * len(wanted.awards), desc="records", disable=None))
    _tell(outcomes, as_json)
    left_out(faults)
    if any(one.result == "refused" or (learners and one.result == "lacking") for one in outcomes):
        raise click.exceptions.Exit(1)


def tell_doubts(shown: Evidence, wanted: Awards) -> None:
    """Say what a person should know before records are issued."""
    for doubt in gather.doubts(shown, wanted):
        click.echo(f"note: {doubt}", err=True)


def _tell(outcomes: list[issuing.Outcome], as_json: bool) -> None:
    if as_json:
        show([dataclasses.asdict(one) for one in outcomes])
        return
    for one in outcomes:
        told = (one.file, one.reason) if one.file and one.reason else (one.file or one.reason,)
        click.echo("\t".join((one.result, one.learner, one.award, *told)))
    counts = dict.fromkeys(("issued", "already", "lacking", "refused"), 0)
    for one in outcomes:
        counts[one.result] += 1
    click.echo(", ".join(f"{number} {result}" for result, number in counts.items()), err=True)
    if any(one.result == "refused" and one.reason.startswith(issuing.UNCERTIFIED) for one in outcomes):
        click.echo(
            "Refused: the grading may not be certified; --demonstration shows what it would give.", err=True
        )


@main.command(
    epilog=example(
        "records due --evidence evidence.json --awards exercises/awards.yml --issuer issuer",
    )
)
@evidence_option
@click.option("--awards", "awards", type=FILE, required=True, help="What earns what: awards.yml.")
@issuer_option
@click.option("--days", type=click.IntRange(0, 3650), default=90, show_default=True, help="How far to look.")
@json_option
def due(evidence: tuple[Path, ...], awards: Path, folder: Path, days: int, as_json: bool) -> None:
    """Show who has earned, who lacks what, and whose record expires soon."""
    home = open_home(folder)
    shown, faults = gather.gather(evidence)
    wanted = awards_file.load(awards)
    tell_doubts(shown, wanted)
    lines = list(office.due(home, shown, wanted, days))
    warning = office.list_warning(home)
    if warning:
        click.echo(f"note: {warning}; run: records publish DIR", err=True)
    if as_json:
        show([dataclasses.asdict(line) for line in lines])
    else:
        for line in lines:
            told = (line.state, line.learner, line.award, line.expires[:10], line.note)
            click.echo("\t".join(told).rstrip())
    left_out(faults)


@main.command(
    epilog=example(
        "records publish site --issuer issuer",
    )
)
@click.argument("folder_out", metavar="DIR", type=FILE)
@issuer_option
@passphrase_option
def publish(folder_out: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Write what belongs at the issuer's address: DID document, issuer list, status list, ledger head, page.

    Do it at least every seven days: a status list is good for seven, or as `records settings` says.
    With a key for publishing (`records rotate --publishing`) it needs no signing key, and no passphrase.
    """
    home, signer = open_signer(folder, passphrase_file, publish=True)
    for file in publishing.publish(home, folder_out, signer):
        click.echo(str(file))


@main.command(
    "verify-ledger",
    epilog=example(
        "records verify-ledger --issuer issuer --head site/ledger/head.json",
    ),
)
@issuer_option
@click.option("--head", type=FILE, help="A published head (ledger/head.json) to hold the ledger against.")
def verify_ledger(folder: Path, head: Path | None) -> None:
    """Recompute the ledger's chain; a changed, removed or cut line is found."""
    count = chain.check_ledger(open_home(folder), head)
    click.echo(f"{count} lines, all whole" + (", and the published head is among them" if head else ""))
