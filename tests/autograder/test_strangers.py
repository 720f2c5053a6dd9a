"""Text from strangers: what cannot be stored or shown costs nobody else anything."""

from __future__ import annotations

import json
import os
import unicodedata
from datetime import UTC, datetime

import pytest

from autograder.grading.ledger import Ledger
from autograder.grading.messages import explain
from autograder.grading.reading import SubmittedCell, Unreadable, read_submission
from autograder.records.evidence import Evidence
from autograder.secret import load
from autograder.strangers import TooMuch, clean_json, moment, parsed, shown, storable
from autograder.tokens import make
from autograder.typed import typed

HALF = "\ud800"
ODD = [
    "\x1b[2J\x1b]0;title\x07x",
    "a\u202egpj.b",
    "\x9b2J",
    HALF,
    "\u2066x",
    "x\r\ny",
    "z\u200bw",
    "\U000e0041",
]


@pytest.mark.parametrize("text", ODD)
def test_what_is_shown_is_one_line_that_moves_nothing(text):
    for symbol in shown(text):
        assert unicodedata.category(symbol) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert json.loads(clean_json({text: [text]})) == {storable(text): [storable(text)]}
    for symbol in clean_json([text]).replace("\n", ""):
        assert unicodedata.category(symbol) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_what_people_write_stays_as_it_is():
    for text in ("Chloé Exemple", "小明 王", "Nguyễn Lan", "O'Neill (2)", "Ünal_12.ipynb"):
        assert shown(text) == storable(text) == text and json.loads(clean_json(text)) == text
    assert len(shown("x" * 999)) == 300


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-11-20T10:00:00Z", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-20T10:00:00+01:00", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        ("9999-12-31T23:59:59-14:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("0001-01-01T00:00:00+00:00", None),
        ("2999-12-31T23:59:59-14:00", None),
        ("\x00" + HALF, None),
        ("yesterday", None),
        (7, None),
    ],
)
def test_a_moment_lies_in_a_year_that_every_command_can_write(text, read):
    assert moment(text) == read


@pytest.mark.parametrize("part", [b"[],", b"{},"])
def test_json_is_refused_before_it_fills_the_memory(tmp_path, part):
    many = b'{"cells": [], "x": [' + part * 1_100_000 + b"0]}"
    with pytest.raises(TooMuch):
        parsed(many)
    (tmp_path / "n.ipynb").write_bytes(many)
    with pytest.raises(Unreadable, match="more parts than a notebook can have"):
        read_submission(tmp_path / "n.ipynb")


def test_what_stands_in_strings_is_no_part():
    said = '[{,\\"' * 1_100_000
    assert parsed(json.dumps({"text": said}).encode()) == {"text": said}


def test_a_message_is_recognised_whatever_was_filled_in():
    test = 'assert ok, f"a {x} b {y} {z} {u} {v} c {w}{t}."'
    said = "a 1 b 2 3 4 5 c 67."
    assert explain(test, "AssertionError", said) == said
    for wrong in (
        " " * 1900,
        "a " + " " * 990 + "x",
        "a 1 b 2 3 4 5 c 67",
        "a " + "1" * 201 + " b 2 3 4 5 c .",
    ):
        # Of blanks a pattern would try every way to share them out, for minutes.
        assert explain(test, "AssertionError", wrong) == "a check of this cell failed"


def test_a_token_is_not_looked_for_in_heaps_of_code():
    cells = [SubmittedCell("code", 'LEARNER = "ada"'), SubmittedCell("code", "TOKEN = 1\n" * 10**5)]
    assert typed(cells) == {"learner": "ada"}


@pytest.fixture(scope="module")
def strange(empty_course, tmp_path_factory, run):
    """A class in which each hands in something that cannot be stored, graded once."""
    from tests.autograder.conftest import Hands, cell, copied

    course = copied(empty_course, tmp_path_factory.mktemp("strange"))
    (course / "roster.csv").unlink()
    hands = Hands(course)
    hands.put("a-right", hands.notebook())
    picture = hands.notebook()
    cell(picture, "why")["attachments"] = {"a.png": {"image/png": HALF}, HALF: {"image/png": "AAAA"}}
    hands.put("b-picture", picture)
    hands.put("c-beside", hands.notebook()).with_name(os.fsdecode(b"bad\xff\x1b[2J.csv")).write_text("1")
    hands.put("d-second", hands.notebook())
    hands.put("d-second", hands.released, os.fsdecode(b"bad\xff.ipynb"))
    hands.put("e-itself", hands.notebook(), os.fsdecode(b"bad\xff\xe2\x80\xae.ipynb"))
    late = hands.notebook()
    cell(late, "area")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": f"x{HALF}"}]
    cell(late, "area")["source"] += "\nprint('other')"
    hands.put("f-saved", late)
    for name, stamp in (("g-early", "0001-01-01 00:00:00 UTC"), ("h-late", "9999-12-31 23:59:59 UTC")):
        hands.put(name, hands.notebook()).with_name("timestamp.txt").write_text(stamp)
    hands.put(os.fsdecode(b"who\xff"), hands.notebook())
    hands.put("z-right", hands.notebook())
    own = {
        name: f'TOKEN = "{make(load(course.parent), "greeting", name)}"' for name in ("i-own", "j-swapped")
    }
    own["k-placeholder"], own["l-practice"] = 'TOKEN = "practice: your name"', 'TOKEN = "practice: Lea"'
    own["m-other"] = f'TOKEN = "{make(load(course.parent), "farewell", "m-other").lower()}"'
    for name, line in own.items():
        bearing = hands.notebook()
        token_cell = next(one for one in bearing["cells"] if one["source"].startswith("LEARNER"))
        token_cell["source"] = own["i-own"] if name == "j-swapped" else line
        hands.put(name, bearing)
    ended = run("grade", "greeting", "--course", course, "--json", course / "results.json")
    return course, ended


