"""Variant tokens: who gets which data, told by the course secret and typed by the learner.

    >>> make(b"practice", "export-controls", "ada")
    'ZZX5-47DJ-TZFQ-MX6A-DS'
    >>> typed("export-controls", "practice: Ada")
    Typed(token='ZZX5-47DJ-TZFQ-MX6A-DS', name='Ada')

Ten bytes of HMAC-SHA256 over exercise and learner, written in Crockford's base32 with two check symbols
modulo 1021, so that one wrong symbol or two swapped ones are told while the learner still works. Letters and
digits alone: Crockford's own check symbol may be one of `* ~ $ =`, which Markdown and mail programs swallow.
Tokens that were given out with his are still read.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass

from coursefacts.errors import InputFault

__all__ = [
    "PRACTICE",
    "Typed",
    "is_practice",
    "make",
    "normal",
    "person",
    "practice_name",
    "read",
    "symbols_of",
    "typed",
    "write",
]

PRACTICE = b"practice"
SEED_BYTES = 10

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# The largest prime of two symbols: any one wrong symbol, and any two that changed places, leave another rest.
_MODULUS = 1021
# Crockford, "Base 32": his one check symbol, with five that only a check may be; in tokens until 0.1.
_CROCKFORD = _DIGITS + "*~$=U"
# What mail programs and word processors put in the place of a dash, or between symbols.
_BETWEEN = re.compile(r"[\s\xad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff-]")
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
# What stands in the exercises before anybody has put a name there.
_NOBODY = ("", "your name")
_PRACTICE = re.compile(r"\s*practi[cs]e[\s:–—-]*(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Typed:
    """What a learner typed.

    token: in its one normal form.
    name: after `practice:`, as it was typed; None for a token that somebody gave out.
    """

    token: str
    name: str | None


def make(secret: bytes, exercise: str, learner: str) -> str:
    """Make a learner's token for an exercise."""
    if secret == PRACTICE:
        # Typed by people, who write themselves now with a capital and now without; ids stand as they are.
        learner = person(learner)
    message = f"{exercise}\n{learner}".encode()
    return write(hmac.new(secret, message, hashlib.sha256).digest()[:SEED_BYTES])


def write(seed: bytes) -> str:
    """Write ten bytes as a token with its check symbols."""
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes, this one has {len(seed)}")
    number = int.from_bytes(seed, "big")
    symbols = "".join(_DIGITS[(number >> shift) & 31] for shift in range(75, -1, -5))
    groups = [symbols[start : start + 4] for start in range(0, 16, 4)]
    return "-".join([*groups, _check(number)])


def _check(number: int) -> str:
    high, low = divmod(number % _MODULUS, 32)
    return _DIGITS[high] + _DIGITS[low]


def symbols_of(token: str) -> str:
    """Give the symbols of a token as a person typed it, without what stands between them."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", token)).upper().translate(_ALIKE)


def read(token: str) -> bytes:
    """Read the ten bytes out of a token as a person typed it; raise InputFault when it cannot be right."""
    symbols = symbols_of(token)
    if len(symbols) not in (17, 18):
        raise InputFault(
            f"the token has {len(symbols)} symbols, a token has 18",
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
    if symbols[16:] not in (_check(number), _CROCKFORD[number % 37]):
        raise InputFault("the token's last symbols do not fit the others", remedy="look for a typing error")
    return number.to_bytes(SEED_BYTES, "big")


def normal(token: str) -> str:
    """Write a typed token in its one normal form."""
    return write(read(token))


def person(name: str) -> str:
    """Reduce a typed name to the person meant: Mia, mia and MIA are one, and so are two ways to write é."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def is_practice(text: str) -> bool:
    """Tell whether a typed token begins as one of practice, with a name or still without."""
    return _PRACTICE.fullmatch(text) is not None


def practice_name(text: str) -> str | None:
    """Return the name in `practice: Mia`, None for another token; raise InputFault while no name is there."""
    found = _PRACTICE.fullmatch(text)
    if found is None:
        return None
    name = found.group(1).strip()
    if re.sub(r"[\W_]+", " ", person(name)).strip() in _NOBODY:
        raise InputFault(
            f"the token still says '{text.strip()[:40]}'",
            remedy="put your own name after the colon, run the notebook and save it",
        )
    return name


def typed(exercise: str, text: str) -> Typed:
    """Read a token or `practice: Mia` as a notebook has it; raise InputFault when it cannot be right."""
    if not text.strip():
        raise InputFault("the token is still empty", remedy='write TOKEN = "practice: " and your name')
    name = practice_name(text)
    return Typed(normal(text), None) if name is None else Typed(make(PRACTICE, exercise, name), name)
