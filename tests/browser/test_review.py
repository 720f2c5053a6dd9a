"""The review: what was answered in a quiz comes back, evenly spaced, kept in this browser."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.front_page import answer_by_keys, load_file, stored, violations

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]
NOON = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)
QUIZ = "front-sample-quiz"
BOX, TAPE, CLERK = (f"{QUIZ}/{item}" for item in ("the-box", "the-tape", "the-clerk"))


def at(page: Page, days: int) -> None:
    """Let the browser's clock stand so many days after the first one, at noon."""
    page.clock.set_fixed_time(NOON + datetime.timedelta(days=days))
    page.reload()


def answer(page: Page, *labels: str) -> None:
    for label in labels:
        page.locator(".case-option", has_text=label).locator("input").check()
    page.get_by_role("button", name="Check").click()


def take_quiz(opened: Opened, **options: Any) -> Page:
    """Answer the sample quiz on the first day: the box wrongly, the others rightly."""
    page = opened(QUIZ, timezone_id="Europe/Berlin", **options)
    at(page, 0)
    for labels in (["A cryostat"], ["Tape", "String"], ["The clerk"]):
        answer(page, *labels)
        page.locator(".case-result .case-check").click()
    page.goto(page.url.replace(QUIZ, "review"))
    return page


def title(page: Page) -> Any:
    return page.locator(".review-due")


def test_without_any_quiz_it_says_what_to_do(opened: Opened) -> None:
    page = opened("review")
    expect(title(page)).to_have_text("No questions yet")
    expect(page.get_by_role("button", name="Begin")).to_have_count(0)
    expect(page.get_by_role("link", name="A sample quiz")).to_be_visible()
    assert violations(page) == []


def test_wrong_comes_back_tomorrow_and_right_after_the_spacing(opened: Opened) -> None:
    page = take_quiz(opened)
    expect(title(page)).to_have_text("Nothing is due today")
    expect(page.locator(".review-place")).to_contain_text("The next: 1 question on Thursday 26 November.")
    at(page, 1)
    expect(title(page)).to_have_text("1 question due today")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("group", name="The box What does a shoe box hold? Choose one.")).to_be_visible()
    answer(page, "Shoes")
    result = page.get_by_role("group", name="Result")
    expect(result).to_be_focused()
    expect(result).to_contain_text("Right. It comes back on Thursday 3 December.")
    expect(result).to_contain_text("Too tall.")
    page.get_by_role("button", name="See how it went").click()
    expect(page.get_by_text("Done: 1 of 1 right at the first go.")).to_be_visible()
    assert stored(page, "review")["cards"] == {
        BOX: {"due": "2026-12-03", "last": "2026-11-26", "good": True},
        TAPE: {"due": "2026-12-02", "last": "2026-11-25", "good": True},
        CLERK: {"due": "2026-12-02", "last": "2026-11-25", "good": True},
    }
    at(page, 7)
    expect(title(page)).to_have_text("2 questions due today")
    at(page, 8)
    expect(title(page)).to_have_text("3 questions due today")


def test_wrong_ones_are_asked_again_in_the_same_sitting(opened: Opened) -> None:
    page = take_quiz(opened)
    at(page, 7)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".review-from")).to_have_text("A sample quiz · 2 more after this")
    answer(page, "A cryostat")
    expect(page.locator(".case-verdict")).to_have_text("Not right. It comes back in a moment, and tomorrow.")
    assert stored(page, "review")["cards"][BOX]["due"] == "2026-12-03"
    page.get_by_role("button", name="Next question").click()
    answer(page, "The clerk")
    page.get_by_role("button", name="Next question").click()
    answer(page, "Tape")
    page.get_by_role("button", name="Next question").click()
    answer(page, "Shoes")
    assert stored(page, "review")["cards"][BOX]["due"] == "2026-12-03", "the first answer of a day counts"
    page.get_by_role("button", name="Next question").click()
    answer(page, "Tape", "String")
    page.get_by_role("button", name="See how it went").click()
    expect(page.get_by_text("Done: 1 of 3 right at the first go.")).to_be_visible()
    expect(title(page)).to_be_focused()


