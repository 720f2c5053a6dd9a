"""What an issuer shows in public beside what verifying needs: pictures of its awards, and some records.

Those whose holders asked for it, so that a printed sheet alone can be checked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from autograder.records import build, canonical, chain, inventory, status
from autograder.records.errors import Fault, Refused
from autograder.records.issuer import Home, Issuer
from autograder.records.ledger import Holding, Ledger

PUBLIC = "public"


def pictures(who: Issuer, ledger: Ledger) -> dict[str, bytes]:
    """The badge of each award by its path, as the records name it.

    One whose title no font here can draw is left out: no revocation waits for a picture.
    """
    # The typesetter is loaded only where something is drawn.
    from autograder.records.carriers import draw

    awards: dict[str, Holding] = {
        held.award: held for held in ledger.stubs() if not held.details["demonstration"]
    }
    drawn = {}
    for award, held in awards.items():
        with contextlib.suppress(Fault):
            title, course = str(held.details["title"]), str(held.details["course"])
            drawn[build.picture_path(award)] = draw.award_badge(title, who.name, course)
    return drawn


def show(home: Home, records: Sequence[str], name: str | None, *, withdraw: bool = False) -> list[str]:
    """Let the page of this issuer tell of records, or no longer: all or none. Gives their whole ids.

    The wish is the holder's, so a withdrawal or another name also reaches the records in whose place these
    stand, and those that took theirs.
    """
    if name is not None and (not name.strip() or len(name) > 200 or canonical.CONTROL.search(name)):
        raise Fault("the name is empty, too long or holds a control character")
    wish = None if withdraw else {"name": name}
    with closing(home.open_ledger()) as ledger, ledger.transaction():
        chain.check(home, ledger)
        found: dict[str, None] = {}
        for row in [inventory.find(ledger, record) for record in records]:
            held = ledger.holding(row.record)
            if held is None:
                raise Refused(f"the copy of {row.record} was erased, so nothing of it can be shown")
            if held.details["demonstration"]:
                raise Refused(f"{row.record} is a demonstration, which certifies nothing")
            shown = [record for record in inventory.kin(ledger, row) if wish_of(ledger, record) is not None]
            found.update(dict.fromkeys([row.record, *shown]))
        for record in found:
            ledger.set_detail(record, PUBLIC, wish)
    return list(found)


def wish_of(ledger: Ledger, record: str) -> dict[str, Any] | None:
    """How the holder of a record wants it shown, {"name": text or None}; None where nobody asked."""
    held = ledger.holding(record)
    return held.details.get(PUBLIC) if held is not None else None


def public(who: Issuer, ledger: Ledger) -> dict[str, dict[str, Any]]:
    """What the page may tell of records whose holders asked for it, by the record's name."""
    shown = [held for held in ledger.stubs() if PUBLIC in held.details]
    if not shown:
        return {}
    issued = {row.record: row for row in ledger.events("issue")}
    found = {}
    for held in shown:
        row, told = issued[held.record], held.details
        entry = status.entry(who, row.place or 0)
        found[held.record] = {
            "title": told["title"],
            "name": told[PUBLIC]["name"],
            "completed": told["completed"],
            "issued": row.at,
            "expires": told["expires"],
            "list": entry["statusListCredential"],
            "index": entry["statusListIndex"],
        }
    return found
