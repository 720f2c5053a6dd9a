"""Every case of the course, discovered: it passes, its walks lead home, its JSON is valid."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from scenarios.engine import editions, load, rules_course, rules_walks
from scenarios.engine.check import check_file
from scenarios.engine.compile import compile_case, json_schema, read_case
from scenarios.engine.findings import Report

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMA = REPOSITORY / "scenarios/engine/scenario-1.schema.json"
CASES = sorted(REPOSITORY.glob("scenarios/cases/*/case.md"))
ALL = [*CASES, *sorted(REPOSITORY.glob("tests/sample_course/scenarios/cases/*/case.md"))]
WALKS = sorted(walk for case in ALL for walk in case.parent.glob("walks/*.txt"))


CHECKED: dict[Path, Report] = {}
"""What was checked already: all together are held to rules of their own."""


def name(path):
    return path.stem if path.suffix == ".txt" else path.parent.name


@pytest.mark.parametrize("path", ALL, ids=name)
def test_case_passes_every_rule(path, facts):
    report = check_file(path, facts)
    report.findings += editions.undeclared(report, path.parent.parent)
    assert [finding.say(report.path) for finding in report.faults] == []
    CHECKED[path] = report


def test_the_cases_together_pass_every_rule(facts):
    reports = [CHECKED.get(path) or check_file(path, facts) for path in CASES]
    together = rules_course.check(reports)
    assert together is None or [finding.say("cases") for finding in together.faults] == []


@pytest.mark.parametrize("path", WALKS, ids=name)
def test_walk_leads_to_the_ending_it_is_named_after(path):
    case = load(path.parent.parent)
    assert rules_walks.name_of(rules_walks.run(case, path)) == path.stem


@pytest.mark.parametrize("path", ALL, ids=name)
def test_case_survives_its_json(path):
    case = load(path)
    data = json.loads(json.dumps(compile_case(case)))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(data)
    assert read_case(data) == case


@pytest.mark.parametrize("path", ALL, ids=name)
def test_every_line_number_points_at_what_it_says(path):
    case = load(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    for scene in case.scenes:
        assert scene.title in lines[scene.line - 1]
        choices = [*scene.choices, *(choice for form in scene.forms for choice in form.choices)]
        stems = [prose for form in scene.forms for prose in form.prose]
        for choice in choices:
            assert choice.label[:10] in lines[choice.line - 1]
        for prose in (*scene.prose, *stems, *scene.debrief, *(p for c in choices for p in c.feedback)):
            for number, text in enumerate(prose.source.splitlines()):
                assert text in lines[prose.line - 1 + number]


@pytest.mark.parametrize("path", CASES, ids=name)
def test_case_of_the_course_is_as_large_as_the_curriculum_asks(path):
    case = load(path)
    if case.inline:
        assert case.kind == "quiz"
    elif case.kind == "quiz":
        assert 10 <= len(case.scenes) <= 15
    else:
        assert 12 <= len(case.scenes) - len(case.endings) <= 30
        assert 3 <= len(case.endings) <= 5
        assert case.logic.clock is not None


def test_the_schema_is_current():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json_schema(), "scenarios schema > the file"


def test_compiled_json_that_was_changed_by_hand_is_refused():
    data = compile_case(load(ALL[0]))
    data["logic"]["id"] = "other"
    with pytest.raises(Exception, match="does not match its digest"):
        read_case(data)