def test_spacing_is_the_learners_and_no_clock_change_moves_a_day(opened: Opened) -> None:
    page = take_quiz(opened)
    page.get_by_label("What you had right comes back, at first, after").select_option("14 days")
    expect(page.get_by_text("comes back after 14 days, and then after twice as many")).to_be_visible()
    # Eight days before summer time begins in Berlin: fourteen calendar days lie across it.
    page.clock.set_fixed_time(datetime.datetime(2027, 3, 20, 22, 30, tzinfo=datetime.UTC))
    page.reload()
    page.get_by_role("button", name="Begin").click()
    answer(page, "Shoes")
    expect(page.locator(".case-verdict")).to_have_text("Right. It comes back on Saturday 3 April.")


def test_each_wait_is_twice_the_last_until_an_answer_is_wrong(opened: Opened) -> None:
    waits = opened("review").evaluate(
        """async () => {
          const { answered, blank } = await import(new URL('front/schedule.js', location.href));
          const days = (card) => Math.round((Date.parse(card.due) - Date.parse(card.last)) / 86400000);
          let card = null;
          return [true, true, true, true, true, true, true, false, true, true].map((good) => {
            card = answered(blank(), good, card?.due ?? '2026-11-25', card);
            return days(card);
          });
        }"""
    )
    assert waits == [7, 14, 28, 56, 112, 180, 180, 1, 7, 14]


def test_a_sitting_has_an_end(opened: Opened) -> None:
    page = opened("review")
    quizzes = json.loads(page.locator(".review-quizzes").evaluate("e => e.textContent"))
    keys = [f"{quiz['id']}/{item['id']}" for quiz in quizzes for item in quiz["items"]]
    assert len(keys) > 10
    cards = {key: {"due": "2020-01-01", "last": "2019-12-31", "good": True} for key in keys}
    cards["a-quiz-that-is-gone/a-question"] = cards[keys[0]]
    page.evaluate(
        "text => localStorage.setItem('open-by-default:review', text)",
        json.dumps({"schema": "review/1", "every": 7, "cards": cards}),
    )
    page.reload()
    expect(title(page)).to_have_text(f"{len(keys)} questions due today")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".review-from")).to_contain_text("9 more after this")


def test_keyboard_alone(opened: Opened) -> None:
    page = take_quiz(opened)
    at(page, 1)
    page.get_by_role("button", name="Begin").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The box")).to_be_focused()
    answer_by_keys(page, 1)
    expect(page.get_by_role("group", name="Result")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Done: 1 of 1 right at the first go.")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_no_accessibility_violation(opened: Opened, scheme: str, width: int) -> None:
    page = take_quiz(opened, color_scheme=scheme, viewport={"width": width, "height": 800})
    at(page, 1)
    page.locator(".review-coming summary").click()
    assert violations(page) == []
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="The box")).to_be_focused()
    assert violations(page) == []
    answer(page, "A cryostat")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_file_goes_out_and_comes_back_and_forgetting_can_be_undone(opened: Opened) -> None:
    page = take_quiz(opened)
    before = stored(page, "review")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save review to a file").click()
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    assert json.loads(saved) == before
    page.get_by_role("button", name="Forget the review").click()
    expect(title(page)).to_have_text("No questions yet")
    assert stored(page, "review")["cards"] == {}
    page.get_by_role("button", name="Undo").click()
    assert stored(page, "review") == before
    page.get_by_role("button", name="Forget the review").click()
    load_file(page, saved)
    expect(page.get_by_text("Review loaded from the file")).to_be_visible()
    assert stored(page, "review") == before


def test_what_was_answered_later_counts_when_files_meet(opened: Opened) -> None:
    page = take_quiz(opened)
    good = stored(page, "review")
    older = {"due": "2026-11-20", "last": "2026-11-13", "good": False}
    newer = {"due": "2026-12-09", "last": "2026-12-02", "good": True}
    load_file(page, json.dumps(good | {"cards": {BOX: newer, TAPE: older}}))
    expect(page.get_by_text("Review loaded from the file")).to_be_visible()
    assert stored(page, "review")["cards"] == good["cards"] | {BOX: newer}


