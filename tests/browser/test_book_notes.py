"""Cards for sources and words, the folded foot, and search, in the real book and a real Chromium."""

from __future__ import annotations

import re

import pytest
from coursebook.search import read
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.test_book_pages import Watched, book  # noqa: F401  # a fixture
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

LESSON = "modules/export-controls/what-is-an-export.html"
WORD = "a[href*='glossary.html#term-']"
SAID = "Array.from(document.querySelectorAll('{}')).filter(e => e.checkVisibility()).length"


def parts(page: Page) -> tuple[Locator, Locator, Locator]:
    """The card, the first quoted fact that is followed by a sign, and the first word of the glossary."""
    return page.locator(".fact-card"), page.locator("a.fact-mark").first, page.locator(f"main {WORD}").first


def test_the_pointer_and_the_keyboard_open_a_card_that_stays_and_closes_by_escape(
    chromium: Browser,
    book: str,  # noqa: F811
) -> None:
    watched = Watched(chromium.new_context(viewport={"width": 1280, "height": 900}))
    page = watched.page
    page.goto(book + LESSON)
    card, fact, word = parts(page)
    foot = page.locator("details.sources")
    expect(foot).not_to_have_attribute("open", "")
    # Somebody with a mouse.
    fact.hover()
    expect(card.locator(".fact-sentence")).to_be_visible()
    expect(card).to_contain_text("to be read again by")
    source = page.locator(f"#{fact.get_attribute('aria-describedby')}")
    assert source.get_by_role("link", include_hidden=True).first.get_attribute("href").startswith("https://")
    card.hover()
    page.wait_for_timeout(500)  # longer than the moment after which it would close
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    word.hover()
    expect(card).to_contain_text(re.compile(r"\w+: \w+"))
    assert watched.axe() == []
    page.mouse.move(2, 2)
    expect(card).to_be_hidden()
    # Somebody with a keyboard: the card comes with the focus, and Enter leads to the foot and back.
    fact.focus()
    expect(card).to_be_visible()
    page.mouse.move(4, 4)
    page.wait_for_timeout(500)
    expect(card).to_be_visible()  # the pointer, elsewhere, does not take it away
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(fact).to_be_focused()
    page.keyboard.press("Enter")
    expect(foot).to_have_attribute("open", "")
    entry = page.locator(f"[id='{fact.get_attribute('href')[1:]}']")
    expect(entry).to_be_in_viewport()
    assert watched.axe() == []  # the foot unfolded, with its way back
    entry.get_by_role("link", name="Back to the place in the text").press("Enter")
    expect(fact).to_be_in_viewport()
    page.go_back()
    expect(entry).to_be_in_viewport()
    # What a screen reader says with a word is its meaning.
    meaning = page.locator(f"[id='{word.get_attribute('aria-describedby')}']")
    assert len(meaning.text_content()) > 30
    assert watched.complaints == []
    page.context.close()


def test_a_tap_opens_the_card_and_a_second_one_follows_the_link(chromium: Browser, book: str) -> None:  # noqa: F811
    context = chromium.new_context(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(book + LESSON)
    card, fact, word = parts(page)
    where = page.url
    for link, second in ((fact, "#fact-"), (word, "glossary.html#term-")):
        link.scroll_into_view_if_needed()
        link.tap()
        expect(card).to_be_visible()
        box = card.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert page.url == where
        page.locator("main h1").first.dispatch_event("click")  # a tap beside it
        expect(card).to_be_hidden()
        link.tap()
        link.tap()
        page.wait_for_url(lambda url, part=second: part in url)
        page.goto(where)
    fact.tap()
    card.get_by_role("link", name="In the list of sources", include_hidden=True).tap()
    expect(page.locator("details.sources")).to_have_attribute("open", "")
    assert "#fact-" in page.url
    context.close()


def test_an_address_that_means_a_source_unfolds_the_foot_and_paper_shows_it_all(
    chromium: Browser,
    book: str,  # noqa: F811
) -> None:
    page = chromium.new_page()
    page.goto(book + LESSON)
    address = page.locator("a.fact-mark").first.get_attribute("href")
    page.goto("about:blank")
    page.goto(book + LESSON + address)
    expect(page.locator(address)).to_be_in_viewport()
    page.goto(book + LESSON)
    entries = page.locator("section.facts .fact-source")
    expect(entries.first).to_be_hidden()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(SAID.format("section.facts .fact-source")) == entries.count() > 3
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(entries.first).to_be_hidden()
    page.close()
    plain = chromium.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(book + LESSON)
    page.locator("a.fact-mark").first.click()
    expect(page.locator(address)).to_be_in_viewport()
    expect(page.locator(f"{address} .fact-source")).to_be_visible()
    plain.close()


def found(page: Page, book: str, query: str) -> list[tuple[str, str]]:  # noqa: F811
    """Search as a reader does; answer page and title of each result, when all are there."""
    page.goto(book + "search.html")
    page.get_by_role("searchbox").fill(query)
    page.keyboard.press("Enter")
    expect(page.locator(".search-summary")).not_to_be_empty()
    links = page.locator("ul.search > li > a")
    return [(link.get_attribute("href"), link.inner_text()) for link in links.all()]


def test_search_finds_a_thing_by_each_of_its_names_and_says_where_it_belongs(
    chromium: Browser,
    book: str,  # noqa: F811
) -> None:
    watched = Watched(chromium.new_context())
    page = watched.page
    _, entries = read(ROOT / "book" / "synonyms.yml")
    asked = [(name, entry.pages) for entry in entries for name in entry.names]
    assert len(asked) > 100
    # Typing all of them would take minutes: most are asked of the same code that the page runs.
    found(page, book, "export")
    listing = "(q) => Search._performSearch(...Search._parseQuery(q)).reverse().map((found) => found[0])"
    for name, pages in asked:
        assert page.evaluate(listing, name.upper())[: len(pages)] == pages, name
    for query, wanted in (
        ("QKD", "modules/publication/lab-the-key-that-leaks-nothing-visible"),
        ("who do I call?", "modules/incidents/checklist"),
        ("EAR", "modules/export-controls/the-control-lists"),
        ("deemed exports for a visiting scientist", "modules/export-controls/case-visitor-and-chip"),
        ("NIST PQC", "modules/publication/lab-is-this-quantum-factoring"),
        ("the TLP", "modules/classification/who-decides"),
        ("CFI", "modules/export-controls/who-where-what-for"),
    ):
        first = [address.partition(".html")[0] for address, _ in found(page, book, query)[:5]]
        assert wanted in first, f"{query}: {first}"
    # Four pages are called Quiz; each says of which module.
    titles = {title for address, title in found(page, book, "quiz") if address.endswith("/quiz.html")}
    assert "Quiz · Export controls" in titles
    assert len(titles) == 4
    # What a learner needs comes before what is told of the making; only a title asked for by name goes first.
    for query in ("grade", "notebook", "record", "case"):
        there = [address for address, _ in found(page, book, query)]
        late = [at for at, address in enumerate(there) if address.startswith("colophon/")]
        early = [at for at, address in enumerate(there) if address.startswith("modules/")]
        assert early, query
        assert not late or max(early) < min(late), query
    title = page.goto(book + "colophon/threat-model.html") and page.title().partition(" · ")[0]
    assert found(page, book, title)[0][0] == "colophon/threat-model.html"
    assert [said for said in watched.complaints if not said.startswith("304:")] == []  # its files are kept
    page.context.close()
