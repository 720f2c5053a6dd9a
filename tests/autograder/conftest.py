"""A small class that is graded once, and copies of it for tests that change something."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.course import Course
from autograder.grading.model import Result
from autograder.grading.run import Order, grade
from tests.autograder.letters import LETTERS, OUTPUTS

SAMPLE = Path(__file__).parent.parent / "sample_course"


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


def command(*args: object) -> Ended:
    """Run `autograder` in this process; an exception that is no exit is a failure of the test."""
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(scope="session")
def run() -> Callable[..., Ended]:
    return command


@pytest.fixture(scope="session")
def sample() -> Path:
    return SAMPLE


class Hands:
    """Makes notebooks as learners of all sorts hand them in."""

    def __init__(self, course: Path) -> None:
        self.course = course
        self.released = json.loads((course / "release/greeting/exercise.ipynb").read_text())
        for cell in self.released["cells"]:
            cell["source"] = "".join(cell["source"])

    def notebook(self, **answers: str) -> dict[str, Any]:
        """Give a right notebook, with some cells (by id) written otherwise."""
        right = {
            "half": "def half(number):\n    return number / 2",
            "area": "def area(radius):\n    return math.pi * radius**2",
            "why": "Because two halves make one whole.",
        }
        made = copy.deepcopy(self.released)
        for cell in made["cells"]:
            name = cell["id"].replace("-", "_")
            cell["source"] = answers.get(name, right.get(cell["id"], cell["source"]))
        return made

    def put(self, learner: str, notebook: dict[str, Any] | bytes, name: str = "exercise.ipynb") -> Path:
        """Lay a notebook into submitted/; two learners' are never the same bytes, as in life."""
        path = self.course / "submitted" / learner / "greeting" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(notebook, bytes):
            own = {**notebook["metadata"], "saved_by": learner.encode("utf-8", "replace").decode()}
            notebook = json.dumps({**notebook, "metadata": own}).encode()
        path.write_bytes(notebook)
        return path


def cell(notebook: dict[str, Any], ident: str) -> dict[str, Any]:
    """Find a cell by its id."""
    return next(one for one in notebook["cells"] if one["id"] == ident)


def code(text: str) -> dict[str, Any]:
    """Make a cell as Jupyter adds one."""
    return {
        "cell_type": "code",
        "id": "mine",
        "metadata": {},
        "source": text,
        "outputs": [],
        "execution_count": 3,
    }


@pytest.fixture(scope="session")
def empty_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nbgrader's folder of the sample course, released with a secret; treat it as read-only."""
    course = tmp_path_factory.mktemp("released") / "course/nbgrader"
    ended = command(
        "release", "--quick", "--source", SAMPLE / "exercises", "--course", course,
        "--roster", SAMPLE / "roster.csv", "--init-secret", "--due", "2026-11-20T18:00Z",
    )  # fmt: skip
    assert ended.code == 0, ended.said
    return course


def copied(course: Path, target: Path, **how: Any) -> Path:
    """Copy a course with the secret that lies beside it, into a folder `course` there."""
    shutil.copytree(course.parent, target / "course", **how)
    return target / "course/nbgrader"


@pytest.fixture
def course(empty_course: Path, tmp_path: Path) -> Path:
    """A copy of the released course, for one test."""
    return copied(empty_course, tmp_path)


@pytest.fixture
def hands(course: Path) -> Hands:
    """Make and lay notebooks into this test's course."""
    return Hands(course)


def grade_all(course: Path, **order: Any) -> dict[str, Result]:
    """Grade the sample exercise and give the results by learner."""
    return {result.learner: result for result in grade(Course(course), Order("greeting", jobs=2, **order))}


@dataclass
class GradedClass:
    """The class of `bad notebooks`, graded."""

    course: Path
    results: dict[str, Result]


