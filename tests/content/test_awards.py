"""What earns a record exists, is enough to know what the record says, and can be earned."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.records import awards
from scenarios.engine import load

ROOT = Path(__file__).resolve().parents[2]
AWARDS = awards.load(ROOT / "exercises" / "awards.yml").awards
CORE = ("classification", "export-controls", "publication", "incidents")


@pytest.mark.parametrize("award", AWARDS, ids=lambda award: award.id)
def test_an_award_asks_only_for_what_exists(award: awards.Award) -> None:
    exercises = {path.parent.name for path in (ROOT / "exercises" / "source").glob("*/meta.yml")}
    played = {path.parent.name: load(path).kind for path in (ROOT / "scenarios" / "cases").glob("*/case.md")}

    assert set(award.needs.exercises) <= exercises
    assert {played.get(name) for name in award.needs.cases} == {"case"}
    assert {played.get(name) for name in award.needs.quizzes} == {"quiz"}


def test_the_practitioner_has_done_all_of_the_core_modules_and_was_read_by_a_person() -> None:
    award = next(award for award in AWARDS if award.id == "practitioner")
    of_modules = [load(path) for path in (ROOT / "scenarios" / "cases").glob("*/case.md")]

    assert set(award.needs.exercises) == set(CORE)
    assert {need.percent for need in award.needs.exercises.values()} == {80}
    assert award.least_assurance == "marked by a person"
    assert set(award.needs.cases) == {case.id for case in of_modules if case.kind == "case"}
    assert set(award.needs.quizzes) == {
        case.id for case in of_modules if case.kind == "quiz" and not case.inline
    }


def test_awareness_asks_for_a_case_and_a_quiz_of_each_core_module() -> None:
    award = next(award for award in AWARDS if award.id == "awareness")
    played = {
        name: load(ROOT / "scenarios" / "cases" / name) for name in [*award.needs.cases, *award.needs.quizzes]
    }

    assert sorted(played[name].module for name in award.needs.cases) == sorted(CORE)
    assert sorted(played[name].module for name in award.needs.quizzes) == sorted(CORE)


def test_nobody_is_promised_what_cannot_be_earned_yet() -> None:
    assert {award.id for award in AWARDS} == {"export-controls", "awareness", "practitioner"}
    assert not any(topic.covered == "yes" for award in AWARDS for topic in award.alignment)
