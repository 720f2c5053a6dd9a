"""The terminal player: by keyboard, through a pipe, along a walk, in a narrow window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from scenarios.engine.cli import main
from scenarios.engine.plain_text import plain
from scenarios.engine.terminal import wrap

COURSE = Path(__file__).resolve().parents[1] / "sample_course/scenarios/cases"
WALKS = COURSE / "borrowed-login/walks"


def run(*arguments, given=None, columns=80):
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(main, list(map(str, arguments)), input=given)


def play(given, columns=80):
    return run("play", "borrowed-login", "--cases", COURSE, given=given, columns=columns)


def test_a_whole_play_through_a_pipe():
    shown = play("3\n1\n3\n1\n1\n")
    assert shown.exit_code == 0
    for words in (
        "The message",
        "1. Send the password",
        "Ending: A clean week",
        "Debrief",
        "Clock 7 of 12 h",
    ):
        assert words in shown.output
    assert "authorisation as passing on the technology itself" in " ".join(shown.output.split())


def test_only_open_choices_are_shown_and_taken():
    shown = play("3\n1\n3\n1\n2\n1\n")
    assert "Type one of 1, or b, or q." in shown.output
    assert "Ending: A clean week" in shown.output


def test_back_takes_a_choice_back():
    shown = play("b\n1\nb\n3\n1\n3\n1\n1\n")
    assert "You are at the beginning." in shown.output
    assert "Back one choice." in shown.output
    assert "Ending: A clean week" in shown.output
    assert "Security +1" in shown.output.rpartition("Debrief")[2]


@pytest.mark.parametrize("given", ["q\n", "", "3\nquit\n"])
def test_stopping_is_no_error(given):
    shown = play(given)
    assert shown.exit_code == 0
    assert "You stopped before an ending." in shown.output


@pytest.mark.parametrize("nonsense", ["0", "-1", "99999999999", "1 2", "é", "", "1.0", "²"])
def test_nonsense_is_asked_again(nonsense):
    shown = play(f"{nonsense}\nq\n")
    assert shown.exit_code == 0
    assert "Type one of 1, 2, 3, or b, or q." in shown.output


def test_text_varies_with_what_was_done():
    assert "Mika's first job is in the queue." in play("3\nq\n").output
    assert "Nothing is queued under Mika's name." in play("1\nq\n").output


def test_a_missed_deadline_is_said():
    shown = play("3\n2\n3\nq\n")
    assert "The deadline has passed." in shown.output
    assert "The vendor calls" in shown.output
    assert "Clock 14 of 12 h, the deadline has passed" in " ".join(shown.output.split())


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_no_line_is_wider_than_the_window(columns):
    shown = play("3\n1\n3\n1\n1\n", columns=columns)
    # The prompt is the terminal's to break.
    lines = [line for line in shown.output.splitlines() if not line.startswith("Your choice")]
    assert max(map(len, lines)) < max(columns, 21)


def test_a_walk_is_played_and_saved(tmp_path):
    file = tmp_path / "deep" / "t.json"
    shown = run(
        "play", "borrowed-login", "--cases", COURSE, "--walk", WALKS / "a-clean-week.txt", "--save", file
    )
    assert shown.exit_code == 0 and "Ending: A clean week" in shown.output
    assert json.loads(file.read_text())["choices"] == [3, 1, 3, 1, 1]
    assert list(file.parent.iterdir()) == [file]
    verdict = json.loads(run("replay", file, "--cases", COURSE).output)
    assert verdict["valid"] and verdict["completed"]


def test_a_walk_that_stops_early_is_exit_1(tmp_path):
    walk = tmp_path / "w.txt"
    walk.write_text("3\n1\n")
    shown = run("play", "borrowed-login", "--cases", COURSE, "--walk", walk)
    assert shown.exit_code == 1 and "stops before the end" in shown.output


@pytest.mark.parametrize(
    ("text", "words"), [("3\nx\n", "w.txt:2: 'x' is no step"), ("7\n", "w.txt:1: choice 7")]
)
def test_a_walk_that_cannot_be_followed_is_exit_2(tmp_path, text, words):
    walk = tmp_path / "w.txt"
    walk.write_text(text)
    shown = run("play", "borrowed-login", "--cases", COURSE, "--walk", walk)
    assert shown.exit_code == 2 and words in shown.output


def test_a_quiz_in_the_terminal():
    forms = Path(__file__).with_name("test_front_forms.md")
    shown = run("play", forms, given="9\n2\nheavy\n16,5 kg\n\non Sunday\n")
    words = " ".join(shown.output.split())
    assert "Right." in shown.output and "Not quite." in shown.output
    assert "Type 1 to 2, or q." in words
    assert "(wrong) It does not." in words
    assert "Type a number in kg, such as 12.5, or q." in words
    assert "(right) 17 ± 0.5 kg: Both together." in words
    assert "Type one or a few words, or q." in words
    assert "2 of 3 right." in shown.output


def test_markdown_becomes_plain_text(facts):
    source = "**Bold**, *slanted*, a [link](#x), `code`, 2 * 3 * 4, {term}`qubit <a qubit>`.\n% a note\n"
    assert plain(source, facts) == "Bold, slanted, a link, code, 2 * 3 * 4, qubit."
    assert plain("{fact}`us.15cfr762.6:period`", facts).startswith("5")
    assert "as reported by" in plain("{fact}`case.ntnu`", facts)
    assert plain("*May one see figure two?* he asks.") == "“May one see figure two?” he asks."
    assert plain("![A cryostat](x.png)") == "[picture: A cryostat]"
    assert plain("> 1\\. Kept.\n>\n> 2\\. Read *whole*.") == "1. Kept.\n\n2. Read whole."


def test_lists_keep_their_items():
    assert wrap("- one\n- two and\n  more\n\nText\ngoes on.", 40) == "- one\n- two and more\n\nText goes on."
