"""Ed25519 keys and signatures as text: base58btc and Multikey.

Data Integrity EdDSA 1.0, section 2.1.1: a public key is `z` + base58btc(0xed01 + 32 bytes), a secret key
the same with 0x8026; section 3: a proof value is `z` + base58btc(64 bytes).
"""

from __future__ import annotations

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PUBLIC_PREFIX = b"\xed\x01"
SECRET_PREFIX = b"\x80\x26"
LONGEST = 128


def encode(data: bytes) -> str:
    """Write bytes as multibase base58btc (`z…`)."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        digits = ALPHABET[rest] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + digits


def decode(text: str) -> bytes:
    """Read multibase base58btc; ValueError for anything else."""
    if not text.startswith("z") or len(text) > LONGEST:
        raise ValueError("is not base58btc text (z…)")
    number, digits = 0, text[1:]
    for symbol in digits:
        place = ALPHABET.find(symbol)
        if place < 0:
            raise ValueError("holds a symbol that base58btc does not have")
        number = number * 58 + place
    zeros = len(digits) - len(digits.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def public_text(raw: bytes) -> str:
    """Write a 32-byte public key as Multikey (`z6Mk…`)."""
    return encode(PUBLIC_PREFIX + raw)


def secret_text(raw: bytes) -> str:
    """Write a 32-byte secret key as Multikey (`z3u2…`)."""
    return encode(SECRET_PREFIX + raw)


def public_bytes(text: str) -> bytes:
    """Read a public Multikey; ValueError when it is not an Ed25519 one."""
    return _strip(text, PUBLIC_PREFIX, "public")


def secret_bytes(text: str) -> bytes:
    """Read a secret Multikey; ValueError (without the key in it) when it is not an Ed25519 one."""
    return _strip(text, SECRET_PREFIX, "secret")


def _strip(text: str, prefix: bytes, kind: str) -> bytes:
    data = decode(text)
    if len(data) != 34 or not data.startswith(prefix):
        raise ValueError(f"is not an Ed25519 {kind} key")
    return data[2:]
