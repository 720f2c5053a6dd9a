"""People's names: how they are split, and what is left of them in an LMS's file names.

>>> split("Zoë van den Berg")
('Zoë', 'van den Berg')
>>> split("Smith, Jane")
('Jane', 'Smith')
>>> letters("García López, María")
'garcialopezmaria'
"""

from __future__ import annotations

import itertools
import re
import unicodedata

__all__ = ["letters", "orders", "split", "words"]

# Letters with a stroke or a ligature, which no normal form takes apart and platforms write in two ways.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"}
)
# Of more words than this a name's every order would be too many; people change the first and last ones.
_MOST_ORDERED = 5


def split(name: str) -> tuple[str, str]:
    """Split a name into given and family names, as well as a stranger can; a single name is a family name.

    A comma says it. Else the family name begins with its particles, which are written small.
    """
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and given and "," not in given:
        return given, family
    parts = name.split()
    at = next((i for i, part in enumerate(parts) if i and part[0].islower()), len(parts) - 1)
    return " ".join(parts[:at]), " ".join(parts[at:])


def letters(name: str) -> str:
    """Reduce a name to its letters and digits without marks, as LMSs do in file names."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_PLAIN)
    return "".join(symbol for symbol in plain if symbol.isalnum())


def words(name: str) -> list[str]:
    """Give a name's words, each reduced to its letters."""
    found = (letters(part) for part in re.split(r"[\s,;_.·-]+", name))
    return [part for part in found if part]


def orders(name: str) -> set[str]:
    """Give the letters of a name with its words in any order: platforms put family names first, or last."""
    parts = words(name)
    if len(parts) > _MOST_ORDERED:
        return {"".join([*parts[at:], *parts[:at]]) for at in range(len(parts))}
    return {"".join(order) for order in itertools.permutations(parts)}
