"""The course's own facts: complete, sourced, coherent."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import pytest
from coursefacts import Fact, FactBook, load
from coursefacts.controls import JURISDICTIONS, bands, entries, jurisdiction
from coursefacts.loader import DEFAULT_FOLDER
from coursefacts.schema import text as schema_text
from coursefacts.values import Quantity
from jsonschema import Draft202012Validator

CARRIED = json.loads((Path(__file__).parent / "carried.json").read_text(encoding="utf-8"))
# The scope of these two as it has been worded since the amendment; the entries themselves are older.
REWORDED = {"5506(2)(a)(i)", "5506(2)(b)(i)"}


@pytest.fixture(scope="module")
def facts() -> FactBook:
    return load()


def test_the_schema_is_current():
    assert (DEFAULT_FOLDER / "schema.json").read_text(encoding="utf-8") == schema_text()


def test_every_fact_meets_the_schema(facts: FactBook):
    validator = Draft202012Validator(json.loads(schema_text()))
    for fact in facts.values():
        assert not list(validator.iter_errors(fact.to_json())), fact.id


def test_the_schema_refuses_an_unknown_key(facts: FactBook):
    raw = {**facts.get("us.4a906.a").to_json(), "opinion": "good"}
    assert list(Draft202012Validator(json.loads(schema_text())).iter_errors(raw))


def test_ids_follow_from_file_names(facts: FactBook):
    paths = sorted(DEFAULT_FOLDER.rglob("*.yml"))
    assert sorted(path.stem for path in paths) == list(facts)
    assert all(path.parent.name == facts[path.stem].topic for path in paths)


@pytest.mark.parametrize("row", CARRIED, ids=lambda row: f"{row[0]}-{row[1]}")
def test_every_list_entry_that_was_read_is_carried(row: list, facts: FactBook):
    place, code, first, last, as_of, numbers = row
    found = [
        fact
        for fact in facts.by_topic("control-list")
        if jurisdiction(fact) == place and fact.source.locator == code and fact.confidence == "seen"
    ]
    assert len(found) == 1, code
    fact = found[0]
    assert fact.source.text_as_of == as_of
    assert fact.in_force.until == last
    if code not in REWORDED:
        assert fact.in_force.from_ == first
    if bands(fact):
        assert [[band.qubits_min, band.qubits_max, band.cnot_error_max] for band in bands(fact)] == numbers
    else:
        carried = [value.value for value in fact.values.values() if isinstance(value, Quantity)]
        assert set(numbers) <= set(carried), fact.id


def test_the_german_power_that_lost_its_sign_is_not_carried(facts: FactBook):
    fact = facts.get("de.3a1904.a")
    assert not [v for v in fact.values.values() if isinstance(v, Quantity) and v.unit in ("W", "uW")]
    assert fact.note and "micro sign" in fact.note


def test_only_current_lists_are_graded(facts: FactBook):
    for place in JURISDICTIONS.values():
        newest = entries(facts, place.code)[-1]
        assert (newest.status == "in-force") is place.graded
        assert (newest.status == "not-verified-since") is (not place.graded)
        assert place.graded or JURISDICTIONS[place.instead or ""].graded


def test_the_old_british_codes_are_history(facts: FactBook):
    old = [fact for fact in facts.values() if fact.id.startswith("gb.pl90")]
    assert len(old) == 15
    for fact in old:
        assert (fact.status, fact.in_force.until) == ("repealed", "2025-12-15")
        assert " is listed" not in fact.text() and " are listed" not in fact.text()
    successor = facts.successor("gb.pl9014.a")
    assert successor is not None and successor.id == "gb.4a506.a"


def test_a_successor_begins_when_its_predecessor_has_ended(facts: FactBook):
    for fact in facts.values():
        if fact.supersedes:
            old = facts.get(fact.supersedes)
            assert old.status == "repealed"
            assert old.in_force.until and fact.in_force.from_
            assert old.in_force.until < fact.in_force.from_


def test_nothing_is_taught_from_memory(facts: FactBook):
    for path in DEFAULT_FOLDER.rglob("*.yml"):
        assert "[M]" not in path.read_text(encoding="utf-8")
    assert {fact.confidence for fact in facts.values()} == {"seen", "reported"}


def test_review_dates_follow_the_kind_of_source(facts: FactBook):
    for fact in facts.values():
        read, review = (datetime.date.fromisoformat(day) for day in (fact.source.read_on, fact.review_by))
        if fact.source.read_on == "2026-11-22":
            assert fact.review_by in ("2027-02-22", "2027-05-22", "2027-11-22"), fact.id
        if fact.topic == "control-list":
            assert (review - read).days <= 184, f"{fact.id}: a list is read again after six months"
        if fact.status == "proposed":
            assert (review - read).days <= 92, f"{fact.id}: a proposal is read again after three months"
        assert review > read


def test_an_undated_copy_says_so(facts: FactBook):
    for fact in facts.values():
        if fact.source.text_as_of is None:
            assert "no date" in (fact.note or ""), fact.id


def _sentences(text: str) -> int:
    return len(re.findall(r"[.!?](?=\s+[A-Z]|$)", text))


def test_statements_are_short_and_whole_sentences(facts: FactBook):
    for fact in facts.values():
        text = fact.text()
        assert text.endswith("."), fact.id
        assert 1 <= _sentences(text) <= 2, fact.id
        assert len(text) <= 380, fact.id
        assert "{" not in text, fact.id


# Numbers that name something (a section, a code, a day, an isotope) and are no quantity of the rule.
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_NAMES = re.compile(
    "|".join(
        (
            rf"\d{{1,2}} {_MONTH} \d{{4}}",
            rf"{_MONTH} (?:of )?\d{{4}}",
            r"\b(?:19|20)\d\d\b",
            r"\(EU\) \d{4}/\d+",
            r"\d+/BIS/\d+",
            r"1 Hz|EU00\d|EAR99|A:1|D:1|D:5|FIPS 140-2|4A or 4D",
            r"\b\d+ CFR [\d.()a-z]+",
            r"arts? \d+[A-Z]?(?:(?:, | and )\d+[A-Z]?)*",
            r"Art\. [\d()]+",
            r"PL\d{4}[\w.]*",
            r"\b\d\.?[A-E]\.?\d{3,4}[\w.]*",
            r"\d{4}\(\d\)[\w()]*",
            r"Table \d|column \d|1EdTech",
        )
    )
)


def test_numbers_of_law_are_values(facts: FactBook):
    """A bare number in a statement would be a second copy of what `values` holds."""
    for fact in facts.values():
        left = _NAMES.sub("", re.sub(r"\{[^}]*\}", "", fact.statement))
        assert not re.findall(r"\d", left), f"{fact.id}: {left}"


def test_nothing_starts_a_clock_that_is_not_known_to_bind(facts: FactBook):
    unbound = [fact.id for fact in facts.by_topic("clock") if fact.binds is None]
    assert unbound == ["us.15cfr743.8.termination"]
    assert facts.get(unbound[0]).confidence == "reported"


def test_reported_facts_say_who_reported_them(facts: FactBook):
    for fact in facts.values():
        assert (fact.attribution != "") is (fact.confidence == "reported")
    assert facts.get("case.ntnu").attribution.startswith("as reported by Khrono")


def test_the_norwegian_case_ends_with_the_acquittal(facts: FactBook):
    assert "acquitted" in facts.get("case.ntnu").text()


def test_the_digest_follows_content_and_not_form(facts: FactBook, tmp_path: Path):
    def digest(text: str) -> str:
        folder = tmp_path / "control-list"
        folder.mkdir(exist_ok=True)
        (folder / "us.test.a.yml").write_text(text, encoding="utf-8")
        return load(tmp_path).digest

    sound = (Path(__file__).parent / "sound.yml").read_text(encoding="utf-8")
    first = digest(sound)
    assert re.fullmatch(r"[0-9a-f]{64}", first)
    assert digest("# a comment\n" + sound) == first
    assert digest(sound.replace("34", "35")) != first
    assert facts.digest == load().digest


def test_addresses_are_addresses(facts: FactBook):
    for fact in facts.values():
        assert re.fullmatch(r"https://[\w.-]+\.[a-z]+(/\S*)?", fact.source.url), fact.id


def _computers(facts: FactBook) -> list[Fact]:
    return [fact for fact in facts.by_topic("control-list") if bands(fact)]


def test_the_thresholds_are_the_same_in_all_texts_that_were_read(facts: FactBook):
    found = {
        tuple((band.qubits_min, band.qubits_max, band.cnot_error_max) for band in bands(fact))
        for fact in _computers(facts)
    }
    assert len(_computers(facts)) == 7 and len(found) == 1
