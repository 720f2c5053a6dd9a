"""The parts of a page that can be made without Sphinx: policy, foot, labels, lists of sections, digests."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from coursebook import csp
from coursebook.build import faults
from coursebook.cards import points, rows_of
from coursebook.facts import anchor, exact_line, foot
from coursebook.meta import PageMeta
from coursebook.page import _sections
from coursebook.stale import digest_of, execution_digest, sources
from coursefacts import FactBook, load
from coursefacts.phrases import host
from pydantic import ValidationError


@pytest.fixture(scope="module")
def facts() -> FactBook:
    return load(Path(__file__).parent / "sample_book" / "book" / "facts")


def test_the_policy_allows_own_scripts_and_no_inline_one() -> None:
    scripts = next(part for part in csp.meta_policy().split("; ") if part.startswith("script-src"))
    assert scripts == "script-src 'self'"
    assert "default-src 'none'" in csp.meta_policy()
    assert "frame-ancestors" not in csp.meta_policy()  # a <meta> may not carry it


def test_a_script_in_a_page_is_not_allowed_by_being_there() -> None:
    assert csp.policy_for("<script>steal()</script>") == csp.policy_for("")
    assert "frame-ancestors 'none'" in csp.policy_for("")


def test_a_fact_that_is_seen_and_in_force_needs_no_label(facts: FactBook) -> None:
    assert facts["xx.machine"].label() == ""


def test_labels_name_the_reporter_once_and_the_last_known_day(facts: FactBook) -> None:
    assert facts["xx.reported"].label() == "(as reported by A law firm's note)"
    assert facts["xx.reported"].label(first=False) == "(reported)"
    assert facts["xx.old"].label() == "(not verified since 8 June 2024, as of 22 November 2026)"


def test_the_foot_lists_each_source_with_its_dates(facts: FactBook) -> None:
    text = foot(facts, ["xx.machine", "xx.reported"])
    assert text.count('<p class="fact-sentence">') == 2
    assert escape(facts["xx.machine"].text()) in text
    assert text.startswith('<section class="facts" aria-labelledby="sources"><details class="sources" open>')
    assert text.index("fact-xx-machine") < text.index("fact-xx-reported")
    assert "Text of 23 July 2026, read 22 November 2026; to be read again by 22 May 2027." in text
    assert "Invented for the tests." in text
    assert 'data-review-by="2026-12-01"' in text


def test_a_copy_stands_beside_the_official_address(facts: FactBook) -> None:
    text = foot(facts, ["xx.old"])
    assert '<a href="https://gazette.example/">A gazette, annex</a>.' in text
    link = '<a href="https://www.mirror.example/gazette.md">mirror.example</a>'
    assert f"Read in a copy at {link}: text of 8 June 2024, read 22 November 2026;" in text
    assert "a copy at" not in foot(facts, ["xx.machine"])


def test_a_copy_on_a_site_of_many_owners_names_its_owner() -> None:
    assert host("https://github.com/someone/laws/blob/HEAD/list.md") == "github.com/someone"
    assert host("https://www.legislation.gov.uk/uksi/2024/346") == "legislation.gov.uk"
    assert host("https://www.bsi.bund.de") == "bsi.bund.de"


def test_a_report_leads_to_the_report_and_names_the_text_that_was_not_read(facts: FactBook) -> None:
    text = foot(facts, ["xx.reported"])
    assert 'As reported by <a href="https://firm.example/note">A law firm&#x27;s note, page 2</a>.' in text
    assert 'Official address: <a href="https://ministry.example/list">ministry.example</a>, not read.' in text
    assert "a copy at" not in text


def test_a_copy_of_another_day_is_dated_by_itself(facts: FactBook) -> None:
    old = facts["xx.old"]
    assert old.source.copy_ is not None
    later = old.source.copy_.model_copy(update={"text_as_of": "2024-09"})
    changed = old.model_copy(update={"source": old.source.model_copy(update={"copy_": later})})
    assert ": text of September 2024, read" in foot(FactBook({"xx.old": changed}), ["xx.old"])


def test_whether_a_page_is_about_law_is_decided_by_its_facts_unless_it_says_so(facts: FactBook) -> None:
    assert foot(facts, []) == ""
    assert "legal advice" in foot(facts, [], law=True)
    assert "<details" not in foot(facts, [], law=True)
    assert (
        foot(facts, ["xx.machine"]).partition("</details>")[2].startswith('<p class="foot-note">This page is')
    )
    assert "legal advice" in foot(facts, ["xx.machine"])
    assert "legal advice" not in foot(facts, ["xx.machine"], law=False)


def test_tables_are_as_stale_as_the_first_of_all_facts(facts: FactBook) -> None:
    text = foot(facts, [], tables=True)
    assert 'data-review-by="2026-12-01"' in text and "3 facts" in text and "legal advice" in text


def test_ids_can_be_selected() -> None:
    assert anchor("us.4a906.a") == "fact-us-4a906-a"


def test_a_slip_is_found_on_its_line_of_a_paragraph(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Title\n\nOne.\nTwo {fact}`x.y`.\n", encoding="utf-8")
    assert exact_line(page, 3, "`x.y`") == 4
    assert exact_line(page, 3, "`gone`") == 3
    assert exact_line(tmp_path / "none.md", 3, "`x.y`") == 3


def test_sections_leave_the_title_out_and_add_the_sources() -> None:
    toc = '<ul>\n<li><a href="#">T</a><ul>\n<li><a href="#a">A</a></li>\n</ul>\n</li>\n</ul>\n'
    assert _sections(toc, footed=False).count("<li>") == 1
    assert 'href="#sources"' in _sections(toc, footed=True)
    assert _sections('<ul><li><a href="#">T</a></li></ul>', footed=True) == ""


@pytest.mark.parametrize("bad", [{"minuets": 3}, {"minutes": 0}, {"outcomes": ["e1"]}, {"kind": "essay"}])
def test_front_matter_with_a_slip_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PageMeta.model_validate(bad)


def test_points_are_a_number_or_a_sum_of_parts() -> None:
    assert points(30) == "30"
    assert points({"automatic": 20, "by_a_person": 10}) == "30 (20 automatic, 10 by a person)"
    assert rows_of({"points": 30, "minutes": 60}) == [("Points", "30"), ("Time", "about 60 minutes")]


def test_the_digest_of_what_a_cell_sees_follows_facts_and_pinned_versions(tmp_path: Path) -> None:
    before = execution_digest(tmp_path, "one")
    assert execution_digest(tmp_path, "one") == before
    assert execution_digest(tmp_path, "two") != before
    (tmp_path / "constraints.txt").write_text("numpy==1\n", encoding="utf-8")
    assert execution_digest(tmp_path, "one") != before


def test_a_digest_follows_names_and_contents_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("y", encoding="utf-8")
    assert [path.name for path in sources(tmp_path)] == ["a.py"]
    before = digest_of(sources(tmp_path))
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert digest_of(sources(tmp_path)) != before


def test_a_builds_log_is_told_in_its_faults_alone(tmp_path: Path) -> None:
    log = (
        f"{tmp_path}/book/a.md:3: WARNING: no fact 'x'\nnoise\n{tmp_path}/book/a.md:3: WARNING: no fact 'x'\n"
    )
    assert faults(log, tmp_path) == ["book/a.md:3: WARNING: no fact 'x'"]
    assert faults("noise\nsphinx.errors.ThemeError: no theme\nTraceback\n", tmp_path) == [
        "sphinx.errors.ThemeError: no theme"
    ]
