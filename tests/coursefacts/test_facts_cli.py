"""`python -m coursefacts`: what it prints, and how it ends."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from pathlib import Path

import coursefacts
import pytest
from click.testing import CliRunner, Result
from coursefacts.__main__ import main

HERE = Path(__file__).parent


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "facts" / "control-list"
    place.mkdir(parents=True)
    (place / "us.test.a.yml").write_text((HERE / "sound.yml").read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path / "facts"


def test_check_of_the_course():
    result = run("check")
    assert result.exit_code == 0
    assert "facts are sound" in result.stdout


def test_check_as_json(folder: Path):
    result = run("check", "--facts", str(folder), "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert told["facts"] == 1 and len(told["digest"]) == 64


def test_a_stale_fact_is_a_warning_and_no_failure(folder: Path):
    result = run("check", "--facts", str(folder), "--on", "2027-05-23")
    assert result.exit_code == 0
    assert "review date of us.test.a has passed" in result.stderr
    assert run("check", "--facts", str(folder), "--on", "2027-05-22").stderr == ""


def test_a_bad_fact_is_one_line_and_exit_2(folder: Path):
    path = folder / "control-list" / "us.test.a.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("note:", "notes:"), encoding="utf-8")
    result = run("check", "--facts", str(folder))
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert len(lines) == 2  # the key that is unknown, and the one that is missing
    assert lines[1].endswith("unknown key 'notes'; did you mean 'note'?")
    assert "Traceback" not in result.output


def test_a_missing_folder_is_exit_2(tmp_path: Path):
    result = run("check", "--facts", str(tmp_path / "none"))
    assert result.exit_code == 2
    assert "no folder of facts here; give the folder with --facts DIR" in result.stderr


def test_due(folder: Path):
    assert (
        "Due for review on 1 January 2027: 0 of 1"
        in run("due", "--facts", str(folder), "--on", "2027-01-01").stdout
    )
    result = run("due", "--facts", str(folder), "--on", "2027-05-22")
    assert "us.test.a" in result.stdout
    told = json.loads(run("due", "--facts", str(folder), "--on", "2027-05-22", "--json").stdout)
    assert [item["id"] for item in told["due"]] == ["us.test.a"]


def test_due_refuses_what_is_no_day(folder: Path):
    result = run("due", "--facts", str(folder), "--on", "tomorrow")
    assert result.exit_code == 2
    assert result.stderr.strip() == "'tomorrow' is not a date; write it as YYYY-MM-DD"


def test_schema_is_written_whole_and_checked(folder: Path):
    assert run("schema", "--facts", str(folder), "--check").exit_code == 1
    assert run("schema", "--facts", str(folder)).exit_code == 0
    assert run("schema", "--facts", str(folder), "--check").exit_code == 0
    assert [path.name for path in folder.glob("schema*")] == ["schema.json"]
    assert json.loads((folder / "schema.json").read_text(encoding="utf-8"))["title"] == "Fact"


@pytest.mark.parametrize("command", ["check", "due", "changed", "release", "schema"])
def test_every_command_shows_an_example(command: str):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"python -m coursefacts {command}" in result.stdout


def test_it_runs_as_a_module(folder: Path):
    done = subprocess.run(
        [sys.executable, "-m", "coursefacts", "check", "--facts", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("1 fact is sound")


def test_the_package_shows_what_it_exports():
    assert set(coursefacts.__all__) <= set(dir(coursefacts))
    assert coursefacts.__all__ == sorted(coursefacts.__all__)
    assert doctest.testmod(coursefacts).failed == 0
    assert doctest.testmod(coursefacts).attempted == 3
