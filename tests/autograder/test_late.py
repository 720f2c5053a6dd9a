"""What lateness costs, who has more time, and what one odd submission must not do to the others."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from autograder.course import Course
from autograder.decisions.late import Policy
from autograder.gradebook import writing
from autograder.marking.store import Mark, add, ensure

pytestmark = pytest.mark.slow

WHO = ("ada", "ben", "cem", "dan", "eva", "fay")


def status(run, course):
    (exercise,) = json.loads(run("status", "greeting", "--course", course, "--json").out)["exercises"]
    return {one["learner"]: one for one in exercise["learners"]}


@pytest.fixture
def handed(course, hands):
    """Six who handed in right; ada came 42 hours after the due time, ben ten minutes."""
    for learner in WHO:
        hands.put(learner, hands.notebook())
    for learner, came in (("ada", "2026-11-22 12:00:00"), ("ben", "2026-11-20 18:10:00")):
        path = course / "submitted" / learner / "greeting/timestamp.txt"
        path.write_text(f"{came}.000000 UTC\n")
    return course


def test_lateness_costs_what_the_course_says_and_one_odd_submission_stops_nobody(handed, run, tmp_path):
    course, words = handed, ("greeting", "--course", handed)
    # A row that the gradebook does not take holds its own submission, and no other of its transaction.
    with closing(sqlite3.connect(course / "gradebook.db")) as db:
        db.execute(
            "CREATE TRIGGER odd BEFORE INSERT ON submitted_assignment WHEN NEW.student_id = 'fay' "
            "BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        db.commit()
    ended = run("grade", *words)
    assert ended.code == 0 and "1 held" in ended.out, ended.said
    found = status(run, course)
    assert (
        found["fay"]["state"] == "held" and "cannot be written into the gradebook" in found["fay"]["reason"]
    )
    assert {found[one]["state"] for one in WHO[:-1]} == {"to mark"}
    assert (found["ada"]["late"], found["ada"]["penalty"], found["ada"]["score"]) == (True, 0, 7)
    assert "costs nothing" in run("late", *words).out
    # Two days have begun; ten minutes are within the grace.
    policy = ("late", *words, "--points", "2", "--grace", "30", "--at-most", "3", "--as", "Ada")
    ended = run(*policy, "--why", "as announced")
    assert ended.code == 0 and "1 graded submissions have another score" in ended.out, ended.said
    assert "as announced (Ada" in run("late", *words).out
    found = status(run, course)
    assert (found["ada"]["penalty"], found["ada"]["score"], found["ben"]["penalty"]) == (3, 4, 0)
    assert "3 points taken off" in run("status", *words).out
    # Grading again keeps it; feedback and marks say it.
    assert run("grade", *words, "--learner", "ada", "--force").code == 0
    assert run("feedback", *words, "--learner", "ada").code == 0
    page = (course / "feedback/ada/greeting/exercise.html").read_text()
    assert "3 points were taken off for that" in page
    told = run("grades", *words, "--for", "csv", "--out", tmp_path / "marks.csv", "--json")
    marks = {one["learner"]: one for one in json.loads(told.out)["marks"]}
    assert (marks["ada"]["penalty"], marks["ada"]["late"]) == (3, True)
    # More time gives back what is not late any more, and says who gave it and why.
    more = ("extend", "greeting", "ada", "--course", course, "--as", "Ada", "--why", "was ill")
    ended = run(*more, "--until", "2026-11-22T11:00Z")
    assert ended.code == 0 and "1 points" in ended.out, ended.said
    found = status(run, course)["ada"]
    assert found["penalty"] == 2 and "was ill (Ada" in found["extended"]
    assert "was ill" in run("status", *words).out
    assert run("late", *words, "--off", "--why", "a strike").code == 0
    assert status(run, course)["ada"]["penalty"] == 0
    for wrong in (
        ["--points", "2"],
        ["--points", "0", "--why", "x"],
        ["--points", "1", "--off", "--why", "x"],
    ):
        ended = run("late", *words, *wrong)
        assert ended.code == 2 and len(ended.err.splitlines()[-1:]) == 1, ended.said
    _ask_for_what_waits(course, run)
    _change_the_exercise(course, run)


def _ask_for_what_waits(course, run):
    """Two marks of one letter that lie apart are listed, and nobody confirms them by a word."""
    with writing(Course(course), "greeting") as db:
        ensure(db)
        for role, who, score in (("first", "Ada", 3.0), ("second", "Ben", 0.5)):
            add(
                db,
                Mark(
                    "greeting",
                    "ben",
                    "exercise",
                    "why",
                    role,
                    who,
                    "2026-11-23T10:00:00Z",
                    score,
                    None,
                    "",
                    "a",
                ),
            )
        db.exec_driver_sql(
            "UPDATE grade SET manual_score = 3, needs_manual_grade = 1 "
            "WHERE auto_score IS NULL AND notebook_id IN "
            "(SELECT n.id FROM submitted_notebook n JOIN submitted_assignment a ON a.id = n.assignment_id "
            "WHERE a.student_id = 'ben')"
        )
    said = run("marks", "waiting", "greeting", "--course", course).out
    assert "0.5 by Ben: to be settled" in said and "two markers lie more than 2 points apart" in said
    assert run("marks", "confirm", "greeting", "--all", "--course", course).out.startswith("0 marks")


def _change_the_exercise(course, run):
    """Scores of an older exercise, and marks that are no numbers, are named."""
    with (course / "source/greeting/exercise.ipynb").open("a") as stream:
        stream.write("\n")
    with writing(Course(course), "greeting") as db:
        db.exec_driver_sql(
            "UPDATE submitted_notebook SET late_submission_penalty = 9e999 WHERE assignment_id IN "
            "(SELECT id FROM submitted_assignment WHERE student_id = 'cem')"
        )
        db.exec_driver_sql(
            "UPDATE grade SET manual_score = 2, needs_manual_grade = 0 WHERE auto_score IS NULL"
        )
    ended = run("evidence", "--course", course)
    assert "note: 'greeting' has changed since the scores of" in ended.err
    pieces = [one for learner in json.loads(ended.out)["learners"] for one in learner["evidence"]]
    assert pieces and all("the exercise has changed since" in one["reasons"][-1] for one in pieces)
    ended = run("report", "greeting", "--course", course)
    assert ended.code == 1 and "blocked  greeting: cem: what lateness cost is no number" in ended.err


def test_a_policy_counts_what_has_begun_after_the_grace_up_to_a_most():
    from datetime import timedelta

    hourly = Policy(0.5, "hour", grace=15)
    late = [timedelta(minutes=minutes) for minutes in (0, 15, 16, 60, 61, 6000)]
    assert [hourly.cost(one) for one in late] == [0, 0, 0.5, 0.5, 1, 50]
    assert Policy(2, "day", at_most=5).cost(timedelta(days=10)) == 5
