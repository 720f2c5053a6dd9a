"""What comes out of a printer: a checklist on one sheet, a case of about as many pages as its button says."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.front_page import served

pytestmark = pytest.mark.browser

A4 = (595, 842)  # points
LONGEST_WALK = 60
MOST_OFF = 2
"""Pages by which a button's *about* may miss."""


@pytest.fixture(scope="module")
def book(built_book: Path) -> Iterator[str]:
    """The built book on a plain server."""
    with served(built_book) as address:
        yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page whose printer is the test; what printing would unfold is unfolded."""
    page = chromium.new_page(color_scheme="dark")
    page.add_init_script("window.print = () => dispatchEvent(new Event('beforeprint'));")
    yield page
    page.close()


def sheets(page: Page, folder: Path) -> tuple[int, str]:
    """Print; answer the number of pages, and what Poppler says of them."""
    file = folder / "page.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    told = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True, timeout=60).stdout
    return int(re.findall(r"Pages: +(\d+)", told)[0]), told


def test_each_checklist_is_one_sheet_of_a4(page: Page, book: str, built_book: Path, tmp_path: Path) -> None:
    found = sorted(built_book.glob("modules/*/checklist.html"))
    assert len(found) >= 4
    for file in found:
        page.goto(f"{book}/{file.relative_to(built_book).as_posix()}")
        page.wait_for_load_state("networkidle")
        number, told = sheets(page, tmp_path)
        assert number == 1, f"{file.parent.name}: {number} pages"
        size = re.findall(r"Page size: +([\d.]+) x ([\d.]+)", told)[0]
        assert tuple(round(float(side)) for side in size) == A4
        words = subprocess.run(
            ["pdftotext", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True, timeout=60
        ).stdout
        last = page.locator("article > section > section:not(#further-reading)").last.inner_text()
        assert re.sub(r"\W+", "", last)[-60:] in re.sub(r"\W+", "", words), f"{file.parent.name} is cut off"
        assert "training, not legal advice" in " ".join(words.split())


def about(button: str) -> int:
    """Read the number of pages that a button promises."""
    return int(re.findall(r"about (\d+) pages", button)[0])


@pytest.mark.parametrize("kind", ["case-*", "quiz"])
def test_print_says_what_it_prints_and_about_how_many_pages(
    page: Page, book: str, built_book: Path, tmp_path: Path, kind: str
) -> None:
    found = sorted(built_book.glob(f"modules/*/{kind}.html"))
    assert len(found) >= 4
    faults = []
    for file in found:
        page.goto(f"{book}/{file.relative_to(built_book).as_posix()}")
        button = page.locator(".case-tools button", has_text="Print")
        words = button.inner_text()
        expected = "the whole case as a paper game" if kind != "quiz" else "all questions with their answers"
        assert words.startswith(f"Print {expected} (about "), words
        button.click()
        number, _ = sheets(page, tmp_path)
        if abs(number - about(words)) > MOST_OFF:
            faults.append(f"{file.parent.name}/{file.stem}: {words}, and it is {number}")
    assert faults == []


def test_only_decisions_are_counted_and_the_walk_on_paper_says_what_it_is(
    page: Page, book: str, tmp_path: Path
) -> None:
    page.goto(f"{book}/modules/publication/case-detector-that-blinks.html")
    choices, real = page.locator(".case-choice:visible"), 0
    expect(choices.first).to_be_visible()
    for _ in range(LONGEST_WALK):
        offered = choices.count()
        if not offered:
            break
        # The order is drawn, so the first leads elsewhere each time; one that stands alone is no decision.
        real += offered > 1
        choices.first.click()
    expect(page.locator("p.case-status")).to_contain_text(f"{real} decisions so far.")
    assert page.locator(".case-review > ol > li").count() == real
    assert "See how it turned out" not in page.locator(".case-review > ol").inner_text()
    expect(page.locator(".case-figures tbody tr")).to_have_count(real)
    walk = page.locator(".case-done button", has_text="Print my walk and what else there was (about ")
    promised = about(walk.inner_text())
    walk.click()
    number, _ = sheets(page, tmp_path)
    assert abs(number - promised) <= MOST_OFF, (promised, number)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.get_by_role("button", name="Back one decision").click()
    assert choices.count() > 1  # not the scene with one way on