def class_of_all_sorts(hands: Hands) -> None:
    """Lay everything into submitted/ that this package has ever been shown."""
    hands.put("right", hands.notebook())
    (hands.course / "submitted/right/greeting/timestamp.txt").write_text("2026-11-21 18:00:00.000000 UTC\n")
    hands.put("wrong", hands.notebook(half="def half(number):\n    return number // 2"))
    hands.put("blank", hands.released)
    noisy = hands.notebook(
        half="import sys, warnings\n"
        "def half(n):\n    warnings.warn('w')\n    print('e', file=sys.stderr)\n    return n / 2"
    )
    noisy["cells"].insert(2, code("TWO = 2"))
    noisy["cells"].append(code("1 / 0"))
    hands.put("noisy", noisy)
    hands.put("windows", json.dumps(hands.notebook()).replace("\\n", "\\r\\n").encode())
    hands.put("renamed", hands.notebook(), "exercise (1).ipynb")
    hands.put("notjson", b'{"cells": [')
    hands.put("notnotebook", b"[1, 2]")
    hands.put("nocells", {**hands.released, "cells": []})
    hands.put("zero", b"")
    with hands.put("huge", b"").open("wb") as stream:
        stream.truncate(200 * 2**20)
    hands.put("deep", b"[" * 100_000)
    doubled = hands.notebook()
    draft = copy.deepcopy(cell(doubled, "half"))
    draft["source"] = "def half(number):\n    return None"
    doubled["cells"].insert(0, draft)
    hands.put("doubled", doubled)
    moved = hands.notebook()
    moved["cells"].reverse()
    hands.put("moved", moved)
    skipping = hands.notebook(half="def half(number):\n    return None", area="area = None")
    for one in skipping["cells"]:
        one["metadata"]["tags"] = ["skip-execution"]
    hands.put("skipping", skipping)
    gutted = hands.notebook(half="def half(number):\n    return None")
    for one in gutted["cells"]:
        if one["id"].startswith("test") or one["id"] == "partial":
            one["source"], one["cell_type"] = "pass", "code"
            one["metadata"]["nbgrader"]["points"] = 100
    hands.put("gutted", gutted)
    short = hands.notebook()
    short["cells"] = [one for one in short["cells"] if not one["id"].startswith("test")]
    hands.put("short", short)
    kernel = hands.notebook()
    kernel["metadata"]["kernelspec"] = {"name": "no-such-kernel", "display_name": "x", "language": "cobol"}
    hands.put("kernel", kernel)
    hands.put("dying", hands.notebook(area="import os\nos._exit(1)"))
    hands.put(
        "printing",
        hands.notebook(half="import os\nos.write(1, b'{\"notebook\": 1}\\n')\ndef half(n): return n / 2"),
    )
    spread = hands.notebook()
    cell(spread, "cell-001")["source"] = "import math\nEDITED = 1"
    cell(spread, "area")["source"] = "def area(radius):\n    return EDITED * math.pi * radius**2"
    hands.put("editing", spread)
    (hands.course / "submitted/nothing/greeting").mkdir(parents=True)


@pytest.fixture(scope="session")
def graded(empty_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GradedClass]:
    """The class of all sorts, graded once; treat it as read-only."""
    target = copied(empty_course, tmp_path_factory.mktemp("graded"))
    (target / "roster.csv").unlink()
    class_of_all_sorts(Hands(target))
    yield GradedClass(target, grade_all(target))


@pytest.fixture
def graded_copy(graded: GradedClass, tmp_path: Path) -> Path:
    """A copy of the graded class without the huge file, for one test."""
    return copied(graded.course, tmp_path, ignore=shutil.ignore_patterns("huge"))


@pytest.fixture(scope="session")
def hostile(empty_course, tmp_path_factory) -> Path:
    """A course whose learners wrote hostile letters and put out hostile pages; treat it as read-only."""
    course = copied(empty_course, tmp_path_factory.mktemp("hostile"))
    (course / "roster.csv").unlink()
    hands = Hands(course)
    for name, letter in LETTERS.items():
        hands.put(name, hands.notebook(why=letter))
    grade(Course(course), Order("greeting", jobs=2))
    for name, output in OUTPUTS.items():
        # What a room lets through is not the question here: the page must bear whatever lies there.
        path = course / "autograded" / name / "greeting/exercise.ipynb"
        notebook = json.loads(path.read_text())
        code = next(one for one in notebook["cells"] if one["id"] == "half")
        code["outputs"] = [output]
        path.chmod(0o644)
        path.write_text(json.dumps(notebook))
    return course


class Family:
    """A process and everything that it starts, as the system sees them."""

    def __init__(self, process: int) -> None:
        self.process = process
        self.seen: set[tuple[int, int]] = set()

    def look(self) -> set[tuple[int, int]]:
        """Find who lives now; a process is known by its number and the moment of its start."""
        born: dict[int, int] = {}
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    words = (entry / "stat").read_text().rpartition(")")[2].split()
                    if words[0] != "Z":
                        parents[int(entry.name)], born[int(entry.name)] = int(words[1]), int(words[19])
        now = {self.process} & set(born)
        while more := {one for one, parent in parents.items() if parent in now} - now:
            now |= more
        found = {(one, born[one]) for one in now}
        self.seen |= found
        return found | {one for one in self.seen if born.get(one[0]) == one[1]}

    def memory(self) -> float:
        """Add up their memory in MB, what they share counted once."""
        total = 0
        for process, _ in self.look():
            with contextlib.suppress(OSError, StopIteration):
                lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
                total += int(next(line for line in lines if line.startswith("Pss:")).split()[1])
        return total / 1024

    def processor_seconds(self) -> float:
        """Add up the processor time of those who live and of the ended whom they waited for."""
        ticks = 0
        for process, _ in self.look():
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                ticks += sum(map(int, words[11:15]))  # its own and its children's, as user and as system
        return ticks / os.sysconf("SC_CLK_TCK")

    def left(self, seconds: float = 60) -> set[tuple[int, int]]:
        """Wait for them to end; after a minute tell who has not."""
        until = time.monotonic() + seconds
        while (alive := self.look()) and time.monotonic() < until:
            time.sleep(0.05)
        return alive


@pytest.fixture(scope="session")
def family() -> type[Family]:
    return Family
