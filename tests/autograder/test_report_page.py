"""The report as page, paper and picture: one look at a real class, as an instructor would take it."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest

from autograder.reporting import plots
from autograder.reporting.figures import Item, Report, Row, Wrong
from autograder.reporting.page import as_html

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


def test_the_page_reads_in_both_themes_on_a_phone_and_on_paper(graded, run, chromium, tmp_path):
    files = {kind: tmp_path / f"report.{kind}" for kind in ("html", "pdf", "png")}
    words = [word for kind, path in files.items() for word in (f"--{kind}", path)]
    ended = run("report", "greeting", "--course", graded.course, *words)
    assert ended.code == 0, ended.said
    assert files["pdf"].read_bytes().startswith(b"%PDF") and files["png"].read_bytes().startswith(b"\x89PNG")
    asked: list[str] = []
    for scheme, width in (("light", 1000), ("dark", 390)):
        context = chromium.new_context(color_scheme=scheme, bypass_csp=True)
        tab = context.new_page()
        tab.set_viewport_size({"width": width, "height": 900})
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(files["html"].as_uri())
        assert tab.locator("figure svg").count() == 3
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        tab.add_script_tag(path=Path(axe_playwright_python.__file__).parent / "axe.min.js")
        found = tab.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
        # The style's digest stands in the policy: without it the drawings would all be black.
        bar = tab.evaluate("getComputedStyle(document.querySelector('svg .bar')).fill")
        assert bar != "rgb(0, 0, 0)"
        context.close()
    assert {url.partition(":")[0] for url in asked} <= {"file"}


def test_the_policy_lets_the_pages_own_style_work(chromium, tmp_path):
    """Wrong values and hostile words stand as text, and whoever asks for names gets them."""
    item = Item("n", "<b>cell", 2, 6, 0.5, -0.3, 1, 0, [Wrong("no <i>value", 3, [("x = '<script>'", 2)])])
    rows = [Row("s0101" if at == 0 else "", 2 - at / 10, [at % 2], [False]) for at in range(80)]
    report = Report(
        "e",
        learners=80,
        counted=80,
        mean=1.0,
        median=1.0,
        max_score=2.0,
        points=2.0,
        totals=[at % 3 for at in range(80)],
        items=[item],
        rows=rows,
    )
    text = as_html([report])
    assert "<script" not in text and "<i>value" not in text and "no &lt;i&gt;value (3)" in text
    assert "They had: x = &#x27;&lt;script&gt;&#x27; (2)" in text
    # A large class is drawn in runs, so that a thousand learners are no thousand boxes.
    assert plots.learners(report).count("<rect") <= 80
    path = tmp_path / "report.html"
    path.write_text(text)
    tab = chromium.new_page()
    tab.goto(path.as_uri())
    assert tab.evaluate("getComputedStyle(document.querySelector('svg .dot')).fill") == "rgb(11, 92, 107)"
    tab.close()


def test_names_stand_in_it_only_where_they_were_asked_for(graded, run, tmp_path):
    for words in ((), ("--names",)):
        path = tmp_path / f"report{len(words)}.html"
        assert run("report", "--course", graded.course, "--html", path, *words).code == 0
        assert (">noisy<" in path.read_text()) is bool(words)
    assert (path.stat().st_mode & 0o777) == 0o600
