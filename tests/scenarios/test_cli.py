"""The command: help with examples, exit codes, one line for bad input, nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from scenarios.engine.cli import main

REPOSITORY = Path(__file__).resolve().parents[2]
COURSE = REPOSITORY / "tests/sample_course/scenarios/cases"


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.mark.parametrize("command", [None, *main.commands])
def test_every_command_shows_an_example(command):
    shown = run(*([command] if command else []), "--help")
    assert shown.exit_code == 0
    assert "Example: scenarios" in shown.output


def test_check_says_what_it_computed():
    shown = run("check", "--cases", COURSE)
    assert shown.exit_code == 0
    assert "borrowed-login: passes" in shown.output
    assert "A clean week (best): 0.9 % at random, 1 path" in shown.output


def test_check_as_json():
    data = json.loads(run("check", "--json", "--cases", COURSE).stdout)
    assert data["schema"] == "check/1" and data["passed"] is True
    assert data["cases"][0]["figures"]["endings"]["ending-a-clean-week"]["best"] is True


def test_a_wrong_case_is_exit_1_with_file_and_line(tmp_path):
    folder = tmp_path / "borrowed-login"
    folder.mkdir()
    text = (COURSE / "borrowed-login/case.md").read_text(encoding="utf-8")
    line = next(number for number, each in enumerate(text.splitlines(), 1) if "(#friday)" in each)
    (folder / "case.md").write_text(text.replace("(#friday)", "(#fridey)"), encoding="utf-8")
    shown = run("check", "--cases", tmp_path)
    assert shown.exit_code == 1
    assert f"case.md:{line}: no scene has the anchor '#fridey'; did you mean '#friday'?" in shown.output
    data = json.loads(run("check", folder / "case.md", "--json").stdout)
    assert data["passed"] is False and data["cases"][0]["findings"][0]["line"] == line


def test_a_heading_in_any_script_is_an_anchor(tmp_path):
    assert run("new", "sin-acentos", "--title", "Sin acentos", "--cases", tmp_path).exit_code == 0
    file = tmp_path / "sin-acentos/case.md"
    text = file.read_text(encoding="utf-8")
    for heading, anchor in (("Después de la visita", "después-de-la-visita"), ("訪問の後", "訪問の後")):
        named = text.replace("## The odd file", f"## {heading}").replace("(#the-odd-file)", f"(#{anchor})")
        assert named != text
        file.write_text(named, encoding="utf-8")
        shown = run("check", "--cases", tmp_path)
        assert shown.exit_code == 0 and "sin-acentos: passes" in shown.output, shown.output


def test_a_case_in_the_wrong_folder_is_a_fault(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "case.md").write_bytes((COURSE / "borrowed-login/case.md").read_bytes())
    shown = run("check", folder)
    assert shown.exit_code == 1 and "differs from the folder's name" in shown.output


@pytest.mark.parametrize("command", ["play", "compile"])
def test_a_case_that_cannot_be_read_is_exit_2(command, tmp_path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad/case.md").write_text("no front matter", encoding="utf-8")
    shown = run(command, "bad", "--cases", tmp_path)
    assert shown.exit_code == 2
    assert shown.output.count("\n") == 1 and "case.md:1: no front matter" in shown.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "nosuch"),
        ("check", "--cases", "/nowhere/at/all"),
        ("check", "--facts", "/nowhere/at/all"),
        ("play", "visitor-and-chop"),
        ("compile", "a/b/c"),
        ("replay", "/nowhere/at/all.json"),
        ("new", "Not An Id", "--cases", COURSE),
        ("new", "borrowed-login", "--cases", COURSE),
        ("new", "fine", "--title", "not: fine", "--cases", COURSE),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(arguments):
    shown = run(*arguments)
    assert shown.exit_code == 2
    assert shown.output.count("\n") == 1, shown.output
    assert not (COURSE / "fine").exists()


def test_a_mistyped_case_is_guessed():
    assert "did you mean 'visitor-and-chip'?" in run("play", "visitor-and-chop").output


def test_a_new_case_passes_every_check(tmp_path):
    shown = run("new", "the-shared-drive", "--title", "The shared drive", "--cases", tmp_path)
    assert shown.exit_code == 0, shown.output
    assert run("check", "--cases", tmp_path).exit_code == 0
    assert "title: The shared drive" in (tmp_path / "the-shared-drive/case.md").read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["the-shared-drive"]


def test_compile_prints_the_case():
    data = json.loads(run("compile", "borrowed-login", "--cases", COURSE).output)
    assert data["schema"] == "scenario/1" and data["source"] == "borrowed-login/case.md"


def test_replay_of_a_forged_transcript_is_exit_1(tmp_path):
    file = tmp_path / "t.json"
    data = {"schema": "transcript/1", "case": "borrowed-login", "case_digest": "0" * 64, "choices": [1]}
    file.write_text(json.dumps(data | {"started": "2026-11-22T10:00:00Z", "finished": None}))
    shown = run("replay", file, "--cases", COURSE)
    assert shown.exit_code == 1
    assert json.loads(shown.output)["valid"] is False
