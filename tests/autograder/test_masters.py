"""Masters are kept between runs, and made anew as soon as anything has changed that they were made from."""

from __future__ import annotations

import json
import subprocess

import pytest
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.gradebook import gradebook, private_jupyter
from autograder.grading import master
from autograder.grading.master import load
from autograder.release.student import master as by_nbgrader
from autograder.release.student import read_notebook

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def jupyter():
    with private_jupyter():
        yield


@pytest.fixture
def started(monkeypatch):
    """How often another process was asked."""
    calls = []
    real = subprocess.Popen

    def popen(*words, **options):
        calls.append(words)
        return real(*words, **options)

    monkeypatch.setattr(master.subprocess, "Popen", popen)
    return calls


def plain(masters):
    return [(one.name, one.graded, one.released, one.solution) for one in masters]


def test_they_are_what_nbgraders_chain_makes(course):
    here = Course(course)
    (one,) = load(here, "greeting")
    path = course / "source/greeting/exercise.ipynb"
    assert one.solution == read_notebook(path)
    assert one.graded == by_nbgrader(here, "greeting", path, read_notebook(path), save=False)
    assert "HIDDEN" in json.dumps(one.graded) and "HIDDEN" not in json.dumps(one.released)


def test_a_second_run_asks_nobody_and_gets_the_same(course, started):
    first = plain(load(Course(course), "greeting"))
    assert len(started) == 1
    assert plain(load(Course(course), "greeting")) == first
    assert len(started) == 1
    kept = course / ".autograder/greeting.masters.json"
    assert kept.stat().st_mode & 0o777 == 0o600


def _source(course):
    path = course / "source/greeting/exercise.ipynb"
    path.write_text(path.read_text().replace("half", "halve"))


def _config(course):
    with (course / "nbgrader_config.py").open("a") as stream:
        stream.write("c.ClearSolutions.code_stub = {'python': '# your turn'}\n")


def _gradebook(course):
    (course / "gradebook.db").unlink()


def _rights(course):
    (course / ".autograder/greeting.masters.json").chmod(0o666)


def _torn(course):
    path = course / ".autograder/greeting.masters.json"
    path.write_text(path.read_text()[:-50])


@pytest.mark.parametrize("change", [_source, _config, _gradebook, _rights, _torn])
def test_they_are_made_anew_when_something_has_changed(course, started, change):
    load(Course(course), "greeting")
    change(course)
    (again,) = load(Course(course), "greeting")
    assert len(started) == 2
    assert ("# your turn" in json.dumps(again.graded)) == (change is _config)
    with gradebook(Course(course)) as book:
        assert book.find_notebook("exercise", "greeting").grade_cells


def test_a_fault_of_the_other_process_names_the_file(course):
    path = course / "source/greeting/exercise.ipynb"
    data = json.loads(path.read_text())
    for cell in data["cells"]:
        cell["metadata"].get("nbgrader", {})["grade_id"] = "same"
    path.write_text(json.dumps(data))
    with pytest.raises(InputFault, match=r"exercise\.ipynb.*refuses the notebook.*mend that cell"):
        load(Course(course), "greeting")
