"""From text to what learners get."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from coursefacts.errors import InputFault

from autograder.cli import main
from autograder.release import convert, sources

SAMPLE = Path(__file__).parent.parent / "sample_course"


def run(*args: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_conversion_is_the_same_each_time_and_ids_come_from_grade_ids():
    path = SAMPLE / "exercises/greeting/exercise.py"
    first, second = convert.to_notebook(path), convert.to_notebook(path)
    assert nbformat.writes(first) == nbformat.writes(second)
    assert [cell.id for cell in first.cells][:6] == [
        "cell-000",
        "cell-001",
        "cell-002",
        "cell-003",
        "half",
        "test-half",
    ]


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (('"points": 2, ', ""), 24, "has no points"),
        (('"grade_id": "area"', '"grade_id": "half"'), None, "stands already"),
        (('"grade_id": "area"', '"grade_id": "a b"'), None, "not usable"),
        (('"schema_version": 3, ', ""), None, "lacks schema_version"),
        # What jupytext takes for a title, so that the cell would silently have no points.
        (('"points": 2, ', '"points": 2 '), 24, r"cannot be read \(Expecting ',' delimiter at column 84\)"),
        (("nbgrader={", "nbgrader {"), None, "nbgrader header cannot be read"),
    ],
)
def test_a_faulty_cell_is_told_with_its_line(tmp_path, change, line, said):
    text = (SAMPLE / "exercises/greeting/exercise.py").read_text()
    path = tmp_path / "exercise.py"
    path.write_text(text.replace(*change))
    with pytest.raises(InputFault, match=said) as told:
        convert.to_notebook(path)
    assert told.value.line is not None
    header = path.read_text().splitlines()[told.value.line - 1]
    assert header.startswith("# %%") and "nbgrader" in header


def test_points_of_meta_and_cells_must_agree(tmp_path):
    folder = tmp_path / "greeting"
    shutil.copytree(SAMPLE / "exercises/greeting", folder)
    meta = folder / "meta.yml"
    meta.write_text(meta.read_text().replace("points: 10", "points: 11"))
    with pytest.raises(InputFault, match=r"points say 11, the cells add up to 10") as told:
        sources.read(folder)
    assert told.value.line == 4


@pytest.mark.slow
def test_release_hides_what_learners_must_not_see_and_is_repeatable(tmp_path):
    course = tmp_path / "course/nbgrader"
    order = [
        "release",
        "--quick",
        "--source",
        SAMPLE / "exercises",
        "--course",
        course,
        "--roster",
        SAMPLE / "roster.csv",
    ]
    code, said = run(*order, "--init-secret")
    assert code == 0, said
    key = (course.parent / "secret.key").read_text().strip()
    assert key not in said
    kept = {path: path.read_bytes() for path in course.rglob("*") if path.is_file() and path.suffix != ".db"}
    released = (course / "release/greeting/exercise.ipynb").read_text()
    assert "HIDDEN" not in released and "math.pi * radius" not in released and "YOUR CODE HERE" in released
    assert "HIDDEN" in (course / "source/greeting/exercise.ipynb").read_text()
    assert not any(path.name in {"meta.yml", "wrong"} for path in course.rglob("*"))
    variant = course / "variants/greeting/ada.json"
    assert json.loads(variant.read_text())["learner"] == "ada"
    assert stat.S_IMODE(variant.stat().st_mode) == 0o600
    assert "'=HYPERLINK" in (course / "variants/greeting/tokens.csv").read_text()
    code, said = run(*order, "--json")
    assert code == 0 and json.loads(said)["practice"] is False
    again = {path: path.read_bytes() for path in course.rglob("*") if path.is_file() and path.suffix != ".db"}
    assert again == kept


@pytest.mark.slow
def test_nothing_is_written_when_an_exercise_is_faulty(tmp_path):
    source = tmp_path / "exercises"
    shutil.copytree(SAMPLE / "exercises", source)
    (source / "second").mkdir()
    (source / "second/exercise.py").write_text("no cells here\n")
    code, said = run("release", "--quick", "--source", source, "--course", tmp_path / "course")
    assert code == 2
    assert "exercise.py:1: has no cell" in said
    assert not (tmp_path / "course").exists()


def test_an_unknown_exercise_is_one_line(tmp_path):
    code, said = run("release", "nope", "--source", SAMPLE / "exercises", "--course", tmp_path / "course")
    assert code == 2
    assert "has no exercise 'nope'" in said and len(said.splitlines()) == 1


@pytest.mark.slow
def test_a_period_is_released_into_a_folder_of_its_own(tmp_path):
    made = {}
    for period in ("2026", "2027"):
        course = tmp_path / period
        course.mkdir()
        (course / "secret.key").write_text("ab" * 32)
        (course / "secret.key").chmod(0o600)
        order = ["release", "--quick", "--source", SAMPLE / "exercises", "--course", course]
        code, said = run(*order, "--roster", SAMPLE / "roster.csv", "--period", period)
        assert code == 0, said
        made[period] = (course / "nbgrader/variants/greeting/tokens.csv").read_text()
    assert not set(made["2026"].splitlines()[1:]) & set(made["2027"].splitlines()[1:])
    code, said = run(*order, "--period", "2028")
    assert code == 2 and "release the new period into a folder of its own: --course DIR" in said
