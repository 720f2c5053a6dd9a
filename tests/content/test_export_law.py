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
SUITCASE = ROOT / "scenarios" / "cases" / "amplifier-in-the-suitcase" / "case.md"
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


def test_what_decides_about_the_suitcase_is_quoted_before_it_is_decided() -> None:
    """The sheet's fourth line can be found by whoever reads the two conditions that stand above it."""
    text = SUITCASE.read_text(encoding="utf-8")
    store = text.split("## The store")[1].split("## ")[0]
    shown, choices = store.split("- **", 1)

    assert "{fact}`eu.821.eu001.not`" in shown and "free warehouse" in shown
    assert "restrict, sound" in choices and "1 K" in text.split("## What it is")[1].split("- **")[0]


@pytest.mark.parametrize("page", ["what-is-an-export", "when-to-ask"])
def test_the_lessons_say_what_the_american_rule_leaves_free(page: str) -> None:
    text = (BOOK / "modules" / "export-controls" / f"{page}.md").read_text(encoding="utf-8")
    assert "{fact}`us.quantum-deemed-exports`" in text


# What is free because it may be published is technology and software; what an agency asks for is a record.
TOO_WIDE = re.compile(
    r"results[^.]{0,40}free to publish are free|nothing may be (?:destroyed|thrown away)", re.IGNORECASE
)


def test_no_page_or_case_frees_or_keeps_more_than_the_american_texts_do() -> None:
    pages = [*(BOOK / "modules").rglob("*.md"), *(ROOT / "scenarios" / "cases").rglob("case.md")]
    assert len(pages) > 50
    assert not [page.name for page in pages if TOO_WIDE.search(page.read_text(encoding="utf-8"))]
    checklist = (BOOK / "modules" / "export-controls" / "checklist.md").read_text(encoding="utf-8")
    assert "free in both systems, American encryption code aside" in checklist


def test_what_is_required_stays_controlled_in_a_machine_below_the_line(facts: FactBook) -> None:
    assert "shared by different products" in facts.get("us.15cfr772.1.required").text()
    assert "unlisted goods as well" in facts.get("eu.821.gtn.required").text()
    lesson = (BOOK / "modules" / "export-controls" / "research-exemptions.md").read_text(encoding="utf-8")
    assert "works as well for a machine below the line is not" not in lesson
    assert "stays so where it serves a machine below" in lesson


# Words of the German and Spanish texts were not compared, and neither list is graded.
NOT_COMPARED = {"DE", "ES"}


def compared(entries: list[Fact]) -> list[Fact]:
    """Entries that name an item, in the lists whose words were read."""
    return [fact for fact in entries if jurisdiction(fact) not in NOT_COMPARED]


def test_every_technology_entry_says_by_which_note_it_is_limited(facts: FactBook) -> None:
    """Without the word, a list reads as if it held all that a laboratory knows."""
    entries = compared(knowledge(facts, "technology"))

    assert len(entries) == 8
    for fact in [*entries, facts.get("eu.4e001.a")]:
        assert "General Technology Note" in fact.text(), fact.id


def test_every_software_entry_says_specially_designed(facts: FactBook) -> None:
    """Without the words, a general simulator with which somebody designs a chip would be listed."""
    entries = compared(knowledge(facts, "software"))

    assert len(entries) == 9
    for fact in entries:
        assert re.search(r"^Software specially designed\b", fact.text()), fact.id
    assert sum("or modified" in fact.text() for fact in entries) == 6


def test_where_a_text_was_not_compared_the_fact_says_so(facts: FactBook) -> None:
    for kind in ("technology", "software"):
        for fact in knowledge(facts, kind):
            assert (jurisdiction(fact) in NOT_COMPARED) is ("not compared" in (fact.note or "")), fact.id


def test_readers_who_publish_code_learn_that_research_does_not_free_it_in_the_union(facts: FactBook) -> None:
    page = (BOOK / "modules" / "export-controls" / "research-exemptions.md").read_text(encoding="utf-8")

    for fact in ("us.15cfr772.1.required", "eu.821.gtn.required", "eu.821.gtn.minimum", "eu.821.gsn"):
        assert f"{{fact}}`{fact}`" in page
        assert facts.get(fact).confidence == "seen"
    assert "basic scientific research frees technology, and not software" in page
    assert "does not name basic scientific research" in facts.get("eu.821.gsn").text()


def test_the_british_list_has_an_exemption_for_research_too(facts: FactBook) -> None:
    page = (BOOK / "modules" / "export-controls" / "research-exemptions.md").read_text(encoding="utf-8")

    assert "{fact}`gb.428-2009.gtn`" in page and "{fact}`gb.eca2002.s8`" in page
    assert facts.get("gb.428-2009.gtn").confidence == "reported"
    assert facts.get("gb.eca2002.s8").confidence == "seen"