CARD = {"due": "2026-11-26", "last": "2026-11-25", "good": True}
EVIL: dict[str, Any] = {
    "nothing": "",
    "not json": "<script>window.evil = 1</script>",
    "a list": "[]",
    "null": "null",
    "another schema": {"schema": "review/2"},
    "one key more": {"score": 9},
    "markup as key": {"cards": {"<img src=x onerror='window.evil=1'>/a": CARD}},
    "prototype": '{"schema":"review/1","every":7,"cards":{"__proto__":{"due":"x"}}}',
    "a day that is none": {"cards": {BOX: CARD | {"due": "2026-02-31"}}},
    "markup as day": {"cards": {BOX: CARD | {"due": "<b>2026-11-25</b>"}}},
    "a text as truth": {"cards": {BOX: CARD | {"good": "yes"}}},
    "a card with more": {"cards": {BOX: CARD | {"html": "<b>"}}},
    "cards as a list": {"cards": [CARD]},
    "no spacing of ours": {"every": 0},
    "very many": {"cards": {f"quiz/{number}": CARD for number in range(5001)}},
    "too long": " " * 1_000_001,
}


def test_evil_files_and_spoilt_storage_change_nothing(opened: Opened) -> None:
    page = take_quiz(opened)
    good = stored(page, "review")
    for name, evil in EVIL.items():
        text = json.dumps(good | evil) if isinstance(evil, dict) else evil
        load_file(page, text)
        expect(page.locator(".case-notes"), name).to_contain_text("Nothing was changed.")
        assert stored(page, "review") == good, name
        page.locator(".case-notes").evaluate("e => e.replaceChildren()")
    assert page.evaluate("[window.evil, ({}).due]") == [None, None]
    for spoilt in ("{", "null", json.dumps(good | {"cards": []})):
        page.evaluate("text => localStorage.setItem('open-by-default:review', text)", spoilt)
        page.reload()
        expect(title(page)).to_have_text("Nothing is due today")
        assert stored(page, "review") == good, "what the quiz knows comes in again"


def test_two_tabs_lose_no_answer(opened: Opened) -> None:
    page = take_quiz(opened)
    at(page, 7)
    other = page.context.new_page()
    other.clock.set_fixed_time(NOON + datetime.timedelta(days=7))
    other.goto(page.url)
    for tab in (page, other):
        tab.get_by_role("button", name="Begin").click()
    answer(page, "Shoes")
    answer(other, "A cryostat")
    other.get_by_role("button", name="Next question").click()
    answer(other, "The clerk")
    page.get_by_role("button", name="Next question").click()
    cards = stored(page, "review")["cards"]
    assert cards[CLERK]["last"] == "2026-12-02"
    assert cards[BOX]["last"] == "2026-12-02"


@pytest.mark.parametrize("denied", ["full", "denied"])
def test_it_goes_on_where_nothing_can_be_kept(opened: Opened, denied: str) -> None:
    page = opened("review", timezone_id="UTC")
    at(page, 1)
    page.context.add_init_script(
        {
            "full": "Storage.prototype.setItem = () => { throw new DOMException(); };",
            "denied": "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException(); }});",
        }[denied]
    )
    page.reload()
    load_file(page, json.dumps({"schema": "review/1", "every": 3, "cards": {BOX: CARD}}))
    expect(title(page)).to_have_text("1 question due today")
    page.get_by_role("button", name="Begin").click()
    answer(page, "Shoes")
    page.get_by_role("button", name="See how it went").click()
    expect(title(page)).to_have_text("Nothing is due today")
    expect(page.locator(".review-place")).to_contain_text("on Sunday 29 November")


def test_missing_page_is_told_and_loses_nothing(opened: Opened) -> None:
    page = take_quiz(opened)
    at(page, 1)
    before = stored(page, "review")
    page.route(f"**/{QUIZ}.html", lambda route: route.fulfill(status=200, body="<p>nothing here"))
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("The question could not be fetched from its page")).to_be_visible()
    assert stored(page, "review") == before
    expect(title(page)).to_have_text("1 question due today")


