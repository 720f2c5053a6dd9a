"""After a key was stolen: records of that key that no published head vouches for are issued anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from autograder.records import chain, files, proof, safejson, times
from autograder.records.drafts import Successor, succeed, write_file
from autograder.records.issue import BATCH, Outcome
from autograder.records.issuer import Home, Key
from autograder.records.ledger import Holding, Ledger, Row

REASON = "its key was reported stolen; issued anew"


def reissue(home: Home, signer: proof.Signer, out: Path, *, every: bool = False) -> Iterator[Outcome]:
    """Sign such records anew under the key in use, and revoke the old ones, each pair in one transaction.

    every: also those that a head published before the theft vouches for; verifiers that know nothing of heads
    refuse these too.
    """
    with closing(home.open_ledger()) as ledger:
        chain.check(home, ledger)
        files.check_folder(out)
        waiting = list(_affected(home, ledger, every=every))
        for start in range(0, len(waiting), BATCH):
            done: list[Holding] = []
            with ledger.transaction():
                for row in waiting[start : start + BATCH]:
                    copy = ledger.holding(row.record)
                    # Another office may have been quicker.
                    if copy is not None and not ledger.is_revoked(row.record):
                        document = safejson.parse(copy.text)
                        same = Successor(document, copy.learner, copy.details, "reissue", REASON)
                        done.append(succeed(home, signer, ledger, (row, copy), same))
                suspended = {one.record for one in done if ledger.is_suspended(one.record)}
            for holding in done:
                file, note = (
                    write_file(out, holding),
                    "still suspended" if holding.record in suspended else "",
                )
                yield Outcome(holding.learner, holding.award, "issued", note, holding.record, str(file))


def _affected(home: Home, ledger: Ledger, *, every: bool) -> Iterator[Row]:
    """Lines of standing records whose key was stolen, in order."""
    stolen: dict[str, Key] = {key.id: key for key in home.issuer.keys if key.compromised is not None}
    revoked, now = ledger.revoked(), times.text(times.now())
    for number, row in enumerate(ledger.events("issue")):
        key = stolen.get(str(row.facts["key"]))
        if key is None or row.record in revoked or str(row.facts["expires"]) <= now:
            continue
        vouched = key.trusted is not None and number < key.trusted.issued
        if every or not vouched:
            yield row
