"""When a hand-in came is told by what its learner cannot set, before what they can."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.files import sha256_file
from autograder.gradebook import gradebook
from autograder.grading.run import Order, grade
from autograder.grading.times import Times

FORGED = "2026-11-19 08:00:00.000000 UTC\n"
LATE = "2026-11-21T09:00:00Z"


@pytest.fixture
def handed(tmp_path):
    """A course folder with one hand-in whose timestamp.txt says that it came in time."""
    folder = tmp_path / "course/submitted/ada/greeting"
    folder.mkdir(parents=True)
    (folder / "exercise.ipynb").write_text('{"cells": []}')
    (folder / "timestamp.txt").write_text(FORGED)
    return folder


def asked(folder: Path):
    course = Course(folder.parent.parent.parent)
    return Times(course, "greeting").of("ada", sha256_file(folder / "exercise.ipynb"))


def collected(folder: Path, *moments: str, exercise: str = "greeting") -> None:
    digest = sha256_file(folder / "exercise.ipynb")
    items = [
        {"learner": "ada", "exercise": exercise, "sha256": digest, "received": moment} for moment in moments
    ]
    path = folder.parent.parent.parent / "collected.json"
    path.write_text(json.dumps({"schema": "collected/1", "items": items}))


def exchange(folder: Path, name: str = "ada+greeting+2026-11-19 08:00:00 UTC") -> Path:
    """Lay the same notebook into an exchange, as `nbgrader submit` does."""
    root = folder.parent.parent.parent
    inbound = root.parent / "exchange/qip/inbound"
    shutil.copytree(folder, inbound / name)
    lines = ["c = get_config()", "c.CourseDirectory.course_id = 'qip'"]
    lines.append(f"c.Exchange.root = {str(inbound.parents[1])!r}")
    (root / "nbgrader_config.py").write_text("\n".join(lines))
    return inbound / name / "exercise.ipynb"


def test_where_only_the_hand_in_says_it_the_time_is_unproved(handed):
    came = asked(handed)
    assert came.moment == datetime(2026, 11, 19, 8, tzinfo=UTC) and not came.proved and not came.reasons


def test_the_courses_own_list_wins_and_a_forged_stamp_is_reported(handed):
    collected(handed, LATE)
    came = asked(handed)
    assert came.moment == datetime(2026, 11, 21, 9, tzinfo=UTC) and came.proved
    assert came.reasons == [
        "timestamp.txt says 2026-11-19T08:00:00Z, the course's own list 2026-11-21T09:00:00Z; "
        "the latter counts"
    ]


def test_the_list_speaks_of_this_notebook_only(handed):
    collected(handed, LATE, exercise="other")
    assert not asked(handed).proved
    collected(handed, LATE)
    (handed / "exercise.ipynb").write_text('{"cells": [1]}')
    assert not asked(handed).proved


def test_the_exchange_shows_since_when_a_notebook_has_lain_there(handed):
    path = exchange(handed)
    # What a learner can set is set: the folder's name, the file's own time.
    os.utime(path, (0, 0))
    came = asked(handed)
    assert came.proved and came.moment is not None
    assert abs(came.moment - datetime.now(UTC)) < timedelta(minutes=1)
    assert "the exchange" in came.reasons[0] and "timestamp.txt says 2026-11-19" in came.reasons[0]


def test_the_courses_own_list_comes_before_the_exchange(handed):
    exchange(handed)
    collected(handed, LATE)
    assert asked(handed).moment == datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize("name", ["bob+greeting+x", "ada+other+x", "ada", "ada+greeting+a+b+c"])
def test_another_folder_of_the_exchange_proves_nothing(handed, name):
    exchange(handed, name)
    assert not asked(handed).proved


def test_another_notebook_in_the_exchange_proves_nothing(handed):
    exchange(handed).write_text('{"cells": [2]}')
    assert not asked(handed).proved


def test_an_inbound_folder_that_a_learner_owns_proves_nothing(handed, monkeypatch):
    inbound = exchange(handed).parent.parent
    if os.geteuid() == 0:
        os.chown(inbound, 65534, 65534)
    else:
        # Only root can give a folder away; anybody else can be somebody else's instructor.
        monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    assert not asked(handed).proved


def test_an_inbound_folder_behind_a_link_proves_nothing(handed):
    inbound = exchange(handed).parent.parent
    inbound.rename(inbound.with_name("elsewhere"))
    inbound.symlink_to("elsewhere")
    assert not asked(handed).proved


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-19 08:00:00.000000 UTC", datetime(2026, 11, 19, 8, tzinfo=UTC)),
        ("2026-11-19 08:00:00 CET", datetime(2026, 11, 19, 7, tzinfo=UTC)),
        ("2026-11-19 08:00:00.5 +0100", datetime(2026, 11, 19, 7, 0, 0, 500000, tzinfo=UTC)),
        ("2026-11-19 08:00:00 XYZ", datetime(2026, 11, 19, 8, tzinfo=UTC)),
        ("2026-11-19T08:00:00+02:00", datetime(2026, 11, 19, 6, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        ("2026-11-19 08:00:00 ../../../etc/passwd", datetime(2026, 11, 19, 8, tzinfo=UTC)),
        ("0001-01-01 00:00:00 +2359", None),
        ("9" * 5000, None),
    ],
)
def test_a_stamp_is_read_as_nbgrader_writes_it_or_not_at_all(handed, text, moment):
    (handed / "timestamp.txt").write_text(text)
    assert asked(handed).moment == moment


def test_a_stamp_that_is_no_file_is_none(handed):
    (handed / "timestamp.txt").unlink()
    os.mkfifo(handed / "timestamp.txt")
    assert asked(handed).moment is None
    (handed / "timestamp.txt").unlink()
    (handed / "timestamp.txt").symlink_to("exercise.ipynb")
    assert asked(handed).moment is None


def test_a_torn_list_is_told_and_not_passed_over(handed):
    (handed.parent.parent.parent / "collected.json").write_text('{"items": [{}')
    with pytest.raises(InputFault, match=r"collected\.json.*restore it"):
        asked(handed)


@pytest.mark.slow
def test_a_forged_stamp_does_not_make_a_late_hand_in_early(course, hands, run, tmp_path):
    (course / "roster.csv").unlink()
    folder = tmp_path / "downloads/ada"
    folder.mkdir(parents=True)
    (folder / "greeting.ipynb").write_text(json.dumps(hands.notebook()))
    ended = run("collect", tmp_path / "downloads", "--course", course, "--received", "2026-11-21T09:00Z")
    assert ended.code == 0, ended.said
    (course / "submitted/ada/greeting/timestamp.txt").write_text(FORGED)
    (result,) = grade(Course(course), Order("greeting"))
    assert result.collected_at == LATE
    assert any("the course's own list" in reason for reason in result.reasons)
    assert not any("stands only in timestamp.txt" in reason for reason in result.reasons)
    with gradebook(Course(course)) as book:
        assert book.find_submission("greeting", "ada").total_seconds_late > 0


@pytest.mark.proof
def test_a_hand_in_by_nbgraders_exchange_is_dated_by_it_and_its_feedback_goes_back(
    course, hands, run, tmp_path
):
    """The learner submits through nbgrader and then rewrites what lies in their own folder."""
    (course / "roster.csv").unlink()
    root = tmp_path / "exchange"
    root.mkdir(mode=0o777)
    root.chmod(0o777)
    with (course / "nbgrader_config.py").open("a") as stream:
        stream.write(f"c.CourseDirectory.course_id = 'qip'\nc.Exchange.root = {str(root)!r}\n")
    home = tmp_path / "home"
    (home / "greeting").mkdir(parents=True)
    (home / "greeting/exercise.ipynb").write_text(json.dumps(hands.notebook()))
    (home / "nbgrader_config.py").write_text((course / "nbgrader_config.py").read_text())

    def nbgrader(where: Path, *words: str) -> None:
        tools = Path(sys.executable).parent
        env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(home), "USER": "ada"}
        env["JUPYTER_CONFIG_DIR"] = str(tmp_path / "none")
        done = subprocess.run(
            [tools / "nbgrader", *words], cwd=where, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    nbgrader(course, "release_assignment", "greeting", "--course", "qip")
    nbgrader(home, "submit", "greeting", "--course", "qip")
    (inbound,) = (root / "qip/inbound").iterdir()
    learner = inbound.name.split("+")[0]
    (inbound / "timestamp.txt").write_text(FORGED)
    nbgrader(course, "collect", "greeting")
    assert (course / "submitted" / learner / "greeting/timestamp.txt").read_text() == FORGED
    began = time.time()
    (result,) = grade(Course(course), Order("greeting"))
    assert result.collected_at is not None
    seen = datetime.fromisoformat(result.collected_at).timestamp()
    assert abs(seen - began) < 600
    assert any("timestamp.txt says 2026-11-19T08:00:00Z, the exchange" in one for one in result.reasons)
    assert not any("submission_secret" in one for one in result.reasons), "nbgrader's own file"
    # Feedback goes back the same way; who handed in elsewhere has no secret and stops nobody.
    hands.put("bob", hands.notebook())
    grade(Course(course), Order("greeting"))
    for _ in range(2):
        ended = run("feedback", "greeting", "--course", course)
        assert ended.code == 0, ended.said
        nbgrader(course, "release_feedback", "greeting")
    assert len(list((root / "qip/feedback").iterdir())) == 2
    nbgrader(home, "fetch_feedback", "greeting", "--course", "qip")
    (fetched,) = (home / "greeting/feedback").rglob("exercise.html")
    assert (
        "7 of 7 points</strong> so far; 1 written part (3 points) waits for a person" in fetched.read_text()
    )
