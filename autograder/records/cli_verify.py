"""`records verify`: JSON on standard output, the same in words on standard error."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click
from tqdm import tqdm

from autograder.records import brought, build, form, issuer, safejson, times
from autograder.records.command import FILE, Moment, example, show
from autograder.records.errors import Fault
from autograder.records.fetch import Web
from autograder.records.lists import MAX_DIGESTS, MAX_LIST, Lists
from autograder.records.verify import Settings, Verdict
from autograder.records.verify import verify as verify_document
from autograder.records.worker import Team

# Verified side by side; so much is held in memory.
BATCH = 200
# So far apart may the clocks of two machines be, where the present is asked for.
LEEWAY = timedelta(minutes=5)


@click.command(
    epilog=example(
        "records verify ada.json --issuers issuers.json --online",
        "records verify ada.json --issuers issuers.json --status-list revocation-1.json \\",
        "  --status-list suspension-1.json --accept-status-as-of 2026-11-22",
    )
)
@click.argument("files", metavar="FILE...", type=FILE, nargs=-1, required=True)
@click.option("--issuers", "trusted", type=FILE, required=True, help="The issuers you trust: issuers.json.")
@click.option("--at", type=Moment(last=True), help="The moment to ask for; without it, now.")
@click.option("--online", is_flag=True, help="Fetch status lists and keys from the issuer, which sees it.")
@click.option(
    "--status-list", "snapshots", type=FILE, multiple=True, help="A copy of a status list; may be repeated."
)
@click.option(
    "--accept-status-as-of",
    "since",
    type=Moment(),
    help="Accept status lists that are not older than this date.",
)
@click.option(
    "--digests",
    type=FILE,
    help="The issuer's ledger/digests.txt: decides for records of a stolen key, and warns of others.",
)
@click.option("--email", help="Also check that the record names the holder of this e-mail address.")
@click.option(
    "--private-host",
    "private",
    multiple=True,
    help="With --online: this host may have an address inside your network; may be repeated.",
)
def verify(
    files: tuple[Path, ...],
    trusted: Path,
    at: datetime | None,
    online: bool,
    snapshots: tuple[Path, ...],
    since: datetime | None,
    digests: Path | None,
    email: str | None,
    private: tuple[str, ...],
) -> None:
    """Verify records (JSON, or a PNG, SVG or PDF that carries one); a folder stands for the files in it.

    Nothing is fetched from anywhere unless you say --online.

    Exit 0 when every check holds, 1 when one does not, 2 when a file cannot be read.
    One file gives one JSON object, several give one on each line.
    """
    if since is not None and not snapshots:
        raise Fault("--accept-status-as-of needs a snapshot", remedy="add --status-list FILE")
    lists = Lists(
        [safejson.read(one, limit=MAX_LIST) for one in snapshots],
        since,
        Web(private=frozenset(private)) if online else None,
        safejson.read_bytes(digests, limit=MAX_DIGESTS) if digests is not None else None,
    )
    chosen = list(record_files(files))
    single = len(files) == 1 and chosen == [files[0]]
    with Team(1 if single else os.cpu_count() or 1) as rdfc:
        leeway = timedelta(0) if at else LEEWAY
        settings = Settings(issuer.load_list(trusted), at or times.now(), leeway, rdfc, lists)
        question = Question(settings, email)
        if single:
            verdict = question.ask(files[0])
            show(verdict.as_json())
            _explain(verdict)
            raise click.exceptions.Exit(0 if verdict.valid else 1)
        raise click.exceptions.Exit(_many(chosen, question, rdfc.size))


@dataclass(frozen=True)
class Question:
    """What is asked of each file: all of its checks, and whether it names somebody's e-mail address."""

    settings: Settings
    email: str | None

    def ask(self, file: Path) -> Verdict:
        """The verdict on one file; a Fault says why it cannot be read."""
        document = brought.read(file)
        verdict = verify_document(document, self.settings)
        if self.email is not None:
            same, words = _names(document, self.email)
            verdict.add("e-mail", same, words)
        return verdict


def _names(document: object, address: str) -> tuple[bool, str]:
    """Whether a record names the holder of an address by its salted hash (Open Badges 3.0, IdentityHash)."""
    try:
        found = form.read(document).credentialSubject.identifier
    except form.BadForm:
        return False, "this is not a record"
    hashed = [one for one in found if one.hashed and one.identityType == "emailAddress"]
    if not hashed:
        return False, "the record names nobody by an e-mail address"
    if any(one.identityHash == build.email_hash(address, one.salt or "") for one in hashed):
        return True, "the record names the holder of this address"
    return False, "the record names the holder of another address"


def record_files(named: tuple[Path, ...]) -> Iterator[Path]:
    """The files that were named, and those in the folders that were."""
    for path in named:
        if path.is_dir():
            found = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
            if not found:
                raise Fault("holds no file", path=path, remedy="name a folder with records")
            yield from found
        else:
            yield path


def _many(files: list[Path], question: Question, threads: int) -> int:
    """Verify file after file, one line of JSON for each; the answer is the exit code."""
    valid = unreadable = 0
    with ThreadPoolExecutor(threads) as pool, tqdm(total=len(files), desc="records", disable=None) as bar:
        for start in range(0, len(files), BATCH):
            batch = files[start : start + BATCH]
            for file, found in zip(batch, pool.map(lambda one: _judge(one, question), batch), strict=True):
                bar.update()
                line = {"file": str(file)}
                if isinstance(found, Fault):
                    unreadable += 1
                    click.echo(json.dumps({**line, "valid": False, "error": str(found)}, ensure_ascii=False))
                    continue
                valid += found.valid
                click.echo(json.dumps({**line, **found.as_json()}, ensure_ascii=False))
                if not found.valid:
                    with bar.external_write_mode() if not bar.disable else nullcontext():
                        click.echo(f"{file}: {_first_fault(found)}", err=True)
    click.echo(
        f"{valid} valid, {len(files) - valid - unreadable} not valid, {unreadable} unreadable", err=True
    )
    return 2 if unreadable else 0 if valid == len(files) else 1


def _judge(file: Path, question: Question) -> Verdict | Fault:
    try:
        return question.ask(file)
    except Fault as fault:
        return fault


def _first_fault(verdict: Verdict) -> str:
    fault = next(check for check in verdict.checks if not check.ok)
    return f"NOT {fault.check}: {fault.message}"


def _explain(verdict: Verdict) -> None:
    for check in verdict.checks:
        click.echo(f"{'ok ' if check.ok else 'NOT'} {check.check}: {check.message}", err=True)
    click.echo("VALID" if verdict.valid else "NOT VALID", err=True)
