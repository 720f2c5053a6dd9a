"""A record with one signature instead of two, for software that takes no list of proofs.

Each proof of a set is made over the record without any proof, so one of them alone signs all of it. The file
is another one: its SHA-256 does not stand in the ledger, which knows the record with both.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.records import canonical, proof, safejson
from autograder.records.errors import Fault


def one_proof(document: Any, path: Path | str | None = None) -> dict[str, Any]:
    """The record with its `eddsa-rdfc-2022` proof alone, as an object and not in a list."""
    found = document.get("proof") if isinstance(document, dict) else None
    listed = found if isinstance(found, list) else [found]
    mine = [one for one in listed if isinstance(one, dict) and one.get("cryptosuite") == proof.RDFC]
    if len(mine) != 1:
        raise Fault(f"carries {len(mine) or 'no'} proofs of the kind {proof.RDFC}", path=path)
    return {**document, "proof": mine[0]}


def one_proof_text(text: bytes, path: Path | str | None = None) -> bytes:
    """The same for the JSON text of a record, in canonical form."""
    try:
        return canonical.jcs(one_proof(safejson.parse(text, path), path))
    except canonical.NotCanonical as error:
        raise Fault(f"is not a record: {error}", path=path) from None
