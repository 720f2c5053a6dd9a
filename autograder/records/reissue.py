"""After a key was stolen: records of that key that no published head vouches for are issued anew."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from autograder.records import build, chain, proof, safejson, shape, status, times
from autograder.records.issue import BATCH, Draft, Outcome, next_place, record_issue, write_file
from autograder.records.issuer import Home, Key
from autograder.records.ledger import Holding, Ledger, Row


def reissue(home: Home, signer: proof.Signer, out: Path, *, every: bool = False) -> Iterator[Outcome]:
    """Sign such records anew under the key in use, and revoke the old ones, each pair in one transaction.

    every: also those that a head published before the theft vouches for; verifiers that know nothing of heads
    refuse these too.
    """
    with closing(home.open_ledger()) as ledger:
        chain.check(home, ledger)
        waiting = list(_affected(home, ledger, every=every))
        for start in range(0, len(waiting), BATCH):
            done: list[tuple[Holding, bool]] = []
            with ledger.transaction():
                revoked, suspended = ledger.revoked(), ledger.suspended()
                for row in waiting[start : start + BATCH]:
                    held = ledger.holding(row.record)
                    # Another office may have been quicker.
                    if held is not None and row.record not in revoked:
                        renewed = _renew(home, signer, ledger, row, held)
                        done.append((renewed, row.record in suspended))
                        if row.record in suspended:
                            _suspend(ledger, renewed)
            for holding, still in done:
                file, note = write_file(out, holding), "still suspended" if still else ""
                yield Outcome(holding.learner, holding.award, "issued", note, holding.record, str(file))


def _suspend(ledger: Ledger, held: Holding) -> None:
    """What was under review stays so; the reason went along with the copy."""
    row = ledger.issue_of(held.record)
    if row is not None:
        ledger.append("suspend", held.record, digest=row.digest, place=row.place)


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


def _renew(home: Home, signer: proof.Signer, ledger: Ledger, row: Row, held: Holding) -> Holding:
    """The same record under a new name, in a new place, signed now; what it certifies stays the same."""
    moment, record, place = times.text(times.now()), build.new_record(), next_place(ledger, set())
    document: dict[str, Any] = copy.deepcopy(safejson.parse(held.text))
    document.pop("proof")
    document |= {"id": record, "validFrom": moment, "credentialStatus": status.entry(home.issuer, place)}
    document["credentialSubject"]["id"] = build.new_record()
    shape.check(document)
    ledger.append("revoke", row.record, digest=row.digest, place=row.place)
    claim = ledger.claim("reissue", row.record)
    draft = Draft(record, held.learner, held.award, claim, place, moment, document, held.details)
    return record_issue(home, ledger, draft, proof.sign_set(document, signer, moment))
