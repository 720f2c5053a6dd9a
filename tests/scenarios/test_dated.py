"""Until when a question is graded follows from its facts; terminal, replay and exercises agree on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from coursefacts import load as load_facts

from scenarios.engine import load
from scenarios.engine.citations import facts_cited
from scenarios.engine.cli import main
from scenarios.engine.dated import day_of, graded, graded_until
from tests.scenarios.kinds import kind_of

ROOT = Path(__file__).resolve().parents[2]
QUIZZES = [path for path in sorted(ROOT.glob("scenarios/cases/*/case.md")) if kind_of(path) == "quiz"]
FACT = (ROOT / "tests/coursefacts/sound.yml").read_text(encoding="utf-8")
QUIZ = """\
---
schema: case/1
kind: quiz
id: a-bill
title: A bill
module: incidents
minutes: [1, 3]
outcomes: [I1]
---

Two questions.

## The bill

`outcomes I1`

Does it bind anybody?

- [ ] Yes

  No: {fact}`us.test.a`

- [x] No

  Not yet: {fact}`us.test.a:qubits`

## The sky

`outcomes I1`

Is it blue?

- [x] Yes

  By day: {fact}`us.test.b`

- [ ] No

  Look.
"""


class Course:
    """A course of one quiz and two facts; the first of them is a bill."""

    def __init__(self, folder: Path) -> None:
        self.cases = folder / "scenarios" / "cases"
        self.facts = folder / "book" / "facts" / "control-list"
        (self.cases / "a-bill").mkdir(parents=True)
        self.facts.mkdir(parents=True)
        (self.cases / "a-bill" / "case.md").write_text(QUIZ, encoding="utf-8")
        (self.facts / "us.test.b.yml").write_text(FACT.replace("us.test.a", "us.test.b"), encoding="utf-8")
        self.review("2099-01-01")

    def review(self, day: str) -> None:
        bill = FACT.replace("status: in-force", "status: proposed").replace("2027-05-22", day)
        (self.facts / "us.test.a.yml").write_text(bill, encoding="utf-8")

    def run(self, *words: str, given: str = "") -> Result:
        return CliRunner().invoke(main, ["--cases", str(self.cases), *words], input=given)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path)


@pytest.mark.parametrize("path", QUIZZES, ids=lambda path: path.parent.name)
def test_each_question_that_quotes_what_may_change_has_a_last_day(path: Path) -> None:
    case, facts = load(path), load_facts()
    until = graded_until(case, facts)
    for scene in case.scenes:
        unsettled = [facts[name] for name in facts_cited(scene.plain()) if facts[name].unsettled]
        assert until.get(scene.id) == min((fact.review_by for fact in unsettled), default=None)


def test_the_question_what_is_law_is_one_of_them() -> None:
    case = load(ROOT / "scenarios/cases/incidents-quiz/case.md")
    assert "what-is-law" in graded_until(case, load_facts())


def test_the_last_day_counts_and_days_are_those_of_utc() -> None:
    assert graded(None, "2099-01-01") and graded("2027-02-22", "2027-02-22")
    assert not graded("2027-02-22", "2027-02-23")
    assert day_of("2027-02-22T23:30:00-02:00") == "2027-02-23"
    assert day_of("2027-02-22T23:30:00Z") == "2027-02-22"


def test_the_terminal_shows_the_day_and_grades_until_the_review(course: Course) -> None:
    shown = course.run("play", "a-bill", given="1\n1\n")
    words = " ".join(shown.stdout.replace("│", " ").split())
    assert "qubits are listed. (proposed, as of 22 November 2026)" in words
    assert "Not yet: 34 qubits (proposed, as of 22 November 2026)" in words
    assert "Not quite." in shown.stdout and "1 of 2 right." in shown.stdout


def test_after_the_review_the_terminal_says_so_and_replay_agrees(course: Course, tmp_path: Path) -> None:
    saved = tmp_path / "transcript.json"
    course.review("2026-11-23")
    shown = course.run("play", "a-bill", "--save", str(saved), given="1\n1\n").stdout
    assert "Not graded: what it asks about may have changed." in shown
    assert "(was wrong)" in shown and "Not quite." not in shown
    assert "1 of 1 right; 1 not graded." in shown
    said = json.loads(course.run("replay", str(saved)).stdout)
    assert (said["valid"], said["completed"], said["correct"], said["ungraded"]) == (True, True, 1, 1)
    assert [item["graded"] for item in said["items"]] == [False, True]
    assert json.loads(course.run("replay", str(saved)).stdout) == said
    # Whoever finished while the facts were fresh is graded, whenever that is replayed.
    early = json.loads(saved.read_text(encoding="utf-8"))
    early |= {"started": "2026-11-22T10:00:00Z", "finished": "2026-11-22T10:05:00Z"}
    saved.write_text(json.dumps(early), encoding="utf-8")
    said = json.loads(course.run("replay", str(saved)).stdout)
    assert (said["correct"], said["ungraded"], said["message"]) == (1, 0, "1 of 2 right, 2 answered")


def test_reading_the_facts_again_keeps_every_transcript(course: Course, tmp_path: Path) -> None:
    before = load(course.cases / "a-bill")
    course.review("2031-01-01")
    after = load(course.cases / "a-bill")
    assert before.digest == after.digest
    assert graded_until(after, load_facts(course.facts.parent)) == {"the-bill": "2031-01-01"}