def test_links_of_a_question_lead_where_they_led(opened: Opened, case_site: str) -> None:
    page = take_quiz(opened)
    at(page, 1)
    body = page.request.get(f"{case_site}/{QUIZ}.html").text()
    body = body.replace("Too tall.", '<a href="lists/eu.html#fact" aria-describedby="gone">Too tall.</a>')
    page.route(f"**/{QUIZ}.html", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.get_by_role("button", name="Begin").click()
    answer(page, "Shoes")
    link = page.get_by_role("link", name="Too tall.")
    assert link.get_attribute("href") == f"{case_site}/lists/eu.html#fact"
    assert link.get_attribute("aria-describedby") is None


def test_a_question_in_a_lesson_is_asked_there_and_comes_back_in_the_review(opened: Opened) -> None:
    bare = opened("lesson", java_script_enabled=False)
    expect(bare.get_by_text("Too tall.")).to_be_hidden()
    bare.get_by_text("A cryostat").click()
    expect(bare.get_by_text("Too tall.")).to_be_visible()

    page = opened("lesson", timezone_id="Europe/Berlin")
    at(page, 0)
    box, tape = page.locator(".prompt-root").all()
    expect(box.get_by_role("group", name="The box What does a shoe box hold? Choose one.")).to_be_visible()
    assert violations(page) == []
    box.locator(".case-option", has_text="A cryostat").click()
    box.get_by_role("button", name="Check").click()
    result = box.get_by_role("group", name="Result")
    expect(result).to_be_focused()
    expect(result).to_contain_text("Not right.")
    back = "Answered on 25 November. It comes back in the review on 26 November."
    expect(box.get_by_text(back)).to_be_visible()
    expect(tape.get_by_role("button", name="Check")).to_be_visible()
    assert violations(page) == []

    box.get_by_role("button", name="Ask me again").click()
    answer_by_keys(page, 1)
    expect(result).to_contain_text("Right.")
    expect(box.get_by_text(back)).to_be_visible()  # the answer was just read
    assert list(stored(page, "review")["cards"]) == ["lesson/the-box"]
    page.emulate_media(media="print")
    expect(tape.get_by_text("It does not.")).to_be_visible()
    expect(tape.get_by_role("button", name="Check")).to_be_hidden()

    page.emulate_media(media="screen")
    page.goto(page.url.replace("lesson", "review"))
    at(page, 1)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("A lesson · the last one")).to_be_visible()
    answer(page, "Shoes")
    expect(page.get_by_role("group", name="Result")).to_contain_text(
        "Right. It comes back on Thursday 3 December."
    )


def test_the_first_page_tells_what_is_due_and_leads_there(opened: Opened) -> None:
    page = opened("start", timezone_id="UTC")
    line = page.locator(".review-line")
    at(page, 0)
    expect(line).to_be_hidden()
    cards = {BOX: CARD, TAPE: CARD | {"due": "2026-12-01"}}
    schedule = json.dumps({"schema": "review/1", "every": 7, "cards": cards})
    page.evaluate("text => localStorage.setItem('open-by-default:review', text)", schedule)
    at(page, 0)
    expect(line).to_be_hidden()
    at(page, 1)
    expect(line).to_have_text("1 question is due in your review today")
    at(page, 9)
    expect(line).to_have_text("2 questions are due in your review today")
    assert violations(page) == []
    page.get_by_role("link", name="2 questions").click()
    expect(title(page)).to_have_text("2 questions due today")


def test_without_the_script_it_is_a_list_of_the_quizzes(opened: Opened) -> None:
    page = opened("review", java_script_enabled=False)
    expect(page.get_by_role("link", name="A sample quiz")).to_be_visible()
    page.get_by_role("link", name="A sample quiz").click()
    expect(page.get_by_role("heading", name="The box")).to_be_visible()


def test_forced_colours_and_reduced_motion(opened: Opened) -> None:
    page = take_quiz(opened, forced_colors="active", reduced_motion="reduce")
    at(page, 1)
    page.get_by_role("button", name="Begin").click()
    answer(page, "A cryostat")
    assert page.locator(".case-result").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    moving = page.evaluate(
        "[...document.querySelectorAll('.review-root *')].filter("
        "(e) => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    )
    assert moving == 0
