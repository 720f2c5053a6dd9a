"""A quiz on a page: every option explains itself, and what went wrong comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from scenarios.engine import answers, load
from tests.front_page import SAMPLE_FORMS, answer_by_keys, served, write_site

pytestmark = pytest.mark.browser
KEY = "open-by-default:front-sample-quiz"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    write_site(folder)
    with served(folder) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto(f"{site}/quiz.html")
    yield page
    context.close()
    assert troubles == []


def stored(page: Page) -> dict[str, Any]:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))


def answer(page: Page, *labels: str) -> None:
    for label in labels:
        page.locator(".case-option", has_text=label).locator("input").check()
    page.get_by_role("button", name="Check").click()


def go_on(page: Page) -> None:
    page.locator(".case-result .case-check").click()


def violations(page: Page) -> list[str]:
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found.response["violations"]]


def test_question_is_a_group_named_by_its_stem(page: Page) -> None:
    group = page.get_by_role("group", name="The box What does a shoe box hold? Choose one.")
    expect(group.get_by_role("radio")).to_have_count(2)
    answer(page, "Shoes")
    go_on(page)
    group = page.get_by_role("group", name="The tape Which of these close a box? Choose all that apply.")
    expect(group.get_by_role("checkbox")).to_have_count(3)


def test_empty_check_asks_for_an_answer(page: Page) -> None:
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_have_text("Choose an answer first.")
    expect(page.get_by_role("radio").first).to_be_focused()  # whichever the order puts first
    assert page.evaluate(f"localStorage.getItem('{KEY}')") is None


def test_result_takes_the_focus_and_explains_every_option(page: Page) -> None:
    answer(page, "A cryostat")
    result = page.get_by_role("group", name="Result")
    expect(result).to_be_focused()
    expect(result).to_contain_text("Not right. This question comes back at the end.")
    expect(result).to_contain_text("Right answer: Shoes")
    expect(result).to_contain_text("That is what it is for.")
    expect(result).to_contain_text("Not right, your choice: A cryostat")
    expect(result).to_contain_text("Too tall.")
    # Read once, by the focus; a live region would read it again.
    assert result.evaluate("e => e.closest('[aria-live], [role=status], [role=alert]')") is None


def test_wrong_ones_come_back_until_they_are_right(page: Page) -> None:
    answer(page, "A cryostat")
    go_on(page)
    answer(page, "Tape")
    go_on(page)
    answer(page, "The clerk")
    go_on(page)
    status = page.locator("p.case-status")
    expect(status).to_have_text("Question 1 once more; 2 to come back to.")
    answer(page, "A cryostat")
    go_on(page)
    expect(status).to_have_text("Question 2 once more; 2 to come back to.")
    answer(page, "Tape", "String")
    go_on(page)
    expect(status).to_have_text("Question 1 once more; 1 to come back to.")
    page.reload()
    expect(status).to_have_text("Question 1 once more; 1 to come back to.")
    assert stored(page)["finished"] is None
    answer(page, "Shoes")
    go_on(page)
    expect(page.locator(".case-verdict")).to_contain_text("1 of 3 right at the first go.")
    kept = stored(page)
    assert kept["choices"] == [2, [1], 2], "the first answers stand"
    assert kept["mended"] == [1, 2]
    assert kept["finished"] >= kept["started"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Download transcript").click()
    transcript = json.loads(Path(download.value.path()).read_text())
    told = {"schema", "case", "case_digest", "choices", "started", "finished", "parts", "seed"}
    assert set(transcript) == told | {"mended"} and transcript["mended"] == [1, 2]
    assert transcript["choices"] == [2, [1], 2]


def test_keyboard_alone_answers_everything(page: Page) -> None:
    for numbers in ([1], [1, 3], [2]):
        answer_by_keys(page, *numbers)
        expect(page.get_by_role("group", name="Result")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    expect(page.locator(".case-verdict")).to_have_text("All 3 right at the first go.")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_no_accessibility_violation(chromium: Browser, site: str, scheme: Any, width: int) -> None:
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{site}/quiz.html")
    for labels in (["A cryostat"], ["Tape", "String"], ["The clerk"], ["Shoes"]):
        assert violations(page) == []
        answer(page, *labels)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        go_on(page)
    assert violations(page) == []
    context.close()


def test_paper_and_no_script_hold_every_explanation(chromium: Browser, page: Page, site: str) -> None:
    answer(page, "Shoes")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".case-scene:visible")).to_have_count(3)
    assert page.locator("li[data-choice] .case-feedback:visible").count() == 7
    assert page.locator(":is(button, fieldset, .case-bar, .case-result):visible").count() == 0
    context = chromium.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(f"{site}/quiz.html")
    bare.get_by_text("Hope", exact=True).click()
    expect(bare.get_by_text("It does not.")).to_be_visible()
    expect(bare.get_by_text("Not right.").locator("visible=true")).to_have_count(1)
    context.close()


def test_another_form_comes_back_answers_are_typed_and_sources_wait(chromium: Browser, site: str) -> None:
    """A learner who is wrong twice, with a seed that draws the first form of each question."""
    quiz = load(SAMPLE_FORMS)
    seeds = (f"{number:08x}" for number in range(200))
    seed = next(one for one in seeds if {answers.drawn(item, one) for item in quiz.logic.items} == {1})
    kept = {"schema": "progress/1", "case": quiz.id, "case_digest": quiz.digest, "choices": [],
            "started": None, "finished": None, "seed": seed}  # fmt: skip
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{site}/{quiz.id}.html")
    page.evaluate("([key, text]) => localStorage.setItem(key, text)",
                  [f"open-by-default:{quiz.id}", json.dumps(kept)])  # fmt: skip
    page.reload()
    sources = page.locator(".facts li")
    page.locator(".facts details").evaluate("fold => (fold.open = true)")
    expect(sources.locator("visible=true")).to_have_count(0)
    expect(page.get_by_text("The sources of a question come once you have answered it.")).to_be_visible()
    expect(page.get_by_text("What holds a bag shut?")).to_be_hidden()
    answer(page, "A wish")
    expect(sources.locator("visible=true")).to_have_count(1)
    go_on(page)
    group = page.get_by_role("group", name="How heavy is it in all? Type a number in kg.")
    line = group.get_by_role("textbox", name="Your answer kg")
    assert violations(page) == []
    for wrong in ("", "heavy", "1,700", "17 lb"):
        line.fill(wrong)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Type one number, such as 12.5")
        expect(line).to_be_focused()
    line.fill("16,8 kg")
    page.keyboard.press("Enter")
    result = page.get_by_role("group", name="Result")
    expect(result).to_contain_text("You wrote: 16,8 kg")
    expect(result).to_contain_text("Right answer, your answer: 17 ± 0.5 kg")
    expect(result).to_contain_text("A likely slip: 8 kg")
    assert violations(page) == []
    go_on(page)
    page.get_by_role("textbox").fill("On Sunday.")
    page.keyboard.press("Enter")
    expect(result).to_contain_text("Not right. This question comes back at the end.")
    page.reload()
    expect(page.get_by_text("What holds a bag shut?")).to_be_visible()
    answer(page, "A ribbon")
    go_on(page)
    expect(page.get_by_text("Who knocks?")).to_be_visible()
    page.get_by_role("textbox").fill("Postwoman")
    page.keyboard.press("Enter")
    go_on(page)
    expect(page.locator(".case-verdict")).to_contain_text("1 of 3 right at the first go.")
    expect(sources.locator("visible=true")).to_have_count(2)
    found = json.loads(page.evaluate(f"localStorage.getItem('open-by-default:{quiz.id}')"))
    assert (found["choices"], found["mended"]) == ([1, "16,8 kg", "On Sunday."], [1, 3])
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="The same, asked in another way")).to_have_count(3)
    expect(page.get_by_text("On which day of the week")).to_be_visible()
    expect(sources.locator("visible=true")).to_have_count(2)
    context.close()
