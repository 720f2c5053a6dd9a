"""What a learner holds: no answer in it, and one line where something is wrong with it."""

from __future__ import annotations

import importlib
import json
from collections import Counter

import answersheet
import numpy as np
import pytest
from answersheet import invented_lists, requests, sealing
from courselab import sheets, tokens, variants

from tests.answersheet import attributes

per_exercise = pytest.mark.parametrize("exercise", answersheet.EXERCISES)


@pytest.fixture(scope="module")
def sealed():
    """One sheet of each exercise, of a course, not of practice."""
    return {
        exercise: sealing.seal(exercise, tokens.practice(exercise, "ada"), bytes(range(32)))
        for exercise in answersheet.EXERCISES
    }


@pytest.fixture
def folder(tmp_path, monkeypatch, sealed):
    monkeypatch.chdir(tmp_path)
    return lambda exercise: lay_out(sealed[exercise], tmp_path)


def lay_out(made, folder):
    for name, data in made.files().items():
        (folder / name).write_bytes(data)
    return folder


def leaves(answers):
    """Give each plain value of the answers with its keys, but for what a learner may know anyway."""
    if isinstance(answers, dict):
        return [(f"{key}.{path}", one) for key, value in answers.items() for path, one in leaves(value)]
    if isinstance(answers, list):
        return [(f"{at}.{path}", one) for at, value in enumerate(answers) for path, one in leaves(value)]
    return [("", answers)]


@per_exercise
def test_nothing_that_the_learner_reaches_is_an_answer(exercise, sealed, folder):
    """Every attribute, private ones too, every item and call: neither a key nor a truth is there."""
    folder(exercise)
    view = variants.mine(exercise, sealed[exercise].sheet.token)
    found = attributes.reachable(view)
    names = {name for one in found if hasattr(one, "__dict__") for name in vars(one)}

    assert len(found) > 50
    assert not names & {"answers", "seed", "key", "truth", "export", "device", "noise", "machine", "literal"}
    assert not names & {"true_copy", "edited", "times", "order", "runs", "turn", "starts", "offsets", "began"}
    assert not attributes.keys_of(found) & set(sealed[exercise].literal.values())
    # Hidden data of a function are drawn apart: a round number in them says nothing of the learner's own.
    own = {name: one for name, one in sealed[exercise].answers.items() if name != "trials"}
    truths = [one for _, one in leaves(own) if isinstance(one, float) and one not in (0, 1)]
    numbers = attributes.numbers_of(found)
    hidden = [truth for truth in truths if np.any(np.isclose(numbers, truth, rtol=1e-9, atol=0))]
    told = json.dumps(sealed[exercise].answers.get("tolerance", {}))
    assert [truth for truth in hidden if str(truth) not in told] == []


@per_exercise
def test_what_the_sheet_holds_is_all_that_its_view_needs_and_nothing_of_the_answers(exercise, sealed, folder):
    text = (folder(exercise) / sheets.FILE).read_text()
    content = json.loads(text)

    assert set(content) == {"schema", "exercise", "token", "practice", "data", "numbers", "digest"}
    assert content["practice"] is False
    assert not {"answers", "seed", "export", "places", "literal", "times", "starts"} & set(content["data"])


@per_exercise
def test_a_seed_decides_all_and_a_token_nothing(exercise):
    token = tokens.practice(exercise, "ada")
    one, same, other = (sealing.seal(exercise, token, seed) for seed in (bytes(32), bytes(32), b"x" * 32))

    assert one.files() == same.files() and one.answers == same.answers
    assert other.sheet.token == one.sheet.token and other.answers != one.answers


def damaged(folder, exercise):
    path = folder / sheets.FILE
    path.write_text(path.read_text().replace('"practice": false', '"practice": true'))


def halved(folder, exercise):
    path = folder / sheets.FILE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def no_json(folder, exercise):
    (folder / sheets.FILE).write_bytes(b"[" * 100_000)


def missing(folder, exercise):
    (folder / sheets.FILE).unlink()


