"""A learner's progress outside the browser: read strictly, gathered from the workspace, told in a report."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from coursebook import plan
from coursebook.progress import state, workspace
from coursebook.server.progress import save
from coursefacts.errors import InputFault

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-11-30T10:00:00.000Z"
LESSON, LAB = "modules/publication/four-ways-to-publish", "modules/export-controls/lab-road-map"
PLAY = {
    "schema": "progress/1",
    "case": "publication-quiz",
    "case_digest": "sha256:0123456789abcdef",
    "choices": [1, [1, 2]],
    "started": DAY,
    "finished": None,
}
GOOD: dict[str, Any] = {
    "schema": "course-progress/1",
    "pages": {LESSON: {"read": True, "at": DAY, "by": "foot"}},
    "opened": {LAB: DAY},
    "finished": {"lost-laptop": {"at": DAY, "ending": "in-time"}},
    "practice": {"publication": {"at": DAY, "score": 18.5, "max_score": 30, "pending": 10}},
    "handin": {"publication": DAY},
    "last": {"page": LESSON, "at": DAY},
    "cases": {"publication-quiz": PLAY},
    "review": {
        "schema": "review/1",
        "every": 7,
        "cards": {"quiz/a": {"due": "2026-12-01", "last": "2026-11-30", "good": True}},
    },
}
EVIL: dict[str, Any] = {
    "nothing": b"",
    "not JSON": b"<script>alert(1)</script>",
    "a list": b"[]",
    "nested without end": b'{"pages":' + b"[" * 30_000,
    "another schema": {"schema": "course-progress/2"},
    "one key more": {"score": 100},
    "a page that climbs": {"pages": {"../../etc/passwd": GOOD["pages"][LESSON]}},
    "markup as page": {"opened": {"<img src=x onerror=alert(1)>": DAY}},
    "markup as moment": {"opened": {LAB: "<b>2026</b>"}},
    "a moment of no zone": {"opened": {LAB: "2026-11-30T10:00:00"}},
    "a moment of another zone": {"opened": {LAB: "2026-11-30T10:00:00+01:00"}},
    "a text as truth": {"pages": {LESSON: {"read": "yes", "at": DAY, "by": "foot"}}},
    "read by nobody": {"pages": {LESSON: {"read": True, "at": DAY, "by": "miracle"}}},
    "points below nothing": {"practice": {"publication": {"at": DAY, "score": -1, "max_score": 30}}},
    "a case under another's name": {"cases": {"lost-laptop": PLAY}},
    "a case with a score": {"cases": {"publication-quiz": PLAY | {"score": 9}}},
    "a review of another spacing": {"review": GOOD["review"] | {"every": 1}},
    "very many": {"opened": {f"modules/m/p{number}": DAY for number in range(501)}},
    "too large": b" " * (state.LARGEST + 1),
}


def body(change: Any) -> bytes:
    return change if isinstance(change, bytes) else json.dumps(GOOD | change).encode()


@pytest.mark.parametrize("change", EVIL.values(), ids=EVIL.keys())
def test_what_no_page_wrote_is_refused_in_one_line_that_quotes_none_of_it(change: Any) -> None:
    with pytest.raises(InputFault) as caught:
        state.parse(body(change))
    assert "\n" not in str(caught.value) and "<" not in str(caught.value) and len(str(caught.value)) < 200


def test_what_a_page_wrote_comes_back_as_it_was() -> None:
    assert state.parse(body({})).plain() == GOOD
    assert state.parse(state.write(state.parse(body({})))).plain() == GOOD


def test_of_two_states_what_happened_last_counts_and_a_mark_can_be_taken_back() -> None:
    later = "2026-11-30T10:00:00.001Z"
    undone = {"pages": {LESSON: {"read": False, "at": later, "by": "hand"}}, "opened": {LAB: later}}
    scored = {"finished": {"lost-laptop": {"at": DAY}, "x": {"at": DAY, "right": 1, "of": 2}}, "last": None}
    mine, yours = state.parse(body(undone)), state.parse(body(scored))

    for whole in (state.merge(mine, yours), state.merge(yours, mine)):
        assert not whole.pages[LESSON].read
        assert whole.opened[LAB] == DAY, "it was opened when it was opened first"
        assert whole.finished["lost-laptop"].ending == "in-time"
        assert whole.finished["x"].of == 2
        assert whole.last and whole.last.page == LESSON


@pytest.fixture
def learner(tmp_path: Path) -> Path:
    """A course folder with the workspace of somebody who did some of everything."""
    for name in ("book", "exercises", "scenarios"):
        (tmp_path / name).symlink_to(ROOT / name)
    home = tmp_path / "workspace"
    transcript = {
        "schema": "transcript/1",
        "case": "visitor-and-chip",
        "case_digest": "sha256:0123456789abcdef",
        "choices": [1],
        "started": "2026-11-28T10:00:00+01:00",
        "finished": "2026-11-28T11:00:00+01:00",
    }
    practice = {
        "schema": "practice/1",
        "exercise": "incidents",
        "when": "2026-11-29T20:00:00+00:00",
        "score": 17.0,
        "max_score": 30.0,
        "pending": 10.0,
        "rooms": "none",
    }
    texts = {
        "progress.json": json.dumps(GOOD),
        "labs/incidents/lab-log.ipynb": "{}",
        ".given/labs/incidents/lab-log.ipynb.sha256": "0",
        "labs/incidents/lab-log-copy.ipynb": "{}",
        "exercises/classification/exercise.ipynb": "{}",
        ".given/exercises/classification/exercise.ipynb.sha256": "0",
        "transcripts/visitor-and-chip.json": json.dumps(transcript),
        "transcripts/broken.json": "{",
        "practice/incidents.json": json.dumps(practice),
        "practice/classification.json": '{"schema": "practice/1", "when": "never"}',
        "practice/<b>.json": json.dumps(practice),
        "hand-in/not-a-zip.zip": "no",
    }
    for name, text in texts.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    with zipfile.ZipFile(home / "hand-in" / "mia-export-controls.zip", "w") as archive:
        manifest = {"exercise": "export-controls", "created": "2026-11-30T08:00:00Z"}
        archive.writestr("manifest.json", json.dumps(manifest))
    return tmp_path


def test_the_workspace_tells_what_its_folders_hold_and_passes_over_the_rest(learner: Path) -> None:
    known, fault = workspace.known(learner / "workspace")

    assert fault is None
    assert set(known.opened) == {LAB, "modules/incidents/lab-log", "exercises/classification"}
    assert known.finished["visitor-and-chip"].at == "2026-11-28T10:00:00Z"
    assert set(known.finished) == {"lost-laptop", "visitor-and-chip"}
    assert {name: (one.score, one.pending) for name, one in known.practice.items()} == {
        "publication": (18.5, 10),
        "incidents": (17.0, 10),
    }
    assert known.handin == {"publication": DAY, "export-controls": "2026-11-30T08:00:00Z"}


def test_what_a_page_sends_joins_what_is_there_and_a_broken_file_is_put_aside(learner: Path) -> None:
    home = learner / "workspace"
    sent = state.parse(json.dumps({"schema": "course-progress/1", "opened": {"modules/a/b": DAY}}).encode())

    whole = save(sent, home)
    assert state.read(home / "progress.json").plain() == whole.plain()
    assert {"modules/a/b", LAB} <= set(whole.opened) and whole.review is not None

    (home / "progress.json").write_text("{half", encoding="utf-8")
    save(sent, home)
    assert (home / "progress-unreadable.json").read_text("utf-8") == "{half"
    assert "modules/a/b" in state.read(home / "progress.json").opened


def report(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coursebook.progress", "--root", str(root), "--no-open", *options]
    # The report names days of this machine's zone.
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=os.environ | {"TZ": "UTC"}
    )


def told(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.slow
def test_the_command_writes_what_was_done_with_scores_and_dates_and_what_is_left(learner: Path) -> None:
    done = report(learner, "--name", "Mia <b>")
    page = (learner / "workspace" / "progress.html").read_text("utf-8")
    text = told(page)

    assert (done.returncode, done.stderr) == (0, "")
    assert "workspace/progress.html" in done.stdout and "unsigned" in done.stdout
    assert "<script" not in page and "Mia &lt;b&gt;" in page and "Mia <b>" not in page
    assert "Unsigned and self-reported" in text and "nobody has checked it" in text
    parts = sum(len(module.parts) for module in plan.read(ROOT).modules)
    assert f"8 of {parts} parts done" in text and f"8 of {parts}" in done.stdout
    assert "Four ways to publish read 30 November 2026" in text
    assert "played to an end: 1 of" in text, "the ending that was seen is counted"
    assert "practised: 17 of 30 points, 10 of them still to be marked 29 November 2026" in text
    assert "handed in; practised: 18.5 of 30 points, 10 of them still to be marked" in text
    assert "Quiz begun" in text and "not yet, 15 min" in text
    awards = text.partition("What is left for each award")[2]
    assert "Export controls: Quiz" in awards and "80 % (handed in; your institution knows" in awards
    assert (
        "The visitor and the chip"
        not in awards.partition("Export controls for quantum")[2].partition("graded")[0]
    )


@pytest.mark.slow
def test_the_command_with_nothing_with_a_broken_file_and_with_nowhere_to_write(
    learner: Path, tmp_path: Path
) -> None:
    (learner / "workspace").rename(learner / "old")
    lazy = report(learner, "--out", str(tmp_path / "lazy.html"))
    assert lazy.returncode == 0 and "0 of" in lazy.stdout
    assert "not yet, 5 min" in (tmp_path / "lazy.html").read_text("utf-8")

    (learner / "workspace").mkdir()
    (learner / "workspace" / "progress.json").write_text("{half", encoding="utf-8")
    broken = report(learner)
    assert broken.returncode == 0 and broken.stderr.count("\n") == 1
    assert "progress.json" in broken.stderr and "could not be read" in told(
        (learner / "workspace" / "progress.html").read_text("utf-8")
    )

    for wrong in (
        report(tmp_path / "book"),
        report(learner, "--out", str(tmp_path / "lazy.html" / "x.html")),
    ):
        assert wrong.returncode == 2 and wrong.stderr.count("\n") == 1 and "Traceback" not in wrong.stderr
