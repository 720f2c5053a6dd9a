"""Data Integrity proofs with Ed25519: `eddsa-rdfc-2022` and `eddsa-jcs-2022` (W3C Data Integrity EdDSA 1.0).

Both suites sign SHA-256(canonical options) + SHA-256(canonical document); only the canonical form differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from autograder.records import canonical, multikey

RDFC = "eddsa-rdfc-2022"
JCS = "eddsa-jcs-2022"
SUITES = (RDFC, JCS)
Canonicaliser = Callable[[Mapping[str, Any]], bytes]


class BadProof(ValueError):
    """A proof that does not hold; the text says in words what is wrong with it."""


@dataclass(frozen=True)
class Signer:
    """A secret key and the name under which its public half is published."""

    method: str
    key: Ed25519PrivateKey


def sign(
    document: Mapping[str, Any],
    signer: Signer,
    created: str,
    *,
    suite: str,
    rdfc: Canonicaliser = canonical.rdfc,
) -> dict[str, Any]:
    """Make one proof over a document (any proofs in it are not part of what is signed)."""
    options: dict[str, Any] = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": created,
        "verificationMethod": signer.method,
        "proofPurpose": "assertionMethod",
    }
    if suite == JCS and "@context" in document:
        # EdDSA 1.0, 3.3.1 step 2: the context travels inside the proof.
        options = {"@context": document["@context"], **options}
    signature = signer.key.sign(hash_data(document, options, rdfc))
    return {**options, "proofValue": multikey.encode(signature)}


def sign_set(
    document: Mapping[str, Any],
    signer: Signer,
    created: str,
    suites: tuple[str, ...] = SUITES,
    *,
    rdfc: Canonicaliser = canonical.rdfc,
) -> dict[str, Any]:
    """Return the document with one independent proof per suite (a proof set)."""
    plain = {key: value for key, value in document.items() if key != "proof"}
    return {**plain, "proof": [sign(plain, signer, created, suite=suite, rdfc=rdfc) for suite in suites]}


def verify(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    public: bytes,
    *,
    rdfc: Canonicaliser = canonical.rdfc,
) -> None:
    """Check one proof against one public key; BadProof says why it does not hold."""
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    check_options(document, options)
    try:
        signature = multikey.decode(str(proof.get("proofValue", "")))
    except ValueError as error:
        raise BadProof(f"its signature {error}") from None
    if len(signature) != 64:
        raise BadProof("its signature is not 64 bytes long")
    try:
        data = hash_data(document, options, rdfc)
    except canonical.NotCanonical as error:
        raise BadProof(f"the record {error}") from None
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        raise BadProof(
            "the signature does not match: the record or the proof was changed, or another key signed"
        ) from None


def check_options(document: Mapping[str, Any], options: Mapping[str, Any]) -> None:
    """Refuse proof options that this package does not understand in full."""
    if options.get("type") != "DataIntegrityProof" or options.get("cryptosuite") not in SUITES:
        raise BadProof("it is of a kind that this program does not know")
    if options.get("proofPurpose") != "assertionMethod":
        raise BadProof("its purpose is not assertionMethod")
    if "previousProof" in options:
        raise BadProof("it is part of a proof chain, which this program does not follow")
    if options["cryptosuite"] == JCS and options.get("@context") != document.get("@context"):
        # EdDSA 1.0, 3.3.2 step 4 allows the document more contexts than the proof; some would be unsigned.
        raise BadProof("the contexts of the record are not those that were signed")


def hash_data(document: Mapping[str, Any], options: Mapping[str, Any], rdfc: Canonicaliser) -> bytes:
    """The 64 bytes that are signed (EdDSA 1.0, 3.2.4 and 3.3.4)."""
    plain = {key: value for key, value in document.items() if key != "proof"}
    if options["cryptosuite"] == JCS:
        canonical_document, canonical_options = canonical.jcs(plain), canonical.jcs(options)
    else:
        # EdDSA 1.0, 3.2.5 step 4: proof options are read under the document's contexts.
        canonical_options = rdfc({**options, "@context": document.get("@context")})
        canonical_document = rdfc(plain)
    return hashlib.sha256(canonical_options).digest() + hashlib.sha256(canonical_document).digest()
