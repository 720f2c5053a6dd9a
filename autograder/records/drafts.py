"""From an unsigned record to a line of the ledger and a holder's file: how every record comes into being."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.records import build, canonical, files, inventory, proof, safejson, shape, status, times
from autograder.records.errors import Fault
from autograder.records.issuer import Home, public_of
from autograder.records.ledger import Holding, Ledger, Row


@dataclass(frozen=True)
class Draft:
    """A record before it is signed, and what the institution will keep of it."""

    record: str
    learner: str
    award: str
    claim: str
    place: int
    moment: str
    document: dict[str, Any]
    details: dict[str, Any]


@dataclass(frozen=True)
class Successor:
    """What shall take a record's place: the same under another key, or what corrects it.

    how: one of the ledger's SUCCESSIONS. reason: why the old one is revoked, for the office's eyes.
    """

    document: dict[str, Any]
    learner: str
    details: dict[str, Any]
    how: str
    reason: str


def next_place(ledger: Ledger, given: set[int]) -> int:
    """A free place that was not given earlier in this transaction either."""

    def taken(place: int) -> bool:
        return place in given or ledger.taken(place)

    def count(low: int, high: int) -> int:
        return ledger.count(low, high) + sum(low <= place < high for place in given)

    place = status.free_place(taken, count, ledger.first_place())
    given.add(place)
    return place


def record_issue(home: Home, ledger: Ledger, draft: Draft, signed: dict[str, Any]) -> Holding:
    """Write both tables; the caller holds the transaction."""
    text = canonical.jcs(signed)
    _verify(home, text)
    row = ledger.append(
        "issue",
        draft.record,
        digest=hashlib.sha256(text).hexdigest(),
        claim=draft.claim,
        place=draft.place,
        award=draft.award,
        expires=draft.details["expires"],
        demonstration=draft.details["demonstration"],
        key=home.active.id,
    )
    held = Holding(draft.record, draft.learner, draft.award, text, draft.details)
    ledger.keep(held, row.seq)
    return held


def succeed(
    home: Home, signer: proof.Signer, ledger: Ledger, old: tuple[Row, Holding], new: Successor
) -> Holding:
    """Revoke a record and issue another in its place; the caller holds the transaction.

    The new one has its own name and subject, is signed now, and is suspended where the old one was.
    """
    row, copy = old
    moment, record, place = times.text(times.now()), build.new_record(), next_place(ledger, set())
    document = {key: value for key, value in new.document.items() if key != "proof"}
    document |= {"id": record, "validFrom": moment, "credentialStatus": status.entry(home.issuer, place)}
    document["credentialSubject"] = {**document["credentialSubject"], "id": build.new_record()}
    shape.check(document)
    suspended = ledger.is_suspended(row.record)
    why = inventory.entry(ledger, row, copy).reason if suspended else ""
    take_back(ledger, row, new.reason)
    details = {name: value for name, value in new.details.items() if name not in ("reason", "reasons")}
    claim = ledger.claim(new.how, row.record)
    draft = Draft(record, new.learner, copy.award, claim, place, moment, document, details)
    issued = record_issue(home, ledger, draft, proof.sign_set(document, signer, moment))
    if suspended:
        # What was under review stays so.
        line = ledger.append("suspend", record, digest=hashlib.sha256(issued.text).hexdigest(), place=place)
        ledger.note(line, why)
    return issued


def take_back(ledger: Ledger, row: Row, reason: str) -> None:
    """Revoke a record that another one replaces; the caller holds the transaction."""
    ledger.note(ledger.append("revoke", row.record, digest=row.digest, place=row.place), reason)


def _verify(home: Home, text: bytes) -> None:
    """Hold the bytes that the holder will have against the published key, before anything is written down.

    One of the two signatures is enough to find a wrong key or a spoilt text, and the other takes long.
    """
    document = safejson.parse(text)
    mine = [one for one in document["proof"] if one["cryptosuite"] == proof.JCS]
    try:
        proof.verify(document, mine[0], public_of(home.active))
    except proof.BadProof as error:
        raise Fault(
            f"a record does not verify right after it was signed ({error}); nothing was issued",
            path=home.path,
            remedy="restore the key file from a backup",
        ) from None


def write_file(out: Path, held: Holding) -> Path:
    """The holder's copy as a file; the ledger has it too, so a lost file comes back with the next run."""
    files.private_folder(out)
    file = out / file_name(held)
    if not file.exists() or file.read_bytes() != held.text:
        files.write(file, held.text, mode=0o600, durable=False)
    return file


def file_name(held: Holding) -> str:
    """`learner-award-xxxxxxxx.json`, with nothing in it that a file system takes amiss."""
    learner = re.sub(r"[^A-Za-z0-9._@+-]", "_", held.learner)
    return f"{learner}-{held.award}-{held.record[9:17]}.json"
