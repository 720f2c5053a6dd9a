"""The skeleton of an exercise is released and graded as it is: right, wrong and blank."""

from __future__ import annotations

import json
import re

import pytest

from autograder.course import Course
from autograder.demo.cohort import wrong_answers

pytestmark = pytest.mark.slow


def test_a_new_exercise_can_be_released_and_graded_as_it_is(run, tmp_path, root):
    source, course = tmp_path / "own", tmp_path / "course"
    ended = run("new", "exercise", "half-life", "--source", source, "--title", "Half-life")
    assert ended.code == 0, ended.said
    ended = run("new", "exercise", "half-life", "--source", source)
    assert ended.code == 2 and "already" in ended.err
    for name in ("../x", "Half-Life", "a+b"):
        assert run("new", "exercise", name, "--source", source).code == 2
    (tmp_path / "roster.csv").write_text("learner,name,email\nada,Ada,\nbob,Bob,\neve,Eve,\n")
    words = ("--source", source, "--course", course)
    ended = run("release", "half-life", *words, "--roster", tmp_path / "roster.csv", "--init-secret")
    assert ended.code == 0, ended.said
    released = json.loads((Course(course).release("half-life") / "exercise.ipynb").read_text())
    (mistake,) = wrong_answers(source / "half-life")
    right = "mean = sum(readings) / len(readings)"
    for learner, answer in (("ada", right), ("bob", mistake["mean"]), ("eve", None)):
        made = json.loads(json.dumps(released))
        token = json.loads((Course(course).root / f"variants/half-life/{learner}.json").read_text())["token"]
        for cell in made["cells"]:
            cell["source"] = "".join(cell["source"]).replace("practice: your name", token)
            if answer and cell["id"] == "mean":
                cell["source"] = answer
            if answer and cell["id"] == "letter":
                cell["source"] = f"My mean, {learner}."
        folder = Course(course).submitted(learner, "half-life")
        folder.mkdir(parents=True)
        (folder / "exercise.ipynb").write_text(json.dumps(made))
    file = tmp_path / "results.json"
    ended = run("grade", "half-life", "--course", course, "--json", file)
    assert ended.code == 0, ended.said
    assert "note:" not in ended.err, "the course's own solution passes in the rooms"
    results = {one["learner"]: one for one in json.loads(file.read_text())["results"]}
    assert [results[who]["score"] for who in ("ada", "bob", "eve")] == [6, 0, 0]
    assert all(one["certifiable"] for one in results.values())
    told = next(cell for cell in results["bob"]["cells"] if cell["grade_id"] == "check-mean")
    assert "divide by how many they are" in told["message"] and told["values"]["mean"]


def test_the_guide_shows_the_format_that_the_skeleton_has(root):
    """What the author's guide shows of the two files stands line by line in the skeleton."""
    guide = (root / "book/guides/author.md").read_text(encoding="utf-8").partition("## Two rooms")[0]
    template = root / "autograder/release/template"
    for name, kind, many in (("exercise.py.txt", "python", 3), ("meta.yml", "yaml", 1)):
        text = (template / name).read_text(encoding="utf-8").replace("@id@", "half-life").splitlines()
        blocks = re.findall(rf"```{kind}\n(.*?)```", guide, re.DOTALL)
        assert len(blocks) == many
        assert [line for block in blocks for line in block.splitlines() if line not in text] == []
