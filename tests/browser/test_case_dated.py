"""A question whose facts may be out of date is asked and not graded: page, review and replay agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from scenarios.engine import load
from scenarios.engine.replay import replay
from scenarios.engine.transcript import parse
from tests.front_page import SAMPLE_QUIZ, SAMPLE_UNTIL, stored, violations

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]
QUIZ = "front-sample-quiz"
LAST = SAMPLE_UNTIL["the-tape"]
WHY = (
    "Not graded: what it asks about may have changed. "
    "Somebody should have read its facts again by 1 April 2027."
)


def at(page: Page, moment: str) -> None:
    """Let the browser's clock stand at a moment, in UTC."""
    page.clock.set_fixed_time(moment)
    page.reload()


def answer(page: Page, *labels: str) -> None:
    for label in labels:
        page.locator(".case-option", has_text=label).locator("input").check()
    page.get_by_role("button", name="Check").click()


def go_on(page: Page) -> None:
    page.locator(".case-result .case-check").click()


def verdict_of(page: Page) -> dict[str, Any]:
    """Replay what the page hands out."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Download transcript").click()
    transcript = parse(Path(download.value.path()).read_text(encoding="utf-8"))
    return replay(transcript, load(SAMPLE_QUIZ), SAMPLE_UNTIL)


def test_after_its_last_day_a_question_is_asked_and_not_graded(opened: Opened) -> None:
    # West of Greenwich it is still the last day, and a transcript speaks in UTC.
    page = opened(QUIZ, timezone_id="America/Los_Angeles", viewport={"width": 390, "height": 800})
    at(page, "2027-04-02T03:00:00Z")
    expect(page.locator(".case-stale")).to_have_count(0)
    answer(page, "Shoes")
    go_on(page)
    expect(page.locator(".case-stale")).to_have_text(WHY)
    assert violations(page) == []
    answer(page, "Hope")
    expect(page.locator(".case-verdict")).to_have_text(WHY)
    expect(page.locator(".case-result")).to_contain_text("Was not right, your choice: Hope")
    assert violations(page) == []
    go_on(page)
    answer(page, "The clerk")
    go_on(page)
    expect(page.locator(".case-verdict")).to_have_text("All 2 right at the first go. 1 not graded.")
    expect(page.locator(".case-result")).to_contain_text("The tape: not graded")
    said = verdict_of(page)
    assert (said["valid"], said["completed"], said["correct"], said["ungraded"]) == (True, True, 2, 1)
    assert said["message"] == "2 of 2 right, 3 answered, 1 not graded: facts past their review on 2027-04-02"
    # Once it is finished, another day changes nothing.
    at(page, "2026-11-25T12:00:00Z")
    expect(page.locator(".case-verdict")).to_have_text("All 2 right at the first go. 1 not graded.")
    assert verdict_of(page) == said


def test_on_its_last_day_it_counts_and_whoever_ends_a_day_later_is_not_asked_again(opened: Opened) -> None:
    page = opened(QUIZ)
    at(page, f"{LAST}T23:59:00Z")
    answer(page, "Shoes")
    go_on(page)
    expect(page.locator(".case-stale")).to_have_count(0)
    answer(page, "Hope")
    expect(page.locator(".case-verdict")).to_have_text("Not right. This question comes back at the end.")
    page.clock.set_fixed_time("2027-04-02T00:01:00Z")
    go_on(page)
    answer(page, "The clerk")
    go_on(page)
    expect(page.locator(".case-verdict")).to_have_text("All 2 right at the first go. 1 not graded.")
    assert verdict_of(page)["correct"] == 2
    page.get_by_role("button", name="Start again").click()
    at(page, f"{LAST}T12:00:00Z")
    for labels in (["Shoes"], ["Hope"], ["The clerk"], ["Tape", "String"]):
        answer(page, *labels)
        go_on(page)
    expect(page.locator(".case-verdict")).to_contain_text("2 of 3 right at the first go.")
    assert verdict_of(page)["message"] == "2 of 3 right, 3 answered"


@pytest.mark.proof
def test_the_review_asks_it_and_says_the_same(opened: Opened) -> None:
    page = opened(QUIZ)
    at(page, f"{LAST}T12:00:00Z")
    for labels in (["Shoes"], ["Tape", "String"], ["The clerk"]):
        answer(page, *labels)
        go_on(page)
    page.goto(page.url.replace(QUIZ, "review"))
    at(page, "2027-04-09T12:00:00Z")
    page.get_by_role("button", name="Begin").click()
    seen = 0
    for _ in range(3):
        # The words of a question are fetched: it is there when it can be answered.
        expect(page.get_by_role("button", name="Check")).to_be_visible()
        tape = page.get_by_role("heading", name="The tape").is_visible()
        seen += tape
        expect(page.locator(".case-stale")).to_have_count(1 if tape else 0)
        box = page.get_by_role("heading", name="The box").is_visible()
        answer(page, "Hope" if tape else "Shoes" if box else "The clerk")
        expect(page.locator(".case-verdict")).to_contain_text(WHY if tape else "Right. It comes back on")
        go_on(page)
    assert seen == 1
    expect(page.get_by_text("Done: 2 of 2 right at the first go.")).to_be_visible()
    cards = stored(page, "review")["cards"]
    assert cards[f"{QUIZ}/the-tape"]["due"] == "2027-04-16"
    assert json.dumps(cards).count('"good": true') == 3
