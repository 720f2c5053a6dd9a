"""How fast `autograder collect` tells whose a notebook is and of which exercise.

A course of our own four exercises and 1,000 invented learners, each one's notebooks as they were handed out.
Everything is measured in this one run, in turn, and medians count. What must hold:

- the table of all 4,000 tokens: at most a fifth of the time that reading all notebooks takes;
- telling owner and exercise of all 4,000: at most 5 times reading them as JSON, which nobody can spare.

None may go to somebody else, or the run fails.

Example: python tests/benchmarks/bench_collect.py
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from autograder import tokens
from autograder.collecting.content import Contents
from autograder.course import Course
from autograder.release import convert

LEARNERS, ROUNDS = 1000, 3
MOST_OVER_JSON, MOST_TABLE = 5, 0.2
KEY = b"a secret of this benchmark's own"
SOURCE = Path(__file__).resolve().parents[2] / "exercises" / "source"


def written(root: Path) -> dict[str, str]:
    """Lay our exercises into a course; give each one's notebook."""
    made = {}
    for folder in sorted(path.parent for path in SOURCE.glob("*/exercise.py")):
        made[folder.name] = nbformat.writes(convert.to_notebook(folder / "exercise.py"))
        target = root / "source" / folder.name
        target.mkdir(parents=True)
        (target / "exercise.ipynb").write_text(made[folder.name], encoding="utf-8")
    return made


def main() -> int:
    """Measure, print, and say with the exit code whether all holds."""
    people = [f"s{number:04}" for number in range(LEARNERS)]
    table, reading, telling = [], [], []
    with tempfile.TemporaryDirectory(prefix="bench-collect-") as folder:
        books = written(Path(folder))
        class_ = [
            (
                exercise,
                learner,
                text.replace("practice: your name", tokens.make(KEY, exercise, learner)).encode(),
            )
            for exercise, text in books.items()
            for learner in people
        ]
        for _ in range(ROUNDS):
            began = time.process_time()
            contents = Contents(Course(Path(folder)), KEY, people, list(books))
            table.append(time.process_time() - began)
            began = time.process_time()
            for _, _, notebook in class_:
                json.loads(notebook)
            reading.append(time.process_time() - began)
            began = time.process_time()
            for exercise, learner, notebook in class_:
                inside = contents.of(notebook)
                if (inside.learner, inside.exercise, inside.cells) != (learner, exercise, exercise):
                    raise SystemExit(f"the {exercise} of {learner} was taken for {inside}")
            telling.append(time.process_time() - began)
    made, read, told = (statistics.median(one) for one in (table, reading, telling))
    good = told <= MOST_OVER_JSON * read and made <= MOST_TABLE * read
    print(f"{len(class_)} notebooks of {len(books)} exercises, processor time")
    print(f"the table of tokens        {made:7.3f} s   {made / read:5.2f} x reading, at most {MOST_TABLE}")
    print(f"reading as JSON            {read:7.3f} s")
    print(
        f"telling owner and exercise {told:7.3f} s   {told / read:5.2f} x reading, at most {MOST_OVER_JSON}"
    )
    print("good" if good else "MISSED")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
