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


def picked(run, course, *words, why="he asked for it"):
    return run("attempts", "greeting", "ada", "--course", course, "--as", "Kim", "--why", why, *words)


def test_a_person_picks_and_the_pick_stands_until_it_is_taken_back(course, hands, run, tmp_path):
    inbox, half = tmp_path / "inbox", "def half(number):\n    return "
    hand_in(run, course, inbox, 17, hands.notebook(half=half + "0"))
    hand_in(run, course, inbox, 18, hands.notebook())
    hand_in(run, course, inbox, 22, b"{")
    assert grade(run, course)["score"] == 7
    for words, said in (
        (["--use", 9], "no attempt 9"),
        (["--use", 3], "cannot be read"),
        (["--use", 1, "--by-rule"], "exclude each other"),
        (["--by-rule"], "nobody has picked"),
        (["bob", "--use", 1], "one learner"),
    ):
        ended = picked(run, course, *words)
        assert ended.code == 2 and said in ended.err and len(ended.err.splitlines()) == 1, ended.said
    assert run("attempts", "greeting", "ada", "--course", course, "--use", 1).code == 2
    ended = picked(run, course, "--use", 1)
    assert ended.code == 0 and "attempt 1 counts, as Kim picked: he asked for it" in ended.out, ended.said
    found = status(run, course)
    assert (found["state"], found["reason"]) == ("to grade", "attempt 1 counts now")
    assert found["picked"].startswith("attempt 1: he asked for it (Kim, ")
    # It stands through grading, force, a newer hand-in in time and every rule.
    assert (grade(run, course)["attempt"], grade(run, course, "--force")["score"]) == (1, 3)
    newer = hand_in(run, course, inbox, 19, hands.notebook(why="More words."))
    assert "attempt 1 counts, for a person picked it" in newer["remarks"][0]["remark"]
    for name in ("best", "newest"):
        rule(course, name)
        found = grade(run, course)
        assert (found["attempt"], found["score"], found["state"]) == (1, 3, "to mark")
    assert [bool(one["picked"]) for one in attempts(run, course)] == [True, False, False, False]
    assert "picked: he asked for it" in run("attempts", "greeting", "ada", "--course", course).out
    assert "picked     ada" in run("status", "greeting", "--course", course).out
    with private_jupyter(), gradebook(Course(course)) as book:
        one = book.find_grade("why", "exercise", "greeting", "ada")
        one.manual_score, one.needs_manual_grade = 2.0, False
        book.db.commit()
    made = json.loads(run("evidence", "--course", course).out)["learners"]
    (piece,) = next(one for one in made if one["learner"] == "ada")["evidence"]
    assert any("attempt 1 was picked by a person: he asked for it (Kim" in one for one in piece["reasons"])
    # Another takes its place; taken back, the rule decides. What was mended by hand is kept.
    there = course / "submitted/ada/greeting/exercise.ipynb"
    mended = there.read_bytes() + b" "
    there.write_bytes(mended)
    assert picked(run, course, "--use", 2).code == 0 and grade(run, course)["attempt"] == 2
    assert mended in {path.read_bytes() for path in (course / "attempts/ada/greeting").glob("*/*.ipynb")}
    ended = picked(run, course, "--by-rule", "--json", why="asked again")
    assert ended.code == 0 and not any(one["picked"] for one in json.loads(ended.out)["attempts"])
    assert (status(run, course)["picked"], status(run, course)["attempt"]) == ("", 4)


def test_the_best_is_the_best_after_what_lateness_costs(course, hands, run, tmp_path):
    inbox, half = tmp_path / "inbox", "def half(number):\n    return "
    rule(course, "best")
    hand_in(run, course, inbox, 18, hands.notebook(half=half + "0"))  # 3 of 7 in time
    hand_in(run, course, inbox, 22, hands.notebook())  # 7 of 7, on the second day after the due time
    assert (grade(run, course)["attempt"], status(run, course)["penalty"]) == (2, 0)
    # nbgrader's own plugin takes everything, so the attempt in time is worth more.
    with (course / "nbgrader_config.py").open("a") as stream:
        stream.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    found = grade(run, course)
    assert (found["attempt"], found["score"], found["penalty"]) == (1, 3, 0)
    # The course's own policy counts where there is one: 7 - 2 * 1.5 is more than 3, 7 - 2 * 3 is less.
    late = ("late", "greeting", "--course", course, "--why", "announced")
    ended = run(*late, "--points", 1.5)
    assert ended.code == 0 and "another attempt may be the best now: autograder grade greeting" in ended.out
    found = grade(run, course)
    assert (found["attempt"], found["score"], found["penalty"]) == (2, 4, 3)
    run(*late, "--points", 3)
    found = grade(run, course)
    assert (found["attempt"], found["score"], found["penalty"]) == (1, 3, 0)
    # More time makes it one in time, and nothing is taken off.
    assert run("extend", "greeting", "ada", "--course", course, "--until", "2026-11-23T18:00Z").code == 0
    found = grade(run, course)
    assert (found["attempt"], found["score"], found["penalty"]) == (2, 7, 0)
