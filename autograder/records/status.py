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
from typing import Any, Literal

from autograder.records import contexts, proof, times
from autograder.records.issuer import LIST_DAYS, Issuer

ENTRIES = 131_072
# Lists of others may be longer; a megabyte of bits is eight million records.
LONGEST = 1_048_576
Purpose = Literal["revocation", "suspension"]
PURPOSES: tuple[Purpose, ...] = ("revocation", "suspension")


class BadList(ValueError):
    """A status list that cannot be used; the text says why."""


def list_address(issuer: Issuer, purpose: Purpose = "revocation", number: int = 1) -> str:
    """Where one of an issuer's lists is published."""
    return f"{issuer.url}/status/{purpose}-{number}.json"


def suspension_of(address: str) -> str:
    """Where an issuer that suspends publishes the list beside a revocation list: the same, by its other name.

    A record names only its revocation list, because Open Badges allows one `credentialStatus`
    (decision 0010); the places in both lists are the same.
    """
    folder, _, name = address.rpartition("/")
    return f"{folder}/{name.replace('revocation', 'suspension', 1)}"


def free_place(taken: Callable[[int], bool], count: Callable[[int, int], int], first: int = 0) -> int:
    """A place that no record ever had: random in the first list that is not half full.

    Places count on from list to list: place 131,072 is the first of the second list.
    """
    number = first // ENTRIES
    while count(number * ENTRIES, (number + 1) * ENTRIES) * 2 >= ENTRIES:
        number += 1
    while taken(place := number * ENTRIES + secrets.randbelow(ENTRIES)):
        pass
    return place


def entry(issuer: Issuer, place: int) -> dict[str, Any]:
    """The `credentialStatus` of one record."""
    number, index = divmod(place, ENTRIES)
    address = list_address(issuer, "revocation", number + 1)
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def credential(
    issuer: Issuer,
    places: Iterable[int],
    moment: datetime,
    *,
    purpose: Purpose = "revocation",
    number: int = 1,
    days: int = LIST_DAYS,
) -> dict[str, Any]:
    """The unsigned list credential, good for some days; places of other lists are passed over."""
    address = list_address(issuer, purpose, number)
    return {
        "@context": [contexts.CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": times.text(moment),
        "validUntil": times.text(moment + timedelta(days=days)),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(place % ENTRIES for place in places if place // ENTRIES == number - 1),
        },
    }


def signed(
    issuer: Issuer,
    places: Iterable[int],
    signer: proof.Signer,
    moment: datetime,
    *,
    purpose: Purpose = "revocation",
    number: int = 1,
    days: int = LIST_DAYS,
) -> dict[str, Any]:
    """The list credential with the one proof that every badge verifier reads."""
    plain = credential(issuer, places, moment, purpose=purpose, number=number, days=days)
    return proof.sign_set(plain, signer, times.text(moment), (proof.RDFC,))


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


def bits(document: Mapping[str, Any], address: str, purpose: str) -> bytes:
    """The bits of a list whose signature has been checked; BadList when it is another than was asked for."""
    subject = document.get("credentialSubject")
    if not isinstance(subject, Mapping) or subject.get("type") != "BitstringStatusList":
        raise BadList("it holds no BitstringStatusList")
    if document.get("id") != address:
        raise BadList("it is another list than the record names")
    if subject.get("statusPurpose") != purpose:
        raise BadList("its purpose is not the one that the record names")
    return decode(subject.get("encodedList"))


def is_set(data: bytes, index: Any) -> bool:
    """Look up an index as it is written in a record."""
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
