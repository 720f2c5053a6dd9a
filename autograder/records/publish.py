"""What an institution puts on its web server: identity, status list, ledger head, and a page about them."""

from __future__ import annotations

import hashlib
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from autograder.records import chain, files, issuer, page, proof, showcase, status, times
from autograder.records.errors import Fault, Refused
from autograder.records.issuer import Home, Issuer
from autograder.records.ledger import FIRST, Head, Ledger


def publish(home: Home, folder: Path, signer: proof.Signer) -> list[Path]:
    """Write the files of the public address into a folder; each is whole, the page last."""
    moment = times.now()
    _check_target(home, folder)
    with closing(home.open_ledger()) as ledger, ledger.transaction():
        chain.check(home, ledger, folder)
        marked = {"revocation": ledger.revoked().values(), "suspension": ledger.suspended().values()}
        places = [row.place or 0 for row in ledger.events("issue")]
        digests = chain.digest_lines(ledger.digests())
        pictures, public = showcase.pictures(home.issuer, ledger), showcase.public(home.issuer, ledger)
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
                home.issuer,
                sorted(marked[purpose]),
                signer,
                moment,
                purpose=purpose,
                number=number,
                days=home.list_days,
            )
            written[_path_of(home.issuer, purpose, number)] = issuer.pretty(listed)
            lists.append(listed)
    written |= {
        "ledger/digests.txt": digests,
        "ledger/head.json": issuer.pretty(head),
        f"ledger/head-{head['seq']:08d}.json": issuer.pretty(head),
        **pictures,
        "index.html": page.render(home.issuer, lists, head, times.text(moment), public),
    }
    for name, data in written.items():
        files.write(folder / name, data)
    with closing(home.open_ledger()) as ledger:
        ledger.published_to(folder.resolve(), moment + timedelta(days=home.list_days))
    return [folder / name for name in written]


def _check_target(home: Home, folder: Path) -> None:
    """Refuse a folder in which the secret keys would lie below the published address, or beside it."""
    # Before the ledger notes a head that nobody could read.
    if folder.exists() and not folder.is_dir():
        raise Fault("is no folder", path=folder, remedy="name a folder for your web server, such as site")
    secret, target = home.path.resolve(), folder.resolve()
    if secret.is_relative_to(target) or target.is_relative_to(secret) or (target / "issuer.json").exists():
        raise Refused(
            "an issuer's folder with its secret keys would be published with it",
            path=folder,
            remedy="name another folder, such as site",
        )


def _path_of(who: Issuer, purpose: status.Purpose, number: int) -> str:
    return status.list_address(who, purpose, number).removeprefix(f"{who.url}/")


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
        "digests": hashlib.sha256(chain.digest_lines(digests)).hexdigest(),
        "time": moment,
    }
    return {**statement, "proof": proof.sign(statement, signer, moment, suite=proof.JCS)}
