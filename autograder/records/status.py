"""Bitstring Status List v1.0: one bit per record, published as a signed credential.

The herd must be large and the places random, or the list itself would tell who was revoked (section 6).
"""

from __future__ import annotations

import base64
import binascii
import gzip
import secrets
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from autograder.records import contexts, proof, times
from autograder.records.issuer import Issuer

ENTRIES = 131_072
# Lists of others may be longer; a megabyte of bits is eight million records.
LONGEST = 1_048_576
FRESH = timedelta(days=7)


class BadList(ValueError):
    """A status list that cannot be used; the text says why."""


def list_address(issuer: Issuer, number: int = 1) -> str:
    """Where the revocation list of an issuer is published."""
    return f"{issuer.url}/status/revocation-{number}.json"


def free_index(taken: Callable[[int], bool], count: int) -> int:
    """A place in the list that no record ever had."""
    if count * 2 > ENTRIES:
        raise BadList("half of this status list is used; random places would no longer hide anyone")
    while taken(index := secrets.randbelow(ENTRIES)):
        pass
    return index


def entry(issuer: Issuer, index: int) -> dict[str, Any]:
    """The `credentialStatus` of one record."""
    address = list_address(issuer)
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def credential(issuer: Issuer, revoked: Iterable[int], moment: datetime) -> dict[str, Any]:
    """The unsigned list credential."""
    address = list_address(issuer)
    return {
        "@context": [contexts.CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": times.text(moment),
        "validUntil": times.text(moment + FRESH),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode(revoked),
        },
    }


def signed(issuer: Issuer, revoked: Iterable[int], signer: proof.Signer, moment: datetime) -> dict[str, Any]:
    """The list credential with the one proof that every badge verifier reads."""
    return proof.sign_set(credential(issuer, revoked, moment), signer, times.text(moment), (proof.RDFC,))


def encode(bits: Iterable[int]) -> str:
    """Write the set bits as multibase base64url of a gzip stream; index 0 is the leftmost bit."""
    data = bytearray(ENTRIES // 8)
    for index in bits:
        data[index // 8] |= 0x80 >> (index % 8)
    packed = gzip.compress(bytes(data), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def decode(text: Any) -> bytes:
    """Read an `encodedList`, with a bound on what it may inflate to."""
    if not isinstance(text, str) or not text.startswith("u"):
        raise BadList("its encodedList is not multibase base64url")
    try:
        packed = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
        stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        data = stream.decompress(packed, LONGEST + 1)
    except (binascii.Error, zlib.error):
        raise BadList("its encodedList is not a gzip stream in base64url") from None
    if len(data) > LONGEST:
        raise BadList("its encodedList inflates beyond what a status list may be")
    if not stream.eof or stream.unused_data:
        raise BadList("its encodedList is cut off or has something behind it")
    if len(data) * 8 < ENTRIES:
        raise BadList(f"it has fewer than {ENTRIES} entries")
    return data


def is_set(document: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Look up an entry in a list whose signature has been checked; BadList when they do not fit."""
    subject = document.get("credentialSubject")
    if not isinstance(subject, Mapping) or subject.get("type") != "BitstringStatusList":
        raise BadList("it holds no BitstringStatusList")
    if document.get("id") != wanted.get("statusListCredential"):
        raise BadList("it is another list than the record names")
    if subject.get("statusPurpose") != wanted.get("statusPurpose"):
        raise BadList("its purpose is not the one that the record names")
    index = wanted.get("statusListIndex")
    data = decode(subject.get("encodedList"))
    if (
        not isinstance(index, str)
        or not index.isascii()
        or not index.isdigit()
        or str(int(index[:20])) != index
    ):
        raise BadList("the index in the record is not a plain number")
    if int(index) >= len(data) * 8:
        raise BadList("the index in the record lies beyond the list")
    return bool(data[int(index) // 8] & (0x80 >> (int(index) % 8)))
