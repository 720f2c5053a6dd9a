"""A case in class: no scores, the speaker's notes in sight, a show of hands; one's own play is left alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.front_page import choose, stored, violations

pytestmark = pytest.mark.browser
CASE = "front-sample"


@pytest.fixture
def room(opened: Callable[..., Page]) -> Page:
    page = opened("case")
    choose(page, "Pack the parcel")
    page.get_by_role("button", name="Discuss in class").click()
    return page


def test_notes_are_for_the_class_alone(opened: Callable[..., Page]) -> None:
    page = opened("case")
    note = page.get_by_text("Vote before you say how long the office takes.")
    expect(note).to_be_hidden()
    page.get_by_role("button", name="Discuss in class").click()
    expect(note).to_be_visible()
    expect(page.get_by_text("Ask who has sent a sample without papers.")).to_be_visible()
    page.get_by_role("button", name="Leave class mode").click()
    expect(note).to_be_hidden()


def test_no_score_is_shown_anywhere(room: Page) -> None:
    expect(room.get_by_role("heading", name="The desk")).to_be_focused()
    choose(room, "Ask the export office", "Pack the parcel", "Walk to the courier", "Nothing special")
    room.locator(".case-review summary").first.click()
    shown = room.locator(".case-root").inner_text()
    for word in ("Security", "Openness", "+1", "\N{MINUS SIGN}2"):
        assert word not in shown
    assert "The class chose: “Nothing special”" in shown
    expect(room.locator("p.case-status")).to_have_text("4 decisions so far. 5 of 5 hours used.")
    expect(room.get_by_text("From there still within reach").first).to_be_visible()
    expect(room.get_by_role("button", name="Download transcript")).to_have_count(0)


def test_own_play_comes_back_untouched(room: Page) -> None:
    before = stored(room, CASE)
    choose(room, "Leave it for another day")
    assert stored(room, CASE) == before
    room.get_by_role("button", name="Leave class mode").click()
    expect(room.get_by_text("You are back in your own play.")).to_be_visible()
    expect(room.locator(".case-said")).to_contain_text("You chose: Pack the parcel")
    assert stored(room, CASE) == before
    room.reload()
    expect(room.locator(".case-said")).to_contain_text("You chose: Pack the parcel")


def test_reload_in_front_of_a_class_goes_on(room: Page) -> None:
    choose(room, "Ask the export office")
    room.reload()
    expect(room.locator(".case-said")).to_contain_text("The class chose: Ask the export office")
    room.get_by_role("button", name="Leave class mode").click()
    expect(room.locator(".case-said")).to_contain_text("You chose: Pack the parcel")


def test_the_fewest_hands_speak_first(room: Page) -> None:
    expect(room.get_by_role("button", name=re.compile("^[ABC] : Ask the export office$"))).to_be_visible()
    tally = room.locator(".case-tally")
    room.get_by_label("Hands for A").fill("7")
    expect(tally).to_have_text("")
    room.get_by_label("Hands for B").fill("2")
    room.get_by_label("Hands for C").fill("-3")
    expect(tally).to_have_text("Let the fewest speak first: B (2), A (7).")
    choose(room, "Pack the parcel")
    expect(room.get_by_label("Hands for A")).to_have_value("")


@pytest.mark.parametrize("width", [1280, 320])
def test_class_mode_has_no_violation(opened: Callable[..., Page], width: int) -> None:
    page = opened("case", color_scheme="dark", viewport={"width": width, "height": 800})
    page.get_by_role("button", name="Discuss in class").click()
    assert violations(page) == []
    choose(page, "Pack the parcel")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    choose(page, "Leave it for another day")
    assert violations(page) == []


def test_handout_for_the_class_holds_the_notes(room: Page) -> None:
    room.evaluate("dispatchEvent(new Event('beforeprint'))")
    room.emulate_media(media="print")
    expect(room.get_by_text("Vote before you say how long the office takes.")).to_be_visible()
    expect(room.locator(".case-scene:visible")).to_have_count(6)
    assert room.locator(":is(button, input):visible").count() == 0
