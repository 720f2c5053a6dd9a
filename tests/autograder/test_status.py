"""Who stands where, marks out to platforms, and feedback back: on the class of all sorts with a roster."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.gradebook import gradebook, private_jupyter

pytestmark = pytest.mark.slow

ROSTER = """\
Student,ID,SIS User ID,SIS Login ID,Section,Email
"Right, Ada",101,right,ada@u,A,ada@example.org
"Wrong, Bob",102,wrong,bob@u,A,bob@example.org
"=cmd|calc, Eve",103,blank,eve@u,B,eve@example.org
"van den Berg, Zoë",104,notjson,zoe@u,B,zoe@example.org
"Absent, Ábel",105,absent,abel@u,B,abel@example.org
"""
WHO = ("right", "wrong", "blank", "notjson", "absent")


def mark(course: Path, learner: str, score: float) -> None:
    """Mark the written part as a marking page does."""
    with private_jupyter(), gradebook(Course(course)) as book:
        grade = book.find_grade("why", "exercise", "greeting", learner)
        grade.manual_score, grade.needs_manual_grade = score, False
        book.db.commit()


@pytest.fixture
def cohort(graded_copy, tmp_path, run):
    """Give the class a roster as Canvas exports it, and origins as platforms name their files."""
    roster = tmp_path / "canvas.csv"
    roster.write_text(ROSTER)
    ended = run("roster", roster, "--course", graded_copy, "--id-column", "SIS User ID")
    assert ended.code == 0, ended.said
    origins = {
        "right": "moodle.zip/Ada Right_17_assignsubmission_file/exercise.ipynb",
        "wrong": "moodle.zip/Bob Wrong_18_assignsubmission_file_exercise.ipynb",
        "blank": "canvas/cmdcalceve_LATE_103_9003_exercise-1.ipynb",
        "notjson": "inbox/notjson-greeting.zip",
    }
    items = [
        {"learner": learner, "exercise": "greeting", "sha256": "0", "content": "0", "origin": origin,
         "received": "2026-11-20T10:00:00Z", "changed": "2026-11-20T10:00:00Z", "created": "x"}
        for learner, origin in origins.items()
    ]  # fmt: skip
    (graded_copy / "collected.json").write_text(json.dumps({"schema": "collected/1", "items": items}))
    return graded_copy


def standings(run, course, *words):
    ended = run("status", "--course", course, "--json", *words)
    assert ended.code == 0, ended.said
    (exercise,) = json.loads(ended.out)["exercises"]
    return exercise, {one["learner"]: one for one in exercise["learners"]}


def test_status_tells_of_everybody_what_is_to_be_done(cohort, run, tmp_path):
    exercise, found = standings(run, cohort)
    states = {name: found[name]["state"] for name in WHO}
    assert states == {
        "right": "to mark", "wrong": "to mark", "blank": "settled", "notjson": "held", "absent": "missing",
    }  # fmt: skip
    # The copy of the class lacks the huge hand-in.
    assert exercise["due"] == "2026-11-20T18:00:00Z" and exercise["counts"]["missing"] == 2
    assert found["right"]["late"] and not found["absent"]["late"]
    assert (found["right"]["score"], found["right"]["max_score"], found["right"]["open_points"]) == (7, 10, 3)
    assert "not JSON" in found["notjson"]["reason"] and found["noisy"]["on_roster"] is False
    # Something newer lies there, and what is marked is settled.
    with (cohort / "submitted/wrong/greeting/exercise.ipynb").open("a") as stream:
        stream.write(" ")
    mark(cohort, "right", 2.5)
    table = tmp_path / "status.csv"
    _, found = standings(run, cohort, "--csv", table)
    assert (found["right"]["state"], found["right"]["score"]) == ("settled", 9.5)
    assert found["wrong"]["state"] == "to grade" and "again" in found["wrong"]["reason"]
    rows = {row["learner"]: row for row in csv.DictReader(io.StringIO(table.read_text()))}
    assert rows["absent"]["state"] == "missing" and rows["absent"]["score"] == ""
    assert rows["blank"]["name"].startswith("'=cmd") or not rows["blank"]["name"].startswith("=")
    text = run("status", "greeting", "--course", cohort, "--section", "B").out
    assert text.splitlines()[0].startswith("greeting, due 2026-11-20 18:00 UTC: 2 of 3 handed in")
    assert "missing    absent" in text and "held       notjson" in text and "right" not in text
    assert "next: autograder grade greeting" in run("status", "--course", cohort).out
    # A test of the exercise is mended: status says it before anybody asks for evidence.
    assert not any(one["changed"] for one in found.values())
    (cohort / "source/greeting/hint.txt").write_text("Read the second line.")
    _, found = standings(run, cohort)
    assert found["right"]["changed"] and not found["absent"]["changed"]
    said = run("status", "greeting", "--course", cohort).out
    assert "greeting has changed since the scores of" in said and "autograder grade greeting" in said


def test_more_time_for_one_learner_counts_everywhere_and_gives_points_back(cohort, run):
    mark(cohort, "right", 2.5)
    with private_jupyter(), gradebook(Course(cohort)) as book:
        book.find_submission_notebook("exercise", "greeting", "right").late_submission_penalty = 2.0
        book.db.commit()
    _, found = standings(run, cohort)
    assert (found["right"]["late"], found["right"]["score"], found["right"]["penalty"]) == (True, 7.5, 2)
    words = ("extend", "greeting", "right", "absent", "--course", cohort)
    ended = run(*words, "--until", "2026-11-22T18:00Z")
    assert ended.code == 0 and "2 points that lateness had cost are given back" in ended.out, ended.said
    _, found = standings(run, cohort)
    assert (found["right"]["late"], found["right"]["score"], found["absent"]["state"]) == (
        False,
        9.5,
        "missing",
    )
    # Whoever has only an extension stands in no report and stops nothing.
    assert run("report", "--course", cohort).code == 0
    evidence = json.loads(run("evidence", "--course", cohort).out)["learners"]
    (absent,) = [one for one in evidence if one["learner"] == "absent"]
    assert (absent["evidence"], absent["blocked"]) == ([], [])
    assert run(*words, "--until", "2026-11-20T18:00Z").code == 0
    assert standings(run, cohort)[1]["right"]["late"]
    for wrong in (["--until", "soon"], ["--until", "2026-11-01"], ["nobody", "--until", "2026-12-01"]):
        ended = run(*words, *wrong)
        assert ended.code == 2 and len(ended.err.splitlines()) == 1, ended.said


def grades(run, course, platform, out, *words):
    ended = run("grades", "greeting", "--course", course, "--for", platform, "--out", out, *words)
    assert ended.code == 0, ended.said
    return list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig")))), ended


def test_marks_go_out_with_each_platforms_columns_and_nothing_unsettled_is_a_zero(cohort, run, tmp_path):
    mark(cohort, "right", 2.5)
    out = tmp_path / "marks.csv"
    rows, ended = grades(run, cohort, "canvas", out, "--column", "A tiny exercise (77)")
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "A tiny exercise (77)"]
    assert rows[1][0].strip() == "Points Possible" and rows[1][-1] == "10"
    by = {row[1]: row for row in rows[2:]}
    assert by["101"] == ["Right, Ada", "101", "right", "ada@u", "A", "9.5"]
    assert [by[number][-1] for number in ("102", "103", "104", "105")] == ["", "0", "", ""]
    assert by["103"][0].startswith("'=") and by["104"][0] == "van den Berg, Zoë"
    assert "2 missing" in ended.out and "held" in ended.out
    rows, _ = grades(run, cohort, "canvas", out, "--section", "B", "--zero-missing")
    assert [row[-1] for row in rows[2:]] == ["0", "", "0"]
    rows, _ = grades(run, cohort, "brightspace", out)
    assert rows[0] == ["OrgDefinedId", "Username", "A tiny exercise Points Grade", "End-of-Line Indicator"]
    assert ["#right", "#ada@u", "9.5", "#"] in rows and ["#wrong", "#bob@u", "", "#"] in rows
    rows, _ = grades(run, cohort, "blackboard", out, "--column", "Tiny [Total Pts: 10 Score] |345")
    assert rows[0] == ["Username", "Tiny [Total Pts: 10 Score] |345"] and ["ada@u", "9.5"] in rows
    # Blackboard's help asks for quotation marks around every cell of a file with commas.
    assert all(line.startswith('"') and line.endswith('"') for line in out.read_text().splitlines())
    rows, ended = grades(run, cohort, "moodle", out)
    head = ["Identifier", "Full name", "Email address", "Grade", "Maximum Grade", "Last modified (grade)"]
    assert rows[0] == head and rows[1][::3] == ["Participant 17", "9.5"] and rows[2][3] == ""
    # A dash is what Moodle itself writes for "never"; what it has already it keeps, which is said.
    assert rows[1][-1] == "-" and "modified more recently" in ended.err
    assert len(rows) == 3 and "have no number of Moodle's" in ended.err
    rows, ended = grades(run, cohort, "gradescope", out)
    assert "imports no marks" in ended.err and rows[1][:6] == [
        "Ada", "Right", "right", "ada@example.org", "A", "9.5",
    ]  # fmt: skip
    rows, _ = grades(run, cohort, "csv", out)
    table = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows}
    assert table["right"]["late"] == "yes" and "held" in table["notjson"]["why"]


@pytest.mark.parametrize(
    ("platform", "text", "column", "said"),
    [
        (
            "canvas",
            'Student,ID,SIS Login ID,Section,Other (1),A tiny exercise (77)\n"Right, Ada",101,ada@u,A,3,\n'
            '"Wrong, Bob",102,bob@u,A,4,1\n"Nobody, N",999,n,A,5,6\n',
            None,
            "Student,ID,SIS Login ID,Section,Other (1),A tiny exercise (77)\n"
            '"Right, Ada",101,ada@u,A,3,9.5\n"Wrong, Bob",102,bob@u,A,4,1\n"Nobody, N",999,n,A,5,6\n',
        ),
        (
            "moodle",
            "\ufeffIdentifier;Full name;Grade;Last modified (grade)\r\nParticipant 17;Ada Right;;-\r\n",
            None,
            "\ufeffIdentifier;Full name;Grade;Last modified (grade)\r\nParticipant 17;Ada Right;9,5;-\r\n",
        ),
        (
            "brightspace",
            "OrgDefinedId,Username,Tiny Points Grade,End-of-Line Indicator\n#right,#ada@u,,#\n",
            "Tiny Points Grade",
            "OrgDefinedId,Username,Tiny Points Grade,End-of-Line Indicator\n#right,#ada@u,9.5,#\n",
        ),
        (
            "blackboard",
            '"Username"\t"Tiny [Total Pts: 10 Score] |345"\n"ada@u"\t""\n',
            "Tiny [Total Pts: 10 Score] |345",
            '"Username"\t"Tiny [Total Pts: 10 Score] |345"\n"ada@u"\t"9.5"\n',
        ),
    ],
)
def test_a_file_that_the_platform_exported_is_filled_and_else_stays_as_it_was(
    cohort, run, tmp_path, platform, text, column, said
):
    mark(cohort, "right", 2.5)
    path, out = tmp_path / "export.csv", tmp_path / "marks.csv"
    path.write_bytes(text.encode())
    words = ["--into", path, *(["--column", column] if column else [])]
    ended = run("grades", "greeting", "--course", cohort, "--for", platform, "--out", out, *words)
    assert ended.code == 0, ended.said
    assert out.read_bytes().decode() == said
    # Blackboard's own is UTF-16 with tabs, and another column is one line with the names that there are.
    ended = run("grades", "greeting", "--course", cohort, "--for", platform, "--into", path, "--column", "X")
    assert ended.code == 2 and len(ended.err.splitlines()) == 1 and "--column" in ended.err


def test_feedback_goes_back_as_the_zip_that_moodle_and_canvas_take(cohort, run, tmp_path):
    for platform, names in (
        ("moodle", {"Ada Right_17_assignsubmission_file/feedback-greeting.html",
                    "Bob Wrong_18_assignsubmission_file_/feedback-greeting.html"}),
        ("canvas", {"cmdcalceve_LATE_103_9003_feedback-greeting.html"}),
    ):  # fmt: skip
        target = tmp_path / f"{platform}.zip"
        words = ("--zip", target, "--for", platform)
        ended = run("feedback", "greeting", "--course", cohort, *words)
        assert ended.code == 0, ended.said
        with zipfile.ZipFile(target) as archive:
            assert set(archive.namelist()) == names
            assert all(b"points</strong>" in archive.read(name) for name in names)
        assert "notjson" in ended.err, "whose hand-in came another way is named"
    ended = run("feedback", "greeting", "--course", cohort, "--zip", tmp_path / "x.zip")
    assert ended.code == 2 and "--for" in ended.err


def test_nothing_to_grade_and_nobody_made_late_by_guess(course, hands, run, tmp_path):
    ended = run("grade", "greeting", "--course", course)
    assert ended.code == 2 and "autograder collect FOLDER" in ended.err and len(ended.err.splitlines()) == 1
    path = tmp_path / "inbox/ada/greeting.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(hands.notebook()))
    # The class is collected after the deadline and the files say nothing: that is asked, and nothing taken.
    ended = run("collect", tmp_path / "inbox", "--course", course, "--exercise", "greeting")
    assert ended.code == 2 and "1 file would count as late" in ended.err and "--file-times" in ended.err, (
        ended.said
    )
    assert not (course / "submitted/ada").exists() and not (course / "collected.json").exists()
