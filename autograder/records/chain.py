"""The ledger's chain: whole in itself, and the one of which the published head speaks.

Whoever works on an older or a copied folder would un-revoke what was revoked since, so what signs looks here
first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.records import canonical, issuer, proof, safejson
from autograder.records.errors import Fault, Refused
from autograder.records.issuer import Home
from autograder.records.ledger import FIRST, Ledger

# Where a published folder has its newest head, and the keys that it told of.
HEAD = Path("ledger/head.json")
KEYS = Path("issuers.json")
CHANGED = "restore the newest backup: records restore FILE --head HEAD"
ANOTHER = (
    "this is an older or another copy of the issuer: go on in the folder that published last; "
    "where that is lost: records backup --older, then records restore --lost"
)
NO_KEY = "go on in the folder that published last, or restore a backup from after that key was made"
THEFT = "go on in the folder that published last; where that is lost, report it here: records distrust"


@dataclass(frozen=True)
class Chain:
    """What a head can speak of: the hash of each line, the digests of the records, the heads that are lost.

    hashes begin with that of no line, so a line's number finds its own.
    """

    hashes: list[str]
    digests: list[str]
    lost: list[tuple[int, str | None]]


def digest_lines(digests: Iterable[str]) -> bytes:
    """The digests of all records in order, one on a line: random numbers to whoever has not the records."""
    return "".join(f"{digest}\n" for digest in digests).encode("ascii")


def check(home: Home, ledger: Ledger, site: Path | None = None, *, keys: bool = True) -> None:
    """Refuse to go on with a changed chain, or in a folder that is behind what was published.

    site: a published folder to look into, beside the one to which this ledger was published last.
    keys: hold the keys against the published ones too; whoever reports a theft here makes them alike.
    """
    chain = _whole(ledger)
    for folder in dict.fromkeys((site, ledger.last_published())):
        if folder is not None and (folder / HEAD).is_file():
            _check_head(home, folder / HEAD, chain)
        if keys and folder is not None and (folder / KEYS).is_file():
            _check_keys(home, folder / KEYS)


def check_home(home: Home, *, keys: bool = True) -> None:
    """Refuse an older copy of the issuer's folder, or one whose ledger was changed."""
    with closing(home.open_ledger()) as ledger:
        check(home, ledger, keys=keys)


def check_ledger(home: Home, head_file: Path | None) -> int:
    """Recompute chain and kept copies, and hold them against a head; returns the number of lines."""
    with closing(home.open_ledger()) as ledger:
        chain = _whole(ledger)
        digests = {row.record: row.digest for row in ledger.events("issue")}
        for held in ledger.holdings():
            if digests.get(held.record) != canonical.digest(safejson.parse(held.text)):
                raise Refused(f"the kept copy of {held.record} is not what was issued", path=ledger.path)
    if head_file is not None:
        _check_head(home, head_file, chain)
    return len(chain.hashes) - 1


def _whole(ledger: Ledger) -> Chain:
    """Go through all lines, each of which must follow from the one before."""
    chain = Chain([FIRST], [], [])
    for row in ledger.rows():
        number = len(chain.hashes)
        if row.seq != number or row.previous != chain.hashes[-1] or row.hash != row.expected():
            raise Refused(f"the ledger was changed at line {number}", path=ledger.path, remedy=CHANGED)
        chain.hashes.append(row.hash)
        if row.event == "issue":
            chain.digests.append(row.digest)
        elif row.event == "restore":
            chain.lost.append((number - 1 + int(row.facts["lost"]), row.facts.get("head")))
    return chain


def _check_head(home: Home, file: Path, chain: Chain) -> None:
    head = safejson.read(file)
    check_signed_head(home, file, head)
    seq, issued, said = head["seq"], head["issued"], head.get("hash")
    if (seq, said) in chain.lost or (seq, None) in chain.lost:
        # `records restore --lost` went on without the lines of this head; early ledgers note no hash.
        return
    if seq >= len(chain.hashes):
        what = f"the ledger ends before line {seq}, which was published"
        raise Refused(what, path=file, remedy=ANOTHER)
    listed = hashlib.sha256(digest_lines(chain.digests[:issued])).hexdigest()
    if chain.hashes[seq] != said or listed != head.get("digests"):
        what = f"line {seq} of the ledger is not the one that was published"
        raise Refused(what, path=file, remedy=ANOTHER)


def _check_keys(home: Home, file: Path) -> None:
    """Refuse to publish fewer keys, or fewer thefts, than are published already."""
    try:
        listed = issuer.load_list(file).find(home.issuer.id)
    except Fault:
        # It guards against an accident and is no evidence; the next publication writes it again.
        return
    for key in listed.keys if listed else ():
        mine = home.issuer.key(key.id)
        if mine is None:
            raise Refused(f"{key.id} was published, and is no key of this folder", path=file, remedy=NO_KEY)
        if key.compromised is not None and mine.compromised is None:
            raise Refused(f"{key.id} was reported stolen, and not in this folder", path=file, remedy=THEFT)


def check_signed_head(home: Home, file: Path, head: Any) -> None:
    """Refuse a head that this issuer did not sign, or that does not say what it speaks for."""
    if not isinstance(head, dict) or head.get("schema") != "ledger-head/1":
        raise Fault("is not a ledger head", path=file, remedy="name a published ledger/head.json")
    one = head.get("proof")
    key = home.issuer.key(str(one.get("verificationMethod"))) if isinstance(one, dict) else None
    if not isinstance(one, dict) or head.get("issuer") != home.issuer.id:
        raise Refused("this head was not signed by this issuer", path=file, remedy="check --issuer")
    if key is None:
        raise Refused("this head was signed with a key that is unknown here", path=file, remedy=NO_KEY)
    try:
        proof.verify(head, one, issuer.public_of(key))
    except proof.BadProof as error:
        raise Refused(f"this head does not hold: {error}", path=file) from None
    if any(not isinstance(head.get(name), int) or head[name] < 0 for name in ("seq", "issued")):
        raise Refused("this head does not say what it speaks for", path=file)
