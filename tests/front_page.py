"""A page of nothing but a case, as the book would hold it, and a plain web server for it."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coursebook.csp import meta_policy

from scenarios.engine import load
from scenarios.engine.html import ASSETS, render
from scenarios.engine.htmlprose import HtmlProse
from scenarios.engine.model import Case

HERE = Path(__file__).parent
SAMPLE_CASE = HERE / "scenarios/test_front_case.md"
SAMPLE_QUIZ = HERE / "scenarios/test_front_quiz.md"
REAL = sorted((HERE.parent / "scenarios/cases").glob("*/case.md"))
THEME = HERE.parent / "book/_ext/coursebook/theme/static"


def page(*cases: Case) -> str:
    """Write a whole page under the book's own policy, with the game books of some cases in it."""
    prose = HtmlProse()
    books = "".join(render(case, prose=prose) for case in cases)
    return (
        '<!DOCTYPE html><html lang="en" data-content_root="./"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{meta_policy()}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>A page</title>'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="book.css">'
        '<link rel="stylesheet" href="case.css"><script src="case.js" type="module"></script></head>'
        f'<body><main id="main"><article><h1>A page</h1>{books}<h2>After it</h2><p>The end.</p>'
        "</article></main></body></html>"
    )


def write_site(folder: Path) -> None:
    """Write the sample pages, and the pages of the course's own cases where there are some."""
    for asset in ASSETS.iterdir():
        shutil.copy(asset, folder)
    shutil.copytree(THEME, folder, dirs_exist_ok=True)
    case, quiz = load(SAMPLE_CASE), load(SAMPLE_QUIZ)
    (folder / "case.html").write_text(page(case), encoding="utf-8")
    (folder / "quiz.html").write_text(page(quiz), encoding="utf-8")
    for file in REAL:
        real = load(file)
        (folder / f"{real.id}.html").write_text(page(real), encoding="utf-8")
    (folder / "both.html").write_text(page(case, quiz), encoding="utf-8")


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
