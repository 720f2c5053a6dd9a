"""Transcripts: what they are worth is recomputed, and what they claim is not read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from coursefacts.errors import InputFault

from scenarios.engine import answers, load, loads, transcript
from scenarios.engine.replay import replay
from scenarios.engine.shelf import Shelf
from scenarios.engine.state import Machine

COURSE = Path(__file__).resolve().parents[1] / "sample_course/scenarios/cases"
SAMPLE_FORMS = Path(__file__).with_name("test_front_forms.md")
GOOD = [3, 1, 3, 1, 1]


@pytest.fixture
def case():
    return load(COURSE / "borrowed-login")


@pytest.fixture
def quiz():
    return load(SAMPLE_FORMS)


def made(played, choices, **more):
    data = transcript.make(played, choices, "2026-11-22T10:00:00Z", "2026-11-22T10:20:00Z")
    return transcript.parse(json.dumps(data | more))


def test_a_play_to_the_best_ending(case):
    verdict = replay(made(case, GOOD), case)
    assert verdict == {
        "valid": True,
        "case": "borrowed-login",
        "case_digest": case.digest,
        "kind": "case",
        "completed": True,
        "counts": False,
        "why_not": "it was not discussed: write a note of two sentences below the ending, and save it again",
        "ending": "ending-a-clean-week",
        "axes": {"security": 1, "openness": 1, "duty": 2},
        "clock": 7,
        "late": False,
        "missed": [],
        "steps": 5,
        "revised": 0,
        "message": "ends in 'A clean week'",
    }


def test_claims_beside_the_choices_are_not_read(case):
    forged = made(
        case, [1, 1, 1, 1, 2], ending="ending-a-clean-week", axes={"security": 99}, valid=True, score=100
    )
    verdict = replay(forged, case)
    assert verdict["ending"] == "ending-somebody-elses-password"
    assert verdict["axes"] == {"security": -3, "openness": 2, "duty": 1}


def test_an_unfinished_play_is_valid_and_not_completed(case):
    verdict = replay(made(case, GOOD[:3]), case)
    assert (verdict["valid"], verdict["completed"], verdict["ending"]) == (True, False, None)


def test_a_missed_deadline_is_told(case):
    assert replay(made(case, [3, 2, 3]), case)["late"] is True


@pytest.mark.parametrize(("at", "late"), [(13, True), (14, False), (15, False)])
def test_the_last_hour_itself_is_in_time(at, late):
    text = (COURSE / "borrowed-login/case.md").read_text()
    moved = loads(text.replace("deadline: 12", f"deadline: {at}"))
    assert replay(made(moved, [3, 2, 3]), moved)["late"] is late


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ([9], "step 1: choice 9 in 'the-message' is none of its 3 choices"),
        ([1, 1, 1, 1, 1], "step 5: choice 1 in 'friday' is not open at this point"),
        ([*GOOD, 1], "step 6: play had ended in 'ending-a-clean-week'"),
        ([[1, 2]], "step 1: several answers where one choice is asked for"),
    ],
)
def test_a_choice_that_was_never_open_is_refused(case, choices, words):
    verdict = replay(made(case, choices), case)
    assert not verdict["valid"]
    assert words in verdict["message"]
    assert verdict["ending"] is None and verdict["axes"] is None


def test_another_version_of_the_case_is_refused_and_says_what_no_longer_fits(case):
    verdict = replay(made(case, [1, 7], case_digest="0" * 64), case)
    assert not verdict["valid"]
    assert "another version" in verdict["message"]
    assert "000000000000…" in verdict["message"] and case.digest[:12] in verdict["message"]
    assert "the first that no longer fits is step 2" in verdict["message"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("duty +1, takes 4 h", "duty +2, takes 4 h", "changed since: 'The odd file'"),
        ("deadline: 12", "deadline: 11", "changed since: the clock, the axes, the flags or the first scene"),
        (
            "## Friday\n",
            "## Noon\n\n- **Wait** → [Friday](#friday)\n\n## Friday\n",
            "new: 'Noon'",
        ),
    ],
)
def test_a_transcript_of_another_version_is_told_what_changed(case, old, new, words):
    text = (COURSE / "borrowed-login/case.md").read_text(encoding="utf-8")
    assert old in text
    now = loads(text.replace(old, new))
    verdict = replay(made(case, GOOD), now)
    assert not verdict["valid"]
    assert words in verdict["message"]
    # The other way round, what is new now is gone.
    assert words.replace("new: 'Noon'", "gone: 'noon'") in replay(made(now, GOOD), case)["message"]


@pytest.mark.parametrize("parts", [[], {"a": 1}, {"a": "x"}, {"a": "0" * 13}, {"n" * 201: "0" * 12}, None])
def test_malformed_parts_are_no_transcript(case, parts):
    with pytest.raises(InputFault, match="'parts' is malformed"):
        made(case, GOOD, parts=parts)


def test_forged_parts_change_nothing_but_words(case):
    other = made(case, GOOD, case_digest="0" * 64)
    assert "its parts are the same, so the file was changed by hand" in replay(other, case)["message"]
    assert replay(made(case, GOOD, parts={"the-message": "0" * 12}), case)["valid"]


def test_going_back_is_told(case):
    assert replay(made(case, GOOD, revised=[{"at": 1, "choices": [2]}]), case)["revised"] == 1


def test_a_corrected_typo_keeps_transcripts_valid(case):
    text = (COURSE / "borrowed-login/case.md").read_text(encoding="utf-8")
    corrected = loads(text.replace("It is seven in the evening.", "It is half past seven."))
    moved = loads(text.replace("\n## Friday", "\n\n\n## Friday"))
    changed = loads(text.replace("duty +1, takes 4 h", "duty +2, takes 4 h"))
    assert corrected.digest == case.digest and corrected.text_digest != case.text_digest
    assert moved.text_digest == case.text_digest
    assert changed.digest != case.digest


def test_a_case_that_is_not_here(case):
    assert replay(made(case, GOOD, case="elsewhere"), None)["message"] == "no case 'elsewhere' here"


def test_a_quiz_is_marked_item_by_item(quiz):
    verdict = replay(made(quiz, [2, "17,2 kg", "on Friday"]), quiz)
    assert verdict["completed"] and verdict["correct"] == 3
    assert {"id": "the-weight", "correct": True, "graded": True} in verdict["items"]
    assert replay(made(quiz, [1, "8", "sunday"]), quiz)["correct"] == 0


def test_an_answer_counts_for_the_form_that_its_seed_drew(quiz):
    """The second form of the string has another key."""
    drawn = {answers.drawn(quiz.logic.items[0], f"{seed:08x}"): f"{seed:08x}" for seed in range(9)}
    told = {number: replay(made(quiz, [1], seed=seed), quiz)["correct"] for number, seed in drawn.items()}
    assert told == {1: 0, 2: 1}


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([[1, 2]], "several answers to 'the-string', which takes one"),
        ([[1, 1]], "several answers to 'the-string'"),
        ([5], "'the-string' has the options 1 to 2, each once"),
        (["a string"], "'the-string' asks for an option"),
        ([1, 2], "'the-weight' asks for a number"),
        ([1, "17", 2], "'the-day' asks for a text"),
        ([1] * 20, "step 4: the quiz has only 3 questions"),
    ],
)
def test_an_impossible_answer_to_a_quiz_is_refused(quiz, answers, words):
    verdict = replay(made(quiz, answers), quiz)
    assert not verdict["valid"] and words in verdict["message"]


BASE = {"schema": "transcript/1", "case": "a", "case_digest": "0" * 64, "choices": [1]}
BASE |= {"started": "2026-11-22T10:00:00Z", "finished": None}
HOSTILE = {
    "not JSON": "{",
    "not an object": "[]",
    "deeply nested": "[" * 100_000,
    "another schema": json.dumps(BASE | {"schema": "transcript/3"}),
    "a path for a case": json.dumps(BASE | {"case": "../../etc/passwd"}),
    "a long case": json.dumps(BASE | {"case": "a" * 1000}),
    "no digest": json.dumps(BASE | {"case_digest": None}),
    "choices as text": json.dumps(BASE | {"choices": "1,2"}),
    "true as a choice": json.dumps(BASE | {"choices": [True]}),
    "nought": json.dumps(BASE | {"choices": [0]}),
    "a fraction": json.dumps(BASE | {"choices": [1.0]}),
    "a huge number": '{"schema":"transcript/1","choices":[' + "9" * 5000 + "]}",
    "an empty answer": json.dumps(BASE | {"choices": [[]]}),
    "a nested answer": json.dumps(BASE | {"choices": [[[1]]]}),
    "too many choices": json.dumps(BASE | {"choices": [1] * 2001}),
    "no start": json.dumps(BASE | {"started": None}),
    "a start that is no time": json.dumps(BASE | {"started": "yesterday"}),
    "a start without zone": json.dumps(BASE | {"started": "2026-11-22T10:00:00"}),
    "an end before the start": json.dumps(BASE | {"finished": "2026-11-21T10:00:00Z"}),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_that_is_no_transcript_is_one_fault(text, tmp_path):
    path = tmp_path / "t.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputFault) as caught:
        transcript.read(path)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300
    assert caught.value.remedy


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 64_001])
def test_bytes_that_are_no_text_and_files_that_are_huge(content, tmp_path):
    path = tmp_path / "t.json"
    path.write_bytes(content)
    with pytest.raises(InputFault):
        transcript.read(path)


def test_a_folder_is_no_transcript(tmp_path):
    with pytest.raises(InputFault):
        transcript.read(tmp_path)


def test_a_shelf_finds_only_its_own_cases():
    assert Shelf(COURSE).find("nowhere") is None
    assert Shelf(COURSE).find("borrowed-login").id == "borrowed-login"


NOTE = "I would ask the office before I lend the login. Then nobody has to guess who was there."


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"note": NOTE}, None),
        ({}, "not discussed"),
        ({"note": "Fine. Good. Yes."}, "not discussed"),
        ({"note": NOTE.split(".")[0] + ". " + NOTE.split(".")[0] + "."}, "not discussed"),
        ({"note": NOTE, "finished": "2026-11-22T10:00:01Z"}, "played in 1 s"),
        ({"note": NOTE, "finished": None}, "played in 0 s"),
        ({"note": NOTE, "schema": "transcript/1"}, "saved by an earlier version of the player"),
    ],
)
def test_a_case_counts_when_it_was_read_and_discussed(case, more, said):
    verdict = replay(made(case, GOOD, **more), case)
    assert verdict["valid"] and verdict["completed"]
    assert verdict["counts"] == (said is None)
    assert (said or "") in (verdict["why_not"] or ""), verdict


def test_a_quiz_counts_when_each_question_was_answered_rightly_once(quiz):
    items = quiz.logic.items
    right = [answers.key(item.forms[0]) for item in items]
    wrong = [wrong_answer(item.forms[0]) for item in items]
    assert replay(made(quiz, right), quiz)["counts"]
    assert replay(made(quiz, right, schema="transcript/1"), quiz)["counts"]
    verdict = replay(made(quiz, wrong), quiz)
    assert (
        verdict["completed"] and not verdict["counts"] and f"and {len(items) - 1} more" in verdict["why_not"]
    )
    every = list(range(1, len(items) + 1))
    assert replay(made(quiz, wrong, mended=every), quiz)["counts"]
    assert (
        "'" + quiz.scenes[2].title + "' was never"
        in replay(made(quiz, wrong, mended=[n for n in every if n != 3]), quiz)["why_not"]
    )
    old = replay(made(quiz, wrong, mended=every, schema="transcript/1"), quiz)
    assert not old["counts"] and "earlier version" in old["why_not"]


def test_who_clicks_through_everything_has_nothing_that_counts():
    """The forgery by which a record could be had: first choices, wrong answers, one second each."""
    second = {"started": "2026-11-22T10:00:00Z", "finished": "2026-11-22T10:00:01Z"}
    for one in every_case():
        if one.kind == "quiz":
            choices = [wrong_answer(item.forms[0]) for item in one.logic.items]
        else:
            choices = first_choices(one)
        verdict = replay(made(one, choices, **second), one)
        assert verdict["completed"] and not verdict["counts"] and verdict["why_not"], one.id
        with_note = replay(made(one, choices, note=NOTE, **second), one)
        assert not with_note["counts"], one.id


def every_case():
    shelf = Shelf(SAMPLE_FORMS.parents[2] / "scenarios/cases")
    return [shelf.case(one) for one in shelf.ids()]


def first_choices(case):
    machine = Machine(case.logic)
    state, choices = machine.start, []
    while not machine.ended(state):
        choices.append(machine.offered(state)[0])
        state = machine.take(state, choices[-1])
    return choices


def wrong_answer(form):
    """The last option alone, or something typed that is no answer."""
    if form.asks != "choice":
        return "-999"
    last = next(number for number in range(form.options, 0, -1) if (number,) != form.correct)
    return [last] if form.multiple else last
