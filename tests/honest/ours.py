"""Our own grader as a stranger would use it: the command, on a copy of a course."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Graded", "grade", "read"]


@dataclass
class Graded:
    """What the command wrote: (learner, notebook) to the result."""

    results: dict[tuple[str, str], dict[str, Any]]

    def cells(self, learner: str, notebook: str) -> dict[str, dict[str, Any]]:
        """Take one notebook's cells by grade id."""
        return {cell["grade_id"]: cell for cell in self.results[learner, notebook]["cells"]}


def grade(course: Path, assignment: str, copy: Path) -> None:
    """Grade everybody in a copy of the course."""
    shutil.copytree(course, copy)
    ended = subprocess.run(
        [
            *(sys.executable, "-c", "from autograder.cli import main; main()", "grade", assignment),
            *("--course", str(copy), "--jobs", "2", "--json", str(copy / "results.json")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def read(copy: Path) -> Graded:
    """Read what was written about a copy."""
    results = json.loads((copy / "results.json").read_text())["results"]
    return Graded({(result["learner"], result["notebook"]): result for result in results})
