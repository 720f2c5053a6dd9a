"""Where the time of grading goes: the start as a timeline, and each submission's steps in milliseconds.

python stages.py COURSE EXERCISE JOBS

The steps are timed where they happen, in the threads of the driver; with one job they add up to the whole,
with more they overlap. What a step waits for in another process counts as its own.
"""

from __future__ import annotations

import functools
import importlib
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

BEGAN = time.perf_counter()

START = {
    "masters, begun": "autograder.grading.run:Masters.__init__",
    "masters, waited for": "autograder.grading.run:Masters.get",
    "results of before": "autograder.grading.whole_class:Ledger.latest",
    "submissions found": "autograder.grading.whole_class:WholeClass._found",
    "warm parent": "autograder.rooms.handle:WarmParent.__init__",
    "walls tried": "autograder.grading.two_rooms:prove",
    "packages looked for": "autograder.rooms.packages:outside",
    "solution first": "autograder.grading.two_rooms:rehearse",
    "modules loaded": "autograder.rooms.handle:WarmParent.load",
    "all of the above for the rooms": "autograder.grading.two_rooms:TwoRooms.prepare",
}
EACH = {
    "read": "autograder.grading.whole_class:read_submission",
    "rebuild": "autograder.grading.whole_class:rebuild",
    "open two rooms": "autograder.rooms.handle:WarmParent.open_all",
    "examiner: begin": "autograder.rooms.pair:Examination.begin",
    "examiner: given": "autograder.rooms.pair:Examination.given",
    "examiner: test": "autograder.rooms.pair:Examination.test",
    "learner: run": "autograder.rooms.visit:Visit.run",
    "close a room": "autograder.rooms.handle:Room.close",
    "the whole run": "autograder.grading.two_rooms:TwoRooms.run",
    "score": "autograder.grading.outcome:Outcome.scored",
    "write": "autograder.grading.record:Writer.add",
    "write a batch": "autograder.grading.record:Writer.flush",
}


class Clock:
    """Takes the time of functions, wherever they are called."""

    def __init__(self) -> None:
        self.calls: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def watch(self, label: str, place: str) -> None:
        """Replace a function by one that is timed."""
        module, _, path = place.partition(":")
        *owners, name = path.split(".")
        owner: Any = importlib.import_module(module)
        for one in owners:
            owner = getattr(owner, one)
        inner = getattr(owner, name)

        @functools.wraps(inner)
        def timed(*args: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return inner(*args, **named)
            finally:
                self.calls[label].append((began - BEGAN, time.perf_counter() - began))

        setattr(owner, name, timed)


def main(course: str, exercise: str, jobs: str) -> None:
    """Grade and print."""
    # The command itself first, for what it does before anything else is imported.
    import autograder.cli  # noqa: F401
    from autograder.course import Course
    from autograder.grading.run import Order, grade

    print(f"{time.perf_counter() - BEGAN:6.2f} s  modules of the command imported")
    clock = Clock()
    for label, place in {**START, **EACH}.items():
        clock.watch(label, place)
    marks: list[tuple[float, float]] = []

    def progress(done: int, all_: int) -> None:
        marks.append((time.perf_counter() - BEGAN, time.process_time()))

    results = grade(Course(Path(course)), Order(exercise, jobs=int(jobs), progress=progress))
    start = [(*one, label) for label in START for one in clock.calls[label]]
    for begun, took, step in sorted(start):
        print(f"{begun:6.2f} s  {step}: {took:.3f} s")
    (begins, before), (ends, after) = marks[0], marks[-1]
    print(f"{begins:6.2f} s  the class begins; {len(results)} submissions until {ends:.2f} s")
    print(f"{time.perf_counter() - BEGAN:6.2f} s  done")
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    print("processor time:")
    each = (after - before) / len(results) * 1000
    print(f"  of the driver, to start: {before:.2f} s; each submission: {each:.1f} ms")
    print(f"  of all that it started: {spent.ru_utime:.2f} s, and {spent.ru_stime:.2f} s of the system")
    print(f"\n{'step':20} {'calls':>7} {'ms a call':>10} {'ms each':>9}")
    for label in EACH:
        took = [seconds for begun, seconds in clock.calls[label] if begun >= begins]
        if took:
            whole = sum(took) * 1000
            print(f"{label:20} {len(took):7} {whole / len(took):10.2f} {whole / len(results):9.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
