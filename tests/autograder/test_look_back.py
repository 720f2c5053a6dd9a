"""Feedback, report and evidence, on the class of all sorts."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.evidence import make_evidence
from autograder.gradebook import gradebook, private_jupyter
from autograder.reporting.figures import make_report
from scenarios.engine import load
from scenarios.engine.state import Machine
from scenarios.engine.transcript import make
from tests.scenarios.test_replay import wrong_answer

pytestmark = pytest.mark.slow


def mark(course: Path, learner: str, score: float, cell: str = "why", comment: str | None = None) -> None:
    """Mark a cell as formgrader does."""
    with private_jupyter(), gradebook(Course(course)) as book:
        grade = book.find_grade(cell, "exercise", "greeting", learner)
        grade.manual_score, grade.needs_manual_grade = score, False
        if comment:
            book.find_comment(cell, "exercise", "greeting", learner).manual_comment = comment
        book.db.commit()


def evidence(run, course, tmp_path):
    target = tmp_path / "evidence.json"
    ended = run("evidence", "--course", course, "--out", target)
    made = json.loads(target.read_text())
    assert made["schema"] == "evidence/1"
    # What a fault blocks is named with folder and learner, and ends with 1; the others are all written.
    blocked = [(one["learner"], block) for one in made["learners"] for block in one["blocked"]]
    waits = re.compile("marked yet|played to its end|does not count yet")
    faults = [(who, block) for who, block in blocked if not waits.search(block["reason"])]
    assert ended.code == (1 if faults else 0), ended.said
    for who, block in faults:
        told = re.escape(f": {who}: {block['kind']} {block['id']}: {block['reason']}")
        assert re.search(rf"^{re.escape(str(course))}/submitted/{who}(/greeting)?{told}$", ended.err, re.M)
    assert len(ended.err.splitlines()) == (len(faults) + 1 if faults else 0)
    return {one["learner"]: one for one in made["learners"]}


def page(course, learner):
    return (course / "feedback" / learner / "greeting/exercise.html").read_text()


def test_feedback_tells_everybody_and_hides_tests_and_solutions(graded_copy, run):
    mark(graded_copy, "right", 2.5, comment="Well said. <script>alert(1)</script>")
    ended = run("feedback", "greeting", "--course", graded_copy)
    assert ended.code == 0, ended.said
    names = {path.parent.parent.name for path in (graded_copy / "feedback").rglob("*.html")}
    lines = (graded_copy / "results.jsonl").read_text().splitlines()
    assert names == {json.loads(line)["learner"] for line in lines}
    for name in names:
        shown = page(graded_copy, name)
        assert "HIDDEN" not in shown and "half(9)" not in shown and "COURSE_VARIANT" not in shown
        assert "<script" not in shown
    assert "9.5 of 10 points" in page(graded_copy, "right") and "Well said." in page(graded_copy, "right")
    assert "half should keep fractions." in page(graded_copy, "wrong")
    assert "waits for a person" in page(graded_copy, "wrong")
    assert "the notebook is not JSON" in page(graded_copy, "notjson")
    assert "return number / 2" not in page(graded_copy, "blank")


def test_feedback_says_what_is_settled_what_lateness_cost_and_whose_token_it_was(graded_copy, run):
    """A total of all points beside a part without a mark reads as if it were lost."""
    with private_jupyter(), gradebook(Course(graded_copy)) as book:
        book.find_submission_notebook("exercise", "greeting", "right").late_submission_penalty = 2.0
        book.db.commit()
    path = graded_copy / "submitted/wrong/greeting/exercise.ipynb"
    typed = path.read_text().replace('TOKEN = \\"\\"', 'TOKEN = \\"practice: W\\"')
    assert typed != path.read_text()
    path.write_text(typed)
    assert run("grade", "greeting", "--course", graded_copy, "--learner", "wrong").code == 0
    assert run("feedback", "greeting", "--course", graded_copy).code == 0
    shown = page(graded_copy, "right")
    assert "<strong>5 of 7 points</strong> so far; 1 written part (3 points) waits for a person." in shown
    assert "after the due time, and 2 points were taken off for that." in shown
    assert "TOKEN = &quot;practice: W&quot;" in page(graded_copy, "wrong")


def test_feedback_before_grading_says_what_to_run(course, run):
    ended = run("feedback", "greeting", "--course", course)
    assert ended.code == 2 and "run: autograder grade greeting" in ended.err


def test_what_learner_code_printed_during_a_test_is_not_shown(course, run, hands):
    from autograder.grading.run import Order, grade

    hands.put("ada", hands.notebook(half="def half(n):\n    print('called with', n)\n    return n / 2"))
    grade(Course(course), Order("greeting"))
    assert run("feedback", "greeting", "--course", course).code == 0
    assert "called with" in (course / "autograded/ada/greeting/exercise.ipynb").read_text()
    assert "called with 9" not in page(course, "ada")


def test_the_report_shows_items_and_names_nobody(graded_copy, run, tmp_path):
    target = tmp_path / "report.html"
    ended = run("report", "greeting", "--course", graded_copy, "--json", "--html", target)
    report = json.loads(ended.out)["exercises"][0]
    items = {item["cell"]: item for item in report["items"]}
    assert report["held"] == 5 and report["pending"] == report["learners"] - items["why"]["blank"]
    # Blank answers are told apart, and no sign of how hard an item is.
    assert items["test-half"]["blank"] == items["why"]["blank"] == 3
    assert items["test-half"]["number"] == report["learners"] - 3
    assert 0 < items["test-half"]["facility"] < 1 and 0 < items["test-half"]["discrimination"] <= 1
    # The value that a learner had stands behind the message that the learner was told.
    assert ["area = None", 1] in [value for one in items["test-area"]["wrong"] for value in one["values"]]
    # 14 letters are not marked, so nothing is told of 10 points; nor of the three who left theirs blank.
    assert (report["max_score"], report["points"], report["counted"]) == (7, 10, report["learners"])
    text = run("report", "greeting", "--course", graded_copy).out
    assert "of the 7 points that are settled (of 10)" in text and "discrim." in text
    whole = text + target.read_text() + ended.out
    assert not any(name in whole for name in ("notjson", "gutted", "renamed"))


def test_letters_are_told_by_the_parts_of_their_rubric(graded_copy, run, tmp_path):
    """Marked in a spreadsheet, part by part; a number changed in formgrader since is no sum of parts."""
    table = tmp_path / "marks.csv"
    assert run("mark", "greeting", "--course", graded_copy, "--out", table).code == 0
    with table.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    parts = [name for name in lines[0] if name.startswith("part: ")]
    for at, line in enumerate(lines):
        line |= {name: str(at % 2) for name in parts}
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, lines[0].keys())
        writer.writeheader()
        writer.writerows(lines)
    assert run("mark", "greeting", "--course", graded_copy, "--as", "Ada", "--in", table).code == 0
    mark(graded_copy, "right", 0.5)
    (report,) = make_report(Course(graded_copy), ())
    assert [part.name for part in report.parts] == [name.removeprefix("part: ") for name in parts]
    assert {part.number for part in report.parts} == {len(lines) - 1}
    assert all(0 < part.mean < 1 for part in report.parts)
    assert f"why, {report.parts[0].name}: mean" in run("report", "--course", graded_copy).out


def test_once_letters_are_marked_totals_are_of_all_points(graded_copy, run):
    with private_jupyter(), gradebook(Course(graded_copy)) as book:
        for one in book.assignment_submissions("greeting"):
            for grade in one.notebooks[0].grades:
                if grade.needs_manual_grade:
                    grade.manual_score, grade.needs_manual_grade = 2.0, False
        book.db.commit()
    (report,) = make_report(Course(graded_copy), ())
    assert (report.max_score, report.pending, report.counted) == (10, 0, report.learners)
    assert max(report.totals) == 9 and len(report.totals) == report.learners


def test_nothing_is_reported_of_fewer_than_five(graded_copy):
    kept = ("right", "wrong", "blank", "moved")
    lines = (graded_copy / "results.jsonl").read_text().splitlines(keepends=True)
    few = [line for line in lines if json.loads(line)["learner"] in kept]
    (graded_copy / "results.jsonl").write_text("".join(few))
    report = make_report(Course(graded_copy), ())[0]
    assert report.withheld and report.items == [] and report.mean is None and report.learners == 0


def test_a_report_on_nothing_is_one_line(course):
    with pytest.raises(InputFault, match="nothing is graded yet"):
        make_report(Course(course), ())


def test_evidence_tells_what_counts_and_what_is_blocked_why(graded_copy, run, tmp_path):
    mark(graded_copy, "right", 2.5)
    found = evidence(run, graded_copy, tmp_path)
    piece = found["right"]["evidence"][0]
    assert (piece["score"], piece["max_score"], piece["late"], piece["practice"]) == (9.5, 10, True, False)
    assert piece["auto"] == {"score": 7.0, "max_score": 7.0}
    assert piece["manual"] == {"score": 2.5, "max_score": 3.0, "pending": False}
    assert piece["certifiable"] is True and "graded without isolation" not in piece["reasons"]
    assert piece["assurance"] == "marked by a person" and piece["date"] == "2026-11-21T18:00:00Z"
    blocked = {name: [item["reason"] for item in one["blocked"]] for name, one in found.items()}
    assert blocked["wrong"] == ["one written part is not marked yet"]
    assert blocked["notjson"] == ["the hand-in is held: the notebook is not JSON"]
    assert blocked["nothing"] == ["no notebook was handed in"]
    assert found["blank"]["evidence"][0]["score"] == 0
    # Nobody had anything to mark here, and a program's score that a person overwrote is no written part.
    assert found["blank"]["evidence"][0]["assurance"] == "auto-graded own variant"
    mark(graded_copy, "blank", 1, cell="test-half")
    again = evidence(run, graded_copy, tmp_path)["blank"]
    assert [one["assurance"] for one in again["evidence"]] == ["auto-graded own variant"]


def test_records_can_read_our_evidence(graded_copy, run, tmp_path):
    from autograder.records.evidence import Evidence

    mark(graded_copy, "right", 2.5)
    evidence(run, graded_copy, tmp_path)
    Evidence.model_validate_json((tmp_path / "evidence.json").read_text())


def test_evidence_has_the_sections_and_family_names_of_the_roster(course):
    """The office's feeds need both, and the office has no roster."""
    people = 'learner,name,sortable,section\nada,Ada García López,"García López, Ada",Tuesday\nben,Ben,,\n'
    (course / "roster.csv").write_text(people)
    ada, ben = make_evidence(Course(course), "0" * 64)["learners"]
    assert (ada["sortable"], ada["section"]) == ("García López, Ada", "Tuesday")
    assert {"sortable", "section"}.isdisjoint(ben)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("auto", "gradebook and results differ on 'test-half': 2 and 0"),
        ("above", "the score of 'why' is outside its points"),
        ("nan", "the score of 'why' is outside its points"),
        ("no result", "the gradebook holds a score that no result stands for"),
        ("other bytes", "the hand-in has changed since it was graded; grade it again"),
        ("penalty", "the gradebook holds a penalty below zero, which adds points; mend it there"),
        ("no marks", "the result is not in the gradebook; grade again with --force"),
    ],
)
def test_a_story_that_does_not_fit_blocks_the_award(graded_copy, run, tmp_path, change, reason):
    mark(graded_copy, "wrong", 2.0)
    if change == "auto":
        with private_jupyter(), gradebook(Course(graded_copy)) as book:
            book.find_grade("test-half", "exercise", "greeting", "wrong").auto_score = 2.0
            book.db.commit()
    elif change == "penalty":
        with private_jupyter(), gradebook(Course(graded_copy)) as book:
            book.find_submission_notebook("exercise", "greeting", "wrong").late_submission_penalty = -8.0
            book.db.commit()
    elif change == "above":
        mark(graded_copy, "wrong", 400.0)
    elif change == "nan":
        mark(graded_copy, "wrong", -1.0)
    elif change == "no result":
        lines = (graded_copy / "results.jsonl").read_text().splitlines(keepends=True)
        kept = [line for line in lines if json.loads(line)["learner"] != "wrong"]
        (graded_copy / "results.jsonl").write_text("".join(kept))
    elif change == "other bytes":
        with (graded_copy / "submitted/wrong/greeting/exercise.ipynb").open("a") as stream:
            stream.write(" ")
    elif change == "no marks":
        (graded_copy / "gradebook.db").unlink()
    found = evidence(run, graded_copy, tmp_path)["wrong"]
    assert found["evidence"] == []
    assert [item["reason"] for item in found["blocked"]] == [reason]


