"""Prose and facts hold together: numbers of law are quoted, outcomes are served, commands are documented."""

from __future__ import annotations

import re
from pathlib import Path

import coursefacts
import pytest

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
PAGES = sorted((BOOK / "modules").glob("**/*.md"))
CITING = [*PAGES, *sorted((ROOT / "scenarios" / "cases").glob("*/case.md"))]

# Numbers that only the law fixes: a bound, a band's edge with its unit, a penalty.
LEGAL_NUMBERS = [
    r"(?<![\d.])0\.015\s*dB",
    r"600\s*(µW|uW|microwatt)",
    r"4\.5\s*K\b",
    r"0\.08\s*(%|per cent)",
    r"\b(34|100|200|350|500|700|1,?100|2,?000)\s+(or more\s+)?qubits?\b",
    r"\b180 days\b",
    r"\bfive years\b",
    r"\b(24|72|96)[\s-]hours?\b",
    r"US?\$\s?[\d,]+",
]


def without_quotes(text: str) -> str:
    """Drop what is quoted from facts or is code."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return re.sub(r"`[^`]*`", "", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(BOOK)))
def test_numbers_of_law_are_quoted_from_facts(path: Path) -> None:
    text = without_quotes(path.read_text(encoding="utf-8"))
    typed = [match.group(0) for rule in LEGAL_NUMBERS for match in re.finditer(rule, text)]

    assert typed == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(BOOK)))
def test_every_fact_that_a_page_cites_exists(path: Path) -> None:
    facts = coursefacts.load(BOOK / "facts")
    cited = re.findall(r"\{fact\}`([^`]+)`", path.read_text(encoding="utf-8"))

    for reference in cited:
        facts.get(reference.split(":")[0])


# "RSA-2048 with 372 qubits qubits": the unit was written by the value and typed again.
DOUBLED = re.compile(r"\b([A-Za-z]+)[^\S\n]+\1\b", re.IGNORECASE)
# "In December 2022 24 authors": two numbers that read as one.
COLLIDED = re.compile(r"\b(?:19|20)\d\d\s+\d")


def test_no_fact_says_a_word_twice_or_runs_two_numbers_together() -> None:
    found = [
        (fact.id, hit[0])
        for fact in coursefacts.load(BOOK / "facts").values()
        for words in (fact.text(), fact.note or "", fact.binds or "")
        for rule in (DOUBLED, COLLIDED)
        for hit in rule.finditer(words)
    ]

    assert found == []


@pytest.mark.parametrize("path", CITING, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_types_the_unit_that_a_quoted_value_writes(path: Path) -> None:
    facts = coursefacts.load(BOOK / "facts")

    def written(quoted: re.Match[str]) -> str:
        name, _, value = quoted[1].partition(":")
        return facts.get(name).value(value)

    text = re.sub(r"\{fact\}`([^`:]+:[^`]+)`", written, path.read_text(encoding="utf-8"))
    quoted = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)

    assert [hit[0] for rule in (DOUBLED, COLLIDED) for hit in rule.finditer(quoted)] == []


def test_every_command_is_documented() -> None:
    words = "\n".join(path.read_text("utf-8") for path in [ROOT / "README.md", *sorted(BOOK.glob("**/*.md"))])
    words += "\n" + (ROOT / "scenarios" / "README.md").read_text("utf-8")
    words += (
        "\n" + (ROOT / "CONTRIBUTING.md").read_text("utf-8") + (ROOT / "MAINTAINING.md").read_text("utf-8")
    )
    for program, module in [
        ("scenarios", "scenarios.engine.cli"),
        ("autograder", "autograder.cli"),
        ("records", "autograder.records.cli"),
        ("coursefacts", "coursefacts.__main__"),
    ]:
        group = __import__(module, fromlist=["main"]).main
        missing = [name for name in group.commands if f"{program} {name}" not in words]
        assert missing == [], f"commands of {program} that no page mentions"
