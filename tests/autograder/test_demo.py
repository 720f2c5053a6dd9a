"""`make demo` as it is: the real exercise, case and quiz, the real awards."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.mark.proof
@pytest.mark.timeout(1500)
def test_the_demonstration_ends_in_verified_records(root, tmp_path):
    words = [sys.executable, "-m", "autograder.demo", "--out", tmp_path / "demo"]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    results = {
        one["learner"]: one for one in json.loads((tmp_path / "demo/results.json").read_text())["results"]
    }
    for learner in ("ada", "ben", "chloe", "dan", "kim"):
        automatic = [cell for cell in results[learner]["cells"] if cell["outcome"] != "manual"]
        assert all(cell["score"] == cell["max_score"] for cell in automatic), results[learner]
    assert results["iris"]["score"] == 0 and results["jon"]["status"] == "held"
    verified = [
        line.split()[0] for line in done.stdout.splitlines() if line.endswith("demonstration, verified")
    ]
    records = (tmp_path / "demo/records").glob("*-export-controls-*.json")
    assert sorted(path.name.partition("-")[0] for path in records) == ["ada", "ben", "chloe", "dan"]
    # Half of the points and the same cases earn Awareness, so others may hold that one.
    assert {"ada", "ben", "chloe", "dan"} <= set(verified)
    assert not {"iris", "jon", "kim", "lea"} & set(verified)
