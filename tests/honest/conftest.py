"""The two courses of honest work: released by stock nbgrader, handed in, and graded by ours, once each."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from tests.honest import idiom, notebooks, ours, stock, variant
from tests.honest.variants import VARIANTS


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Make a folder once for all of pytest's workers; it is read-only from then on."""
    base = factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"honest-{name}"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            half = place.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            make(half)
            half.rename(place)
    return place


def make_variants(course: Path) -> None:
    """Make a course, and one submission for each variant."""
    sources = variant.sources()
    for name, source in sources.items():
        notebooks.save(source, course / "source/ps1" / f"{name}.ipynb")
    shutil.copy(variant.COURSE / "ps1/readings.csv", course / "source/ps1")
    folder = stock.generate(course, "ps1")
    released = {name: nbformat.read(folder / f"{name}.ipynb", 4) for name in sources}
    for one in VARIANTS:
        right = variant.right_answers(sources[one.notebook])
        one.hand_in(released[one.notebook], right, course / "submitted" / one.name / "ps1")


def make_idioms(
    course: Path, folder: Path = idiom.FOLDER, learners: tuple[str, ...] = idiom.LEARNERS
) -> None:
    """Make a course of idioms with a class of four: two go their own ways, one is always wrong."""
    themes = idiom.everything(folder)
    for theme, idioms in themes.items():
        notebooks.save(idiom.source(idioms), course / "source/idioms" / f"{theme}.ipynb")
    shutil.copytree(
        folder / "files",
        course / "source/idioms",
        ignore=shutil.ignore_patterns("__pycache__"),
        dirs_exist_ok=True,
    )
    generated = stock.generate(course, "idioms")
    for theme, idioms in themes.items():
        released = nbformat.read(generated / f"{theme}.ipynb", 4)
        for learner in learners:
            made = idiom.handed_in(released, idioms, learner)
            notebooks.save(made, course / "submitted" / learner / "idioms" / f"{theme}.ipynb")


@pytest.fixture(scope="session")
def variants_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "variants", make_variants)


@pytest.fixture(scope="session")
def variants_graded(variants_course: Path, tmp_path_factory: pytest.TempPathFactory) -> ours.Graded:
    copy = once(tmp_path_factory, "variants-graded", lambda place: ours.grade(variants_course, "ps1", place))
    return ours.read(copy)


@pytest.fixture(scope="session")
def idioms_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "idioms", make_idioms)


@pytest.fixture(scope="session")
def idioms_graded(idioms_course: Path, tmp_path_factory: pytest.TempPathFactory) -> ours.Graded:
    copy = once(tmp_path_factory, "idioms-graded", lambda place: ours.grade(idioms_course, "idioms", place))
    return ours.read(copy)


@pytest.fixture(scope="session")
def assignments_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(
        tmp_path_factory, "assignments", lambda place: make_idioms(place, idiom.ASSIGNMENTS, idiom.CLASS)
    )


@pytest.fixture(scope="session")
def assignments_graded(assignments_course: Path, tmp_path_factory: pytest.TempPathFactory) -> ours.Graded:
    name = "assignments-graded"
    copy = once(tmp_path_factory, name, lambda place: ours.grade(assignments_course, "idioms", place))
    return ours.read(copy)
