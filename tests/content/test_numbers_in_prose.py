"""A number that a fact holds is quoted from the fact, on every page and in every case, also in words.

A number that is typed stays when the rule changes. Large numbers of a rule are looked for on all pages; small
ones (*two years*, *five days*) and shares only where the page quotes a fact that holds them, because stories
and labs are full of them. What belongs to a story is named below, with its reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import coursefacts
import pytest
from coursefacts.values import Quantity

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *(ROOT / "book" / "modules").glob("**/*.md"),
        ROOT / "book" / "reference" / "glossary.md",
        *(ROOT / "scenarios" / "cases").glob("*/case.md"),
    ]
)

# Not a rule's number: (page, phrase as typed) and why.
STORY = {
    ("free-to-publish.md", "thirty days"): "a sponsor's own clause in the example",
    ("lab-calibration-file.md", "thirty days"): "how old the lab's second table is",
    ("lab-road-map.md", "1 K"): "a reference temperature that the lab's table computes with",
    ("when-to-ask.md", "1 K"): "the same reference, in the letter of the example",
    ("amplifier-in-the-suitcase", "1 K"): "the same reference, in the case",
    ("detector-that-blinks", "ninety days"): "how far off the talk of the case is",
    ("detector-that-blinks", "Forty-five days"): "what is left of them",
    ("shared-drive", "twenty-four working hours"): "the clock of the case",
    ("circuit-in-the-appendix", "two months"): "when the workshop of the case is",
    ("before-you-amplify.md", "one week"): "two papers appeared within it",
    ("publication-quiz", "one week"): "the same papers",
}

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_ONES = [*re.findall(r"\w+", _SMALL), "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: number for number, word in enumerate(_ONES)}
WORDS |= {ten: 20 + 10 * place for place, ten in enumerate(_TENS)}
WORDS |= {f"{ten}-{one}": WORDS[ten] + WORDS[one] for ten in _TENS for one in _ONES[1:10]}

NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|" + "|".join(sorted(WORDS, key=len, reverse=True)) + ")"
UNITS = {
    "hours": r"(?:working )?hours?",
    "days": r"(?:working )?days?",
    "weeks": r"weeks?",
    "months": r"months?",
    "years": r"years?",
    "percent": r"(?:%|per cent|percent)",
    "qubits": r"(?:physical |logical |noisy |working )?qubits?",
    "bit": r"bits?",
    "K": r"K\b",
    "dB": r"dB\b",
    "GHz": r"GHz\b",
    "W": r"W\b",
    "uW": r"(?:µW|uW|microwatts?)",
    "kV": r"kV\b",
    "mm": r"mm\b",
    "nm": r"nm\b",
}
# From here on a number is too particular to be a coincidence.
PARTICULAR = {"hours": 24, "days": 10, "qubits": 30, "bit": 100}
SMALL = {"weeks", "months", "years", "percent"}
# Lengths of machines and of tables that physics pages draw for themselves.
COMMON = {"K": {4.0}, "GHz": {2.0, 15.0}, "W": {1.0}, "nm": {30.0, 50.0}, "mm": {100.0}}

FOUND = {
    unit: re.compile(rf"(?<![\w.,/-]){NUMBER}(?:(?:,| or| and| to) {NUMBER})*[\s-]+{words}", re.IGNORECASE)
    for unit, words in UNITS.items()
}

Held = dict[tuple[float, str], set[str]]


@pytest.fixture(scope="module")
def held() -> Held:
    """Which facts hold which quantity."""
    found: Held = defaultdict(set)
    for fact in coursefacts.load(ROOT / "book" / "facts").values():
        for value in fact.values.values():
            if isinstance(value, Quantity):
                found[float(value.value), value.unit].add(fact.id)
    return dict(found)


def prose(text: str) -> str:
    """Drop the front matter, what is code, and what is quoted from facts."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return re.sub(r"`[^`]*`", "", text)


def amounts(phrase: str) -> list[float]:
    """Read all numbers of a phrase: *ninety and thirty days* holds two."""
    found = re.findall(rf"(?<![\w.,-]){NUMBER}(?![\w.]*\d)", phrase, re.IGNORECASE)
    return [
        float(WORDS.get(word.lower(), -1)) if word[0].isalpha() else float(word.replace(",", ""))
        for word in found
    ]


def typed(text: str, held: Held) -> list[str]:
    """Find each phrase whose number a fact holds, as far as the page has to quote it."""
    cited = {reference.split(":")[0] for reference in re.findall(r"\{fact\}`([^`]+)`", text)}
    hits = []
    for unit, rule in FOUND.items():
        for phrase in (found[0] for found in rule.finditer(prose(text))):
            for amount in amounts(phrase):
                pair = (amount * 7, "days") if unit == "weeks" else (amount, unit)
                holders = held.get(pair, set())
                small = unit in SMALL or amount < PARTICULAR.get(unit, 0) or amount in COMMON.get(unit, set())
                if holders and (not small or holders & cited):
                    hits.append(phrase)
                    break
    return hits


def excused(path: Path, phrase: str) -> bool:
    """Tell whether the phrase is named as a story's own number."""
    place = path.parent.name if path.name == "case.md" else path.name
    return (place, phrase) in STORY


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_number_that_a_fact_holds_is_quoted(path: Path, held: Held) -> None:
    found = [phrase for phrase in typed(path.read_text("utf-8"), held) if not excused(path, phrase)]

    assert found == [], f"{path.name} types what a fact holds; quote it, or name it in STORY with a reason"


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("The coordinator's day, 45 days after your report.", "45 days"),
        ("Under a policy of ninety and thirty days.", "ninety and thirty days"),
        ("No patch in ninety days exists.", "ninety days"),
        ("Forty-five days to ninety days.", "Forty-five days"),
        ("Within 72 hours, says the slide.", "72 hours"),
        ("A ninety-day window.", "ninety-day"),
        ("Machines of 34 qubits are listed.", "34 qubits"),
        ("{fact}`us.15cfr762.6` So keep it for five years.", "five years"),
        ("{fact}`cvd.project-zero.exploited` That is one week.", "one week"),
    ],
)
def test_the_search_finds_what_was_typed(sentence: str, phrase: str, held: Held) -> None:
    assert phrase in typed(sentence, held)


@pytest.mark.parametrize(
    "sentence",
    [
        "She has worked here for five years.",
        "After {fact}`cvd.project-zero:patch` it is public.",
        "A talk of 44 minutes in 91 days.",
        "The entry is 3A501.b.13, see Article 72.",
    ],
)
def test_the_search_lets_stories_and_quotations_pass(sentence: str, held: Held) -> None:
    assert typed(sentence, held) == []


def test_every_exception_is_still_needed(held: Held) -> None:
    used = {
        (path.parent.name if path.name == "case.md" else path.name, phrase)
        for path in PAGES
        for phrase in typed(path.read_text("utf-8"), held)
    }

    assert set(STORY) - used == set()
