"""Nothing of a submission runs or loads in its feedback, and everybody can read it."""

from __future__ import annotations

import base64
from pathlib import Path
from types import SimpleNamespace

import axe_playwright_python
import pytest
from nbformat import from_dict, v4

from autograder.feedback import safe
from autograder.feedback.page import held_page, page
from autograder.grading.model import CellResult, Result
from autograder.marks import Mark, Submission

EVIL = [
    "<script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    "<svg onload=\"document.title='run'\"></svg>",
    "<iframe srcdoc=\"<script>parent.document.title='run'</script>\"></iframe>",
    "[click](javascript:document.title='run')",
    "[click](JaVaScRiPt:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "![x](https://tracker.example/pixel.png)",
    "<a href='//evil.example' onclick=alert(1)>x</a>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "</pre></section></main><script>document.title='run'</script>",
    "<form action='https://evil.example'><input name=x></form>",
    "\u202etxet desrever",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
]


def evil_page() -> str:
    cells = []
    for number, text in enumerate(EVIL):
        cells.append(v4.new_markdown_cell(text))
        outputs = [
            {"output_type": "display_data", "metadata": {}, "data": {"text/html": text, "text/plain": text}},
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {"image/svg+xml": text, "text/plain": "svg"},
            },
            {"output_type": "display_data", "metadata": {}, "data": {"image/png": text, "text/plain": text}},
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "w"},
            },
            {"output_type": "stream", "name": "stdout", "text": text},
            {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]},
        ]
        cell = v4.new_code_cell(text, outputs=from_dict(outputs))
        cell["id"] = f"c{number}"
        cells.append(cell)
    answer = v4.new_markdown_cell("# An answer\n\n" + EVIL[0])
    answer.metadata["nbgrader"] = {"grade_id": "why", "solution": True, "grade": True, "points": 3}
    cells.append(answer)
    notebook = v4.new_notebook(cells=cells)
    master = SimpleNamespace(released=v4.new_notebook(cells=[answer]))
    graded = [CellResult(grade_id="why", score=None, max_score=3, outcome="manual", message=EVIL[0])]
    marks = [Mark("n", "why", 3, None, 2, 0, False, "A comment " + EVIL[1])]
    submission = Submission("ada", EVIL[2], None, False, 0.0, marks)
    return page(EVIL[0], result(graded), submission, master, notebook)  # type: ignore[arg-type]


def result(cells=(), status="graded"):
    return Result(
        exercise="x", learner="ada", notebook="n", score=0, max_score=3, status=status, cells=list(cells),
        reasons=[EVIL[0]], submission_sha256="0" * 64, source_sha256="1" * 64, graded_at="x", graded_by="t",
        seconds=1,
    )  # fmt: skip


def test_no_tag_of_theirs_survives():
    shown = evil_page()
    # The only tags of these names are our own: one image each for real pictures (none here), one style.
    for tag in ("<script", "<img", "<svg", "<iframe", "<form", "<input"):
        assert tag not in shown
    assert shown.count("<style") == 1 and shown.count("<meta") == 3
    assert "javascript:" not in shown.lower().replace("](javascript:", "").replace("(javascript:", "")
    assert 'href="data:' not in shown and "\u202e" not in shown and "\x1b" not in shown


def test_only_pictures_that_are_pictures_are_shown():
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n rest").decode()
    assert "data:image/png;base64," in safe.figure("image/png", png, "x")
    assert safe.figure("image/png", base64.b64encode(b"<svg>").decode(), "x") == ""
    assert safe.figure("image/svg+xml", base64.b64encode(b"<svg>").decode(), "x") == ""
    assert safe.figure("image/png", 'x"><script>', "x") == ""


def test_what_people_write_stays_readable():
    shown = safe.markdown(
        "# Head\n\nA *good* point, [a link](https://example.org) and `code`.\n\n- one\n- two\n"
    )
    assert "<h3>Head</h3>" in shown and "<em>good</em>" in shown and 'href="https://example.org"' in shown
    assert "<li>one</li>" in shown


def test_long_text_is_cut_and_says_so():
    assert "the rest was left out" in safe.plain("x" * 100_000)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser_nothing_runs_nothing_loads_and_axe_finds_nothing(chromium, tmp_path, scheme):
    for name, text in (("evil", evil_page()), ("held", held_page("An exercise", result(status="held")))):
        path = tmp_path / f"{name}.html"
        path.write_text(text)
        context = chromium.new_context(color_scheme=scheme, viewport={"width": 320, "height": 800})
        tab = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        tab.on("request", lambda request, asked=asked: asked.append(request.url))
        tab.on("console", lambda message, said=said: said.append(message.text))
        tab.on("dialog", lambda dialog, said=said: said.append(dialog.message))
        tab.goto(path.as_uri())
        assert tab.title() != "run"
        assert asked == [path.as_uri()] and said == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320
        axe = Path(axe_playwright_python.__file__).parent / "axe.min.js"
        tab.close()
        context.close()
        context = chromium.new_context(color_scheme=scheme, bypass_csp=True)
        tab = context.new_page()
        tab.goto(path.as_uri())
        tab.add_script_tag(path=axe)
        found = tab.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
        context.close()
