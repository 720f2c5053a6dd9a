"""The talk about a hand-in: questions that only its author can answer, a sheet, an outcome that counts."""

from __future__ import annotations

import json
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest
import yaml
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.evidence import make_evidence, wrong
from autograder.records.awards import Award
from autograder.records.decide import decide
from autograder.records.evidence import Learner
from autograder.viva import values
from autograder.viva.questions import choose
from autograder.viva.template import read
from autograder.viva.values import Work
from tests.autograder.conftest import Hands

FACTS = "0" * 64
EVIL = (
    "def half(number):\n    '''</pre><script>alert(1)</script><img src=x onerror=alert(2)>#raw[x]'''\n"
    "    return number // 2"
)


def printed(pdf: Path) -> list[str]:
    """The text of each page."""
    said = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True, timeout=60)
    return said.stdout.removesuffix("\f").split("\f")


@pytest.mark.slow
def test_questions_are_the_learners_own_and_nothing_of_theirs_is_markup(run, sample, graded_copy, tmp_path):
    hands = Hands(graded_copy)
    hands.put("evil", hands.notebook(half=EVIL))
    pages = {}
    for learner in ("right", "evil"):
        page, pdf = tmp_path / f"{learner}.html", tmp_path / f"{learner}.pdf"
        words = ("viva", "greeting", learner, "--course", graded_copy, "--source", sample / "exercises")
        ended = run(*words, "--html", page, "--pdf", pdf)
        assert ended.code == 0, ended.said
        assert page.stat().st_mode & 0o077 == 0
        pages[learner] = page.read_text()
        sheets = printed(pdf)
        assert len(sheets) == 2
        assert "not passed" in sheets[1] and "not passed" not in sheets[0]
    assert "Your half of 7 is 3. " in pages["evil"], "an entry in which they differ from the solution"
    assert "the solution says 3.5" in pages["evil"] and "Your half of 7 is 3. " not in pages["right"]
    assert "return number // 2" in pages["evil"] and "return number / 2" in pages["right"]
    assert "<script" not in pages["evil"] and "<img" not in pages["evil"]
    assert "<script>alert(1)</script>" in unescape(pages["evil"])
    assert re.search("default-src 'none'", pages["evil"])
    for learner, said in (("blank", "too little"), ("nobody", "has handed in nothing")):
        ended = run("viva", "greeting", learner, "--course", graded_copy, "--source", sample / "exercises")
        assert ended.code == 2 and said in ended.err and len(ended.err.splitlines()) == 1, ended.said


@pytest.mark.slow
def test_an_outcome_counts_for_the_hand_in_that_was_talked_about(run, graded_copy):
    course = Course(graded_copy)
    run("marks", "give", "greeting", "why", "--why", "so that nothing waits", "--course", graded_copy)

    def entry() -> tuple[str, str]:
        made = make_evidence(course, FACTS)
        one = next(one for one in made["learners"] if one["learner"] == "right")
        assert not [line for line in wrong(course, made) if "right" in line]
        got = [piece["assurance"] for piece in one["evidence"] if piece["kind"] == "exercise"]
        return (got or [""])[0], "; ".join(block["reason"] for block in one["blocked"])

    def record(outcome: str, *more: str):
        words = ("viva", "greeting", "right", "--record", outcome, "--course", graded_copy)
        return run(*words, *(more or ("--examiner", "Ada Roy", "--on", "2026-11-20")))

    before = entry()[0]
    assert before != "supervised"
    assert record("passed", "--on", "2026-11-20").code == 2, "a talk has an examiner"
    assert record("passed", "--examiner", "Ada", "--on", "2999-01-01").code == 2
    assert record("not-passed").code == 0
    assert entry() == ("", "the talk about it was not passed: Ada Roy, 2026-11-20")
    assert record("passed").code == 0
    assert entry()[0] == "supervised"
    # Another hand-in is another's work until somebody has asked about it.
    hands = Hands(graded_copy)
    hands.put("right", hands.notebook(half="def half(number):\n    return 0.5 * number"))
    assert run("grade", "greeting", "--course", graded_copy, "--learner", "right").code == 0
    assert entry()[0] in {"", before} and "talk" not in entry()[1]


