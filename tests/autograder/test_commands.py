"""What every command has: help with an example, one line for bad input; and what the machine can do."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from autograder.cli import main
from autograder.doctor import examine


@pytest.mark.parametrize("name", sorted(main.commands))
def test_help_shows_an_example(run, name):
    ended = run(name, "--help")
    assert ended.code == 0
    # Above several of them stands "Examples:".
    assert f":\n    autograder {name}" in ended.out.partition("\n  Example")[2]


def test_a_fault_that_names_a_strangers_file_moves_no_terminal(run, tmp_path):
    ended = run("grade", "greeting", "--course", tmp_path / "x\x1b[2J\u202e\udcffy")
    assert ended.code == 2 and "x?[2J??y" in ended.err, ended.said


def test_help_needs_none_of_the_heavy_libraries():
    code = (
        "import sys; from click.testing import CliRunner; from autograder.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "heavy = {'nbgrader', 'nbformat', 'nbconvert', 'sqlalchemy', 'qiskit', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "words",
    [
        ["release", "--due", "tomorrow"],
        ["release", "--source", "no/such/folder"],
        ["collect", "no/such/folder", "--course", "{course}"],
        ["grade", "greeting", "--course", "no/such/course"],
        ["grade", "nothing", "--course", "{course}"],
        ["grade", "greeting", "--course", "{course}"],
        ["feedback", "nothing", "--course", "{course}"],
        ["report", "--course", "{course}"],
        ["evidence", "--course", "no/such/course"],
        ["evidence", "--course", "{course}", "--cases", "no/such/cases"],
        ["evidence", "--course", "{course}", "--facts", "{course}"],
        ["handin", "../x"],
    ],
)
def test_bad_input_is_one_line_and_exit_2(run, tmp_path, words):
    course = tmp_path / "course"
    (course / "source/greeting").mkdir(parents=True)
    (course / "source/greeting/exercise.ipynb").write_text("{}")
    ended = run(*[word.format(course=course) for word in words])
    assert ended.code == 2, ended.said
    assert len(ended.err.strip().splitlines()) == 1 and ";" in ended.err


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("learner.json", '{"learner": 5}'),
        ("learner.json", '{"learner": "ada", "tokens": {"greeting": 7}}'),
        ("learner.json", "[" * 200_000),
        ("transcripts/a.json", "[" * 200_000),
    ],
)
def test_an_odd_file_in_the_workspace_is_one_line(run, tmp_path, name, text):
    notebook = tmp_path / "exercises/greeting/exercise.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text('{"cells": [{"cell_type": "code", "source": "1"}], "nbformat": 4}')
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    who = [] if name == "learner.json" else ["--learner", "ada"]
    ended = run("handin", "greeting", "--workspace", tmp_path, *who)
    assert ended.code == 2, ended.said
    assert len(ended.err.splitlines()) == 1 and name in ended.err
    assert not (tmp_path / "hand-in").exists()


def test_a_configuration_that_does_not_run_is_one_line(run, tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    ended = run("grade", "greeting", "--course", tmp_path)
    assert ended.code == 2 and "nbgrader_config.py" in ended.err and len(ended.err.splitlines()) == 1


def test_a_source_that_is_no_notebook_is_one_line(run, tmp_path):
    (tmp_path / "source/greeting").mkdir(parents=True)
    (tmp_path / "source/greeting/exercise.ipynb").write_text("{")
    (tmp_path / "submitted/ada/greeting").mkdir(parents=True)
    ended = run("grade", "greeting", "--course", tmp_path)
    assert ended.code == 2 and "exercise.ipynb: is not a notebook" in ended.err


def test_the_doctor_tries_each_wall_and_says_what_grading_has(run):
    found = examine()
    assert {"own processes", "no network", "Landlock", "whole room's memory"} <= {one.wall for one in found}
    assert all(one.ok or one.remedy or not one.needed for one in found)
    ended = run("doctor", "--json")
    said = json.loads(ended.out)
    assert (
        said["in_use"] is said["able"] and (said["isolation"] in {"root", "user namespace"}) is said["able"]
    )
    assert ended.code == (0 if said["able"] else 3)
    assert ("isolates learner code here" in run("doctor").out) is said["able"]
