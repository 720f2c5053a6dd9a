"""Where learner code cannot be walled off nothing is graded; a database of another kind is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import faults

pytestmark = pytest.mark.slow

# Real processes that may not make namespaces, as in a container of the usual kind.
BARE = ["unshare", "-mpf", "--kill-child", "setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]


def bare(course: Path, *options: str) -> subprocess.CompletedProcess[str]:
    words = [Path(sys.executable).parent / "autograder", "grade", "greeting", "--course", course, *options]
    return subprocess.run([*BARE, *words], capture_output=True, text=True, timeout=300, check=False)


def test_no_isolation_is_exit_3_in_one_line_and_nothing_is_graded(course, hands):
    (course / "roster.csv").unlink()
    hands.put("ada", hands.notebook())
    done = bare(course)
    assert done.returncode == 3 and done.stdout == ""
    assert len(faults(done.stderr)) == 1
    assert "nothing was graded" in done.stderr and "autograder doctor" in done.stderr
    assert not (course / "results.jsonl").exists() and not (course / "autograded").exists()
    done = bare(course, "--without-isolation")
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip().splitlines()[0].startswith("warning: without isolation")
    assert "1 notebook: 0 held" in done.stdout and "none certifiable" in done.stdout


def test_a_gradebook_of_another_kind_is_one_line(course, hands, run):
    hands.put("ada", hands.notebook())
    for db in ("mysql+pymysql://x/y", "no address", "oracle://x"):
        ended = run("grade", "greeting", "--course", course, "--db", db)
        assert ended.code == 2 and len(faults(ended.err)) == 1, ended.said
    assert not (course / "results.jsonl").exists()