@pytest.mark.slow
def test_nobody_who_hands_in_something_strange_stops_the_class(strange):
    course, ended = strange
    assert ended.code == 0, ended.said
    assert not any(unicodedata.category(one) in {"Cc", "Cf", "Cs"} for one in ended.said.replace("\n", ""))
    found = {result.learner: result for result in Ledger(course).read()}
    assert {name: found[name].score for name in found} == dict.fromkeys(found, 7.0) and len(found) == 14
    assert "c-beside" in found and "files not used: bad?" in " ".join(found["c-beside"].reasons)
    assert "handed in too and not used" in " ".join(found["d-second"].reasons)
    assert "the notebook was called 'bad?" in " ".join(found["e-itself"].reasons)
    assert found["g-early"].collected_at is None and found["h-late"].collected_at is None
    assert "its name cannot be written down; rename it" in ended.err
    assert json.loads((course / "results.json").read_text())["results"]


@pytest.mark.slow
def test_a_token_that_is_not_its_owners_is_for_a_person(strange):
    course, _ = strange
    found = {result.learner: result for result in Ledger(course).read()}
    assert "the token in the notebook is that of 'i-own'" in found["j-swapped"].reasons
    assert "the token in the notebook is not that of 'm-other' for this exercise" in found["m-other"].reasons
    for name in ("j-swapped", "m-other"):
        assert found[name].status == "needs-review" and not found[name].certifiable
    for name in ("a-right", "i-own", "k-placeholder", "l-practice"):
        assert found[name].status == "graded" and found[name].certifiable
        assert not any("token" in reason for reason in found[name].reasons)


@pytest.mark.slow
def test_everybody_gets_feedback_and_evidence(strange, run, tmp_path):
    course, _ = strange
    ended = run("feedback", "greeting", "--course", course)
    assert ended.code == 0, ended.said
    assert len(list((course / "feedback").rglob("*.html"))) == 14
    ended = run("evidence", "--course", course, "--out", tmp_path / "evidence.json")
    assert ended.code == 0, "all wait for a mark, and nothing is wrong: " + ended.said
    made = Evidence.model_validate_json((tmp_path / "evidence.json").read_text())
    assert {one.learner for one in made.learners} == {result.learner for result in Ledger(course).read()}


@pytest.mark.parametrize(
    "finished", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2099-01-01T00:00:00Z"]
)
def test_a_transcript_of_another_age_counts_as_finished_now(root, tmp_path, finished):
    from autograder.files import iso, now
    from autograder.transcripts import _finished

    path = tmp_path / "t.json"
    path.write_text(json.dumps({"finished": finished}))
    assert _finished(path) <= iso(now())
    assert _finished(path)[:2] == "20"


@pytest.mark.slow
def test_what_fails_in_one_page_is_told_and_costs_nobody_else_a_page(strange, run, tmp_path):
    """Another program may leave in autograded/ what no page can be made of."""
    course, _ = strange
    spoilt = course / "autograded/a-right/greeting/exercise.ipynb"
    kept = spoilt.read_bytes()
    spoilt.chmod(0o644)
    data = json.loads(kept)
    data["cells"][0]["source"] = 7
    spoilt.write_text(json.dumps(data))
    try:
        ended = run("feedback", "greeting", "--course", course)
    finally:
        spoilt.write_bytes(kept)
    assert ended.code == 1 and "blocked" in ended.err and "a-right" in ended.err, ended.said
    assert "13 pages of feedback" in ended.out


@pytest.mark.slow
def test_the_very_same_file_of_two_learners_is_for_a_person_whoever_comes_first(course, hands, run):
    same = json.dumps(hands.notebook()).encode()
    hands.put("ada", same)
    hands.put("ben", hands.notebook())
    for name in ("blank", "blank-too"):
        hands.put(name, json.dumps(hands.released).encode())
    assert run("grade", "greeting", "--course", course).code == 0
    assert {one.status for one in Ledger(course).read()} == {"graded"}

    hands.put("zoe", same)
    ended = run("grade", "greeting", "--course", course)
    assert "note: ada and zoe handed in the very same file" in ended.err and "blank and" not in ended.err
    found = {one.learner: one for (_, _, _), one in Ledger(course).latest().items()}
    for name in ("ada", "zoe"):
        assert (found[name].score, found[name].status, found[name].certifiable) == (
            7.0,
            "needs-review",
            False,
        )
        assert not any("ada" in reason or "zoe" in reason for reason in found[name].reasons)
    assert {found[name].status for name in ("ben", "blank", "blank-too")} == {"graded"}
    lines = len((course / "results.jsonl").read_text().splitlines())
    run("grade", "greeting", "--course", course)
    assert len((course / "results.jsonl").read_text().splitlines()) == lines

    hands.put("zoe", hands.notebook())
    run("grade", "greeting", "--course", course)
    assert {one.status for one in Ledger(course).latest().values()} == {"graded"}
