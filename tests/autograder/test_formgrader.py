"""nbgrader's own pages over what learners wrote: nothing of it runs in a course that we make.

The texts and outputs are those that any page has to survive. The course without our lines shows that the test
can see them act.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.marking.caught import MESSAGE
from autograder.marking.settings import LINES, lacking
from tests.autograder.letters import LETTERS
from tests.autograder.test_nbgrader_after import jupyter

# What formgrader's button does.
PRESS = """() => {
const word = document.cookie.match(/_xsrf=([^;]+)/)[1];
const where = "/formgrader/api/submission/greeting/script/autograde";
return fetch(where, { method: "POST", headers: { "X-XSRFToken": word } }).then((answer) => answer.json());
}"""

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def acted(course: Path, home: Path, chromium, only: set[str] | None = None):
    """Open pages in formgrader: whose text acted, how many boxes for scores, what autograde said."""
    with sqlite3.connect(course / "gradebook.db") as db:
        pages = db.execute(
            "select sa.student_id, sn.id from submitted_notebook sn"
            " join submitted_assignment sa on sa.id = sn.assignment_id"
        ).fetchall()
    found, boxes = set(), 0
    home.mkdir()
    with jupyter(course, home) as (base, token):
        context = chromium.new_context()
        # The pages ask other hosts for scripts of theirs, which nobody answers here.
        context.route(lambda url: not url.startswith(base), lambda route: route.abort())
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{base}/api?token={token}")
        dialogs: list[str] = []
        page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
        for learner, ident in pages:
            if only and learner not in only:
                continue
            page.goto(f"{base}/formgrader/submissions/{ident}/?token={token}", wait_until="load")
            box = page.locator("input.score").last
            boxes += box.count()
            for link in page.locator("#notebook a, .rendered_html a").all():
                href = link.get_attribute("href") or ""
                if href.lower().strip().startswith("javascript"):
                    link.dispatch_event("click")
            page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            hidden = page.evaluate("getComputedStyle(document.body).visibility") == "hidden"
            base_moved = page.evaluate("document.querySelectorAll('base').length") > 0
            owned = page.evaluate("typeof window.owned") != "undefined"
            if owned or hidden or base_moved or dialogs:
                found.add(learner)
            dialogs.clear()
        told = page.evaluate(PRESS) if not only else {}
        context.close()
    return found, boxes, told


@pytest.mark.proof
def test_nothing_acts_in_formgrader_in_a_course_that_we_make(hostile, tmp_path, chromium):
    found, boxes, told = acted(hostile, tmp_path / "home", chromium)
    assert found == set()
    assert not told["success"] and MESSAGE in told["log"]
    assert boxes == len(LETTERS)
    # The same course without the lines: the test sees what they are for.
    bare = tmp_path / "bare"
    shutil.copytree(hostile, bare)
    config = (bare / "nbgrader_config.py").read_text()
    (bare / "nbgrader_config.py").write_text(config.replace(LINES, ""))
    few = {"anchor", "style"}
    assert acted(bare, tmp_path / "other", chromium, few)[0] == few


@pytest.mark.proof
def test_nbgraders_own_autograde_is_refused_before_it_touches_anything(graded_copy):
    before = sorted(path for path in graded_copy.rglob("*") if "autograded" in path.parts)
    words = [
        Path(sys.executable).parent / "nbgrader",
        "autograde",
        "greeting",
        "--student",
        "right",
        "--force",
    ]
    done = subprocess.run(words, cwd=graded_copy, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1
    assert MESSAGE in done.stderr and "autograder grade" in done.stderr
    assert sorted(path for path in graded_copy.rglob("*") if "autograded" in path.parts) == before


def test_the_doctor_names_the_lines_that_an_older_course_lacks(course, run):
    assert lacking(Course(course)) == []
    path = course / "nbgrader_config.py"
    path.write_text(path.read_text().replace("c.HTMLExporter.sanitize_html = True\n", ""))
    ended = run("doctor", "--course", course)
    assert "c.HTMLExporter.sanitize_html = True" in ended.out and "nbgrader_config.py" in ended.out
    assert "exporter_class" not in ended.out
    said = json.loads(run("doctor", "--json", "--course", course).out)
    assert said["lacking_in_nbgrader_config"] == ["c.HTMLExporter.sanitize_html = True"]
