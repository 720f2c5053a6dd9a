"""A learner's whole way, and what the book says of it: ticks, where one left off, the report, one file.

The clock is the test's own, so that ten minutes of reading take no time and one second is one second.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from coursebook import plan
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.front_page import load_file, served, stored, violations

pytestmark = pytest.mark.browser

MODULE = "modules/publication"
LESSON, LAB, CASE = (
    f"{MODULE}/before-you-amplify",
    f"{MODULE}/lab-is-this-quantum-factoring",
    "circuit-in-the-appendix",
)
NOW = "2026-11-30T10:00:00"
WHOLE = {"viewport": {"width": 1366, "height": 768}, "timezone_id": "UTC", "locale": "en-GB"}
PARTS = list(plan.read(Path(__file__).resolve().parents[2]).parts())


@pytest.fixture(scope="module")
def book(built_book: Path) -> Iterator[str]:
    """The built book on a plain server."""
    with served(built_book) as address:
        yield f"{address}/"


@pytest.fixture
def profile(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Fresh browsers; what their pages complain of is a fault."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def fresh(**options: Any) -> Page:
        context = chromium.new_context(**(WHOLE | options))
        contexts.append(context)
        context.clock.install(time=NOW)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None
        )
        return page

    yield fresh
    for context in contexts:
        context.close()
    assert troubles == []


def see_foot(page: Page) -> None:
    """Bring the foot into view, and wait until whoever watches for it was told."""
    page.locator("#standing").evaluate(
        """foot => new Promise(resolve => {
          foot.scrollIntoView();
          new IntersectionObserver(seen => seen.some(one => one.isIntersecting) && resolve()).observe(foot);
        })"""
    )


def stay(page: Page, minutes: float) -> None:
    page.clock.run_for(int(minutes * 60_000))


def play_to_an_end(page: Page) -> None:
    for _ in range(60):
        if not page.locator(".case-choice:visible").count():
            break
        page.locator(".case-choice:visible").first.click()
    expect(page.get_by_text("Finished.")).to_be_visible()


def answer_quiz(page: Page, wrong: int) -> int:
    """Answer all questions, the first ones wrongly, and those again rightly; return how many there are."""
    items = json.loads(page.locator(".case-logic").evaluate("e => e.textContent"))["logic"]["items"]
    forms = {item["id"]: item["forms"] for item in items}
    for step in range(len(items) + wrong):
        scene = page.locator("[data-scene]:not([hidden])")
        shown = int(str(scene.locator("[data-form]:not([hidden])").get_attribute("data-form")))
        form = forms[str(scene.get_attribute("data-scene"))][shown - 1]
        correct = form["correct"]
        if form["asks"] != "choice":
            known = form["typed"][correct[0] - 1][0]
            scene.get_by_role("textbox").fill(known if step >= wrong else "-999")
        else:
            chosen = correct if step >= wrong else [next(n for n in range(1, 9) if n not in correct)]
            for number in chosen:
                scene.locator(f".case-option input[value='{number}']").check()
        page.get_by_role("button", name="Check").click()
        page.locator(".case-result .case-check").click()
    return len(items)


def ticked(page: Page) -> list[str]:
    """What the contents tick, in words."""
    return page.locator(".contents .tick").evaluate_all("all => all.map(e => e.parentElement.textContent)")


def rows(page: Page) -> list[str]:
    return page.locator(".report-table tbody tr").evaluate_all(
        "all => all.map(row => [...row.cells].map(cell => cell.textContent).join(' | '))"
    )


def test_a_learner_sees_how_far_they_are_all_the_way(profile: Callable[..., Page], book: str) -> None:
    page = profile()
    page.goto(book)
    first = page.locator(".start .button")
    expect(first).to_have_text("Begin: Classification tiers")
    assert first.bounding_box()["y"] < 400, "the first button is in sight"
    assert page.locator(".contents").get_by_role("link", name="For learners").bounding_box()["y"] < 768

    # Lazy: each page for a second.
    for part in PARTS[:6]:
        page.goto(f"{book}{part.page}.html")
        see_foot(page)
        stay(page, 1 / 60)
    page.goto(book)
    expect(first).to_have_text("Begin: Classification tiers")
    assert ticked(page) == []

    # A lesson: the time alone is not reading it, the foot and the time are.
    page.goto(f"{book}{LESSON}.html")
    mark = page.locator(".standing-mark")
    stay(page, 10)
    expect(mark).to_have_text("Mark as read")
    see_foot(page)
    stay(page, 0.1)
    expect(mark).to_have_text("Marked as read. Undo")
    assert ticked(page) == ["Before you amplify (read)"]
    mark.click()
    page.reload()
    see_foot(page)
    stay(page, 10)
    expect(mark).to_have_text("Mark as read"), "what was taken back does not come again by itself"
    mark.focus()
    page.keyboard.press("Enter")
    expect(mark).to_have_text("Marked as read. Undo")
    expect(mark).to_be_focused()
    assert violations(page) == []

    page.goto(f"{book}{LAB}.html")
    page.locator(".standing-mark").click()
    page.goto(f"{book}{MODULE}/case-{CASE}.html")
    page.locator(".case-choice:visible").first.click()
    assert ticked(page)[-1] == "Case: a circuit in the appendix (begun)"
    play_to_an_end(page)
    expect(page.locator(".standing-now")).to_contain_text("played to an end: 1 of")
    page.goto(f"{book}{MODULE}/quiz.html")
    questions = answer_quiz(page, wrong=2)
    score = f"finished: {questions - 2} of {questions} right at the first go"
    expect(page.locator(".standing-now")).to_have_text(f"This quiz: {score}.")
    page.reload()
    assert [words.partition(" (")[0] for words in ticked(page)] == [
        "Before you amplify", "Lab: is this quantum factoring?", "Case: a circuit in the appendix", "Quiz",
    ]  # fmt: skip

    page.goto(f"{book}{MODULE}/checklist.html")
    left = page.locator(".standing-rest")
    expect(left).to_contain_text("Responsible publication: 4 of 13 parts done")
    expect(left.locator("li")).to_have_count(9)
    page.goto(f"{book}{MODULE}/index.html")
    assert page.locator(".way .tick").count() == 4
    page.goto(book)
    expect(first).to_have_text("Go on: Exercise: a claim, a flaw, a paper")
    expect(page.locator(".start-left")).to_contain_text(
        "left off at Responsible publication: Quiz on 30 November 2026"
    )
    expect(page.locator(".modules li", has_text="Responsible")).to_contain_text("4 of 13 parts done")

    # A path: its pages lead on along it, until one leaves it.
    page.locator(".path a", has_text="Free to publish").first.click()
    page.locator(".standing-path a").click()
    page.wait_for_url("**/export-controls/what-is-an-export.html")
    expect(page.locator(".standing-path")).to_contain_text("Page 2 of 5 of One hour: the heart of it")
    page.get_by_role("button", name="Leave the path").click()
    expect(page.locator(".standing-path")).to_be_hidden()
    page.goto(book)

    the_report_and_its_file(page, profile, book, score)


def the_report_and_its_file(page: Page, profile: Callable[..., Page], book: str, score: str) -> None:
    """The end of the way: a report on two sheets, and a file that brings all of it to another browser."""
    page.get_by_role("link", name="Your progress").last.click()
    expect(page.locator(".report-unsigned")).to_contain_text("Unsigned and self-reported")
    assert f"Quiz | {score} | 30 November 2026" in rows(page)
    page.get_by_label("Your name").fill("Mia <b>")
    expect(page.locator(".report-who")).to_have_text("Learner, by their own word: Mia <b>")
    for scheme, width in (("light", 1366), ("dark", 320)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 768})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sheets = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4", prefer_css_page_size=True))
    assert 1 <= len(sheets) <= 2, "it prints on two sheets at most"
    with page.expect_download() as download:
        page.get_by_role("button", name="Save all progress to a file").click()
    saved = Path(download.value.path()).read_text(encoding="utf-8")

    other = profile()
    other.goto(f"{book}guides/progress.html")
    assert not any(" | read | " in row for row in rows(other))
    load_file(other, saved)
    expect(other.locator(".case-notes")).to_contain_text("Progress loaded")
    assert rows(other) == rows(page)
    other.get_by_role("button", name="Undo").click()
    assert rows(other) != rows(page)
    load_file(other, saved)
    other.goto(f"{book}{MODULE}/case-{CASE}.html")
    expect(other.get_by_text("You are where you left off.")).to_be_visible()
    # The whole file serves a case's own loader and the review's, too.
    third = profile()
    third.goto(f"{book}{MODULE}/case-{CASE}.html")
    load_file(third, saved)
    expect(third.get_by_text("Progress loaded from the file.")).to_be_visible()
    third.goto(f"{book}{MODULE}/case-detector-that-blinks.html")
    load_file(third, saved)
    expect(third.get_by_text("holds nothing of this case")).to_be_visible()


EVIL = {
    "nothing": "",
    "markup": "<script>window.evil = 1</script>",
    "another schema": '{"schema": "course-progress/2"}',
    "one key more": '{"schema": "course-progress/1", "html": "<b>"}',
    "markup as page": '{"schema": "course-progress/1", "handin": {"<img src=x onerror=\'evil=1\'>": "2026"}}',
    "a prototype": '{"schema": "course-progress/1", "pages": {"__proto__": {"read": 1}}}',
    "a moment that is none": '{"schema": "course-progress/1", "opened": {"a": "2026-99-99T10:00:00Z"}}',
    "a case of nobody": '{"schema": "progress/1", "case": "<b>", "choices": []}',
}  # fmt: skip


def test_a_broken_store_a_full_one_and_evil_files_harm_nothing(
    profile: Callable[..., Page], book: str
) -> None:
    page = profile()
    page.goto(f"{book}guides/progress.html")
    for name, text in EVIL.items():
        load_file(page, text)
        expect(page.locator(".case-notes"), name).to_contain_text("Nothing was changed.")
        page.locator(".case-notes").evaluate("e => e.replaceChildren()")
    assert page.evaluate("[window.evil, ({}).read]") == [None, None]
    page.evaluate(
        "id => ['course', id].forEach(one => localStorage.setItem(`open-by-default:${one}`, '{half'))",
        CASE,
    )
    page.reload()
    expect(page.locator(".case-notes")).to_contain_text("could not be read")
    page.goto(f"{book}{LESSON}.html")
    page.locator(".standing-mark").click()
    assert stored(page, "course")["pages"][LESSON]["read"] is True
    # A clock that was set back: the click counts all the same.
    page.clock.set_fixed_time("2020-01-01T00:00:00")
    page.locator(".standing-mark").click()
    expect(page.locator(".standing-mark")).to_have_text("Mark as read")

    for trouble in (
        "Storage.prototype.setItem = () => { throw new DOMException(); };",
        "for (const name of ['localStorage', 'sessionStorage']) "
        "Object.defineProperty(window, name, {get() { throw new DOMException(); }});",
    ):
        page = profile()
        page.add_init_script(trouble)
        page.goto(f"{book}{LESSON}.html")
        see_foot(page)
        stay(page, 5)
        expect(page.locator(".standing-mark")).to_have_text("Marked as read. Undo")
        expect(page.locator(".standing-now")).to_contain_text("does not keep your progress")


def test_the_contents_fold_with_and_without_a_script(chromium: Browser, book: str) -> None:
    for script in (True, False):
        context = chromium.new_context(**WHOLE, java_script_enabled=script)
        page = context.new_page()
        page.goto(f"{book}{LESSON}.html")
        here, other = (
            page.locator(".contents .parent", has_text=name) for name in ("Responsible", "Incident")
        )
        expect(here.get_by_role("link", name="Before you amplify")).to_be_visible()
        inner = other.get_by_role("link", name="Keep it as it is")
        expect(inner).to_be_hidden()
        if script:
            expect(page.locator(".contents [aria-current]")).to_have_text("Before you amplify")
        summary = other.locator("summary")
        assert summary.text_content() == "Pages of Incident reporting"
        summary.focus()
        page.keyboard.press("Enter")
        expect(inner).to_be_visible()
        inner.click()
        page.wait_for_url("**/keep-it-as-it-is.html")
        context.close()


@pytest.mark.slow
def test_with_the_server_on_the_workspace_and_every_browser_know_the_same(
    profile: Callable[..., Page],
    serve: Callable[..., Any],
    built_book: Path,
    root: Path,
    tmp_path_factory: Any,
) -> None:
    home = tmp_path_factory.mktemp("a course")
    (home / "_build").mkdir()
    for name in ("html", "live"):
        (home / "_build" / name).symlink_to(built_book.parent / name)
    for name in ("book", "exercises", "scenarios"):
        (home / name).symlink_to(root / name)
    server = serve(home)
    file = home / "workspace" / "progress.json"
    page = profile()

    # A reader who did not sign in keeps it in the browser alone, and is asked nothing.
    page.goto(f"{server.address}{LESSON}.html")
    page.locator(".standing-mark").click()
    stay(page, 0.1)
    assert not file.exists()
    for method in ("GET", "PUT"):
        assert server.ask("/course/progress", method, {"Content-Type": "application/json"}, b"{}")[0] in (
            302,
            403,
        )

    page.goto(server.printed)
    expect(page.locator(".start .button")).to_contain_text("Go on")
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        page.goto(f"{server.address}{LAB}.html")
        page.locator(".standing-mark").click()
        stay(page, 0.1)
    page.goto(server.address)
    known = json.loads(file.read_text("utf-8"))
    assert known["pages"][LESSON]["read"] is True

    practice = {"schema": "practice/1", "when": "2026-11-29T20:00:00Z", "score": 17, "max_score": 30}
    practice |= {"exercise": "publication", "pending": 10}
    (home / "workspace" / "practice").mkdir(exist_ok=True)
    (home / "workspace" / "practice" / "publication.json").write_text(json.dumps(practice), encoding="utf-8")
    other = profile()
    other.goto(server.printed)
    other.goto(f"{server.address}guides/progress.html")
    expect(other.locator(".report-made")).to_contain_text("and the workspace of the course")
    assert "Before you amplify | marked as read | 30 November 2026" in rows(other)
    assert any(
        "practised: 17 of 30 points, 10 of them still to be marked | 29 November 2026" in row
        for row in rows(other)
    )

    signed = server.sign_in() | {"Content-Type": "application/json"}
    for evil, says in (
        (b"{", 400),
        (b'{"schema": "course-progress/1", "x": "<b>"}', 400),
        (b" " * 1_000_001, 413),
    ):
        status, _, body = server.ask("/course/progress", "PUT", signed, evil)
        assert status == says and b"<b>" not in body
    without = {name: value for name, value in signed.items() if name != "X-XSRFToken"}
    assert server.ask("/course/progress", "PUT", without, b"{}")[0] == 403
    assert json.loads(file.read_text("utf-8"))["pages"][LESSON]["read"] is True

    command = [sys.executable, "-m", "coursebook.progress", "--root", str(home), "--no-open"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=os.environ | {"TZ": "UTC"}
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = profile()
    told.goto((home / "workspace" / "progress.html").as_uri())
    cells = "all => all.map(row => [...row.cells].map(cell => cell.textContent).join(' | '))"
    assert told.locator("tbody tr").evaluate_all(cells) == rows(other), "the file and the page say the same"
    page_awards = other.locator(".report-awards li").all_text_contents()
    assert told.locator("ul li").all_text_contents() == page_awards
    assert violations(told) == []
    sheets = re.findall(rb"/Type\s*/Page\b(?!s)", told.pdf(format="A4", prefer_css_page_size=True))
    assert 1 <= len(sheets) <= 2
