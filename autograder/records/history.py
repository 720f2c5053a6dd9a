"""What somebody held on a day, as a statement that the institution signs for an auditor.

A record that was corrected, or issued anew after a theft, is revoked; only the ledger can still say that it
stood on the day in question. The statement names the line of the ledger at which it was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

from autograder.records import chain, inventory, issuer, proof, times
from autograder.records.errors import Refused
from autograder.records.inventory import Entry
from autograder.records.issuer import Home, IssuerList
from autograder.records.ledger import FIRST, Ledger

SCHEMA = "record-history/1"
# Of an entry: what an auditor asks for, and the digest that stands in the published list.
SHOWN = ("record", "award", "title", "version", "issued", "completed", "expires", "state", "since", "digest")


def held_on(home: Home, learner: str, day: datetime) -> dict[str, Any]:
    """The unsigned statement: every record that this person had at a moment, and what became of it since."""
    with closing(home.open_ledger()) as ledger:
        chain.check(home, ledger)
        now = {entry.record: entry for entry in inventory.entries(ledger)}
        mine = _of(ledger, now.values(), learner)
        if not mine:
            raise Refused("nothing is kept here under this id", remedy="check the id: records list")
        then = [entry for entry in inventory.entries(ledger, day) if entry.record in mine]
        head = ledger.head()
    return {
        "schema": SCHEMA,
        "issuer": home.issuer.id,
        "person": learner,
        "on": times.text(day),
        "made": times.text(times.now()),
        "ledger": {"seq": head.seq if head else 0, "hash": head.hash if head else FIRST},
        "records": [_told(entry, now[entry.record]) for entry in then if not entry.demonstration],
    }


def _of(ledger: Ledger, entries: Iterable[Entry], learner: str) -> set[str]:
    """A person's records, with those that they took the place of: the id may have been another one."""
    listed = list(entries)
    mine = {entry.record for entry in listed if entry.learner == learner}
    # A successor comes after what it replaces, so one pass from the end finds whole chains.
    for entry in reversed(listed):
        if entry.successor in mine:
            mine.add(entry.record)
    return mine


def _told(then: Entry, now: Entry) -> dict[str, Any]:
    told = {name: getattr(then, name) for name in SHOWN}
    return {**told, "now": now.state, "now since": now.since, "successor": now.successor}


def signed(statement: Mapping[str, Any], signer: proof.Signer) -> dict[str, Any]:
    """The statement with a proof over all of it."""
    return {
        **statement,
        "proof": proof.sign(dict(statement), signer, str(statement["made"]), suite=proof.JCS),
    }


def check(document: Any, trusted: IssuerList) -> None:
    """Refuse a statement that was changed, or that none of the trusted issuers signed with a good key."""
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise Refused(
            "is not a statement of what somebody held", remedy="name a file of: records history --out"
        )
    who = trusted.find(str(document.get("issuer")))
    if who is None:
        raise Refused("its issuer is not in your list", remedy="check --issuers")
    one = document.get("proof")
    key = who.key(str(one.get("verificationMethod"))) if isinstance(one, dict) else None
    if not isinstance(one, dict) or key is None or key.signs != "all":
        raise Refused("it carries no proof by a key of its issuer")
    try:
        made = times.moment(str(document.get("made")))
        proof.verify(document, one, issuer.public_of(key))
    except (proof.BadProof, ValueError) as error:
        raise Refused(f"it does not hold: {error}") from None
    retired = key.valid_until is not None and made > times.moment(key.valid_until)
    if made < times.moment(key.valid_from) or retired or key.compromised is not None:
        raise Refused(
            "its key was not in use then, or was reported stolen", remedy="ask the issuer for a new one"
        )
