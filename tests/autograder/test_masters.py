"""Masters are kept between runs, and made anew as soon as anything has changed that they were made from."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.gradebook import gradebook, private_jupyter
from autograder.grading import helper
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
    real = helper.begin

    def begin(*asked):
        calls.append(asked)
        return real(*asked)

    monkeypatch.setattr(helper, "begin", begin)
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


_ALONE = """
import json, os, sys, threading, time
from pathlib import Path
from autograder.course import Course
from autograder.gradebook import private_jupyter
from autograder.grading import helper
here = Course(Path(sys.argv[1]))
def files(process="self"):
    found = []
    for one in Path(f"/proc/{process}/fd").iterdir():
        try: found.append(os.readlink(one))
        except FileNotFoundError: pass  # closed meanwhile
    return found
with private_jupyter():
"""


def alone(course, *lines):
    """Run lines in a process of one thread; what they call `told` comes back."""
    code = _ALONE + "".join(f"    {line}\n" for line in (*lines, "print(json.dumps(told))"))
    done = subprocess.run([sys.executable, "-c", code, str(course)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_fork_answers_as_a_new_interpreter_does(course):
    one, other, before, after, left = alone(
        course,
        "helper._Fork(here, 'greeting').answer()",  # what is imported first opens files of its own
        "before = len(files())",
        "one, other = (kind(here, 'greeting').answer() for kind in (helper._Fork, helper._Afresh))",
        "try: left = os.waitpid(-1, os.WNOHANG)",
        "except ChildProcessError: left = None",
        "told = [one, other, before, len(files()), left]",
    )
    assert one["masters"]
    assert one == other
    assert (before, left) == (after, None)


def test_a_process_of_several_threads_is_not_forked(course):
    kinds = alone(
        course,
        "over = threading.Event()",
        "made = [helper.begin(here, 'greeting')]",
        "thread = threading.Thread(target=over.wait)",
        "thread.start()",
        "made.append(helper.begin(here, 'greeting'))",
        "over.set()",
        "for one in made: one.stop()",
        "told = [type(one).__name__ for one in made]",
    )
    assert kinds == ["_Fork", "_Afresh"]


def test_a_fork_keeps_nothing_of_the_grader_open(course, tmp_path):
    """Else a grader that was killed would hold its lock as long as its helper lives."""
    mine, held = alone(
        course,
        f"lock, pipe = open({str(tmp_path / 'lock')!r}, 'w'), os.pipe()",
        "made = helper.begin(here, 'greeting')",
        "until = time.monotonic() + 300",
        "held = files(made._process)",
        "while (len(held), held.count(os.devnull)) != (4, 3) and time.monotonic() < until:",
        "    held = files(made._process)",
        "made.stop()",
        "told = [files(), held]",
    )
    assert str(tmp_path / "lock") in mine
    assert str(tmp_path / "lock") not in held
    assert sum(one.startswith("pipe:") for one in held) == 1


def test_a_helper_that_ends_without_an_answer_is_told_as_a_fault(course, monkeypatch):
    monkeypatch.setattr(helper, "begin", lambda *_: Broken())
    with pytest.raises(InputFault, match="could not be prepared by nbgrader"):
        load(Course(course), "greeting")


class Broken:
    def answer(self):
        return json.loads("")

    def stop(self):
        pass
