"""Every hand-in is kept, and the course says which counts: a walk of one who hands in again and again."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import pytest

from autograder.course import Course
from autograder.gradebook import gradebook, private_jupyter

pytestmark = pytest.mark.slow


def rule(course, name):
    path = course / "nbgrader_config.py"
    plain = [line for line in path.read_text().splitlines() if "Autograder" not in line]
    path.write_text("\n".join([*plain, f'c.Autograder.attempts = "{name}"', ""]))


def hand_in(run, course, inbox, day, notebook):
    """Hand in at noon of a day of November; the exercise was due on the 20th."""
    path = inbox / "ada/greeting.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())
    noon = datetime(2026, 11, day, 12, tzinfo=UTC).timestamp()
    os.utime(path, (noon, noon))
    ended = run("collect", inbox, "--course", course, "--exercise", "greeting", "--file-times", "--json")
    return json.loads(ended.out)


def status(run, course):
    (exercise,) = json.loads(run("status", "greeting", "--course", course, "--json").out)["exercises"]
    return next(one for one in exercise["learners"] if one["learner"] == "ada")


def attempts(run, course):
    ended = run("attempts", "greeting", "ada", "--course", course, "--json")
    assert ended.code == 0, ended.said
    return json.loads(ended.out)["attempts"]


def counts(run, course):
    return [one["attempt"] for one in attempts(run, course) if one["counts"]]


def grade(run, course, *words):
    ended = run("grade", "greeting", "--course", course, "--learner", "ada", *words)
    assert ended.code == 0, ended.said
    return status(run, course)


def test_who_hands_in_again_loses_nothing_and_the_course_says_what_counts(course, hands, run, tmp_path):
    inbox, right, there = (
        tmp_path / "inbox",
        hands.notebook(),
        course / "submitted/ada/greeting/exercise.ipynb",
    )
    hand_in(run, course, inbox, 18, hands.notebook(half="def half(number):\n    return number // 2"))
    assert hand_in(run, course, inbox, 19, right)["remarks"] == []
    first = there.read_bytes()
    # What is late, and what cannot be read, is kept and does not take the place of what came in time.
    late = hand_in(
        run, course, inbox, 21, hands.notebook(half="def half(number):\n    return 0", why="Later.")
    )
    assert "attempt 2 counts, for it came after the due time" in late["remarks"][0]["remark"]
    spoilt = hand_in(run, course, inbox, 22, b"{")
    assert "attempt 2 counts, for it cannot be read" in spoilt["remarks"][0]["remark"]
    assert counts(run, course) == [2] and there.read_bytes() == first
    found = grade(run, course)
    assert (found["attempts"], found["attempt"], found["late"], found["score"]) == (4, 2, False, 7)
    kept = [one["folder"] for one in attempts(run, course)]
    assert len(set(kept)) == 4 and (course / kept[3] / "exercise.ipynb").read_bytes() == b"{"
    said = run("attempts", "greeting", "--course", course).out
    assert "newest-in-time" in said and said.count("late") == 2 and "7 of 10" in said
    # A mark of a person's, then more time: the third attempt counts from now on, and the mark waits.
    with private_jupyter(), gradebook(Course(course)) as book:
        one = book.find_grade("why", "exercise", "greeting", "ada")
        one.manual_score, one.needs_manual_grade = 2.0, False
        book.db.commit()
    assert run("extend", "greeting", "ada", "--course", course, "--until", "2026-11-21T18:00Z").code == 0
    found = status(run, course)
    assert (found["state"], found["reason"]) == ("to grade", "attempt 3 counts now")
    found = grade(run, course)
    assert (found["attempt"], found["score"], found["late"]) == (3, 3, False)
    # The best of all, graded once each: the gradebook sees the chosen one alone.
    rule(course, "best")
    found = grade(run, course)
    assert (found["attempt"], found["attempts"], found["score"]) == (2, 4, 7)
    lines = (course / "attempts.jsonl").read_text(), (course / "results.jsonl").read_text()
    assert [json.loads(line)["status"] for line in lines[0].splitlines()].count("graded") == 1
    grade(run, course)
    assert (course / "results.jsonl").read_text() == lines[1]
    rows = run("grades", "greeting", "--course", course, "--for", "csv", "--out", tmp_path / "marks.csv")
    assert rows.code == 0 and "attempts,attempt" in (tmp_path / "marks.csv").read_text()
    # The newest, whatever it is worth; what somebody mended by hand is left alone.
    rule(course, "newest")
    assert grade(run, course)["attempt"] == 3
    there.write_bytes(first + b" ")
    assert grade(run, course)["attempt"] is None and there.read_bytes() == first + b" "
    rule(course, "bset")
    ended = run("attempts", "greeting", "--course", course)
    assert (
        ended.code == 2 and "newest-in-time, newest, best" in ended.err and len(ended.err.splitlines()) == 1
    )