def test_extra_credit_is_a_persons_and_certifies_nothing(graded_copy, run, tmp_path):
    """Whoever can write the gradebook can give it, and no result stands for it."""
    for learner in ("right", "wrong"):
        mark(graded_copy, learner, 2.5)
    with private_jupyter(), gradebook(Course(graded_copy)) as book:
        book.find_grade("test-half", "exercise", "greeting", "wrong").extra_credit = 2.0
        book.find_submission_notebook("exercise", "greeting", "right").late_submission_penalty = 20.0
        book.db.commit()
    found = evidence(run, graded_copy, tmp_path)
    (piece,) = found["wrong"]["evidence"]
    assert piece["certifiable"] is False and piece["auto"]["max_score"] == 5.0
    assert "extra credit was given to 'test-half' by hand" in piece["reasons"]
    # A penalty above the score takes all of it, and no more: `records` reads no score below zero.
    assert found["right"]["evidence"][0]["score"] == 0.0


def test_transcripts_are_replayed_and_never_believed(graded_copy, run, tmp_path, root):
    """A score or an ending that a transcript claims is ignored; one that cannot be replayed is blocked."""
    folder = graded_copy / "submitted/right/greeting/transcripts"
    folder.mkdir()
    (folder / "broken.json").write_text("{")
    forged = {
        "schema": "transcript/1", "case": "no-such-case", "case_digest": "0" * 64, "choices": [1, 1],
        "started": "2026-11-20T10:00:00Z", "finished": "2026-11-20T10:10:00Z", "ending": "best", "score": 100,
    }  # fmt: skip
    (folder / "forged.json").write_text(json.dumps(forged))
    second = ("2026-11-20T10:00:00Z", "2026-11-20T10:00:01Z")
    clicked = load(root / "scenarios/cases/lost-laptop")
    machine = Machine(clicked.logic)
    state, first = machine.start, []
    while not machine.ended(state):
        first.append(machine.offered(state)[0])
        state = machine.take(state, first[-1])
    quiz = load(root / "scenarios/cases/incidents-quiz")
    last = [wrong_answer(item.forms[0]) for item in quiz.logic.items]
    for case, choices in ((clicked, first), (quiz, last)):
        (folder / f"{case.id}.json").write_text(json.dumps(make(case, choices, *second)))
    found = evidence(run, graded_copy, tmp_path)["right"]
    assert [one for one in found["evidence"] if one["kind"] != "exercise"] == []
    blocked = {item["id"]: item["reason"] for item in found["blocked"] if item["kind"] != "exercise"}
    assert len(blocked) == 4
    assert "it does not count yet: it was played in 1 s" in blocked["lost-laptop"]
    assert "was never answered rightly" in blocked["incidents-quiz"]


