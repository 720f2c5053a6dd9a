"""Reading a learner's token: sixteen symbols for ten random bytes, and two that check them.

Crockford's base32 (no I, L, O, U) with a check modulo 1021: case and dashes do not matter, O counts as 0, I
and L as 1, and any single wrong symbol is found. The ten bytes are the seed of everything that differs
between learners. Older tokens end in Crockford's own check symbol and are read as well.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from coursefacts.errors import InputFault

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MODULUS = 1021
# Crockford's check symbol, modulo 37, of tokens until 0.1; mail and Markdown swallow some of the last five.
OLD_CHECKS = DIGITS + "*~$=U"
SEED_BYTES = 10
SYMBOLS = 16
# Not secret, on purpose: anyone may draw a practice variant, and it earns no record.
PRACTICE_SECRET = b"practice"
# What mail programs and word processors put in the place of a dash, or between symbols.
_BETWEEN = re.compile(r"[\s\xad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff-]")
_ALIKE = str.maketrans("OIL", "011")
# What stands in the exercises before anybody has put a name there.
_NOBODY = ("", "your name")
_PRACTICE = re.compile(r"\s*practi[cs]e[\s:–—-]*(.*)", re.IGNORECASE | re.DOTALL)


class TokenFault(InputFault):
    """A token that cannot be right; a notebook shows its one line and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def read(token: str) -> bytes:
    """Return the ten bytes of a token; raise TokenFault that says what is wrong with it."""
    symbols = _BETWEEN.sub("", unicodedata.normalize("NFKC", token)).upper().translate(_ALIKE)
    if len(symbols) not in (SYMBOLS + 1, SYMBOLS + 2):
        raise TokenFault(
            f"the token has {len(symbols)} symbols, it should have {SYMBOLS + 2}",
            remedy="copy it again, all five groups of it",
        )
    for place, symbol in enumerate(symbols[:SYMBOLS], start=1):
        if symbol not in DIGITS:
            raise TokenFault(
                f"symbol {place} of the token is '{symbol}', which no token contains",
                remedy="compare it with the one that you were given",
            )
    number = 0
    for symbol in symbols[:SYMBOLS]:
        number = number * 32 + DIGITS.index(symbol)
    if symbols[SYMBOLS:] not in (_check(number), OLD_CHECKS[number % 37]):
        raise TokenFault(
            "the token's last symbols do not fit the others, so at least one symbol is wrong",
            remedy="compare each group with the token that you were given",
        )
    return number.to_bytes(SEED_BYTES, "big")


def write(seed: bytes) -> str:
    """Write ten bytes as a token, in groups."""
    number = int.from_bytes(seed, "big")
    digits = "".join(DIGITS[number >> 5 * place & 31] for place in reversed(range(SYMBOLS)))
    groups = [digits[i : i + 4] for i in range(0, SYMBOLS, 4)]
    return "-".join([*groups, _check(number)])


def _check(number: int) -> str:
    high, low = divmod(number % MODULUS, 32)
    return DIGITS[high] + DIGITS[low]


def person(name: str) -> str:
    """Reduce a typed name to the person meant: Mia, mia and MIA are one, and so are two ways to write é."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def practice_name(typed: str) -> str | None:
    """Return the name in `practice: Mia`, None for another token; raise TokenFault while no name is there."""
    found = _PRACTICE.fullmatch(typed)
    if found is None:
        return None
    name = found.group(1).strip()
    if re.sub(r"[\W_]+", " ", person(name)).strip() in _NOBODY:
        raise TokenFault(
            f"the token still says '{typed.strip()}'",
            remedy="put your own name after the colon, and run the cell again",
        )
    return name


def practice(exercise: str, learner: str) -> str:
    """The token of a practice variant: for learners without a course, worth no record."""
    message = f"{exercise}\n{person(learner)}".encode()
    return write(hmac.new(PRACTICE_SECRET, message, hashlib.sha256).digest()[:SEED_BYTES])
