"""The course's own errata: on facts that exist, told in the changelog and on a page, and never lost."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from coursefacts import FactBook, load
from coursefacts.errata import LEVELS, Erratum, folder_beside, load_errata
from coursefacts.loader import DEFAULT_FOLDER
from coursefacts.schema import text as schema_text
from coursefacts.versions import load_releases, order

ROOT = Path(__file__).resolve().parents[2]
FACTS = load()
ERRATA = load_errata(folder_beside(DEFAULT_FOLDER), FACTS)
BLOCK = re.compile(r"^## (\d+\.\d+\.\d+) \((unreleased|\d{4}-\d\d-\d\d)\)\n(.*?)(?=^## |\Z)", re.M | re.S)
CHANGELOG = {
    found[1]: (found[2], found[3]) for found in BLOCK.finditer((ROOT / "CHANGELOG.md").read_text("utf-8"))
}


def test_the_schema_is_current() -> None:
    assert (folder_beside(DEFAULT_FOLDER) / "schema.json").read_text(encoding="utf-8") == schema_text(Erratum)


def test_each_version_that_has_gone_out_has_said_what_it_taught() -> None:
    gone = [name for name, (day, _) in CHANGELOG.items() if day != "unreleased"]
    assert sorted(gone, key=order) == [release.version for release in load_releases(DEFAULT_FOLDER)]
    assert version("open-by-default") in gone
    for release in load_releases(DEFAULT_FOLDER):
        assert CHANGELOG[release.version][0] == release.date


def test_no_fact_that_was_taught_has_been_thrown_away() -> None:
    """A record cites what was taught: a fact is repealed or superseded, and its file stays."""
    for release in load_releases(DEFAULT_FOLDER):
        assert set(release.facts) <= set(FACTS)


@pytest.mark.parametrize("one", ERRATA, ids=lambda one: one.id)
def test_an_erratum_is_told_in_the_changelog_with_its_facts(one: Erratum) -> None:
    newest = next(iter(CHANGELOG))
    block = CHANGELOG[one.mended_in or newest][1].partition("### Code")[0]
    told = [line for line in block.splitlines() if line.startswith(f"- **{one.id}**")]
    assert len(told) == 1, f"{one.id} is not named once under Content"
    assert LEVELS[one.level] in told[0]
    assert set(one.facts) <= set(re.findall(r"`([^`]+)`", told[0]))


@pytest.mark.parametrize("one", ERRATA, ids=lambda one: one.id)
def test_an_erratum_touches_what_a_record_may_cite(one: Erratum) -> None:
    """At least one of its facts was in the course when somebody was taught the wrong thing."""
    known: set[str] = set().union(*(release.facts for release in load_releases(DEFAULT_FOLDER)))
    assert known & set(one.facts)


def test_the_book_shows_every_level() -> None:
    page = (ROOT / "book" / "reference" / "errata.md").read_text(encoding="utf-8")
    assert re.findall(r"```\{errata\} (\S+)", page) == list(LEVELS)
    assert "reference/errata" in (ROOT / "book" / "_toc.yml").read_text(encoding="utf-8")


def test_the_facts_are_those_of_the_course() -> None:
    assert isinstance(FACTS, FactBook) and len(ERRATA) >= 15
