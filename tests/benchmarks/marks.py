"""Grade a class in this process and print when each result came, in seconds from the start.

python marks.py COURSE EXERCISE JOBS
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import autograder.cli  # noqa: F401 - the command itself, for what it does before anything else is imported
from autograder.course import Course
from autograder.grading.run import Order, grade
from autograder.light import seldom_collect


def main(course: str, exercise: str, jobs: str) -> None:
    """Grade and print."""
    seldom_collect()  # as the command does
    began = time.perf_counter()
    marks: list[float] = []

    def progress(done: int, all_: int) -> None:
        marks.extend([time.perf_counter() - began] * (done - len(marks)))

    grade(Course(Path(course)), Order(exercise, jobs=int(jobs), progress=progress))
    print(json.dumps(marks))


if __name__ == "__main__":
    main(*sys.argv[1:])
