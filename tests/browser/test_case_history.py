"""Going back in a case: allowed, remembered, shown at the end; and what lay elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.front_page import choose, load_file, stored, violations

pytestmark = pytest.mark.browser
CASE = "front-sample"
Opened = Callable[..., Page]


def played(opened: Opened) -> Page:
    """Play with two steps back: one decision, then two at once from the list."""
    page = opened("case")
    choose(page, "Pack the parcel", "Ask the export office")
    page.get_by_role("button", name="Back one decision").click()
    choose(page, "Walk to the courier")
    page.locator(".case-trail summary").click()
    page.get_by_role("button", name="Go back to decision 1").click()
    return page


def test_going_back_is_on_record(opened: Opened) -> None:
    page = played(opened)
    expect(page.get_by_role("heading", name="The desk")).to_be_focused()
    assert stored(page, CASE)["choices"] == []
    assert stored(page, CASE)["revised"] == [{"at": 1, "choices": [1]}, {"at": 0, "choices": [2, 4]}]
    choose(page, "Pack the parcel")
    page.reload()
    page.locator(".case-trail summary").click()
    expect(page.locator(".case-trail")).to_contain_text("You went back 2 times so far.")


def test_the_end_tells_what_was_taken_back_and_so_does_the_transcript(opened: Opened, tmp_path: Path) -> None:
    page = played(opened)
    choose(page, "Leave it for another day")
    fold = page.locator(".case-taken")
    fold.locator("summary").click()
    rows = fold.locator("li")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_have_text("The deskYou chose: Ask the export office")
    expect(rows.nth(1)).to_have_text("The deskYou chose: Pack the parcel (and 1 decision after it)")
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Download transcript").click()
    transcript = json.loads(Path(download.value.path()).read_text())
    assert transcript["choices"] == [5]
    assert transcript["revised"] == [{"at": 1, "choices": [1]}, {"at": 0, "choices": [2, 4]}]


def test_starting_again_in_the_middle_is_going_back_and_after_the_end_a_new_play(opened: Opened) -> None:
    page = opened("case")
    choose(page, "Pack the parcel")
    page.get_by_role("button", name="Start again").click()
    assert stored(page, CASE)["revised"] == [{"at": 0, "choices": [2]}]
    choose(page, "Leave it for another day")
    page.get_by_role("button", name="Start again").click()
    kept = stored(page, CASE)
    assert "revised" not in kept
    assert kept["endings"] == ["ending-left-on-the-desk"], "what was seen stays seen"


FORGED = {
    "going back to where nobody was": [{"at": 5, "choices": [1]}],
    "going back over nothing": [{"at": 0, "choices": []}],
    "a choice that was not open": [{"at": 0, "choices": [4]}],
    "a text": "twice",
    "markup": [{"at": 0, "choices": ["<img src=x onerror='window.evil=1'>"]}],
    "one key more": [{"at": 0, "choices": [1], "score": 9}],
    "without end": [{"at": 0, "choices": [5]}] * 201,
}


def test_forged_history_is_refused(opened: Opened) -> None:
    page = opened("case")
    choose(page, "Pack the parcel")
    good = stored(page, CASE)
    forged = {name: {"revised": value} for name, value in FORGED.items()}
    forged["an ending that is none"] = {"endings": ["the-desk"]}
    forged["an ending of another case"] = {"endings": ["ending-<b>elsewhere</b>"]}
    for name, value in forged.items():
        load_file(page, json.dumps(good | value))
        expect(page.locator(".case-notes"), name).to_contain_text("Nothing was changed.")
        assert stored(page, CASE) == good, name
        page.locator(".case-notes").evaluate("e => e.replaceChildren()")
    assert page.evaluate("window.evil") is None


def test_long_history_forgets_its_beginning_and_stays_readable(opened: Opened) -> None:
    page = opened("case")
    page.evaluate(
        """() => { for (let turn = 0; turn < 205; turn += 1) {
             document.querySelectorAll(".case-choice")[1].click();
             const tools = [...document.querySelectorAll(".case-tool")];
             tools.find((one) => one.textContent === "Back one decision").click();
           } }"""
    )
    assert len(stored(page, CASE)["revised"]) == 200
    choose(page, "Pack the parcel")
    page.reload()
    expect(page.get_by_text("You are where you left off.")).to_be_visible()


def test_other_choices_tell_what_would_have_been_within_reach(opened: Opened) -> None:
    page = opened("case")
    choose(page, "Pack the parcel", "Walk to the courier", "Nothing special")
    first, _, counter = page.locator(".case-review > ol > li").all()
    first.locator("summary").click()
    told = first.locator("li", has=page.get_by_text("Ask the export office", exact=True))
    expect(told).to_contain_text("Leads to: The desk")
    expect(told).to_contain_text(
        "From there still within reach: Sent with care; Sent with a shrug; Left on the desk"
    )
    leave = first.locator("li", has=page.get_by_text("Leave it for another day", exact=True))
    expect(leave).to_contain_text("Leads to: Ending: Left on the desk")
    expect(leave).not_to_contain_text("within reach")
    # Who had not asked could not say what it is: nothing else was open at the counter.
    expect(counter.locator("summary")).to_have_count(0)


def test_endings_seen_are_counted_and_the_others_keep_their_names(opened: Opened) -> None:
    page = opened("case")
    choose(page, "Leave it for another day")
    found = page.locator(".case-found")
    expect(found).to_contain_text("You have seen 1 of 3 endings.")
    page.get_by_role("button", name="Start again").click()
    choose(page, "Pack the parcel", "Walk to the courier", "Nothing special")
    page.reload()
    expect(found).to_contain_text("You have seen 2 of 3 endings.")
    expect(found).not_to_contain_text("Sent with care")


def test_figures_are_a_table_of_what_the_pictures_show(opened: Opened) -> None:
    page = opened("case")
    choose(page, "Ask the export office", "Pack the parcel", "Walk to the courier", "A crystal")
    picture = page.get_by_role("img", name="Security, decision by decision: 0, +1, +1, +1, +2")
    expect(picture).to_be_visible()
    page.locator(".case-figures summary").click()
    cells = page.locator(".case-figures tr").evaluate_all(
        "rows => rows.map((row) => [...row.children].map((cell) => cell.textContent))"
    )
    assert cells[0] == ["After decision", "Security", "Openness", "Time (hours)"]
    assert cells[1:] == [
        ["1", "+1", "0", "3"],
        ["2", "+1", "+1", "4"],
        ["3", "+1", "+3", "5"],
        ["4", "+2", "+4", "5"],
    ]
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_own_walk_on_paper_is_the_walk_alone(opened: Opened) -> None:
    page = opened("case")
    choose(page, "Pack the parcel", "Walk to the courier", "Nothing special")
    page.get_by_role("button", name="Print my walk").click()
    assert page.evaluate("window.printed") == 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".case-scene:visible")).to_have_count(1)
    expect(page.get_by_text("A question would have cost little.")).to_be_visible()
    expect(page.locator(".case-review li li", has_text="They answer within the hour.").first).to_be_visible()
    expect(page.get_by_text("From there still within reach").first).to_be_visible()
    assert page.locator(":is(button, .case-notes):visible").count() == 0
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".case-scene:visible")).to_have_count(6)


def test_the_bar_shows_the_next_of_several_deadlines_and_says_what_was_missed(opened: Opened) -> None:
    page = opened("clocks")
    bar = page.get_by_role("group", name="Where you stand")
    expect(bar).to_contain_text("0 of 2 hours")
    choose(page, "Read the log first")
    expect(page.get_by_role("heading", name="The call")).to_be_visible()
    expect(page.locator(".case-deadline")).to_have_text("Meanwhile: the warning is overdue.")
    expect(bar).to_contain_text("3 of 6 hours")
    expect(page.locator("p.case-status")).to_contain_text("3 of 6 hours used, the warning is overdue.")
    choose(page, "Say so, and go on")
    expect(page.get_by_role("heading", name="The log")).to_be_visible()
    expect(page.locator(".case-deadline")).to_have_count(0)
