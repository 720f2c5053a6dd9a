"""From an exercise's page to "am I right?" and the zip: right, wrong, lazy and unlucky, in real programs."""

from __future__ import annotations

import json
import re
import shutil
import zipfile

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import expect

from autograder.cli import main
from tests.content.classroom import SOURCE, as_saved

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXERCISE = "publication"
PAGE = f"modules/{EXERCISE}/exercise.html"
WRONG = SOURCE / EXERCISE / "wrong" / "counts_readings_once.py"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def server(serve, built_book, tmp_path_factory):
    """The real book and the real exercise on a learner's server whose workspace is the test's own."""
    root = tmp_path_factory.mktemp("a course")
    (root / "_build").mkdir()
    for name in ("html", "live"):
        (root / "_build" / name).symlink_to(built_book.parent / name)
    words = [
        "release",
        EXERCISE,
        "--quick",
        "--source",
        str(SOURCE),
        "--course",
        str(root / "_build/practice/nbgrader"),
    ]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return serve(root)


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.failures = []
    context.on("weberror", lambda failure: page.failures.append(str(failure.error)))
    yield page
    context.close()


def save(server, *words, name="exercise.ipynb", **more):
    """Save the notebook as JupyterLab would."""
    text = as_saved(server.root / "_build/practice/nbgrader", EXERCISE, *words, **more)
    (server.root / "workspace/exercises" / EXERCISE / name).write_text(text, encoding="utf-8")


def ask(page, server):
    """Press the button on a fresh page."""
    page.goto(f"{server.address}{PAGE}")
    page.get_by_role("button", name="Am I right?").click()
    return page.locator("#am-i-right [role=status]")


def to_its_end(page, last):
    """Scroll a notebook down until its last cell is there: JupyterLab draws only what is near."""
    for _ in range(200):
        if last.count():
            return
        page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop += 2000")
        page.wait_for_timeout(250)
    raise AssertionError("the notebook has no such cell")


def test_a_stranger_is_told_why_there_is_no_button(server, page):
    page.goto(f"{server.address}{PAGE}")
    expect(page.locator("#am-i-right .ask")).to_contain_text("without the address that the terminal printed")
    expect(page.get_by_role("button", name="Am I right?")).to_have_count(0)
    expect(page.locator("#hand-in .ask")).to_be_hidden()


@pytest.mark.proof
def test_a_learner_finds_out_what_is_right_and_packs_it(server, page):
    page.goto(server.printed)
    page.goto(f"{server.address}{PAGE}")
    expect(page.locator("#am-i-right .ask")).to_contain_text("Open the exercise live first")
    page.get_by_role("link", name="Open this exercise live").click()

    # In JupyterLab: no button that calls nonsense a success, and at the end the way to the one that knows.
    page.wait_for_selector(".jp-Notebook .jp-MarkdownCell .jp-RenderedMarkdown h1")
    toolbar = page.locator(".jp-NotebookPanel-toolbar")
    expect(toolbar.locator('[data-jp-item-name="cellType"]')).to_be_visible()
    expect(page.get_by_text("Validate", exact=True)).to_have_count(0)
    way = page.locator(f'.jp-RenderedMarkdown a[href="/{PAGE}#am-i-right"]')
    to_its_end(page, way)
    with page.context.expect_page() as opened:
        way.first.click()
    book = opened.value

    # Lazy: the placeholder stands as it was handed out.
    book.get_by_role("button", name="Am I right?").click()
    expect(book.locator("#am-i-right [role=status]")).to_contain_text("put your own name after the colon")
    assert not (server.root / "workspace/practice").exists()
    book.close()

    # Wrong: every visible check is silent, and the feedback says what to think about.
    save(server, "practice: Mia", WRONG)
    ask(page, server)
    page.wait_for_url("**/feedback")
    expect(page.get_by_text(re.compile(r"Mia: \d+ of 20 points"))).not_to_contain_text("20 of 20")
    expect(page.get_by_text("nobody else has seen it")).to_be_visible()
    row = page.locator("tr", has_text="check-chance")
    expect(row).to_contain_text("Count shots and not different readings")

    # Right, and back on the page stands how it went.
    save(server, "practice: mia ")
    ask(page, server)
    page.wait_for_url("**/feedback")
    expect(page.get_by_text("mia: 20 of 20 points so far")).to_be_visible()
    page.get_by_role("link", name="Back to the exercise").click()
    expect(page.locator("#am-i-right .ask")).to_contain_text("20 of 20 automatic points")
    told = json.loads((server.root / f"workspace/practice/{EXERCISE}.json").read_text())
    assert (told["tries"], told["automatic"]["score"], told["isolation"] != "none") == (2, 20, True)
    assert Axe().run(page, options={"runOnly": RULES}).response["violations"] == []

    # Two notebooks: the page offers both, and packs the one that was chosen.
    save(server, "practice: Mia", WRONG, name="second try.ipynb")
    page.reload()
    page.locator("#hand-in select").select_option("second try.ipynb")
    page.get_by_label("Your id in the course").fill("mia.m")
    page.get_by_role("button", name="Pack for hand-in").click()
    status = page.locator("#hand-in [role=status]")
    expect(status).to_contain_text("packed second try.ipynb and not 'exercise.ipynb'")
    expect(status).to_contain_text("nobody has to get it")
    with page.expect_download() as saved:
        status.get_by_role("link").click()
    assert re.fullmatch(rf"mia\.m-{EXERCISE}-\w+\.zip", saved.value.suggested_filename)
    with zipfile.ZipFile(saved.value.path()) as archive:
        assert json.loads(archive.read("manifest.json"))["learner"] == "mia.m"
    page.get_by_label("Your id in the course").fill("../mia")
    page.get_by_role("button", name="Pack for hand-in").click()
    expect(status).to_contain_text("is no learner's id")
    assert page.failures == []


def test_the_unlucky_are_told_what_happened(server, page, serve):
    page.goto(server.printed)
    folder = server.root / "workspace/exercises" / EXERCISE
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "exercise.ipynb").write_text('{"cells": [', encoding="utf-8")
    said = ask(page, server)
    expect(said).to_contain_text("the notebook is not JSON; save it again from JupyterLab")
    save(server, "practice: Mia")
    page.goto(f"{server.address}{PAGE}")
    button = page.get_by_role("button", name="Am I right?")
    expect(button).to_be_visible()
    assert server.stop() == 0
    button.click()
    expect(page.locator("#am-i-right [role=status]")).to_contain_text("Is it still running?")
    assert page.failures == []
