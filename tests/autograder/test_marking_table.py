"""Marks out and in as a table, even shares, and what makes a mark stand."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.gradebook import gradebook
from autograder.marking import order
from autograder.marking.letters import Letters, differs
from autograder.marking.rubric import read
from autograder.marking.save import Given, Stale, save
from autograder.marking.store import Mark, digest
from tests.autograder.marking import grades, lines_of, rows


def write(table: Path, found: list[dict[str, str]]) -> Path:
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, found[0].keys())
        writer.writeheader()
        writer.writerows(found)
    return table


@pytest.fixture
def table(graded_copy, tmp_path, run) -> Path:
    """The class's marks, written out before anybody has marked."""
    ended = run("mark", "greeting", "--course", graded_copy, "--out", tmp_path / "marks.csv")
    assert ended.code == 0, ended.said
    return tmp_path / "marks.csv"


def filled(found: list[dict[str, str]], whose: str, **given: str) -> list[dict[str, str]]:
    names = {"halves": "part: Halves and wholes", "one": "part: One sentence"}
    new = {names.get(key, key): value for key, value in given.items()}
    return [line | new if line["learner"] == whose else line for line in found]


def test_a_table_is_taken_once_and_keeps_what_a_spreadsheet_does_to_it(graded_copy, table, run):
    found = filled(lines_of(table), "right", halves="2", one="0,5", comment="'=1+1 is no sentence")
    write(table, found)
    ended = run("mark", "greeting", "--course", graded_copy, "--as", "Ben", "--in", table)
    assert ended.code == 0 and ended.out.startswith("1 marks taken"), ended.said
    assert grades(graded_copy)["right"] == (2.5, False, "=1+1 is no sentence")
    # The same table once more comes too late for the line that it has changed itself.
    ended = run("mark", "greeting", "--course", graded_copy, "--as", "Ben", "--in", table)
    assert ended.code == 0 and "0 marks taken, 1 known" in ended.out, ended.said
    assert len(rows(graded_copy)) == 1


def test_a_faulty_line_refuses_the_table_and_each_fault_is_told(graded_copy, table, run):
    found = filled(lines_of(table), "right", halves="3", one="1")
    found = filled(found, "noisy", halves="1")
    found = filled(found, "moved", halves="x", one="1")
    found = filled(found, "windows", halves="1", one="1", score="3")
    found = filled(found, "renamed", learner="nobody", halves="1", one="1")
    before = grades(graded_copy)
    ended = run("mark", "greeting", "--course", graded_copy, "--in", write(table, found))
    assert ended.code == 2
    for word in (
        "takes 0 to 2",
        "“One sentence” has no points yet",
        "is no number",
        "add up to 2",
        "'nobody'",
    ):
        assert word in ended.err, ended.err
    assert ended.err.count("marks.csv:") == 5
    assert grades(graded_copy) == before and rows(graded_copy) == []


def test_a_line_that_came_too_late_is_refused_alone(graded_copy, table, run):
    found = filled(lines_of(table), "right", halves="2", one="1")
    found = filled(found, "noisy", halves="1", one="1")
    first = write(table.with_name("first.csv"), filled(lines_of(table), "right", halves="0", one="0"))
    assert run("mark", "greeting", "--course", graded_copy, "--as", "Ada", "--in", first).code == 0
    ended = run("mark", "greeting", "--course", graded_copy, "--as", "Ben", "--in", write(table, found))
    assert ended.code == 1
    assert "right: marked or handed in again since" in ended.out and "1 marks taken" in ended.out
    told = grades(graded_copy)
    assert told["right"][0] == 0.0 and told["noisy"][0] == 2.0


def test_shares_are_even_and_the_order_is_the_same_at_every_start():
    keys = [(f"s{n:03}", "exercise", "report") for n in range(24)]
    ordered = order.in_order(b"seed", keys)
    assert ordered == order.in_order(b"seed", reversed(keys)) != order.in_order(b"other", keys) != keys
    shares = {name: order.share(ordered, ["Cem", "Ada", "Ben"], name) for name in ("Ada", "Ben", "Cem")}
    assert Counter(len(one) for one in shares.values()) == {8: 3}
    assert sorted(key for one in shares.values() for key in one) == keys
    # Nobody marks a second time what is theirs.
    assert not set(shares["Ada"]) & set(order.share(ordered, ["Cem", "Ada", "Ben"], "Ada", 1))


def test_two_marks_differ_until_they_are_settled_and_only_over_the_same_words():
    def mark(number: int, role: str, score: float, answer: str = "a") -> Mark:
        return Mark("e", "l", "n", "c", role, "m", "", score, None, "", answer, number)

    two = [mark(1, "first", 8), mark(2, "second", 5)]
    assert differs(two, 2) and not differs(two, 3)
    assert not differs([mark(1, "first", 8), mark(2, "second", 5, "b")], 2)
    assert not differs([*two, mark(3, "settled", 8)], 2)
    # Who corrects an agreed mark later is not held against the second one again.
    assert not differs([*two, mark(3, "settled", 8), mark(4, "first", 9)], 2)
    assert differs([*two, mark(3, "settled", 8), mark(4, "second", 1)], 2)
    assert digest("a \n") == digest("a") != digest("a", {"x.png": {"image/png": "AA=="}})


def test_a_mark_is_for_the_words_that_were_on_the_screen(graded_copy):
    course = Course(graded_copy)

    def look():
        letters = Letters(course, "greeting", 2)
        try:
            return letters.all()["right", "exercise", "why"]
        finally:
            letters.close()

    letter = look()
    assert letter.state == "open"
    rubric = read(course, "greeting", "why", letter.most)
    given = Given(letter.key, "first", "Ada", [2, 1], "", letter.answer, letter.version)
    save(course, "greeting", rubric, given, 2)
    with pytest.raises(Stale):
        save(course, "greeting", rubric, given, 2)
    assert look().state == "marked" and look().first.marker == "Ada"
    # A number that somebody gives in formgrader later counts, and is not told as Ada's.
    with gradebook(course) as book:
        book.find_grade("why", "exercise", "greeting", "right").manual_score = 1.0
        book.db.commit()
    assert look().manual == 1.0 and look().first is None
    path = graded_copy / "autograded/right/greeting/exercise.ipynb"
    path.chmod(0o644)
    path.write_text(
        path.read_text().replace("Because two halves make one whole.", "I thought about it again.")
    )
    assert look().state == "changed"
