"""Two thousand submissions in one run: memory stays flat, the second half takes no longer than the first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.marks import read_marks

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.timeout(1800)]

MANY = 2000
MOST_MEGABYTES = 1500
GREETING = "def half(number):\n    return number / 2  # {learner}"
NOISE = "def area(radius):\n    return math.pi * radius**2\nprint('{learner} ' * 2000)"


def test_two_thousand_submissions_take_flat_memory_and_linear_time(course, hands, family):
    (course / "roster.csv").unlink()
    learners = [f"learner{number:04}" for number in range(MANY)]
    for learner in learners:
        # Outputs of 20 kB each: kept in memory they would come to 40 MB at the end, and show.
        hands.put(
            learner,
            hands.notebook(half=GREETING.format(learner=learner), area=NOISE.format(learner=learner)),
        )
    program = Path(sys.executable).parent / "autograder"
    out_path, err_path = course.parent / "out", course.parent / "err"
    with out_path.open("w") as out, err_path.open("w") as err:
        process = subprocess.Popen(
            [program, "grade", "greeting", "--course", course, "--jobs", "2"], stdout=out, stderr=err
        )
        samples = watch(process, course / "results.jsonl", family(process.pid))
    assert process.returncode == 0, err_path.read_text()
    assert f"{MANY} notebooks: 0 held, 0 to look at" in out_path.read_text()
    assert err_path.read_text().count("\n") < 100
    lines = [json.loads(line) for line in (course / "results.jsonl").read_text().splitlines()]
    assert sorted(line["learner"] for line in lines) == learners
    assert {sum(mark.auto or 0 for mark in one.marks) for one in read_marks(Course(course), "greeting")} == {
        7.0
    }
    judge(samples)


def watch(process: subprocess.Popen, results: Path, those) -> list[tuple[float, int, float]]:
    """Note processor seconds, how many are done, and memory of the whole tree, until the run ends.

    Not the clock: what else a machine does while a class is graded is no property of the grader.
    """
    samples: list[tuple[float, int, float]] = []
    done = position = 0
    while process.poll() is None:
        if results.exists():
            with results.open("rb") as stream:
                stream.seek(position)
                new = stream.read()
            position, done = position + len(new), done + new.count(b"\n")
        samples.append((those.processor_seconds(), done, those.memory()))
        time.sleep(0.5)
    return samples


def judge(samples: list[tuple[float, int, float]]) -> None:
    def moment(count: int) -> float:
        return next(at for at, done, _ in samples if done >= count)

    fifth = MANY // 5
    first, second = moment(3 * fifth) - moment(fifth), moment(5 * fifth - 40) - moment(3 * fifth - 40)
    memory = [used for _, done, used in samples if done >= fifth]
    half = len(memory) // 2
    said = {
        "processor seconds": round(samples[-1][0] - samples[0][0], 1),
        "first two fifths": round(first, 1),
        "last two fifths": round(second, 1),
        "most MB": round(max(used for _, _, used in samples)),
        "most MB early": round(max(memory[:half])),
        "most MB late": round(max(memory[half:])),
    }
    print(json.dumps(said), file=sys.stderr)
    assert second / first <= 1.3, said
    assert max(used for _, _, used in samples) <= MOST_MEGABYTES, said
    assert max(memory[half:]) <= max(memory[:half]) * 1.1 + 30, said
    if os.environ.get("LARGE_CLASS_FIGURES"):
        Path(os.environ["LARGE_CLASS_FIGURES"]).write_text(json.dumps(said))