def of_another(folder, exercise):
    lay_out(sealing.seal(exercise, tokens.practice(exercise, "bob"), bytes(32)), folder)


def of_another_exercise(folder, exercise):
    sheet = sheets.Sheet("another", tokens.practice(exercise, "ada"), False, {})
    (folder / sheets.FILE).write_text(json.dumps(sheet.written()))


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (missing, "no sheet.json lies beside this notebook; put the one from your hand-out"),
        (damaged, "sheet.json beside this notebook is damaged or was changed; put"),
        (halved, "damaged or was changed"),
        (no_json, "damaged or was changed"),
        (of_another, "belongs to another token"),
        (of_another_exercise, "is of the exercise 'another', and this is"),
    ],
)
def test_a_sheet_that_cannot_be_used_is_told_in_one_line(harm, says, sealed, folder):
    exercise = answersheet.EXERCISES[0]
    harm(folder(exercise), exercise)

    with pytest.raises(sheets.SheetFault, match=says) as caught:
        variants.mine(exercise, sealed[exercise].sheet.token)

    assert caught.value.remedy
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_numbers_that_are_missing_changed_or_of_another_are_told(sealed, folder):
    exercise = "export-controls"
    token, path = sealed[exercise].sheet.token, folder(exercise) / sheets.NUMBERS
    for harm, says in (
        (
            lambda: path.write_bytes(b"PK" + path.read_bytes()[9:]),
            "sheet.npz beside this notebook is damaged",
        ),
        (lambda: np.savez(path, allow_pickle=False, places=np.zeros(3)), "belongs to another sheet"),
        (path.unlink, "no sheet.npz lies beside sheet.json"),
    ):
        harm()
        with pytest.raises(sheets.SheetFault, match=says):
            variants.mine(exercise, token)


def test_every_exercise_of_the_course_has_sheets():
    assert answersheet.EXERCISES == variants.EXERCISES


def test_nothing_that_a_notebook_imports_leads_to_the_answers():
    """import-linter holds the arrow; the exercise's own modules are what a learner could look into."""
    for exercise in answersheet.EXERCISES:
        module = importlib.import_module(f"courselab.{exercise.replace('-', '_')}")
        assert hasattr(module, "view") and not hasattr(module, "draw")


def test_machines_stand_on_every_kind_of_bound_of_the_invented_lists():
    """A function that takes one end of a band, its bound or a missing limit the wrong way is found out."""
    trials = invented_lists.trials(np.random.default_rng(1))

    def wrong(place):
        return sum(place(one["bands"], one["qubits"], one["error"]) != one["code"] for one in trials)

    def leaning(low=0, high=0, factor=1.0):
        def place(bands, qubits, error):
            moved = [
                band
                | {"qubits_min": band["qubits_min"] + low}
                | {"qubits_max": None if band["qubits_max"] is None else band["qubits_max"] + high}
                | {"error_max": None if band["error_max"] is None else band["error_max"] * factor}
                for band in bands
            ]
            return invented_lists.code(moved, qubits, error)

        return place

    assert wrong(leaning()) == 0
    assert all(wrong(one) for one in (leaning(low=1), leaning(high=-1), leaning(factor=0.999)))
    assert wrong(lambda bands, qubits, error: None) and wrong(lambda bands, qubits, error: bands[0]["code"])
    assert any(one["code"] is None for one in trials)


def test_a_request_leaves_one_of_parties_use_and_destination_open_and_each_as_often():
    drawn = [requests.draw(np.random.default_rng(number)) for number in range(300)]
    often = Counter(one.left_open for one in drawn)

    assert set(often) == set(requests.OPEN) and min(often.values()) > 60
    for one in drawn:
        is_open = [name for name in requests.OPEN if any(text in one.text for text in requests.OPEN[name])]
        told = [name for name in requests.TOLD if any(text in one.text for text in requests.TOLD[name])]
        assert is_open == [one.left_open] and set(told) == set(requests.TOLD) - set(is_open)
    assert len({one.text for one in drawn}) > 250
