"""A case on a page, in a real browser: by keyboard, on paper, interrupted, spoilt, and without the script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.front_page import REAL, served, write_site
from tests.scenarios.kinds import kind_of

pytestmark = pytest.mark.browser
TO_THE_BEST_END = ["Ask the export office", "Pack the parcel", "Walk to the courier", "“A crystal"]
CASES = [path.parent.name for path in REAL if kind_of(path) == "case"]
KEY = "open-by-default:front-sample"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    write_site(folder)
    with served(folder) as address:
        yield address


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, site: str) -> Iterator[Page]:
    page = context.new_page()
    troubles: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/case.html")
    yield page
    assert troubles == []
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


def choose(page: Page, *labels: str) -> None:
    for label in labels:
        page.locator(".case-choice", has_text=label.strip("“")).click()


def stored(page: Page) -> dict[str, Any]:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))


def progress_file(page: Page, tmp_path: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save progress to a file").click()
    target = tmp_path / "progress.json"
    download.value.save_as(target)
    return target


def load_file(page: Page, content: str | bytes) -> None:
    data = content.encode() if isinstance(content, str) else content
    page.set_input_files(
        "input[type=file]", {"name": "progress.json", "mimeType": "application/json", "buffer": data}
    )


def violations(page: Page) -> list[str]:
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found.response["violations"]]


def tab_to(page: Page, text: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip().startswith(text):
            return
    raise AssertionError(f"Tab never reached {text!r}")


def test_keyboard_alone_reaches_an_ending(page: Page) -> None:
    tab_to(page, "Ask the export office")
    page.keyboard.press("Enter")
    said = page.get_by_role("group", name="Your decision")
    expect(said).to_be_focused()
    expect(said).to_contain_text("You chose: Ask the export office")
    expect(said).to_contain_text("They answer within the hour.")
    for label in ("Pack the parcel", "Walk to the courier", "“A crystal"):
        page.keyboard.press("Tab")
        tab_to_or_stay(page, label)
        page.keyboard.press("Space")
        expect(said).to_be_focused()
    expect(page.get_by_role("heading", name="Ending: Sent with care")).to_be_visible()
    expect(page.locator(".case-scene:visible")).to_have_count(1)


def tab_to_or_stay(page: Page, text: str) -> None:
    if not page.evaluate("document.activeElement.textContent").strip().startswith(text):
        tab_to(page, text)


def test_status_tells_the_clock_and_keeps_the_axes_for_the_end(page: Page) -> None:
    choose(page, "Ask the export office")
    status = page.locator("p.case-status[role=status]")
    expect(status).to_have_text("1 decision so far. 3 of 5 hours used.")
    bar = page.get_by_role("group", name="Where you stand")
    expect(bar).to_contain_text("3 of 5 hours")
    expect(bar).not_to_contain_text("Security")
    said = page.locator(".case-said .case-effects")
    expect(said).to_have_text("3 hours")
    choose(page, "Leave it for another day")
    expect(status).to_contain_text("Security +2, Openness \N{MINUS SIGN}2")
    expect(bar).to_contain_text("Security")


def test_conditions_choose_words_and_choices(page: Page) -> None:
    expect(page.get_by_text("The office said")).to_be_hidden()
    expect(page.locator(".case-choice")).to_have_count(3)
    choose(page, "Pack the parcel")
    expect(page.get_by_text("The tape is on")).to_be_visible()
    expect(page.locator(".case-choice", has_text="Walk to the courier")).to_be_visible()
    expect(page.locator(".case-choice", has_text="Pack the parcel")).to_have_count(0)
    choose(page, "Ask the export office")
    expect(page.get_by_text("The office said")).to_be_visible()
    expect(page.get_by_text("The tape is on")).to_be_hidden()
    expect(page.locator(".case-said")).to_contain_text("They sigh at the tape.")


def test_deadline_takes_over_and_says_so(page: Page) -> None:
    choose(page, "Ask the export office", "Pack the parcel", "Open it again")
    expect(page.get_by_role("heading", name="The courier is gone")).to_be_visible()
    expect(page.locator(".case-said")).to_contain_text("Meanwhile: the deadline has passed.")
    expect(page.locator("p.case-status")).to_contain_text("6 hours used, the deadline has passed.")
    choose(page, "Try tomorrow")
    expect(page.get_by_text("A day later than promised.")).to_be_visible()


def test_back_takes_one_decision_back(page: Page) -> None:
    choose(page, "Ask the export office", "Pack the parcel")
    page.get_by_role("button", name="Back one decision").click()
    expect(page.get_by_role("heading", name="The desk")).to_be_focused()
    expect(page.locator(".case-choice", has_text="Pack the parcel")).to_be_visible()
    assert stored(page)["choices"] == [1]


def test_reload_resumes_and_start_again_can_be_undone(page: Page) -> None:
    choose(page, "Ask the export office", "Pack the parcel")
    page.reload()
    expect(page.get_by_text("You are where you left off.")).to_be_visible()
    assert page.evaluate("document.activeElement === document.body"), "a reload moves no focus"
    page.get_by_role("button", name="Start again").click()
    expect(page.locator(".case-choice")).to_have_count(3)
    page.get_by_role("button", name="Undo").click()
    assert stored(page)["choices"] == [1, 2]
    expect(page.locator(".case-choice", has_text="Walk to the courier")).to_be_visible()


def test_ending_shows_what_else_there_was_and_gives_a_transcript(page: Page, tmp_path: Path) -> None:
    choose(page, *TO_THE_BEST_END)
    review = page.locator(".case-review")
    expect(review.locator("> ol > li")).to_have_count(4)
    onward = review.get_by_text("Leads to: Ending: Left on the desk").first
    expect(onward).to_be_hidden()
    review.locator("summary", has_text="The desk").first.click()
    expect(onward).to_be_visible()
    page.get_by_label("Two sentences").fill("I would ask first. <b>Then</b> I would decide.")
    page.get_by_role("button", name="Keep the note").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download transcript").click()
    download.value.save_as(tmp_path / "t.json")
    transcript = json.loads((tmp_path / "t.json").read_text())
    keys = {"schema", "case", "case_digest", "choices", "started", "finished", "parts", "seed", "note"}
    assert set(transcript) == keys
    assert transcript["note"] == "I would ask first. <b>Then</b> I would decide."
    assert transcript["choices"] == [1, 2, 4, 1]
    assert transcript["finished"] >= transcript["started"]
    page.reload()
    assert stored(page)["finished"] == transcript["finished"], "an ending is reached once"
    expect(page.get_by_label("Two sentences")).to_have_value(transcript["note"])
    review.locator("summary", has_text="The desk").first.click()
    page.get_by_role("button", name="Decide again here (decision 1)").click()
    assert stored(page)["choices"] == []
    assert stored(page)["finished"] is None


def test_progress_goes_out_and_comes_back_as_a_file(page: Page, tmp_path: Path) -> None:
    choose(page, "Pack the parcel")
    saved = progress_file(page, tmp_path).read_text()
    page.get_by_role("button", name="Start again").click()
    load_file(page, saved)
    expect(page.get_by_text("Progress loaded from the file.")).to_be_visible()
    assert stored(page)["choices"] == [2]


EVIL = {
    "not json": "<script>window.evil = 1</script>",
    "no object": "[1, 2]",
    "null": "null",
    "too long": " " * 70_000,
    "markup in a name": {"<img src=x onerror='window.evil=1'>": 1},
    "prototype": '"__proto__": {"evil": 1}',
    "markup as a time": {"started": "<img src=x onerror='window.evil=1'>"},
    "markup as a choice": {"choices": ["<img src=x onerror='window.evil=1'>"]},
    "choice of an object": {"choices": [{"toString": "evil"}]},
    "nested lists": {"choices": [[[[1]]]]},
    "impossible walk": {"choices": [4]},
    "beyond the ending": {"choices": [5, 1]},
    "fraction": {"choices": [1.5]},
    "negative": {"choices": [-1]},
    "very many": {"choices": [1] * 2000},
    "another case": {"case": "<b>other</b>"},
    "another version": {"case_digest": "<b>0</b>"},
    "another schema": {"schema": "transcript/9"},
}


@pytest.mark.parametrize("name", EVIL)
def test_evil_progress_changes_nothing_and_runs_nothing(page: Page, tmp_path: Path, name: str) -> None:
    choose(page, "Pack the parcel")
    good = json.loads(progress_file(page, tmp_path).read_text())
    evil = EVIL[name]
    if isinstance(evil, dict):
        load_file(page, json.dumps(good | evil))
    elif name == "prototype":
        load_file(page, json.dumps(good)[:-1] + f", {evil}}}")
    else:
        load_file(page, str(evil))
    expect(page.locator(".case-notes")).to_contain_text("Nothing was changed.")
    assert page.locator(".case-notes").evaluate("e => e.querySelectorAll('img, script, b').length") == 0
    assert stored(page)["choices"] == [2]
    assert page.evaluate("[window.evil, ({}).evil]") == [None, None]
    choose(page, "Walk to the courier")
    expect(page.get_by_role("heading", name="The counter")).to_be_visible()


@pytest.mark.parametrize("kept", ["{", "null", '{"schema":"progress/1"}', "[]", "\x00"])
def test_spoilt_storage_starts_anew(page: Page, kept: str) -> None:
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [KEY, kept])
    page.reload()
    choose(page, "Pack the parcel")
    assert stored(page)["choices"] == [2]


def test_changed_case_says_so_in_words(page: Page) -> None:
    choose(page, "Ask the export office", "Pack the parcel")
    page.evaluate(
        """key => localStorage.setItem(key, JSON.stringify(
             {...JSON.parse(localStorage.getItem(key)), case_digest: "0".repeat(64)}))""",
        KEY,
    )
    page.reload()
    expect(page.get_by_text("This case has changed since you last played it.")).to_be_visible()
    expect(page.get_by_text("Your 2 decisions from before cannot be carried over")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the old progress to a file").click()
    assert json.loads(Path(download.value.path()).read_text())["choices"] == [1, 2]
    expect(page.locator(".case-choice")).to_have_count(3)


@pytest.mark.parametrize("denied", ["full", "denied"])
def test_play_goes_on_where_nothing_can_be_kept(context: BrowserContext, site: str, denied: str) -> None:
    refusal = {
        "full": "Storage.prototype.setItem = () => {"
        " throw new DOMException('full', 'QuotaExceededError'); };",
        "denied": "Object.defineProperty(window, 'localStorage', "
        "{ get() { throw new DOMException('denied', 'SecurityError'); } });",
    }
    context.add_init_script(refusal[denied])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{site}/case.html")
    choose(page, "Ask the export office")
    expect(page.get_by_text("This browser does not keep your progress.")).to_be_visible()
    choose(page, *TO_THE_BEST_END[1:])
    expect(page.get_by_role("heading", name="Ending: Sent with care")).to_be_visible()
    assert faults == []


def test_second_tab_is_told_and_may_follow(context: BrowserContext, page: Page, site: str) -> None:
    other = context.new_page()
    other.goto(f"{site}/case.html")
    choose(other, "Pack the parcel")
    expect(page.get_by_text("You went on with this in another tab.")).to_be_visible()
    expect(page.locator(".case-choice", has_text="Pack the parcel")).to_be_visible()
    page.get_by_role("button", name="Go on from there").click()
    expect(page.locator(".case-choice", has_text="Walk to the courier")).to_be_visible()
    choose(page, "Walk to the courier")
    other.get_by_role("button", name="Go on from there").click()
    expect(other.get_by_role("heading", name="The counter")).to_be_visible()


def test_game_book_is_complete_without_the_script(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/case.html")
    assert page.locator(".case-scene:visible").count() == 6
    assert page.locator("li[data-choice] summary:visible").count() == 9
    page.get_by_text("Ask the export office", exact=True).click()
    expect(page.get_by_text("They answer within the hour.")).to_be_visible()
    page.get_by_text("Walk to the courier", exact=True).click()
    page.get_by_role("link", name="The counter").click()
    assert page.url.endswith("#case-front-sample-the-counter")
    context.close()


def test_game_book_is_there_where_the_script_does_not_come(chromium: Browser, site: str) -> None:
    context = chromium.new_context()
    context.route("**/case.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{site}/case.html")
    expect(page.locator(".case-scene:visible")).to_have_count(6)
    context.close()


@pytest.mark.parametrize("steps", [0, 4])
def test_paper_holds_every_scene_and_no_player(page: Page, steps: int) -> None:
    choose(page, *TO_THE_BEST_END[:steps])
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".case-scene:visible")).to_have_count(6)
    assert page.locator("li[data-choice] .case-feedback:visible").count() == 9
    expect(page.get_by_text("The tape is on, and nobody knows")).to_be_visible()
    assert page.locator("li[data-choice] .case-go:visible").count() == 9
    assert page.locator(":is(button, .case-bar, .case-said, .case-notes):visible").count() == 0
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf())) >= 2
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".case-scene:visible")).to_have_count(1)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_no_accessibility_violation_at_any_step(
    chromium: Browser, site: str, scheme: Any, width: int
) -> None:
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{site}/case.html")
    assert violations(page) == []
    for label in TO_THE_BEST_END:
        choose(page, label)
        assert violations(page) == [], label
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no sideways scrolling"
    page.locator(".case-review details").first.locator("summary").click()
    assert violations(page) == []
    load_file(page, "{}")
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize(
    "case", [CASES[0], *(pytest.param(name, marks=pytest.mark.proof) for name in CASES[1:])]
)
def test_course_case_plays_without_a_violation(chromium: Browser, site: str, case: str) -> None:
    context = chromium.new_context(color_scheme="dark", viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(f"{site}/{case}.html")
    steps = 0
    while page.locator(".case-choice").count():
        if steps in (0, 2):  # axe is slow, and one scene is built as another
            assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no sideways scrolling"
        # The last that is offered: it goes where no other test of a page has been.
        page.locator(".case-choice").last.click()
        steps += 1
        assert steps < 100
    assert violations(page) == []
    expect(page.get_by_role("button", name="Download transcript")).to_be_visible()
    context.close()


def test_forced_colours_keep_lines_and_borders(chromium: Browser, site: str) -> None:
    context = chromium.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(f"{site}/case.html")
    choose(page, TO_THE_BEST_END[0])
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    border = page.locator(".case-choice").first.evaluate("e => getComputedStyle(e).borderTopWidth")
    assert border == "1px"
    choose(page, *TO_THE_BEST_END[1:])  # the figures are drawn at the end
    paper, line = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor,"
        " getComputedStyle(document.querySelector('.case-line')).stroke]"
    )
    assert paper != line
    context.close()


def test_reduced_motion_moves_nothing(chromium: Browser, site: str) -> None:
    context = chromium.new_context(reduced_motion="reduce", viewport={"width": 600, "height": 300})
    page = context.new_page()
    page.goto(f"{site}/case.html")
    page.evaluate(
        """() => { Element.prototype.scrollIntoView = function (how) {
             (window.scrolled ??= []).push(how?.behavior); }; }"""
    )
    page.evaluate("scrollTo(0, 400)")
    page.locator(".case-choice", has_text="Pack the parcel").evaluate("button => button.click()")
    assert page.evaluate("window.scrolled") == ["auto"]
    moving = page.evaluate(
        "[...document.querySelectorAll('.case-root *')].filter("
        "(e) => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    )
    assert moving == 0
    context.close()


def test_case_and_quiz_share_a_page(page: Page, site: str) -> None:
    page.goto(f"{site}/both.html")
    choose(page, "Pack the parcel")
    page.get_by_label("Shoes").check()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("group", name="Result")).to_be_focused()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))


def test_next_scene_comes_at_once(page: Page, record_property: Any) -> None:
    """The time is written down and not judged: a busy machine is slow."""
    spent = page.evaluate(
        """() => {
          const times = [];
          for (const label of ["Pack the parcel", "Ask the export", "Walk to"]) {
            const open = [...document.querySelectorAll(".case-choice")];
            const button = open.find((one) => one.textContent.includes(label));
            const before = performance.now();
            button.click();
            document.body.getBoundingClientRect();
            times.push(performance.now() - before);
          }
          return Math.max(...times);
        }"""
    )
    record_property("choice_to_next_scene_ms", round(spent, 1))
    print(f"choice to next scene: {spent:.1f} ms")
    expect(page.get_by_role("heading", name="The counter")).to_be_visible()
