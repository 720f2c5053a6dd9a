"""Every page of the real book in a real Chromium: quiet, light, accessible, narrow, printable, guarded.

A page is found by looking, never listed: a page that somebody adds is tested from then on.
"""

from __future__ import annotations

import functools
import html
import http.server
import io
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from coursebook.csp import meta_policy
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIRST_LOAD = 900_000
WIDE, NARROW = 1280, 320


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain file server: the book must need no more."""

    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def book(built_book: Path) -> Iterator[str]:
    """The address of the built book on a plain server."""
    handler = functools.partial(_Quiet, directory=str(built_book))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def pages(built_book: Path) -> list[str]:
    """The name of every page."""
    found = sorted(path.relative_to(built_book).as_posix() for path in built_book.rglob("*.html"))
    found = [name for name in found if not name.startswith("_")]
    assert len(found) > 20
    return found


class Watched:
    """A fresh page that notes what it asks for and what it complains of."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("console", lambda said: self._heard(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("response", self._answered)

    def _heard(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(f"{kind}: {text}")

    def _failed(self, request: Any) -> None:
        # Who goes on to the next page before an icon has come takes the request back; that is no fault.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} ({request.failure})")

    def _answered(self, response: Any) -> None:
        if response.status != 200:
            self.complaints.append(f"{response.status}: {response.url}")

    def weight(self) -> int:
        """Return the uncompressed bytes of the page and of all that it loaded."""
        return int(
            self.page.evaluate(
                "['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))"
                ".reduce((sum, entry) => sum + entry.decodedBodySize, 0)"
            )
        )

    def axe(self) -> list[str]:
        """Return what axe finds, one line for each."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        return [
            f"{fault['id']}: {node['html'][:160]}" for fault in found["violations"] for node in fault["nodes"]
        ]


# Colours hang on the theme and places on the width, so each page is seen in both themes and at both widths.
# Of the four pairs one page has two and the next the others, since all pages share their frame.
LOOKS = [[("light", WIDE), ("dark", NARROW)], [("dark", WIDE), ("light", NARROW)]]


def look(watched: Watched, scheme: str, width: int) -> list[str]:
    """Show the page in one theme at one width and return its faults there."""
    # Without motion, so that no colour is read half-way between two themes.
    watched.page.emulate_media(media="screen", color_scheme=scheme, reduced_motion="reduce")
    watched.page.set_viewport_size({"width": width, "height": 900})
    wide = watched.page.evaluate("document.documentElement.scrollWidth")
    faults = [f"{scheme}, {width} px: {fault}" for fault in watched.axe()]
    return faults + ([f"at {width} px it is {wide} px wide"] if wide > width else [])


def on_paper(watched: Watched) -> list[str]:
    """Show the page as it prints and return its faults there."""
    watched.page.emulate_media(media="print", color_scheme="dark")
    printed = watched.page.evaluate("document.querySelector('main').innerText.trim().length")
    pressed = watched.page.evaluate(
        "[...document.querySelectorAll('button, input, nav')].filter(e => e.offsetParent).length"
    )
    ink = watched.page.evaluate("getComputedStyle(document.body).color")
    return [
        fault
        for fault, found in (
            (f"prints {printed} characters", printed < 80),
            (f"prints {pressed} controls", pressed > 0),
            (f"prints light text, {ink}", max(map(int, re.findall(r"\d+", ink)[:3])) > 80),
        )
        if found
    ]


# Pages made by a code of their own; the others of a folder are text alone.
OWN_KINDS = {"case", "checklist", "exercise", "index", "lab", "progress", "quiz", "review", "search"}


def kind_of_page(name: str) -> tuple[str, str]:
    """Tell which pages are made as this one is: by their first folder and the first word of their name."""
    folder, _, file = name.rpartition("/")
    word = re.split(r"[-.]", file)[0]
    return folder.partition("/")[0], word if word in OWN_KINDS else ""


@pytest.mark.parametrize(
    "part",
    [
        "one of each kind",
        # Two halves, so that two workers can share the pages.
        pytest.param(0, marks=pytest.mark.proof),
        pytest.param(1, marks=pytest.mark.proof),
    ],
)
def test_every_page_is_quiet_light_accessible_narrow_and_printable(
    chromium: Browser, book: str, pages: list[str], part: int | str
) -> None:
    faults: list[str] = []
    host = urlsplit(book).netloc
    chosen = list({kind_of_page(name): name for name in pages}.values())
    for at, name in enumerate(chosen if isinstance(part, str) else pages[part::2]):
        context = chromium.new_context()  # a fresh one: nothing is in its cache
        watched = Watched(context)
        watched.page.goto(book + name)
        watched.page.wait_for_load_state("networkidle")
        weight = watched.weight()
        assert weight > 100_000, "not even the fonts were counted"
        here = [f"weighs {weight} bytes"] if weight >= FIRST_LOAD else []
        looks = LOOKS[at % 2]
        # In the short run a page has one look, and the next page another.
        for scheme, width in looks[at // 2 % 2 :][:1] if isinstance(part, str) else looks:
            here += look(watched, scheme, width)
        here += on_paper(watched)
        here += [f"asks {other}" for other in watched.hosts - {host}] + watched.complaints
        faults += [f"{name}: {fault}" for fault in here]
        context.close()
    assert not faults, "\n".join(faults)


def test_every_page_carries_the_policy(book: str, pages: list[str], built_book: Path) -> None:
    for name in pages:
        assert meta_policy() in html.unescape((built_book / name).read_text(encoding="utf-8")), name


def test_the_policy_is_in_force(chromium: Browser, book: str) -> None:
    page = chromium.new_page()
    page.goto(book)
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.got = 1';"
        " document.head.append(s); }"
    )
    assert page.evaluate("window.got") is None
    assert page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'out', () => 'kept in')") == "kept in"
    page.evaluate("document.body.setAttribute('onclick', 'window.got = 2')")
    page.evaluate("document.body.click()")
    assert page.evaluate("window.got") is None
    page.close()


def test_there_is_one_search_field_and_it_finds(chromium: Browser, book: str) -> None:
    watched = Watched(chromium.new_context())
    page = watched.page
    page.goto(book)
    assert page.locator("input[type=search], input[name=q]").count() == 1
    page.get_by_role("searchbox").fill("wafer prober")
    page.keyboard.press("Enter")
    page.wait_for_selector("ul.search li a")
    assert page.locator("input[name=q]").count() == 1
    assert page.locator("ul.search li a").count() >= 1
    assert not watched.complaints
    page.context.close()


def test_the_keyboard_alone_reaches_text_contents_and_theme(chromium: Browser, book: str) -> None:
    page = chromium.new_page(viewport={"width": NARROW, "height": 700}, color_scheme="light")
    page.goto(book)
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["x"] >= 0  # it shows when it has the focus
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.goto(book)
    summary = page.locator("#contents > summary")
    summary.focus()
    assert page.evaluate("document.getElementById('contents').open") is False
    page.keyboard.press("Enter")
    assert page.evaluate("document.getElementById('contents').open") is True
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != book)
    mode = page.locator("#mode")
    mode.focus()
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for _ in range(2):
        page.keyboard.press("Enter")
    expect(mode).to_have_text("Theme: dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.reload()
    expect(page.locator("#mode")).to_have_text("Theme: dark")  # the choice is kept
    page.close()


LESSON = "modules/export-controls/the-control-lists.html"


def test_a_facts_source_shows_on_focus_and_hover_and_closes_by_escape(chromium: Browser, book: str) -> None:
    page = chromium.new_page()
    page.goto(book + LESSON)
    link = page.locator("a[data-fact]").first
    card = page.locator(".fact-card")
    link.focus()
    expect(card).to_be_visible()
    assert "to be read again by" in card.inner_text()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    link.hover()
    expect(card).to_be_visible()
    card.hover()  # it stays while it is pointed at
    page.wait_for_timeout(400)
    expect(card).to_be_visible()
    source = page.locator(f"#{link.get_attribute('aria-describedby')}")
    expect(source).to_contain_text("read 22 November 2026")
    page.close()


LAB = "modules/classification/lab-calibration-file.html"
SHADES = """
() => Promise.all([...document.querySelectorAll('.cell_output img')].map(async (figure) => {
  await figure.decode();
  return [figure.alt.length, figure.getBoundingClientRect().width];
}))
"""


@pytest.mark.parametrize(("system", "chosen"), [("light", "dark"), ("dark", "light"), ("dark", "system")])
def test_a_figure_is_drawn_for_the_theme_of_its_page(
    chromium: Browser, book: str, system: str, chosen: str
) -> None:
    page = chromium.new_page(color_scheme=system, viewport={"width": 390, "height": 900})
    page.goto(book)
    page.evaluate("mode => localStorage.setItem('mode', mode)", chosen)
    page.goto(book + LAB)
    figures = page.evaluate(SHADES)
    assert len(figures) >= 5
    assert all(words > 40 and width <= 390 for words, width in figures)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    ground = tuple(map(int, re.findall(r"\d+", paper)))
    dark = system if chosen == "system" else chosen
    assert (max(ground) < 60) == (dark == "dark")
    for figure in page.locator(".cell_output img").all():
        figure.scroll_into_view_if_needed()
        shown = Image.open(io.BytesIO(figure.screenshot())).convert("RGB")
        colours = shown.getcolors(shown.width * shown.height)
        assert max(colours)[1] == ground, "its paper is not the page's"
        light = sum(count for count, colour in colours if min(colour) > 240) / (shown.width * shown.height)
        assert light > 0.5 if dark == "light" else light < 0.02
    page.close()


def test_a_passed_review_date_is_told_by_the_readers_clock(chromium: Browser, book: str) -> None:
    page = chromium.new_page()
    page.clock.set_fixed_time("2026-11-23T12:00:00")
    page.goto(book + LESSON)
    expect(page.locator("#stale")).to_be_hidden()
    page.clock.set_fixed_time("2031-01-01T12:00:00")
    page.goto(book + LESSON)
    expect(page.locator("#stale")).to_contain_text("past the date on which")
    page.close()


def test_without_javascript_everything_can_be_read(chromium: Browser, book: str) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": WIDE, "height": 900})
    page = context.new_page()
    page.goto(book + LESSON)
    expect(page.locator("nav.contents a").first).to_be_visible()
    expect(page.locator("section.facts li").first).to_be_visible()
    expect(page.locator("#mode")).to_be_hidden()
    context.close()


def test_a_line_holds_65_to_75_characters(chromium: Browser, book: str) -> None:
    page = chromium.new_page(viewport={"width": WIDE, "height": 900})
    page.goto(book + LESSON)
    page.wait_for_load_state("networkidle")
    lengths = page.evaluate(
        """() => [...document.querySelectorAll('article section > p')].flatMap((p) => {
          const range = document.createRange(), lines = {};
          const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
          for (let node; (node = walk.nextNode());) for (let i = 0; i < node.length; i++) {
            range.setStart(node, i); range.setEnd(node, i + 1);
            const y = Math.round(range.getBoundingClientRect().top / 12);
            lines[y] = (lines[y] || 0) + 1;
          }
          return Object.values(lines).slice(0, -1);
        })"""
    )
    full = sorted(length for length in lengths if length > 50)
    middle = full[len(full) // 2]
    assert 65 <= middle <= 75, middle
    page.close()
