"""One walk in three browsers: a case to its end, a quiz, both after a reload, a lab's page; no complaint."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.engines import Engine, Playwrights, firefox, webkit, webkit_said
from tests.conftest import free_port

pytestmark = pytest.mark.proof

CASE = "modules/export-controls/case-visitor-and-chip.html"
QUIZ = "modules/export-controls/quiz.html"
LAB = "modules/publication/lab-the-key-that-leaks-nothing-visible.html"
LONGEST_WALK = 60
CHOICES = """
return [...document.querySelectorAll('.case-choice')].filter((one) => one.getClientRects().length).length;
"""
ENDING = "return document.querySelector('.case-ending:not([hidden]) .case-title').textContent;"
DECODED = """
const figures = [...document.querySelectorAll('.cell_output img')];
return figures.length > 0 && figures.every((one) => one.complete && one.naturalWidth > 200);
"""
CORNER = """
const figure = document.querySelector('.cell_output img');
figure.scrollIntoView({block: 'center', behavior: 'instant'});
const box = figure.getBoundingClientRect();
return [box.left + 3, box.top + 3, box.left - 6, innerWidth];
"""


@pytest.fixture(scope="module")
def course(serve: Any, built_book: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The real book on a learner's server whose workspace is the test's own."""
    root = tmp_path_factory.mktemp("course")
    (root / "_build").mkdir()
    for name in ("html", "live"):
        (root / "_build" / name).symlink_to(built_book.parent / name)
    return serve(root)


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def engine(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Engine]:
    """One browser after the other."""
    with contextlib.ExitStack() as stack:
        if request.param == "chromium":
            yield Playwrights(request.getfixturevalue("chromium"))
        else:
            start = {"firefox": firefox, "webkit": webkit}[request.param]
            yield stack.enter_context(start(tmp_path, free_port()))


def play(engine: Engine) -> int:
    """Take the first choice of each scene, to the end."""
    for step in range(LONGEST_WALK):
        if not engine.run(CHOICES):
            return step
        engine.press(".case-choice")
    raise AssertionError("the case does not end")


def colour(engine: Engine) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """The corner of a lab's first figure, and the page beside it."""
    x, y, beside, width = engine.run(CORNER)
    shown = engine.seen()
    scale = shown.width / width
    return (
        shown.getpixel((int(x * scale), int(y * scale))),
        shown.getpixel((int(beside * scale), int(y * scale))),
    )


def test_a_learner_reads_plays_answers_and_comes_back(engine: Engine, course: Any) -> None:
    # What another browser did before lies in the workspace, and this one would go on where that one ended.
    for kept in (course.root / "workspace").glob("progress*"):
        kept.unlink()
    engine.go(course.printed)
    engine.until("return document.cookie.includes('course_live=1');")

    engine.go(course.address + CASE)
    engine.until(CHOICES)
    assert play(engine) > 5
    engine.shows("The transcript is in your workspace")
    transcript = course.root / "workspace" / "transcripts" / "visitor-and-chip.json"
    assert json.loads(transcript.read_text(encoding="utf-8"))["finished"]
    transcript.unlink()
    ending = engine.run(ENDING)
    engine.go(course.address + CASE)
    engine.shows("You are where you left off.")
    engine.shows(ending)

    engine.go(course.address + QUIZ)
    engine.shows("Question 1 of ")
    engine.press(".case-option input")
    engine.press(".case-check")
    engine.until("return document.querySelectorAll('.case-result li').length > 0;")
    engine.go(course.address + QUIZ)
    engine.shows("Question 2 of ")

    engine.go(course.address + LAB)
    engine.until(DECODED)
    engine.until("return document.querySelector('[data-live] a.button') !== null;")
    for _ in range(3):
        if "dark" in engine.run("return document.getElementById('mode').textContent;"):
            break
        engine.press("#mode")
    engine.until(DECODED)  # in WebKit they are drawn anew
    corner, beside = colour(engine)
    assert max(beside) < 60, "the page is not dark"
    assert corner == beside, "a figure stands on a plate of another colour"

    assert engine.complaints(course.address) == []


WATCH = """
<!DOCTYPE html><title>Watch</title><script type="module">
for (const address of %s) {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  await new Promise((done) => { frame.onload = done; frame.src = address; });
  console.log("watched", address, frame.contentDocument.querySelector("h1").textContent.length > 3);
}
console.error("all watched");
</script>
"""


class Watched(http.server.SimpleHTTPRequestHandler):
    """A plain file server with one page more, which shows pages of the book one after the other."""

    def do_GET(self) -> None:
        """Answer with a file of the book, or with the page that shows some of them."""
        if self.path != "/watch.html":
            super().do_GET()
            return
        body = (WATCH % json.dumps(["index.html", CASE, QUIZ, LAB])).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def test_webkits_console_stays_quiet(built_book: Path, tmp_path: Path) -> None:
    handler = functools.partial(Watched, directory=str(built_book))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        lines = webkit_said(tmp_path, f"http://127.0.0.1:{server.server_port}/watch.html", "all watched")
        server.shutdown()
    assert [line.rpartition(" ")[2] for line in lines if "LOG watched" in line] == ["true"] * 4
    # The last line is the watcher's own error: a console that says nothing at all would prove nothing.
    faults = [line for line in lines if "ERROR" in line or "WARN" in line]
    assert len(faults) == 1, faults
    assert faults[0].endswith("CONSOLE ERROR all watched")
