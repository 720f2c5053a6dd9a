"""Runs that are killed or stopped, databases that are locked: nothing is lost and nothing is done twice."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.grading.lock import only_run
from autograder.marks import read_marks
from tests.waiting import PATIENCE, faults, until

pytestmark = pytest.mark.slow

LEARNERS = [f"learner{number}" for number in range(4)]


@pytest.fixture
def crowd(course, hands):
    (course / "roster.csv").unlink()
    for learner in LEARNERS:
        hands.put(learner, hands.notebook())
    return course


def start(course: Path, *options: str, session: bool = False) -> subprocess.Popen[str]:
    (course.parent / "tmp").mkdir(exist_ok=True)
    # The place of temporary files goes on to workers and kernels, so it tells whose they are.
    environment = {**os.environ, "TMPDIR": str(course.parent / "tmp")}
    words = [
        Path(sys.executable).parent / "autograder",
        "grade",
        "greeting",
        "--course",
        course,
        "--jobs",
        "2",
        *options,
    ]
    return subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=session,
        # A process that a shell put into the background ignores Ctrl-C, and hands that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def finish(course: Path, *options: str) -> str:
    """Run to the end."""
    process = start(course, *options)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, out + err
    return out


def has_open(those, path: Path) -> bool:
    """Tell whether one of these processes has the file open."""
    for number, _ in those.look():
        with suppress(OSError):
            if any(one.readlink() == path for one in Path(f"/proc/{number}/fd").iterdir()):
                return True
    return False


def lines(course: Path) -> list[str]:
    path = course / "results.jsonl"
    return path.read_text().splitlines() if path.exists() else []


ENDLESS = "while True:\n    pass"


def hold(hands) -> None:
    """Let one notebook run until somebody ends the grader, so that it cannot be done before the signal.

    With two jobs the rooms of four are opened, two of them for one turn: behind one that does not end one may
    have to wait, and the other two are graded all the same.
    """
    hands.put(LEARNERS[-1], hands.notebook(area=ENDLESS))


def let_go(hands) -> None:
    """Hand in what comes to an end."""
    hands.put(LEARNERS[-1], hands.notebook())


def wait_for(course: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Wait until so many submissions are run; their rows and lines may still be on their way."""
    until(
        lambda: process.poll() is not None or len(list(course.glob("autograded/*/greeting"))) >= count,
        f"{count} submissions are run",
    )
    assert process.poll() is None, "the grader was done before its signal"


def check_whole(course: Path) -> None:
    """Everybody once in the results, in the gradebook and in autograded/, and no half-written file."""
    assert Counter(json.loads(line)["learner"] for line in lines(course)) == dict.fromkeys(LEARNERS, 1)
    marks = {
        one.learner: sum(mark.auto or 0 for mark in one.marks)
        for one in read_marks(Course(course), "greeting")
    }
    assert marks == dict.fromkeys(LEARNERS, 7.0)
    for learner in LEARNERS:
        json.loads((course / "autograded" / learner / "greeting/exercise.ipynb").read_text())


@pytest.mark.parametrize("after", [0, pytest.param(2, marks=pytest.mark.proof)])
def test_a_killed_run_goes_on_where_it_was(crowd, hands, after):
    hold(hands)
    process = start(crowd)
    wait_for(crowd, after, process)
    process.kill()
    process.communicate()
    done = lines(crowd)
    assert len(done) < len(LEARNERS)
    let_go(hands)
    said = finish(crowd)
    assert "4 notebooks: 0 held" in said
    assert lines(crowd)[: len(done)] == done
    check_whole(crowd)


def test_a_kill_between_gradebook_and_results_is_made_good(crowd):
    finish(crowd)
    kept = lines(crowd)
    (crowd / "results.jsonl").write_text("\n".join(kept[:-1]) + "\n" + kept[-1][:50])
    finish(crowd)
    check_whole(crowd)


def test_ctrl_c_in_the_first_second_shows_no_traceback(crowd, hands, family):
    """A terminal sends it to all that was started: the parent of rooms is still importing then."""
    hold(hands)
    process = start(crowd, session=True)
    those = family(process.pid)
    until(lambda: len(those.look()) >= 2, "the parent of rooms is there")
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1 and "Traceback" not in out + err, err
    assert err.strip().splitlines()[-1].startswith("stopped; what is graded stays graded"), err
    assert those.left() == set()


def test_ctrl_c_ends_with_one_line_and_no_process_left(crowd, hands, family):
    hold(hands)
    process = start(crowd)
    those = family(process.pid)
    until(lambda: len(those.look()) >= 3, "the grader has a parent of rooms and a room")
    wait_for(crowd, 1, process)
    those.look()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "stopped; what is graded stays graded" in err and "Traceback" not in out + err
    assert those.left() == set()
    assert list((crowd.parent / "tmp").iterdir()) == []
    let_go(hands)
    assert "4 notebooks" in finish(crowd)
    check_whole(crowd)


def test_a_second_run_over_the_same_exercise_is_refused_in_one_line(crowd):
    with only_run(crowd, "greeting"):
        second = start(crowd)
        out, err = second.communicate(timeout=PATIENCE)
    assert second.returncode == 2 and out == "" and len(faults(err)) == 1
    assert err.strip().endswith("what it has graded stays") and f"(process {os.getpid()})" in err
    assert "0 held" in finish(crowd)
    check_whole(crowd)


