"""What the export-control module says of the law, where being nearly right does harm."""

from __future__ import annotations

import re
from pathlib import Path

import coursefacts
import pytest
from coursefacts import Fact, FactBook
from coursefacts.controls import jurisdiction

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
VISITOR = ROOT / "scenarios" / "cases" / "visitor-and-chip" / "case.md"
# What a lender's agreement, and not a control list, decides in the case.
NEEDS_A_LICENCE = re.compile(r"needed? a licence for (?:both|every)|no authorisation|apparent violation")


@pytest.fixture(scope="module")
def facts() -> FactBook:
    return coursefacts.load(BOOK / "facts")


def knowledge(facts: FactBook, kind: str) -> list[Fact]:
    """The entries of all lists for technology, or for software."""
    return [fact for fact in facts.by_topic("control-list") if fact.values.get("kind") == kind]


def test_no_american_quantum_entry_asks_for_a_licence_inside_the_country(facts: FactBook) -> None:
    """The rule of 2024 stops at reports there; a course that says more keeps people out for nothing."""
    entries = [fact for kind in ("technology", "software") for fact in knowledge(facts, kind)]
    american = [fact for fact in entries if jurisdiction(fact) == "US"]

    assert {fact.id for fact in american} == {"us.3d901", "us.3e901", "us.4d906", "us.4e906"}
    for fact in american:
        abroad, inside = (fact.binds or "").split(" applies. ")
        assert "out of the United States" in abroad and "licence is needed" in abroad, fact.id
        assert "inside the United States" in inside and "no licence" in inside, fact.id
        assert "us.quantum-deemed-exports" in inside, fact.id
    assert facts.get("us.quantum-deemed-exports").confidence == "reported"


def test_the_visitor_is_kept_from_the_layout_by_a_promise_and_not_by_a_licence() -> None:
    text = VISITOR.read_text(encoding="utf-8")
    best = text.split("## Ending: An open door and one lock")[1].split("## Ending:")[0]
    told = text.split("## Ending: A mistake, told in time")[1].split("## Ending:")[0]

    assert not NEEDS_A_LICENCE.findall(text)
    for ending in (best, told):
        assert "{fact}`us.quantum-deemed-exports`" in ending
    assert "agreement" in best and "promise to Kestrel" in told


@pytest.mark.parametrize("page", ["what-is-an-export", "when-to-ask"])
def test_the_lessons_say_what_the_american_rule_leaves_free(page: str) -> None:
    text = (BOOK / "modules" / "export-controls" / f"{page}.md").read_text(encoding="utf-8")
    assert "{fact}`us.quantum-deemed-exports`" in text
