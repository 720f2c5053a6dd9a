"""The two courses of honest work: released by stock nbgrader, handed in, and graded by ours, once each."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from tests.honest import idiom, notebooks, ours, stock, variant
from tests.honest.variants import VARIANTS


@pytest.fixture(scope="session")
def variants_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that stock nbgrader has released, and one submission for each variant; read-only."""
    course = tmp_path_factory.mktemp("honest") / "course"
    sources = variant.sources()
    for name, source in sources.items():
        notebooks.save(source, course / "source/ps1" / f"{name}.ipynb")
    shutil.copy(variant.COURSE / "ps1/readings.csv", course / "source/ps1")
    folder = stock.generate(course, "ps1")
    released = {name: nbformat.read(folder / f"{name}.ipynb", 4) for name in sources}
    for one in VARIANTS:
        right = variant.right_answers(sources[one.notebook])
        one.hand_in(released[one.notebook], right, course / "submitted" / one.name / "ps1")
    return course


@pytest.fixture(scope="session")
def variants_graded(variants_course: Path, tmp_path_factory: pytest.TempPathFactory) -> ours.Graded:
    """All variants, graded by ours."""
    return ours.grade(variants_course, "ps1", tmp_path_factory.mktemp("ours") / "course")


@pytest.fixture(scope="session")
def idioms_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of idioms with a class of four: two go their own ways, one is always wrong; read-only."""
    course = tmp_path_factory.mktemp("idioms") / "course"
    themes = idiom.everything()
    for theme, idioms in themes.items():
        notebooks.save(idiom.source(idioms), course / "source/idioms" / f"{theme}.ipynb")
    shutil.copytree(
        idiom.FOLDER / "files",
        course / "source/idioms",
        ignore=shutil.ignore_patterns("__pycache__"),
        dirs_exist_ok=True,
    )
    folder = stock.generate(course, "idioms")
    for theme, idioms in themes.items():
        released = nbformat.read(folder / f"{theme}.ipynb", 4)
        for learner in idiom.LEARNERS:
            made = idiom.handed_in(released, idioms, learner)
            notebooks.save(made, course / "submitted" / learner / "idioms" / f"{theme}.ipynb")
    return course


@pytest.fixture(scope="session")
def idioms_graded(idioms_course: Path, tmp_path_factory: pytest.TempPathFactory) -> ours.Graded:
    """The class of idioms, graded by ours."""
    return ours.grade(idioms_course, "idioms", tmp_path_factory.mktemp("ours") / "course")
