"""Rosters as LMSs export them, late comers, and names as people write them. All people are made up."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from coursefacts.errors import InputFault

from autograder import names, roster
from autograder.course import Course
from autograder.gradebook import gradebook
from autograder.roster import Columns, Learner

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Survey (77)
    Points Possible,,,,,10
"García López, María",4711,s0107,mgarcia,Group B,7
"van den Berg, Zoë",4712,s0108,zberg,Group A,
"Student, Test",4713,,8f3a,Group A,
"""
MOODLE = """\
First name,Last name,ID number,Institution,Department,Email address,Last downloaded from this course
María,García López,s0107,,,maria@u.example,1764500000
小明,王,s0109,,,xm@u.example,1764500000
"""
BRIGHTSPACE = """\
OrgDefinedId,Username,Last Name,First Name,Email,Sections,End-of-Line Indicator
#s0107,#mgarcia,García López,María,maria@u.example,Group B,#
#s0110,#oneill,O'Neill,Sinéad,sinead@u.example,Group A,#
"""
BLACKBOARD = """\
"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"
"Öztürk"\t"Deniz"\t"doz"\t"s0111"\t""
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Role,Section
María,García López,s0107,maria@u.example,Student,Group B
Pat,Teacher,,pat@u.example,Instructor,
"""


def put(folder: Path, text: str, name: str = "people.csv", code: str = "utf-8") -> Path:
    (folder / name).write_bytes(text.encode(code))
    return folder / name


MARIA = Learner(
    "s0107", "María García López", "maria@u.example", "Group B", "García López, María", sis_id="s0107"
)
ZOE = Learner("s0108", "Zoë van den Berg", None, "Group A", "van den Berg, Zoë", "4712", "zberg", "s0108")
XIAOMING = Learner("s0109", "小明 王", "xm@u.example", "", "王, 小明", sis_id="s0109")
SINEAD = Learner(
    "s0110", "Sinéad O'Neill", "sinead@u.example", "Group A", "O'Neill, Sinéad", "", "oneill", "s0110"
)
PLATFORMS = {
    "Canvas": (CANVAS, "utf-8-sig", [replace(MARIA, email=None, lms_id="4711", login="mgarcia"), ZOE]),
    "Moodle": (MOODLE, "utf-8", [replace(MARIA, section=""), XIAOMING]),
    "Brightspace": (BRIGHTSPACE, "utf-8", [replace(MARIA, login="mgarcia"), SINEAD]),
    "Blackboard": (
        BLACKBOARD,
        "utf-16",
        [Learner("s0111", "Deniz Öztürk", None, "", "Öztürk, Deniz", "", "doz", "s0111")],
    ),
    "Gradescope": (GRADESCOPE, "utf-8", [MARIA]),
    "GitHub Classroom": (
        "identifier,github_username,github_id,name\ns0112,octocat,583231,Kai\n",
        "utf-8",
        [Learner("s0112", "Kai", login="octocat", sis_id="s0112")],
    ),
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_platforms_columns_are_known(tmp_path, platform):
    text, code, expected = PLATFORMS[platform]
    assert roster.read(put(tmp_path, text, code=code)) == expected


def test_the_ids_are_those_of_the_column_that_is_named(tmp_path):
    path = put(tmp_path, CANVAS)
    assert [one.id for one in roster.read(path, Columns(id="SIS Login ID"))] == ["mgarcia", "zberg"]
    assert [one.id for one in roster.read(path, Columns(id="id"))] == ["4711", "4712"]
    german = put(tmp_path, "Vorname;Nachname;E-Mail-Adresse;Kurs\nZoë;van den Berg;z@u.example;B\n", "de.csv")
    (found,) = roster.read(german, Columns("E-Mail-Adresse", ("Vorname", "Nachname"), None, "Kurs"))
    assert (found.id, found.name, found.parts, found.section) == (
        "z@u.example", "Zoë van den Berg", ("Zoë", "van den Berg"), "B",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        ("Name,Points\nAda,3\n", Columns(), "no column holds an id for each learner (columns: Name, Points)"),
        (CANVAS, Columns(id="SID"), "has no column 'SID' (columns: Student, ID, SIS User ID, SIS Login ID, "),
        ("learner,name\n12 34,Ada\n", Columns(), "people.csv:2: the id '12 34' cannot name a folder"),
        ("a\0b", Columns(), "no column holds an id"),
    ],
)
def test_what_cannot_be_a_roster_is_one_line(tmp_path, text, columns, said):
    with pytest.raises(InputFault) as told:
        roster.read(put(tmp_path, text), columns)
    assert said in str(told.value) and "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Zoë van den Berg", ("Zoë", "van den Berg")),
        ("Smith, Jane", ("Jane", "Smith")),
        ("García López, María", ("María", "García López")),
        ("Ada Example", ("Ada", "Example")),
        ("王小明", ("", "王小明")),
        ("", ("", "")),
    ],
)
def test_names_are_split_as_people_write_them(name, parts):
    assert names.split(name) == parts


