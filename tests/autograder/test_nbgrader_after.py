"""A person marks in nbgrader's own formgrader after our grading, and our commands see it."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.marks import read_marks
from tests.waiting import PATIENCE, until

pytestmark = [pytest.mark.browser, pytest.mark.proof]


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def jupyter(course: Path, home: Path):
    """A real Jupyter server with nbgrader's extension, in the course's folder; gives its address."""
    port, token = free_port(), secrets.token_hex(8)
    bin_ = Path(sys.executable).parent
    folders = {
        name: str(home / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "HOME")
    }
    env = {**os.environ, **folders, "PATH": f"{bin_}:{os.environ['PATH']}"}
    words = [f"--ServerApp.port={port}", f"--IdentityProvider.token={token}", "--no-browser", "--allow-root"]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [bin_ / "jupyter", "server", *words], cwd=course, env=env, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        base = f"http://127.0.0.1:{port}"
        until(lambda: answers(f"{base}/api?token={token}", server, home / "log"), "the server answers")
        yield base, token
    finally:
        server.terminate()
        server.wait(PATIENCE)


def answers(address: str, server: subprocess.Popen[bytes], log: Path) -> bool:
    """Tell whether the server answers yet; fail where it has ended."""
    try:
        urllib.request.urlopen(address, timeout=20).close()
    except OSError:
        assert server.poll() is None, log.read_text()
        return False
    return True


def mark(course: Path, learner: str, cell: str):
    found = next(one for one in read_marks(Course(course), "greeting") if one.learner == learner)
    return next(one for one in found.marks if one.cell == cell)


def test_a_person_marks_in_formgrader_and_it_counts(graded_copy, tmp_path, chromium, run):
    assert mark(graded_copy, "right", "why").pending
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(120_000)
    home = tmp_path / "home"
    home.mkdir()
    with jupyter(graded_copy, home) as (base, token):
        page.goto(f"{base}/formgrader/gradebook?token={token}")
        page.get_by_role("link", name="greeting").first.click()
        page.get_by_role("link", name="exercise").first.click()
        page.locator("td.name a").first.wait_for()
        # The list hides names behind numbers until a person asks for them; both lead to the same page.
        links = page.locator("td.name a")
        found = {(links.nth(at).text_content() or "").strip(): at for at in range(links.count())}
        assert {"blank", "doubled", "noisy", "right", "wrong"} <= {name.strip(", ") for name in found}
        own = next(at for name, at in found.items() if name.strip(", ") == "right")
        # Formgrader's script asks for the marks first, and only then listens to the box.
        page.goto(f"{base}{links.nth(own).get_attribute('href')}", wait_until="networkidle")
        box = page.locator("input.score").last
        box.wait_for()
        told = page.content()
        assert "Because two halves make one whole." in told
        box.fill("2")
        box.press("Tab")
        until(lambda: mark(graded_copy, "right", "why").manual == 2.0, "the mark is in the gradebook")
    context.close()
    assert mark(graded_copy, "right", "why").manual == 2.0
    ended = run("feedback", "greeting", "--course", graded_copy, "--learner", "right")
    assert ended.code == 0, ended.said
    page_text = (graded_copy / "feedback/right/greeting/exercise.html").read_text()
    assert "marked by a person" in page_text and "waits for a person" not in page_text