def award(**exercise: object) -> Award:
    needs = {"exercises": {"e": {"percent": 50, **exercise}}}
    return Award.model_validate({
        "id": "a", "title": "A", "description": "d", "criteria": "c", "valid_for": "P1Y", "needs": needs,
        "least_assurance": "auto-graded own variant",
    })  # fmt: skip


def test_an_award_can_ask_for_the_talk_of_one_exercise():
    piece = {
        "kind": "exercise", "id": "e", "title": "E", "score": 9, "max_score": 10, "certifiable": True,
        "assurance": "marked by a person", "submission_sha256": "0" * 64, "source_sha256": "0" * 64,
        "date": "2026-11-20T10:00:00Z",
    }  # fmt: skip
    asked = award(least_assurance="supervised")
    for assurance, lacks in (
        ("marked by a person", ["exercise e: marked by a person, and the award needs supervised"]),
        ("supervised", []),
    ):
        learner = Learner.model_validate({"learner": "ada", "evidence": [piece | {"assurance": assurance}]})
        assert list(decide(learner, asked).lacks) == lacks
        assert decide(learner, award()).earned
        assert decide(learner, award(least_assurance="self-reported")).earned, (
            "never less than the award asks"
        )


SOURCE = Path(__file__).parents[2] / "exercises/source"


@pytest.mark.parametrize("name", sorted(one.name for one in SOURCE.iterdir() if one.is_dir()))
def test_every_exercise_has_questions_that_another_cannot_answer(name):
    """Each question shows or names something of the learner's own, and the second page says what to hear."""
    template = read(SOURCE / name / "viva.yml")
    assert len(template.questions) >= 5
    for question in template.questions:
        assert question.code or any(side == "their" for side, _, _ in question.places), question.id
        assert any(side == "right" for side, _, _ in question.places), question.id


def test_questions_go_first_where_the_learner_differs_and_stay_the_same(sample):
    template = read(sample / "exercises/greeting/viva.yml")
    work = Work()
    work.code = {"half": "def half(n):\n    return n // 2", "area": "raise NotImplementedError"}
    work.their = {"sevenths": {"7": "3", "8": "4"}, "disc": "12.57"}
    work.right = {"sevenths": {"7": "3.5", "8": "4"}, "disc": "12.57"}
    asked = choose(template, work, "ada", 3)
    assert [one.id for one in asked] == ["fraction", "whole", "both"], (
        "without an answer no question about it"
    )
    assert asked == choose(template, work, "ada", 3)
    assert asked[0].ask.startswith("Your half of 7 is 3.") and "3.5" in asked[0].expect
    work.their = {}
    with pytest.raises(InputFault, match="too little"):
        choose(template, work, "ada", 3)


def test_a_sentence_of_a_sheet_is_quoted_whole_and_a_longer_text_shows_its_cut(capsys):
    sentence, page = "word " * 30, "word " * 100
    names = {"texts": {"one": sentence, "all": page}}
    exec(values._LOOK.format(word="look", most=5, longest=values._TEXT + 1), names)

    names["look"]("texts", "texts")
    _, found = json.loads(capsys.readouterr().out.partition(" ")[2])
    shown = values._plain(found)

    assert shown["one"] == sentence
    assert shown["all"].endswith("…") and len(shown["all"]) == values._TEXT


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "viva/2"}, "is not of schema"),
        ({"values": {"disc": "area("}}, "names and expressions"),
        ({"questions": []}, "less than three"),
        ({"values": {"disc": "1"}}, "there is no value 'sevenths'"),
    ],
)
def test_a_faulty_template_is_one_line(tmp_path, sample, change, said):
    data = yaml.safe_load((sample / "exercises/greeting/viva.yml").read_text())
    path = tmp_path / "viva.yml"
    path.write_text(yaml.safe_dump(data | change))
    with pytest.raises(InputFault, match=said) as told:
        read(path)
    assert told.value.remedy
