"""Errata as data: every fault is a line, the worst come first, and a version goes out once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from coursefacts import InputFault, load
from coursefacts.__main__ import main
from coursefacts.errata import LEVELS, load_errata
from coursefacts.versions import load_releases

HERE = Path(__file__).parent
SOUND = """\
id: e2027-01
title: What it is about
date: "2027-01-10"
level: misleading
mended_in: null
facts: [us.test.a]
taught: Something that was not quite so.
right: Something that is quite so.
do: Nothing, if you have not used it.
"""
BAD = {
    "id: e2027-01": ("id: first", 1, "'first' is not an id; write e, the year and a number, as in e2026-01"),
    'date: "2027-01-10"': ("date: soon", 3, "'soon' is not a date"),
    "level: misleading": ("level: mislead", 4, "'mislead' is not a level; did you mean 'misleading'?"),
    "mended_in: null": ('mended_in: "next"', 5, "'next' is not a version of the course; write it as 1.2.3"),
    "facts: [us.test.a]": ("facts: [us.tset.a]", 6, "no fact 'us.tset.a'; did you mean 'us.test.a'?"),
    "[us.test.a]": ("[us.test.a, us.test.a]", 6, "the fact 'us.test.a' stands twice; keep one of them"),
    "right: Something that is quite so.\n": ("", 1, "the key 'right' is missing; add 'right:'"),
    "mended_in: null\n": ("", 1, "the key 'mended_in' is missing; add the version of the course in which"),
    "do:": ("does:", 9, "unknown key 'does'; did you mean 'do'?"),
    "taught: Something that was not quite so.": ("taught: no", 7, "book/errata/schema.json shows the form"),
    SOUND: ("- a list", 1, "not an erratum; write keys and values, beginning with 'id:'"),
}


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--facts", str(folder / "facts")], catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "facts" / "control-list"
    place.mkdir(parents=True)
    (tmp_path / "errata").mkdir()
    (place / "us.test.a.yml").write_text((HERE / "sound.yml").read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def put(folder: Path, text: str = SOUND, name: str = "e2027-01") -> None:
    (folder / "errata" / f"{name}.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("part", BAD)
def test_a_bad_erratum_is_one_line_with_place_and_remedy(folder: Path, part: str) -> None:
    instead, line, says = BAD[part]
    put(folder, SOUND.replace(part, instead))
    told = run(folder, "check")
    assert told.exit_code == 2
    hits = [each for each in told.stderr.splitlines() if f"e2027-01.yml:{line}: " in each and says in each]
    assert len(hits) == 1, told.stderr


def test_an_erratum_is_named_after_its_id(folder: Path) -> None:
    put(folder, name="e2027-02")
    with pytest.raises(InputFault, match=r"name the file e2027-01\.yml or change the id"):
        load_errata(folder / "errata", load(folder / "facts"))


def test_due_shows_what_is_not_mended_by_level_before_what_is_due(folder: Path) -> None:
    for number, level in enumerate(reversed(LEVELS), 1):
        text = SOUND.replace("e2027-01", f"e2027-0{number}").replace("level: misleading", f"level: {level}")
        put(folder, text, f"e2027-0{number}")
    put(folder, SOUND.replace("e2027-01", "e2027-09").replace("null", '"0.2.0"'), "e2027-09")
    told = run(folder, "due", "--on", "2027-06-01").stdout
    assert [
        told.index(words) for words in ("wrong in law", "misleading", "stale", "Due for review")
    ] == sorted(told.index(words) for words in ("wrong in law", "misleading", "stale", "Due for review"))
    assert "Errata that are not mended: 3" in told and "e2027-09" not in told
    told = json.loads(run(folder, "due", "--on", "2027-06-01", "--json").stdout)
    assert [one["id"] for one in told["errata"]] == ["e2027-03", "e2027-02", "e2027-01"]
    assert [one["id"] for one in told["due"]] == ["us.test.a"]


def test_without_a_folder_of_errata_there_are_none(folder: Path) -> None:
    (folder / "errata").rmdir()
    assert "Errata" not in run(folder, "due").stdout
    assert run(folder, "changed", "--since", "0.1.0").exit_code == 2
    assert "no version of this course has gone out" in run(folder, "changed", "--since", "0.1.0").stderr


def test_a_version_goes_out_once_and_not_while_something_is_wrong(folder: Path) -> None:
    put(folder, SOUND.replace("misleading", "wrong-in-law"))
    told = run(folder, "release", "0.1.0")
    assert told.exit_code == 2 and told.stderr.startswith("wrong in law and not mended: e2027-01; mend it")
    put(folder, SOUND)
    assert run(folder, "release", "0.1.0", "--on", "2026-11-22").exit_code == 0
    assert [path.name for path in (folder / "facts" / "releases").iterdir()] == ["0.1.0.json"]
    for version, words in (
        ("0.1.0", "does not come after 0.1.0"),
        ("0.0.9", "after 0.1.0"),
        ("1", "as 1.2.3"),
    ):
        told = run(folder, "release", version)
        assert told.exit_code == 2 and words in told.stderr
    assert run(folder, "release", "0.10.0").exit_code == 0
    assert [one.version for one in load_releases(folder / "facts")] == ["0.1.0", "0.10.0"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "coursefacts.release/1"}', '{"facts": {"a": 1}}']
)
def test_a_snapshot_that_is_none_is_one_line(folder: Path, text: str) -> None:
    (folder / "facts" / "releases").mkdir()
    (folder / "facts" / "releases" / "0.1.0.json").write_text(text, encoding="utf-8")
    told = run(folder, "changed", "--since", "0.1.0")
    assert told.exit_code == 2 and len(told.stderr.splitlines()) == 1
    assert (
        "0.1.0.json: not the snapshot of" in told.stderr
        and "take the file of the release again" in told.stderr
    )
