"""The same attempts without root: a user who owns nothing runs the tests of rooms in a user namespace."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NOBODY = "65534"
FILES = ("test_hostile_rooms.py", "test_memory.py", "test_shipped.py", "test_packages.py")


@pytest.mark.proof
def test_rooms_of_an_ordinary_user_withstand_the_same():
    if os.geteuid() != 0:
        assert os.geteuid() > 0  # then the files below have run without root already
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        tests = [str(HERE / name) for name in FILES]
        python = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", *tests]
        user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        environment = ["env", f"HOME={folder}", f"TMPDIR={folder}", "PYTHONDONTWRITEBYTECODE=1"]
        script = "; ".join(["set -e", *opened(folder), "exec " + shlex.join([*user, *environment, *python])])
        done = subprocess.run(
            ["unshare", "-mpf", "--mount-proc", "--kill-child", "sh", "-c", script],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


def opened(folder):
    """Commands that let this user read an interpreter below a closed home, in a view of their own."""
    tops = {}
    for tree in dict.fromkeys((sys.base_prefix, sys.prefix, str(ROOT))):
        closed = [one for one in Path(tree).parents if not one.stat().st_mode & 0o001]
        if closed:
            tops[shlex.quote(tree)] = shlex.quote(str(closed[-1]))
    held = {tree: f"{folder}/held{number}" for number, tree in enumerate(tops)}
    return [
        *(f"mkdir {held[tree]}; mount --bind {tree} {held[tree]}" for tree in tops),
        *(f"mount -t tmpfs -o mode=755 none {top}" for top in dict.fromkeys(tops.values())),
        *(f"mkdir -p {tree}; mount --move {held[tree]} {tree}" for tree in tops),
    ]
