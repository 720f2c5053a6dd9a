"""A page of nothing but a case, as the book would hold it, and a plain web server for it."""

from __future__ import annotations

import functools
import http.server
import json
import re
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from coursebook import review
from coursebook.csp import meta_policy
from coursebook.facts import anchor, foot
from coursebook.review import Quiz
from coursefacts import load as load_facts

from scenarios.engine import frontend, load
from scenarios.engine.html import NEVER, Words, render, single
from scenarios.engine.htmlprose import HtmlProse
from scenarios.engine.model import Case

HERE = Path(__file__).parent
SAMPLE_CASE = HERE / "scenarios/test_front_case.md"
CLOCKS = HERE / "scenarios/clocks.md"
SAMPLE_QUIZ = HERE / "scenarios/test_front_quiz.md"
SAMPLE_FORMS = HERE / "scenarios/test_front_forms.md"
# One question of the sample rests on something that may change; its page is opened by a fixed clock.
SAMPLE_UNTIL = {"the-tape": "2027-04-01"}
REAL = sorted((HERE.parent / "scenarios/cases").glob("*/case.md"))
THEME = HERE.parent / "book/_ext/coursebook/theme/static"


def whole(body: str, script: str) -> str:
    """Write a whole page under the book's own policy."""
    return (
        '<!DOCTYPE html><html lang="en" data-content_root="./"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{meta_policy()}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>A page</title>'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="book.css">'
        f'<link rel="stylesheet" href="case.css"><script src="{script}" type="module"></script></head>'
        f'<body><main id="main"><article><h1>A page</h1>{body}<h2>After it</h2><p>The end.</p>'
        "</article></main></body></html>"
    )


def page(*cases: Case, folder: Path | None = None, until: Mapping[str, str] = NEVER) -> str:
    """Write a page with the game books of some cases in it."""
    prose = HtmlProse(folder=folder)
    return whole("".join(render(case, prose=prose, until=until) for case in cases), "case.js")


def page_with_sources(case: Case) -> str:
    """Write the page of a case as the book does, with links from its facts to their entries in the foot."""
    prose = HtmlProse()

    def linked(words: Words) -> str:
        marked = replace(words, source=re.sub(r"\{fact\}`([^`]+)`", r"[[\1]]", words.source))
        link = lambda found: f'<a href="#{anchor(found[1])}" data-fact="{found[1]}">source</a>'  # noqa: E731
        return re.sub(r"\[\[(.+?)\]\]", link, prose(marked))

    return whole(render(case, prose=linked) + foot(load_facts(), case.facts), "case.js")


def lesson_page(case: Case) -> str:
    """Write a lesson with two questions in it."""
    prose = HtmlProse()
    walks = [single(case, item, heading_level=2) for item in ("the-box", "the-tape")]
    words = (piece if isinstance(piece, str) else prose(piece) for walk in walks for piece in walk)
    return whole("<p>A box holds what fits.</p>" + "".join(words), "prompt.js")


def review_page(*quizzes: Case) -> str:
    """Write the review over some quizzes, each on a page of its own name."""
    known = [
        Quiz(quiz.id, quiz.title, quiz.id, quiz.digest, review.items(quiz, SAMPLE_UNTIL), quiz.inline)
        for quiz in quizzes
    ]
    return whole(review.html((quiz, f"{quiz.id}.html") for quiz in known), "review.js")


def write_site(folder: Path) -> None:
    """Write the sample pages, and the pages of the course's own cases where there are some."""
    frontend.write(folder)
    shutil.copytree(frontend.ASSETS, folder / "front")
    shutil.copytree(THEME, folder, dirs_exist_ok=True)
    case, quiz = load(SAMPLE_CASE), load(SAMPLE_QUIZ)
    lesson = quiz.model_copy(update={"id": "lesson", "title": "A lesson", "inline": True})
    real = {file: load(file) for file in REAL}
    pages = {
        "case": page(case),
        "clocks": page(load(CLOCKS), folder=CLOCKS.parent),
        "quiz": page(quiz),
        lesson.id: lesson_page(lesson),
        quiz.id: page(quiz, until=SAMPLE_UNTIL),
        "front-sample-forms": page_with_sources(load(SAMPLE_FORMS)),
        "both": page(case, quiz),
        "start": whole(review.due_line("review.html"), "due.js"),
        "review": review_page(
            quiz,
            lesson,
            load(SAMPLE_FORMS),
            *(each for each in real.values() if each.kind == "quiz" and not each.inline),
        ),
        **{each.id: page(each, folder=file.parent) for file, each in real.items()},
    }
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; gives its address, without a slash at the end."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def choose(page: Any, *labels: str) -> None:
    """Take choices by the beginning of their labels."""
    for label in labels:
        page.locator(".case-choice", has_text=label).click()


def answer_by_keys(page: Any, *numbers: int) -> None:
    """Choose options of a question by keyboard alone, wherever they are shown, and check."""
    boxes = page.locator(".case-form input")
    boxes.first.focus()
    for _ in range(boxes.count()):
        number = int(page.evaluate("document.activeElement.value"))
        several = page.evaluate("document.activeElement.type") == "checkbox"
        if number in numbers:
            page.keyboard.press("Space")
            if not several:
                break
        page.keyboard.press("Tab" if several else "ArrowDown")
    page.keyboard.press("Enter")


def stored(page: Any, key: str) -> Any:
    """Read what the page keeps in the browser."""
    return json.loads(page.evaluate("key => localStorage.getItem(key)", f"open-by-default:{key}"))


def load_file(page: Any, content: str) -> None:
    """Hand a file to the page."""
    file = {"name": "file.json", "mimeType": "application/json", "buffer": content.encode()}
    page.set_input_files("input[type=file]", file)


def violations(page: Any) -> list[str]:
    """Ask axe; one line for each violation."""
    rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules})
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found.response["violations"]]
