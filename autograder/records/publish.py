"""What an institution puts on its web server: identity, status list, ledger head, and a page about them."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from autograder.records import canonical, files, issuer, page, proof, safejson, status, times
from autograder.records.errors import Fault, Refused
from autograder.records.issuer import Home, Issuer
from autograder.records.ledger import FIRST, Head, Ledger


def publish(home: Home, folder: Path, signer: proof.Signer) -> list[Path]:
    """Write the files of the public address into a folder; each is whole, the page last."""
    moment = times.now()
    with closing(home.open_ledger()) as ledger, ledger.transaction():
        marked = {"revocation": ledger.revoked().values(), "suspension": ledger.suspended().values()}
        places = [row.place or 0 for row in ledger.events("issue")]
        digests = digest_lines(ledger.digests())
        head = ledger_head(home.issuer, ledger, signer)
        ledger.publish_head(Head(head["seq"], head["time"], head["issued"], head["hash"], head["digests"]))
    written = {
        did_path(home.issuer): issuer.pretty(issuer.did_document(home.issuer)),
        "issuers.json": issuer.pretty(issuer.issuer_list(home.issuer)),
    }
    lists = []
    for number in range(1, max(places, default=0) // status.ENTRIES + 2):
        for purpose in status.PURPOSES:
            listed = status.signed(
                home.issuer, sorted(marked[purpose]), signer, moment, purpose=purpose, number=number
            )
            written[_path_of(home.issuer, purpose, number)] = issuer.pretty(listed)
            lists.append(listed)
    written |= {
        "ledger/digests.txt": digests,
        "ledger/head.json": issuer.pretty(head),
        f"ledger/head-{head['seq']:08d}.json": issuer.pretty(head),
        "index.html": page.render(home.issuer, lists, head, times.text(moment)),
    }
    for name, data in written.items():
        files.write(folder / name, data)
    return [folder / name for name in written]


def _path_of(who: Issuer, purpose: status.Purpose, number: int) -> str:
    return status.list_address(who, purpose, number).removeprefix(f"{who.url}/")


def digest_lines(digests: list[str]) -> bytes:
    """The digests of all records in order, one on a line: random numbers to whoever has not the records."""
    return "".join(f"{digest}\n" for digest in digests).encode("ascii")


def did_path(who: Issuer) -> str:
    """Where did:web looks for the document of an issuer, below its own address."""
    at_root = issuer.did_of(who.url) == who.id and not urlsplit(who.url).path
    return ".well-known/did.json" if at_root else "did.json"


def ledger_head(who: Issuer, ledger: Ledger, signer: proof.Signer) -> dict[str, Any]:
    """A signed statement of the newest line; a rewritten chain or a cut tail cannot match it."""
    last, moment, digests = ledger.head(), times.text(times.now()), ledger.digests()
    statement = {
        "schema": "ledger-head/1",
        "issuer": who.id,
        "seq": last.seq if last else 0,
        "hash": last.hash if last else FIRST,
        "issued": len(digests),
        "digests": hashlib.sha256(digest_lines(digests)).hexdigest(),
        "time": moment,
    }
    return {**statement, "proof": proof.sign(statement, signer, moment, suite=proof.JCS)}


def check_ledger(home: Home, head_file: Path | None) -> int:
    """Recompute the whole chain, and hold it against a published head; returns the number of lines."""
    hashes = [FIRST]
    with closing(home.open_ledger()) as ledger:
        digests: dict[str, str] = {}
        for row in ledger.rows():
            if row.seq != len(hashes) or row.previous != hashes[-1] or row.hash != row.expected():
                raise Refused(f"the ledger was changed at line {len(hashes)}", path=ledger.path)
            hashes.append(row.hash)
            if row.event == "issue":
                digests[row.record] = row.digest
        for held in ledger.holdings():
            if digests.get(held.record) != canonical.digest(safejson.parse(held.text)):
                raise Refused(f"the kept copy of {held.record} is not what was issued", path=ledger.path)
    if head_file is not None:
        _check_head(home, head_file, hashes, list(digests.values()))
    return len(hashes) - 1


def _check_head(home: Home, file: Path, hashes: list[str], digests: list[str]) -> None:
    head = safejson.read(file)
    check_signed_head(home, file, head)
    seq, issued = head["seq"], head["issued"]
    if seq >= len(hashes):
        raise Refused(f"the ledger ends before line {seq}, which was published", path=file)
    listed = hashlib.sha256(digest_lines(digests[:issued])).hexdigest()
    if hashes[seq] != head.get("hash") or listed != head.get("digests"):
        raise Refused(f"line {seq} of the ledger is not the one that was published", path=file)


def check_signed_head(home: Home, file: Path, head: Any) -> None:
    """Refuse a head that this issuer did not sign, or that does not say what it speaks for."""
    if not isinstance(head, dict) or head.get("schema") != "ledger-head/1":
        raise Fault("is not a ledger head", path=file)
    one = head.get("proof")
    key = home.issuer.key(str(one.get("verificationMethod"))) if isinstance(one, dict) else None
    if not isinstance(one, dict) or key is None or head.get("issuer") != home.issuer.id:
        raise Refused("this head was not signed by this issuer", path=file)
    try:
        proof.verify(head, one, issuer.public_of(key))
    except proof.BadProof as error:
        raise Refused(f"this head does not hold: {error}", path=file) from None
    if not isinstance(head.get("seq"), int) or not isinstance(head.get("issued"), int):
        raise Refused("this head does not say what it speaks for", path=file)
