"""Variant tokens: who gets which data, told by the course secret and typed by the learner.

    >>> make(b"practice", "export-controls", "ada")
    'ZZX5-47DJ-TZFQ-MX6A-5'

Ten bytes of HMAC-SHA256 over exercise and learner, written in Crockford's base32 with his check symbol
modulo 37, so that one wrong symbol or two swapped ones are told while the learner still works.
"""

from __future__ import annotations

import hashlib
import hmac

from coursefacts.errors import InputFault

__all__ = ["PRACTICE", "make", "normal", "read", "write"]

PRACTICE = b"practice"
SEED_BYTES = 10

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Crockford, "Base 32": the five symbols that only a check may be.
_CHECK = _DIGITS + "*~$=U"
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def make(secret: bytes, exercise: str, learner: str) -> str:
    """Make a learner's token for an exercise."""
    message = f"{exercise}\n{learner}".encode()
    return write(hmac.new(secret, message, hashlib.sha256).digest()[:SEED_BYTES])


def write(seed: bytes) -> str:
    """Write ten bytes as a token with its check symbol."""
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes, this one has {len(seed)}")
    number = int.from_bytes(seed, "big")
    symbols = "".join(_DIGITS[(number >> shift) & 31] for shift in range(75, -1, -5))
    groups = [symbols[start : start + 4] for start in range(0, 16, 4)]
    return "-".join([*groups, _CHECK[number % 37]])


def read(token: str) -> bytes:
    """Read the ten bytes out of a token as a person typed it; raise InputFault when it cannot be right."""
    symbols = "".join(token.split()).replace("-", "").upper().translate(_ALIKE)
    if len(symbols) != 17:
        raise InputFault(
            f"the token has {len(symbols)} symbols, a token has 17",
            remedy="copy it again from your instructor's note",
        )
    number = 0
    for place, symbol in enumerate(symbols[:16], start=1):
        digit = _DIGITS.find(symbol)
        if digit < 0:
            raise InputFault(
                f"symbol {place} of the token is '{symbol}', which no token has", remedy="copy it again"
            )
        number = number * 32 + digit
    if _CHECK[number % 37] != symbols[16]:
        raise InputFault("the token's last symbol does not fit the others", remedy="look for a typing error")
    return number.to_bytes(SEED_BYTES, "big")


def normal(token: str) -> str:
    """Write a typed token in its one normal form."""
    return write(read(token))