def _certified(story):
    """Issue records that do certify, on the same evidence, and name who has one."""
    secret = ("--passphrase-file", story.out / "passphrase.txt")
    issuer = ("--issuer", story.out / "second")
    about = ("--name", "Example University", "--url", "https://records.example.edu")
    grounds = ("--evidence", story.out / "evidence.json", "--awards", story.awards)
    folder = story.out / "certified"
    words = (
        ("init", "--out", story.out / "second", *about, *secret),
        ("issue", *grounds, *issuer, "--out", folder, "--all", *secret),
    )
    for one in words:
        command = [str(Path(sys.executable).parent / "records"), *map(str, one)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode in {0, 1}, done.stderr
    return {path.name.split("-")[0] for path in folder.glob("*.json")}


@pytest.mark.proof
def test_the_whole_story_from_release_to_verified_record(tmp_path, sample):
    """The demonstration on the sample exercise: every command, twelve invented learners."""
    from autograder.demo.cohort import COHORT
    from autograder.demo.story import Story, Teller

    story = Story(
        "greeting", sample / "exercises", sample / "awards.yml", sample / "scenarios/cases", tmp_path / "demo"
    )
    Teller(story, quiet=True).tell()
    results = {one["learner"]: one for one in json.loads((story.out / "results.json").read_text())["results"]}
    assert set(results) == {one.id for one in COHORT}
    assert {name: results[name]["score"] for name in ("ada", "ben", "chloe", "dan", "kim")} == dict.fromkeys(
        ("ada", "ben", "chloe", "dan", "kim"), 7.0
    )
    assert results["iris"]["score"] == 0 and results["jon"]["status"] == "held"
    assert all(results[name]["score"] == 4.0 for name in ("eva", "femi", "grace", "hiro"))
    assert set(story.issued) == {"ada", "ben", "chloe", "dan"}
    assert set(story.issued.values()) == {"issued as a demonstration, verified"}
    found = {one["learner"]: one for one in json.loads((story.out / "evidence.json").read_text())["learners"]}
    assert found["ada"]["evidence"][0]["certifiable"]
    assert _certified(story) == {"ada", "ben", "chloe", "dan"}
    assert found["dan"]["evidence"][0]["late"] and not found["ada"]["evidence"][0]["late"]
    with zipfile.ZipFile(next((story.out / "workspaces/ada/hand-in").glob("*.zip"))) as archive:
        assert "manifest.json" in archive.namelist()
    secret = (story.course.parent / "secret.key").read_text().strip()
    shown = [path for path in story.out.rglob("*") if path.is_file() and path.name != "secret.key"]
    assert not any(secret.encode() in path.read_bytes() for path in shown)
    head = next(csv.reader((story.course / "variants/greeting/tokens.csv").read_text().splitlines()))
    assert head == ["learner", "name", "email", "token"]
    shutil.rmtree(story.out)
