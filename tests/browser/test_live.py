"""From the printed address to a running lab, in a real Chromium and the real JupyterLab."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAB = "modules/export-controls/lab-road-map"


@pytest.fixture(scope="module")
def server(serve, built_book, tmp_path_factory):
    """The real book on a learner's server whose workspace is the test's own."""
    root = tmp_path_factory.mktemp("a course")
    (root / "_build").mkdir()
    for name in ("html", "live"):
        (root / "_build" / name).symlink_to(built_book.parent / name)
    return serve(root)


@pytest.fixture
def page(chromium):
    """A page that remembers which hosts were asked and which scripts failed."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(90_000)
    page = context.new_page()
    page.hosts, page.failures = set(), []
    context.on("request", lambda request: page.hosts.add(urlsplit(request.url).netloc))
    context.on("weberror", lambda failure: page.failures.append(str(failure.error)))
    yield page
    context.close()


def copy_of(server) -> dict:
    return json.loads((server.root / "workspace/labs/export-controls/lab-road-map.ipynb").read_text())


def saved_when_run(page, server) -> dict:
    """Save until every code cell has been run, and answer the notebook as it lies in the workspace."""
    for _ in range(120):
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1000)
        notebook = copy_of(server)
        if all(cell["execution_count"] for cell in notebook["cells"] if cell["cell_type"] == "code"):
            return notebook
    raise AssertionError("the lab did not run to its end in two minutes")


def open_live(page, server) -> None:
    page.goto(f"{server.address}{LAB}.html")
    page.get_by_role("link", name="Open this lab live").click()
    page.wait_for_selector(".jp-Notebook .jp-MarkdownCell .jp-RenderedMarkdown h1")


def test_a_learner_comes_from_the_printed_address_to_a_running_lab_and_keeps_every_edit(server, page):
    page.goto(server.printed)
    assert page.url == server.address  # the token stays out of the address bar
    page.get_by_text("Pages of Export controls").locator("..").click()
    page.locator(f'.contents a[href$="{LAB}.html"]').click()
    page.wait_for_url(f"**/{LAB}.html")
    open_live(page, server)
    assert page.url.endswith("/lab/tree/labs/export-controls/lab-road-map.ipynb")

    prose = "\n".join("".join(c["source"]) for c in copy_of(server)["cells"] if c["cell_type"] == "markdown")
    assert not re.search(r"\{[a-z-]+\}`|^:::|^```\{", prose, re.M)

    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("# my own words\n")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    mine = saved_when_run(page, server)
    assert any("# my own words" in "".join(cell["source"]) for cell in mine["cells"])
    assert [o for cell in mine["cells"] for o in cell.get("outputs", []) if o["output_type"] == "error"] == []

    expect(page.locator(".widget-interact .widget-output img").first).to_be_attached()

    open_live(page, server)
    expect(page.locator(".jp-CodeCell", has_text="# my own words")).to_have_count(1)
    assert [cell["source"] for cell in copy_of(server)["cells"]] == [cell["source"] for cell in mine["cells"]]

    assert page.hosts <= {urlsplit(server.address).netloc, ""}  # "" is data: and blob:
    assert page.failures == []
    assert page.get_by_text("Jupyter news").count() == 0


@pytest.mark.proof
def test_a_link_in_a_live_notebook_leads_back_into_the_book(server, page):
    page.goto(server.printed)
    open_live(page, server)
    with page.context.expect_page() as opened:
        page.locator(f'.jp-RenderedMarkdown a[href="/{LAB}.html"]').first.click()
    expect(opened.value).to_have_url(f"{server.address}{LAB}.html")
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()


def test_a_reader_without_the_token_reads_everything_and_is_told_how_to_work_live(server, page):
    page.goto(server.address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("make start once more in the course's folder")
    for name in (f"{LAB}.html", "modules/export-controls/exercise.html"):
        page.goto(f"{server.address}{name}")
        place = page.locator("p.live:visible")
        expect(place).to_contain_text("without the address that the terminal printed")
        expect(page.get_by_role("link", name=re.compile("live$"))).to_have_count(0)
        expect(page.locator(".not-live:visible")).to_have_count(0)
    # A bookmark of JupyterLab itself.
    page.goto(f"{server.address}lab")
    expect(page.get_by_role("heading", name="Sign in to work live")).to_be_visible()
    assert "jupyter" not in page.locator("body").inner_text().lower()
    page.get_by_role("link", name="Back to the book").click()
    expect(page).to_have_url(server.address)
    page.goto(f"{server.address}course/open/{LAB}")
    page.get_by_label("Or paste").fill("not the token")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not the token of the course that runs now")
    page.get_by_label("Or paste").fill(server.token)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/lab/tree/labs/**")
    page.goto(f"{server.address}{LAB}.html")
    expect(page.get_by_role("link", name="Open this lab live")).to_be_visible()
    page.goto(server.address)
    expect(page.get_by_text("without the address that the terminal printed")).to_be_hidden()
    assert page.hosts <= {urlsplit(server.address).netloc, ""}


def test_a_case_played_to_its_end_lies_in_the_workspace_and_the_grader_accepts_it(server, page):
    page.goto(server.printed)
    page.goto(f"{server.address}modules/export-controls/case-visitor-and-chip.html")
    for _ in range(60):
        if not page.locator(".case-choice:visible").count():
            break
        page.locator(".case-choice:visible").first.click()
    expect(page.get_by_text("The transcript is in your workspace")).to_be_visible()
    transcript = server.root / "workspace/transcripts/visitor-and-chip.json"
    command = [Path(sys.executable).parent / "scenarios", "replay", transcript]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, json.loads(done.stdout)["valid"]) == (0, True)


def test_a_page_of_the_book_states_one_policy_in_its_head_and_in_its_answer(server, page):
    answer = page.goto(server.address)
    stated = page.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content")
    assert answer.headers["content-security-policy"] == f"{stated}; frame-ancestors 'none'"
