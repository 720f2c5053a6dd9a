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

# Where a published folder has its newest head.
HEAD = Path("ledger/head.json")
CHANGED = "restore the newest backup: records restore FILE --head HEAD"
ANOTHER = "this is an older or another copy of the issuer: go on in the folder that published last"


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


def check(home: Home, ledger: Ledger, head: Path | None = None) -> None:
    """Refuse to go on with a changed chain, or with one that is behind a published head.

    head: where one may lie; without it, in the folder to which this ledger was published last.
    """
    chain = _whole(ledger)
    published = ledger.last_published()
    for file in dict.fromkeys((head, published / HEAD if published else None)):
        if file is not None and file.is_file():
            _check_head(home, file, chain)


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


def check_signed_head(home: Home, file: Path, head: Any) -> None:
    """Refuse a head that this issuer did not sign, or that does not say what it speaks for."""
    if not isinstance(head, dict) or head.get("schema") != "ledger-head/1":
        raise Fault("is not a ledger head", path=file)
    one = head.get("proof")
    key = home.issuer.key(str(one.get("verificationMethod"))) if isinstance(one, dict) else None
    if not isinstance(one, dict) or key is None or head.get("issuer") != home.issuer.id:
        raise Refused("this head was not signed by this issuer", path=file, remedy="check --issuer")
    try:
        proof.verify(head, one, issuer.public_of(key))
    except proof.BadProof as error:
        raise Refused(f"this head does not hold: {error}", path=file) from None
    if any(not isinstance(head.get(name), int) or head[name] < 0 for name in ("seq", "issued")):
        raise Refused("this head does not say what it speaks for", path=file)
