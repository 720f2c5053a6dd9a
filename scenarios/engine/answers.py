"""Answers to a question: options chosen, a number with its unit, or a few words.

front/answers.js reads the same answers in the same way; a test compares the two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from scenarios.engine import order
from scenarios.engine.model import FormLogic, ItemLogic

Answer = int | tuple[int, ...] | str
"""The number of an option, several of them, or what was typed."""
LONGEST = 80
"""Characters of a typed answer."""
# A comma before exactly three digits is a decimal sign for some readers and none for others.
_NUMBER = re.compile(r"([+-]?)([0-9]{1,12})(?:([.,])([0-9]{1,12}))?[ ]?([^0-9].*)?")
_WRITTEN = re.compile(
    r"(?P<value>[-+]?[0-9]+(?:\.[0-9]+)?)(?:\s*±\s*(?P<by>[0-9]+(?:\.[0-9]+)?))?\s*(?P<unit>[^0-9±]*)"
)
_QUOTED = re.compile(r'"([^"]+)"')
_BLANKS = re.compile(r"[ \t\r\n]+")
_GAP = re.compile(r"(?<=[0-9]) (?=[0-9])")
_PERCENT = {"percent": "%", "per cent": "%"}
_ARTICLES = ("the ", "a ", "an ")


def drawn(item: ItemLogic, seed: str | None, tries: int = 0) -> int:
    """Give the form of an item, from 1, that a seed draws; each further try shows the next one."""
    numbers = order.shown(range(1, len(item.forms) + 1), seed, f"{item.id}#form")
    return numbers[tries % len(numbers)]


def normal(text: str) -> str:
    """Write some words so that case, punctuation, an article and blanks do not matter."""
    small = unicodedata.normalize("NFKC", text).lower()
    words = _BLANKS.sub(" ", "".join(each if each.isalnum() else " " for each in small)).strip(" ")
    article = next((each for each in _ARTICLES if words.startswith(each)), "")
    return words[len(article) :]


def number(text: str, unit: str) -> float | None:
    """Read a number that somebody typed, with or without its unit; None when it is none, or two."""
    small = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").lower()
    found = _NUMBER.fullmatch(_GAP.sub("", _BLANKS.sub(" ", small).strip(" ")))
    if found is None:
        return None
    sign, whole, mark, part, rest = found.groups()
    said = (rest or "").rstrip(". ")
    if said and _unit(said) != _unit(unit):
        return None
    if mark == "," and len(part) == 3:
        return None
    return float(f"{sign}{whole}.{part or 0}")


def _unit(text: str) -> str:
    name = unicodedata.normalize("NFKC", text).lower().strip(" ")
    return _PERCENT.get(name, name.removesuffix("s"))


def readable(form: FormLogic, text: str) -> bool:
    """Tell whether something that was typed can be an answer, right or wrong."""
    return number(text, form.unit) is not None if form.asks == "number" else bool(normal(text))


def meant(form: FormLogic, text: str) -> int:
    """Give the option of a form that a typed answer matches, from 1; 0 when it matches none."""
    if len(text) > LONGEST:
        return 0
    value = number(text, form.unit) if form.asks == "number" else None
    words = normal(text)
    for at, each in enumerate(form.typed, 1):
        if form.asks == "number":
            if value is not None and float(each[0]) <= value <= float(each[1]):
                return at
        elif words in each:
            return at
    return 0


def right(form: FormLogic, answer: Answer) -> bool:
    """Tell whether an answer is the full answer to a form."""
    if isinstance(answer, str):
        return meant(form, answer) in form.correct
    chosen = (answer,) if isinstance(answer, int) else answer
    return set(chosen) == set(form.correct)


def key(form: FormLogic) -> Answer:
    """Give an answer that is right."""
    if form.asks != "choice":
        return form.typed[form.correct[0] - 1][0]
    return form.correct if form.multiple else form.correct[0]


def written(label: str) -> tuple[str, str, tuple[str, ...]] | None:
    """Read what an author accepts: what it asks for, its unit, and bounds or words; None when it is neither.

    `4.8 ± 0.4 %` gives ("number", "%", ("4.4", "5.2")); `"Friday", "on Friday"` gives words made `normal`.
    """
    if label.startswith('"'):
        words = tuple(dict.fromkeys(normal(each) for each in _QUOTED.findall(label)))
        whole = not _QUOTED.sub("", label).strip(" ,") and all(words)
        return ("text", "", words) if whole else None
    found = _WRITTEN.fullmatch(label)
    if found is None:
        return None
    value, by = Decimal(found["value"]), Decimal(found["by"] or 0)
    return "number", found["unit"].strip(), (str(value - by), str(value + by))


def overlap(asks: str, one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether an answer could match two options."""
    if asks == "text":
        return bool(set(one) & set(other))
    return Decimal(one[0]) <= Decimal(other[1]) and Decimal(other[0]) <= Decimal(one[1])