def test_the_letters_of_a_name_are_those_of_file_names():
    assert names.letters("Jürgen O’Neill-Łoś 2") == "jurgenoneilllos2"
    assert {"garcialopezmaria", "mariagarcialopez", "lopezmariagarcia"} <= names.orders("María García López")
    assert names.letters("小明王") in names.orders("王 小明")
    assert len(names.orders("a b c d e f g h")) == 8


def on_it(run, course: Path) -> dict[str, dict]:
    ended = run("roster", "--course", course, "--json")
    assert ended.code == 0, ended.said
    return {one["id"]: one for one in json.loads(ended.out)["learners"]}


def test_a_late_comer_joins_and_nobody_leaves_unless_somebody_says_so(run, course, tmp_path):
    kept = {path.name: path.read_bytes() for path in (course / "variants/greeting").glob("*.json")}
    late = put(tmp_path, CANVAS.replace("Points Possible,,,,,10", "Points Possible"))
    ended = run("roster", late, "--course", course)
    assert ended.code == 0, ended.said
    assert "5 on the roster, 2 added (s0107, s0108)" in ended.out
    assert (
        "3 whom the file does not name stay; to take somebody out: autograder roster --remove ID" in ended.out
    )
    assert list(on_it(run, course)) == ["ada", "ben", "chloe", "s0107", "s0108"]
    folder = course / "variants/greeting"
    assert len((folder / "tokens.csv").read_text().splitlines()) == 6
    assert kept == {name: (folder / name).read_bytes() for name in kept}
    with gradebook(Course(course)) as book:
        found = book.find_student("s0108")
        assert (found.first_name, found.last_name) == ("Zoë", "van den Berg")

    ended = run("roster", late, "--course", course, "--json")
    assert json.loads(ended.out)["added"] == json.loads(ended.out)["changed"] == []
    ended = run("roster", "--remove", "s0108", "--course", course)
    assert ended.code == 0 and "4 on the roster, 1 removed (s0108)" in ended.out
    assert "s0108" not in (folder / "tokens.csv").read_text() and not (folder / "s0108.json").exists()
    ended = run("roster", "--remove", "nobody", "--course", course)
    assert ended.code == 2 and "the roster has no learner 'nobody'" in ended.err


def test_one_person_in_two_platforms_lists_stays_one_person(run, course, tmp_path):
    put(tmp_path, CANVAS, "canvas.csv")
    put(tmp_path, MOODLE, "moodle.csv")
    put(tmp_path, BRIGHTSPACE, "brightspace.csv")
    for name, options in (("canvas", ["--id-column", "SIS Login ID"]), ("moodle", []), ("brightspace", [])):
        ended = run("roster", tmp_path / f"{name}.csv", "--course", course, *options)
        assert ended.code == 0, ended.said
    found = on_it(run, course)
    assert list(found) == ["ada", "ben", "chloe", "mgarcia", "zberg", "s0109", "s0110"]
    maria = found["mgarcia"]
    assert (maria["lms_id"], maria["sis_id"], maria["email"], maria["section"]) == (
        "4711", "s0107", "maria@u.example", "Group B",
    )  # fmt: skip


def test_whoever_might_be_there_twice_is_named(run, course, tmp_path):
    ended = run("roster", put(tmp_path, 'learner,name\na2,"Example, Ada"\n'), "--course", course)
    assert (
        "'a2' was added and has the name of 'ada'" in ended.out
        and "autograder roster --remove a2" in ended.out
    )


def test_a_line_with_ids_of_two_learners_changes_nothing(run, course, tmp_path):
    run("roster", put(tmp_path, CANVAS), "--course", course)
    before = (course / "roster.csv").read_bytes()
    mixed = put(tmp_path, "SIS User ID,SIS Login ID,Name\ns0107,zberg,Mixed\n", "mixed.csv")
    ended = run("roster", mixed, "--course", course)
    assert ended.code == 2 and "has ids of several learners on the roster" in ended.err, ended.said
    assert (course / "roster.csv").read_bytes() == before


def test_an_exercise_that_is_released_later_has_everybodys_token(run, course, sample, tmp_path):
    shutil.rmtree(course / "variants")
    ended = run("release", "greeting", "--quick", "--source", sample / "exercises", "--course", course)
    assert ended.code == 0, ended.said
    assert (course / "variants/greeting/ada.json").exists()
