"""`make demo` as it is: the real exercise, case and quiz, the real awards."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from autograder.demo.cohort import notebook_of


def test_a_wrong_answer_stands_where_the_solution_stood():
    """What is given before it stays, as for a learner; a function that it defines anew is whole by itself."""

    def cell(text: str) -> dict:
        return {
            "cell_type": "code",
            "metadata": {"nbgrader": {"grade_id": "a", "solution": True}},
            "source": text,
        }

    for given, kept in (("total = 9\n", "total = 9\n"), ("def f():\n    ", "")):
        source = {"cells": [cell(f"{given}### BEGIN SOLUTION\nright = 1\n    ### END SOLUTION")]}
        made = json.loads(notebook_of("wrong-0", source, {"cells": [cell("")]}, [{"a": "wrong = total"}]))
        assert made["cells"][0]["source"] == f"{kept}wrong = total"


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
