"""Three classes, each graded once and judged many times: a quick one, it without root, and all others."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.gradebook import private_jupyter
from autograder.marks import read_marks
from tests.hostile import run
from tests.hostile.corpus import Attack, attacks

Marks = dict[str, dict[str, float | None]]


class Class:
    """A class that was graded, with the gradebook as it stands."""

    def __init__(self, ended: run.Ended) -> None:
        self.ended = ended
        with private_jupyter():
            found = read_marks(Course(ended.places.course), "pset")
        self.marks: Marks = {one.learner: {mark.cell: mark.auto for mark in one.marks} for one in found}


@contextmanager
def _alone(base: Path) -> Iterator[None]:
    with Path(f"{base}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _once(name: str, chosen: list[Attack], *, ordinary: bool = False) -> Iterator[Class]:
    """Grade a class once, also where several processes share out the tests: the others wait.

    Not in pytest's own folder, which is closed to other users: no rights of files shall keep attackers out.
    """
    run_id = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")
    base = Path(tempfile.gettempdir(), f"hostile-{run_id}-{name}")
    mine = base / f"used-by-{os.getpid()}"
    with _alone(base):
        if not (base / "class/ended.json").exists():
            shutil.rmtree(base, ignore_errors=True)
            (base / "class").mkdir(parents=True)
            base.chmod(0o755)
            run.graded(base / "class", chosen, ordinary=ordinary)
        mine.touch()
    try:
        yield Class(run.read_back(base / "class"))
    finally:
        with _alone(base):
            mine.unlink()
            if not list(base.glob("used-by-*")):
                shutil.rmtree(base)
                Path(f"{base}.lock").unlink()


@pytest.fixture(scope="session")
def quick() -> Iterator[Class]:
    """The attacks that every change has to withstand, and three honest learners."""
    with _once("quick", [one for one in attacks() if one.core]) as graded:
        yield graded


@pytest.fixture(scope="session")
def without_root() -> Iterator[Class]:
    """The same class, graded by an ordinary user, whose rooms live in a user namespace."""
    with _once("ordinary", [one for one in attacks() if one.core], ordinary=os.geteuid() == 0) as graded:
        yield graded


@pytest.fixture(scope="session")
def others() -> Iterator[Class]:
    """All attacks that the quick class has not met, and three honest learners among them."""
    with _once("others", [one for one in attacks() if not one.core]) as graded:
        yield graded
