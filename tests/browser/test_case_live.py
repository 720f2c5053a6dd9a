"""A case where the course is live: on a page of its server, and in JupyterLab beside Python."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from scenarios.engine import load
from scenarios.engine.replay import replay
from scenarios.engine.transcript import read
from tests.front_page import SAMPLE_CASE, write_site

pytestmark = [pytest.mark.slow, pytest.mark.browser]
WORDS = "# A lab\n\n## The case\n\nPlay it."
CELLS = [
    f"from pathlib import Path\nfrom scenarios.engine.widget import CaseWidget\n"
    f"play = CaseWidget(Path({str(SAMPLE_CASE)!r}))\nplay",
    "import json\nprint('told ' + json.dumps(play.transcript()))",
]


@pytest.fixture(scope="module")
def live(serve: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("course")
    (folder / "_build/html").mkdir(parents=True)
    write_site(folder / "_build/html")
    (folder / "_build/html/index.html").write_text("<!doctype html><title>book</title><p>the book")
    words = {"cell_type": "markdown", "id": "words", "metadata": {}, "source": WORDS}
    notebook = {
        "cells": [
            words,
            *(
                {
                    "cell_type": "code",
                    "id": f"c{number}",
                    "metadata": {},
                    "source": source,
                    "outputs": [],
                    "execution_count": None,
                }
                for number, source in enumerate(CELLS)
            ),
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (folder / "workspace/labs").mkdir(parents=True)
    for name in ("lab", "notebooks"):  # a front end writes into its notebook
        (folder / f"workspace/labs/{name}.ipynb").write_text(json.dumps(notebook))
    return serve(folder)


@pytest.fixture
def page(chromium: Browser, live: Any) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    home = (live.address.rstrip("/"), live.address.rstrip("/").replace("http", "ws", 1), "data:", "blob:")
    assert [url for url in asked if not url.startswith(home)] == []


def choose(page: Page, *labels: str) -> None:
    for label in labels:
        page.locator(".case-choice", has_text=label).click()


def test_finished_case_lands_in_the_workspace(page: Page, live: Any) -> None:
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto(live.printed)
    page.goto(f"{live.address}case.html")
    choose(page, "Pack the parcel", "Walk to the courier", "Nothing special")
    expect(page.get_by_text("The transcript is in your workspace")).to_be_visible()
    written = live.root / "workspace/transcripts/front-sample.json"
    assert json.loads(written.read_text(encoding="utf-8"))["choices"] == [2, 4, 2]
    verdict = replay(read(written), load(SAMPLE_CASE))
    assert verdict["valid"] and verdict["completed"], verdict["message"]
    assert verdict["ending"] == "ending-sent-with-a-shrug"
    assert troubles == []


def test_reader_without_the_address_is_told(page: Page, live: Any) -> None:
    page.goto(f"{live.address}case.html")
    choose(page, "Leave it for another day")
    expect(page.get_by_text("You are reading without the address that the terminal printed")).to_be_visible()


@pytest.mark.parametrize(
    "front_end",
    [
        pytest.param("lab/tree", id="jupyterlab"),
        pytest.param("notebooks", id="notebook-7", marks=pytest.mark.proof),
    ],
)
def test_widget_plays_by_keyboard_and_tells_python(page: Page, live: Any, front_end: str) -> None:
    page.goto(live.printed)
    page.goto(f"{live.address}{front_end}/labs/{front_end.partition('/')[0]}.ipynb")
    cells = page.locator(".jp-Notebook .jp-Cell")
    expect(cells).to_have_count(3, timeout=90_000)
    root = page.locator(".jp-OutputArea .case-root.case-playing")
    # A cell that is run before the page knows of its kernel opens a dialogue that asks for one.
    expect(page.locator(".jp-Toolbar-kernelName")).to_contain_text("Python 3", timeout=90_000)
    for _ in range(20):
        # A cell that is run before the kernel is there is lost without a word, in either front end.
        cells.nth(1).locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        with contextlib.suppress(PlaywrightTimeout):
            root.wait_for(timeout=8_000)
            break
    expect(root).to_have_count(1)
    # Keys that are commands of the notebook do nothing here: insert above, below, cut, move, delete.
    root.locator(".case-choice", has_text="Pack the parcel").focus()
    for key in "abxjkdd":
        page.keyboard.press(key)
    expect(cells).to_have_count(3)
    page.keyboard.press("Enter")
    for label in ("Walk to the courier", "Nothing special"):
        expect(root.locator(".case-said")).to_be_focused()
        for key in "abx":
            page.keyboard.press(key)
        root.locator(".case-choice", has_text=label).focus()
        page.keyboard.press("Space")
    expect(root.get_by_role("heading", name="Ending: Sent with a shrug")).to_be_visible()
    expect(cells).to_have_count(3)
    assert root.evaluate(
        "e => [...e.querySelectorAll('a, button, summary, input, [tabindex]')]"
        ".every((one) => one.dataset.lmSuppressShortcuts === 'true')"
    )
    found = Axe().run(page, context=".case-root")
    assert [one["id"] for one in found.response["violations"]] == []
    cells.nth(2).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    output = cells.nth(2).get_by_text("told {")
    expect(output).to_be_visible(timeout=30_000)
    told = json.loads(output.inner_text().partition("told ")[2])
    assert told["choices"] == [2, 4, 2]
    assert told["finished"]
    written = Path(live.root) / "workspace/transcripts/front-sample.json"
    assert json.loads(written.read_text(encoding="utf-8")) == told
    # Going back at the end is known to Python too; then the page's own history says the same.
    # The counter had one way on, so the last decision was the one before it.
    root.get_by_role("button", name="Back one decision").click()
    cells.nth(2).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    revised = cells.nth(2).get_by_text('"revised": [{"at": 1, "choices": [4, 2]}]')
    expect(revised).to_be_visible(timeout=30_000)
    # A new widget knows nothing, the browser does; and after a reload the kernel still has the play.
    resumed = page.locator(".jp-OutputArea .case-notes", has_text="You are where you left off.")
    cells.nth(1).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(resumed).to_be_visible(timeout=30_000)
    expect(root.get_by_role("heading", name="The desk")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.locator("body")).not_to_contain_text("Saving started", timeout=30_000)
    page.evaluate("localStorage.clear()")
    for _ in range(5):
        # A page that asks before its kernel is connected shows "model not found" until it is loaded again:
        # that is JupyterLab's, on a busy machine, and what its users do about it.
        page.reload()
        with contextlib.suppress(PlaywrightTimeout):
            resumed.wait_for(timeout=30_000)
            break
    expect(resumed).to_be_visible()
    expect(root.get_by_role("heading", name="The desk")).to_be_visible()
