"""A token is read as written, a wrong one is told, and each variant has one right answer."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from answersheet import activities, sealing
from click.testing import CliRunner
from coursefacts import load, yamltext
from coursefacts.errors import InputFault
from courselab import machines, sheets, tokens, variants
from hypothesis import given, settings
from hypothesis import strategies as st

SEEDS = st.binary(min_size=10, max_size=10)


@pytest.fixture
def drawn_here(monkeypatch):
    """Draw sheets for practice in this process; test_sheets.py asks the real one."""
    monkeypatch.setattr(sheets, "for_practice", lambda *words: sealing.for_practice(*words).sheet)


@pytest.fixture
def hand_out(tmp_path, monkeypatch):
    """Lay the sheet of somebody's hand-out beside the notebook; give its token."""
    monkeypatch.chdir(tmp_path)

    def lay(learner):
        token = tokens.practice("publication", learner)
        for name, data in sealing.seal("publication", token, bytes(32)).files().items():
            (tmp_path / name).write_bytes(data)
        return token

    return lay


@given(SEEDS)
def test_a_token_carries_its_seed(seed):
    assert tokens.read(tokens.write(seed)) == seed


@given(SEEDS)
def test_case_dashes_and_look_alikes_do_not_matter(seed):
    typed = tokens.write(seed).replace("-", " ").replace("0", "o").replace("1", "l").lower()

    assert tokens.read(typed) == seed


@settings(max_examples=30)
@given(SEEDS, st.integers(0, 17), st.integers(1, 31))
def test_every_single_wrong_symbol_is_found(seed, place, step):
    symbols = list(tokens.write(seed).replace("-", ""))
    symbols[place] = tokens.DIGITS[(tokens.DIGITS.index(symbols[place]) + step) % 32]

    with pytest.raises(InputFault):
        tokens.read("".join(symbols))


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("", "still empty"),
        ("ABCD", "4 symbols, it should have 18"),
        ("UUUU-UUUU-UUUU-UUUU-U", "symbol 1 of the token is 'U'"),
        ("0000-0000-0000-0001-0", "do not fit"),
        ("0000-0000-0000-0001-00", "do not fit"),
    ],
)
def test_a_wrong_token_says_what_is_wrong(token, says):
    with pytest.raises(InputFault, match=says) as caught:
        variants.mine("export-controls", token)

    assert caught.value.remedy
    # In a notebook the line alone is shown, without a traceback.
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_practice_tokens_are_those_of_the_course_without_a_secret():
    assert tokens.practice("export-controls", "ada") == "ZZX5-47DJ-TZFQ-MX6A-DS"


def test_the_graders_token_decides_whatever_the_notebook_says(monkeypatch, hand_out):
    granted = hand_out("grace")
    monkeypatch.setenv("COURSE_VARIANT_TOKEN", granted)

    assert variants.mine("publication", "practice: ada").token == granted
    assert variants.mine("publication", "nonsense").token == granted


def test_without_a_token_it_is_practice_and_says_so(drawn_here, hand_out):
    assert variants.mine("publication", "practice: ada").practice
    assert not variants.mine("publication", hand_out("ada")).practice


@pytest.mark.parametrize(
    "typed",
    ["practice: Mia", "practice: mia", " Practice:  MIA ", "practise mia", "PRACTICE - mia\t"],
)
def test_one_person_has_one_practice_variant_however_the_name_is_typed(drawn_here, typed):
    assert variants.mine("publication", typed).token == tokens.practice("publication", "mia")


def test_two_ways_to_write_one_letter_are_one_name(drawn_here):
    composed, decomposed = "Chlo\u00e9", "CHLOE\u0301"
    assert variants.mine("publication", f"practice: {composed}").token == tokens.practice(
        "publication", decomposed
    )


@pytest.mark.parametrize(
    "typed",
    ["practice: your name", "practice:", "practice", "practice:   ", "practice: <Your  Name>", "practice: …"],
)
def test_a_practice_token_without_a_name_is_refused_with_what_to_do(typed):
    with pytest.raises(InputFault, match="still says") as caught:
        variants.mine("publication", typed)

    assert "your own name" in caught.value.remedy
    assert caught.value._render_traceback_() == [str(caught.value)]


@pytest.mark.parametrize(
    ("typed", "says"), [("", "empty"), ("  ", "empty"), (None, "no text"), (7, "no text")]
)
def test_no_token_at_all_is_refused_with_what_to_do(typed, says):
    with pytest.raises(InputFault, match=says) as caught:
        variants.mine("publication", typed)

    assert "between the quotes" in caught.value.remedy


def test_an_unknown_exercise_is_refused():
    with pytest.raises(InputFault, match="no variants for 'origami'"):
        variants.mine("origami", tokens.write(bytes(10)))


def test_the_same_name_gives_the_same_device():
    one, same = (machines.named(name) for name in ("Ada", "ada "))

    assert one.device.noise == same.device.noise
    assert machines.named("bob").device.noise != one.device.noise


def test_what_is_out_of_specification_is_clearly_so():
    machine = machines.named("ada")
    values = sorted(error / machine.specification for error in machine.calibration.values())
    gaps = [(low, high) for low, high in pairwise(values) if low <= 1 < high]

    assert gaps[0][0] < 0.95 < 1.05 < gaps[0][1]


def test_the_couplers_to_measure_are_a_fair_sample_of_counted_ones():
    machine = machines.named("ada")
    mean = machine.device.machine_error(machine.to_measure)

    assert mean == pytest.approx(machine.machine_error, rel=0.02)


def test_the_command_prints_public_data_and_no_answers(hand_out):
    run = CliRunner().invoke(variants.main, ["publication", hand_out("ada")])
    data = json.loads(run.output)

    assert run.exit_code == 0
    assert data["token"] and "answers" not in data


def test_the_command_refuses_a_wrong_token_in_one_line():
    run = CliRunner().invoke(variants.main, ["export-controls", "ABCD"])

    assert run.exit_code == 2
    assert run.output.count("\n") == 1 and "18" in run.output


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("activities: 3\n", "not a pool"),
        ('as_of: "soon"\nactivities: []\n', "as_of is not a date"),
        ('as_of: "2026-11-22"\nactivities:\n  - id: x\n', "needs 'where'"),
    ],
)
def test_a_broken_pool_names_file_and_line(tmp_path, text, says):
    path = tmp_path / "pool.yml"
    path.write_text(text)

    with pytest.raises(InputFault, match=says) as caught:
        activities.load(path)

    assert str(path) in str(caught.value)


def test_an_activity_may_not_rest_on_what_was_only_reported():
    reported = activities.Activity("x", "US", "…", True, ("us.15cfr734.7",), "…")
    pool = activities.Pool(activities.load().as_of, (reported,))

    with pytest.raises(InputFault, match="reported"):
        activities.check(pool, load())


def test_every_plan_is_decided_by_a_rule_that_was_seen_and_is_in_force():
    activities.check(activities.load(), load())


def test_the_pool_is_large_enough_that_neighbours_differ():
    pool = activities.load()

    assert len(pool.activities) >= 20
    assert len({activity.id for activity in pool.activities}) == len(pool.activities)
    assert isinstance(yamltext.read(activities.POOL).data, dict)
