"""Two classes, each graded once and judged many times: a quick one, and everybody."""

from __future__ import annotations

import fcntl
import os
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
            found = read_marks(Course(ended.places.course), "work")
        self.marks: Marks = {one.learner: {mark.cell: mark.auto for mark in one.marks} for one in found}


def _once(factory: pytest.TempPathFactory, name: str, chosen: list[Attack]) -> Class:
    """Grade a class once, also where several processes share out the tests: the others wait."""
    run_id = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    base = factory.getbasetemp()
    root = (base.parent / f"hostile-{run_id}" if run_id else base) / name
    root.parent.mkdir(exist_ok=True)
    _passable(root.parent)
    with (root.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "ended.json").exists():
            root.mkdir()
            run.graded(root, chosen)
    return Class(run.read_back(root))


def _passable(folder: Path) -> None:
    """Let every user walk to the course: not the rights of pytest's folder shall keep attackers out."""
    for one in (folder, *folder.parents):
        if one.stat().st_uid == os.geteuid() and not one.stat().st_mode & 0o001:
            one.chmod(one.stat().st_mode | 0o011)


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """The attacks that every change has to withstand, and three honest learners."""
    return _once(tmp_path_factory, "quick", [one for one in attacks() if one.core])


@pytest.fixture(scope="session")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """All attacks, and three honest learners among them."""
    return _once(tmp_path_factory, "everybody", attacks())