def test_a_gradebook_put_back_from_an_older_copy_is_brought_up_again(crowd):
    kept = (crowd / "gradebook.db").read_bytes()
    finish(crowd)
    said = lines(crowd)
    (crowd / "gradebook.db").write_bytes(kept)
    finish(crowd)
    assert lines(crowd) == said
    check_whole(crowd)


def test_what_was_graded_without_isolation_is_graded_again_with_it(crowd):
    finish(crowd, "--without-isolation", "--learner", "learner0")
    (first,) = [json.loads(line) for line in lines(crowd)]
    assert (first["isolation"], first["certifiable"]) == ("none", False)
    finish(crowd)
    assert [json.loads(line)["learner"] for line in lines(crowd)].count("learner0") == 2
    again = json.loads(next(line for line in lines(crowd)[1:] if '"learner0"' in line))
    assert again["isolation"] != "none"
    finish(crowd, "--without-isolation")
    assert len(lines(crowd)) == 5


def test_a_locked_gradebook_is_one_line_and_nothing_is_lost(crowd):
    # As a course may set it; our own patience is twenty seconds, of which the test below waits a part.
    address = f"sqlite:///{crowd / 'gradebook.db'}?timeout=1"
    (crowd / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {address!r}\n")
    holder = sqlite3.connect(crowd / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        process = start(crowd)
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        holder.rollback()
        holder.close()
    assert process.returncode == 2 and "Traceback" not in out + err
    (crowd / "nbgrader_config.py").unlink()
    assert "locked" in err and len(faults(err)) == 1
    assert "0 held" in finish(crowd)
    check_whole(crowd)


def test_a_gradebook_that_others_use_for_a_while_is_waited_for(crowd, family):
    """Formgrader and nbgrader's commands hold it for moments; six seconds are more than they ever do.

    They begin when the grader has the gradebook open, and are more than SQLite waits of itself.
    """
    holder = sqlite3.connect(crowd / "gradebook.db", isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    process = start(crowd)
    those = family(process.pid)
    until(lambda: has_open(those, crowd / "gradebook.db"), "the grader has opened the gradebook")
    time.sleep(6)
    assert process.poll() is None
    holder.rollback()
    holder.close()
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert "4 notebooks: 0 held" in out
    check_whole(crowd)


DISK = """
set -e
mount -t tmpfs -o size=$2 disk "$1/disk"
cp -a "$1/course" "$1/disk/course"
dd if=/dev/zero of="$1/disk/ballast" bs=4096 count=100000 2>/dev/null || true
python3 - "$1/disk/ballast" "$3" <<'END'
import os, sys
os.truncate(sys.argv[1], os.path.getsize(sys.argv[1]) - int(sys.argv[2]))
END
set +e
"$4" grade greeting --course "$1/disk/course" >"$1/out" 2>"$1/err"
echo $? >"$1/code"
rm -rf "$1/after"; cp -a "$1/disk/course" "$1/after"
rm "$1/disk/ballast"
"$4" grade greeting --course "$1/disk/course" >"$1/out2" 2>"$1/err2"
rm -rf "$1/done"; cp -a "$1/disk/course" "$1/done"
"""


@pytest.mark.parametrize(
    "free", [0, 16384, *(pytest.param(free, marks=pytest.mark.proof) for free in (40960, 65536))]
)
def test_a_full_disk_is_one_line_and_nothing_is_lost(crowd, tmp_path, free):
    (tmp_path / "disk").mkdir()
    program = Path(sys.executable).parent / "autograder"
    # The disk is one of the test's own, in a view of its own that ends with the test.
    own = "-m" if os.geteuid() == 0 else "-rm"
    words = ["unshare", own, "bash", "-c", DISK, "-", tmp_path, "4m", str(free), program]
    subprocess.run(words, check=True, timeout=300)
    err = (tmp_path / "err").read_text()
    assert (tmp_path / "code").read_text().strip() == "2", err
    assert len(faults(err)) == 1 and "Traceback" not in err, err
    after = tmp_path / "after/nbgrader"
    for line in lines(after):
        json.loads(line)
    for path in after.glob("autograded/*/greeting/*.ipynb"):
        json.loads(path.read_text())
    assert not [path for path in after.glob("autograded/*/.*") if any(path.iterdir())]
    check_whole(tmp_path / "done/nbgrader")


def test_a_loop_without_end_is_stopped_and_the_others_keep_their_marks(course, hands, run):
    (course / "roster.csv").unlink()
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.timeout = 3\n")
    hands.put("loop", hands.notebook(area="while True:\n    pass"))
    stubborn = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    hands.put("stubborn", hands.notebook(area=stubborn))
    hands.put("right", hands.notebook())
    target = course / "results.json"
    assert run("grade", "greeting", "--course", course, "--jobs", "2", "--json", target).code == 0
    found = {one["learner"]: one for one in json.loads(target.read_text())["results"]}
    assert found["right"]["score"] == 7.0
    for name in ("loop", "stubborn"):
        scores = {cell["grade_id"]: cell["score"] for cell in found[name]["cells"]}
        assert scores["test-half"] == 2.0 and scores["test-area"] == 0.0
        assert found[name]["status"] == "needs-review"
        assert any("took longer than 3 s" in reason for reason in found[name]["reasons"])
