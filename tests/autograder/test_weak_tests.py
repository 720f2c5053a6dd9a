"""Tests that pass without an answer are found before a class meets them, and sound ones are left alone."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from coursefacts.errors import InputFault

from autograder.grading import substitutes
from autograder.release import sources

HEAD = (
    '# %% nbgrader={{"grade": {}, "grade_id": "{}", "locked": {}, {}"schema_version": 3, '
    '"solution": {}, "task": false}}\n'
)

# The commonest checks there are, each with the words by which its weakness is told; None for a sound one.
CHECKS = {
    "allclose": ("assert np.allclose(double(np.ones(3)), 2)", "an empty .* in place of 'double'"),
    "isclose": ("assert np.isclose(double(np.arange(3.0)), [0, 2, 4]).all()", "an empty array of two axes"),
    "norm": ("assert np.linalg.norm(double(np.ones(3)) - 2) < 1e-6", "an empty array in place of 'double'"),
    "once": ("assert double(0.5) == 1", "the constant 1 in place of 'double'"),
    "strong": (
        "got = double(np.arange(3.0))\nassert np.shape(got) == (3,) and np.abs(got - [0, 2, 4]).max() < 1e-9",
        None,
    ),
    "pairs": ("for got, want in zip(values, [2.0, 4.0]):\n    assert got == want", "an empty list"),
    "subset": ("assert set(places) <= {'a', 'b'}", "an empty list in place of 'places'"),
    "undefined": ("assert not error > 0.1", "NaN in place of 'error'"),
    "length": ("assert len(values) == 2", "in each place in place of 'values'"),
    "nothing": ("assert True", "the notebook as it was handed out"),
    "loops": ("name = 3\nassert sum(double(name) == 2 * name for name in (1, 2)) == 2", None),
    # What is no number at a cell's end is all its points, by nbgrader's rule.
    "adds": ("(values == [2.0, 4.0]) + (error == 0.01)", "an empty array"),
    "parts": ("float(values == [2.0, 4.0]) + float(error == 0.01)", None),
    "waits": ("while values == []:\n    pass\nassert values == [2.0, 4.0]", None),
    "meant": ("assert True", None),
    "after": ("assert places == {'a'} and 'name' not in dir()", None),
}


def exercise(folder):
    """Write an exercise with a function, three values and every check."""
    text = "# %%\nimport numpy as np\n\n"
    text += HEAD.format("false", "double", "false", "", "true")
    text += "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n\n"
    text += HEAD.format("false", "values", "false", "", "true")
    text += "values, places, error = None, None, None\n### BEGIN SOLUTION\nname = 0\n"
    text += "values, places, error = [2.0, 4.0], {'a'}, 0.01\n### END SOLUTION\n\n"
    for name, (check, _) in CHECKS.items():
        points = 2 if name in {"adds", "parts"} else 1
        text += HEAD.format("true", name, "true", f'"points": {points}, ', "false") + check + "\n\n"
    folder.mkdir(parents=True)
    (folder / "exercise.py").write_text(text.replace(" and 'name' not in dir()", ""))
    meta = "id: checks\ntitle: Checks\nmeant_to_pass:\n  - {cell: meant, why: a point for being here}\n"
    (folder / "meta.yml").write_text(meta)
    return folder


@pytest.mark.slow
def test_every_weak_check_is_told_with_its_cell_and_remedy_and_no_sound_one(run, tmp_path):
    exercise(tmp_path / "own/checks")
    words = ("release", "--source", tmp_path / "own", "--course", tmp_path / "course")
    ended = run(*words, "--strict", "--json")
    assert ended.code == 1 and "nothing was released" in ended.err and not ended.out, ended.said
    assert not (tmp_path / "course").exists()
    told = re.findall(r"^weak test in 'checks': cell '(\w+)' (.*); (.+)$", ended.err, re.MULTILINE)
    assert all(remedy for _, _, remedy in told)
    found = {cell: what for cell, what, _ in told}
    assert set(found) == {name for name, (_, weak) in CHECKS.items() if weak}, ended.err
    for name, what in found.items():
        assert re.search(CHECKS[name][1], what), (name, what)
    assert "note on" not in ended.err and "not tried" not in ended.err


def test_a_test_that_is_meant_to_pass_needs_a_reason_and_a_cell(tmp_path):
    folder = exercise(tmp_path / "checks")
    for entry, said in (
        ("- {cell: meant}", "lacks its cell or its reason"),
        ("- {cell: ment, why: x}", "there is no test cell 'ment'"),
        ("meant", "is not a list"),
    ):
        (folder / "meta.yml").write_text(f"id: checks\ntitle: Checks\nmeant_to_pass:\n  {entry}\n")
        with pytest.raises(InputFault, match=said) as told:
            sources.read(folder)
        assert told.value.line and told.value.remedy


def test_strict_and_quick_exclude_each_other(run, sample, tmp_path):
    ended = run("release", "--strict", "--quick", "--source", sample / "exercises", "--course", tmp_path)
    assert ended.code == 2 and len(ended.err.splitlines()) == 1


def test_stand_ins_have_the_form_of_the_answer_and_are_never_the_answer():
    answers = {
        "table": {"a": 1.0, "b": 2.0},
        "array": np.array([1, 2]),
        "word": "x",
        "none": None,
        "one": 1,
        "call": lambda x: [x, x],
    }
    seen = {}
    for kind in substitutes.KINDS:
        for name in answers:
            names = dict(answers)
            try:
                substitutes.swap(names, (name,), kind)
            except substitutes.Same:
                continue
            seen[name, kind] = names.get(name, "gone")
            substitutes.restore(names)
            assert names == answers
    assert ("none", "None") not in seen and ("one", "the constant 1") not in seen
    assert seen["table", "nothing"] == "gone"
    assert seen["table", "its first entry in each place"] == {"a": 1.0, "b": 1.0}
    assert np.isnan(seen["array", "NaN in each place"]).all() and seen[
        "array", "NaN in each place"
    ].shape == (2,)
    assert seen["call", "1 in each place"](5) == [1, 1]
    assert seen["call", "an empty array"](5).shape == (0,)
    assert ("word", "its first entry in each place") not in seen
    assert json.dumps(seen["word", "an empty list"]) == "[]"
