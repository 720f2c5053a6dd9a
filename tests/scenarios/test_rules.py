"""Every rule of the checker: a planted fault is found, at its line, with what to do."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from scenarios.engine import load, loads
from scenarios.engine.check import check, check_file
from scenarios.engine.compile import compile_case, read_case
from scenarios.engine.explore import TooManyStates, explore

SAMPLE = Path(__file__).resolve().parents[1] / "sample_course/scenarios/cases/borrowed-login"
TODAY = datetime.date(2026, 11, 22)
ROUTE = "if account and shared and told and logged"


@pytest.fixture(scope="module")
def sample_text():
    return (SAMPLE / "case.md").read_text(encoding="utf-8")


@pytest.fixture
def findings(sample_text, facts):
    """Edit the sample case and give what the checker finds, as it is and read back from its JSON."""

    def run(*changes):
        text = sample_text
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        case = loads(text)
        found = check(case, facts, TODAY).findings
        assert check(read_case(compile_case(case)), facts, TODAY).findings == found
        return {(finding.rule, line_text(text, finding.line)): finding for finding in found}

    return run


def line_text(text, line):
    return text.splitlines()[line - 1] if line else None


def rules_of(found):
    return {rule for rule, _ in found}


def test_the_sample_passes(findings):
    assert findings() == {}


def test_a_flag_that_nothing_reads(findings):
    found = findings(
        ("  shared: you sent", "  lost: you lost it\n  shared: you sent"),
        ("set shared", "set shared, set lost"),
    )
    assert ("unread-flag", "  lost: you lost it") in found


def test_a_flag_that_nothing_sets(findings):
    found = findings((", set logged`", "`"))
    assert ("unset-flag", "  logged: you wrote down what happened") in found


def test_a_scene_that_nothing_reaches(findings):
    island = "## Island\n\nSand.\n\n- **Swim** → [Friday](#friday)\n\n## Friday\n\nMika's"
    found = findings(("## Friday\n\nMika's", island))
    assert ("unreached-scene", "## Island") in found


def test_a_choice_that_is_never_offered(findings):
    found = findings(("`escalate` → [Friday]", "`escalate, if logged and not logged` → [Friday]"))
    assert "unreached-choice" in rules_of(found)


def test_a_scene_in_which_play_is_stuck(findings):
    found = findings(
        ("- **Look back at the week** `else` →", "- **Look back at the week** `else, if late` →")
    )
    stuck = found[("stuck", "## Friday")]
    assert "choices" in stuck.message


def test_a_walk_without_end(findings):
    found = findings(
        ("`escalate` → [Friday](#friday)", "`escalate, again` → [The morning](#the-morning)"),
    )
    assert rules_of(found) == {"endless"}


def test_a_loop_of_once_only_choices_ends(findings):
    found = findings(("`escalate` → [Friday](#friday)", "`escalate` → [The morning](#the-morning)"))
    assert "endless" not in rules_of(found)


@pytest.mark.parametrize(("at", "words"), [(30, "no walk misses"), (1, "every walk misses")])
def test_each_of_several_deadlines_is_held_to_it(findings, at, words):
    several = (
        "clock:\n  unit: h\n  deadlines:\n    late: {at: 12, to: the-vendor-calls, label: you are late}\n"
        f"    second: {{at: {at}, label: a second one has passed}}"
    )
    found = findings(
        ("clock: {unit: h, deadline: 12, late: the-vendor-calls}", several),
        ("openness +1` → [The notebook]", "openness +1, takes 2 h` → [The notebook]"),
        ("openness -1` → [The notebook]", "openness -1, takes 2 h` → [The notebook]"),
    )
    line = next(each for each in several.splitlines() if "second" in each)
    assert words in found[("deadline", line)].message


@pytest.mark.parametrize(("deadline", "words"), [(90, "no walk misses"), (1, "every walk misses")])
def test_a_deadline_that_cannot_be_missed_or_met(findings, deadline, words):
    changes = [("deadline: 12", f"deadline: {deadline}")]
    if deadline == 1:
        changes += [("openness +1` → [The notebook]", "openness +1, takes 2 h` → [The notebook]")]
        changes += [("openness -1` → [The notebook]", "openness -1, takes 2 h` → [The notebook]")]
    found = findings(*changes)
    assert any(rule == "deadline" and words in each.message for (rule, _), each in found.items())


def test_text_that_no_walk_shows_and_text_that_all_walks_show(findings):
    found = findings(
        ("`if not account` Nothing", "`if account and not account` Nothing"),
        ("`if late` The telephone", "`if clock >= 0` The telephone"),
    )
    shown = [each for (rule, _), each in found.items() if rule == "hidden-text"]
    assert {(each.severity, each.message) for each in shown} == {
        ("fault", "no walk shows this text"),
        ("warning", "every walk shows this text"),
    }


def test_an_axis_that_leaves_its_bounds_and_one_that_does_not_fill_them(findings):
    found = findings(("security: {from: -3", "security: {from: -2"), ("duty: {from: -1", "duty: {from: -4"))
    severities = {line.split(":")[0].strip(): each.severity for (rule, line), each in found.items()}
    assert severities == {"security": "fault", "duty": "warning"}
    assert any("write security: {from: -3, to: 2}" in each.remedy for each in found.values())


def test_a_decision_that_one_choice_always_wins(findings):
    found = findings(("`open, security -2, openness +1`", "`open, security +1, openness +1`"))
    assert "no-dilemma" in rules_of(found)


def test_a_decision_whose_choices_come_to_the_same(findings):
    found = findings(
        ("`act, duty +1, takes 1 h, set logged`", "`act, set logged`"),
        ("`open, openness +1` → [Friday]", "`open` → [Friday]"),
        ("`restrict, openness -1, duty -1`", "`restrict`"),
    )
    assert any("is no decision" in each.message for (rule, _), each in found.items() if rule == "no-dilemma")


def test_a_choice_without_stance(findings):
    found = findings(("`open, security -1` → [The morning]", "`security -1` → [The morning]"))
    assert (
        "stance",
        "- **Leave it; Mika belongs to the group** `security -1` → [The morning](#the-morning)",
    ) in found


def test_a_case_in_which_restriction_is_never_worse(findings, sample_text):
    changes = [
        ("restrict, security +1, openness -1", "restrict, security +3, openness -1"),
        ("`restrict, openness -1, takes 8 h`", "`restrict, security +2, openness -1`"),
        ("`restrict, openness -1, duty -1`", "`restrict, security +2, openness -1, duty -1`"),
    ]
    found = findings(*changes)
    assert "restrict-worse" in rules_of(found)
    assert any("`restrict` never meets" in each.message for each in found.values())


def test_a_best_ending_for_the_single_minded(findings):
    found = findings((ROUTE, "if told"))
    faults = [each for (rule, _), each in found.items() if rule == "single-minded"]
    assert any(
        "always choosing `escalate` can reach the best ending (choices" in each.message for each in faults
    )


def test_a_best_ending_by_luck(findings):
    found = findings((ROUTE, "if account and shared"))
    assert "luck" in rules_of(found)


def test_a_best_ending_that_another_outdoes(findings):
    change = ("→ [A closed door](#ending-a-closed-door)", "→ [A closed door](#ending-a-closed-door)")
    found = findings(("`else` → [A closed", "`else, security +9, openness +9, duty +9` → [A closed"), change)
    assert "best" in rules_of(found)


def test_a_fact_that_does_not_exist_is_named_at_its_line(findings):
    text = "What is controlled is the access: {fact}`us.15cfr734.1999`"
    found = findings(("What is controlled is the access: {fact}`us.15cfr734.19`", text))
    assert ("unknown-fact", text) in found
    assert ("no-fact", "## Ending: A closed door") in found


def test_a_value_that_a_fact_does_not_have(findings):
    found = findings(("technology: {fact}`us.15cfr734.19`", "technology: {fact}`us.15cfr734.19:days`"))
    assert any("has no value 'days'" in each.message for each in found.values())


def test_a_fact_that_only_some_walks_show_does_not_ground_a_debrief(findings):
    found = findings(
        ("A password is not a courtesy: {fact}`us.15cfr734.19`", "A password is not a courtesy."),
        ("`if shared` What was already public", "`if shared` {fact}`us.15cfr734.19` What was public"),
    )
    assert ("no-fact", "## Ending: Somebody else's password") in found


def test_a_stale_fact_is_a_warning_only(sample_text, facts):
    report = check(loads(sample_text), facts, datetime.date(2040, 1, 1))
    assert report.passed
    assert {finding.rule for finding in report.findings} == {"stale-fact"}


def test_a_choice_without_feedback(findings):
    found = findings(("\n  What is published is free to send.\n", ""))
    assert "feedback" in rules_of(found)


def test_minutes_that_do_not_fit_the_text(findings):
    assert ("reading-time", "minutes: [30, 40]") in findings(("minutes: [2, 8]", "minutes: [30, 40]"))
    assert ("reading-time", "minutes: [1, 2]") in findings(("minutes: [2, 8]", "minutes: [1, 2]"))


PLAN = "![Plan of the room: two benches, a door, a screen.](plan.svg)"


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("![](plan.svg)", "alt-text", "the picture 'plan.svg' has no alternative text"),
        ("![A figure](plan.svg)", "alt-text", "the picture 'plan.svg' has no alternative text"),
        (PLAN.replace("plan.svg", "lost.svg"), "figure", "no picture 'lost.svg' beside the case"),
        (PLAN.replace("plan.svg", "../plan.svg"), "figure", "is not the name of a file beside the case"),
        (PLAN.replace("plan.svg", "https://x.test/p.svg"), "figure", "is not the name of a file"),
        (PLAN.replace("plan.svg", "notes.txt"), "figure", "is no picture of a known kind"),
        (PLAN.replace("plan.svg", "large.png"), "figure", "is larger than 500 kB"),
        ("```{figure} plan.svg\n:alt: The plan of the room\n```", "figure", "that only the book could show"),
        ("{cite}`nobody-1999`", "unknown-cite", "the bibliography has no 'nobody-1999'"),
        ("{term}`the moon <gate eror>`", "unknown-term", "the glossary has no 'gate eror'"),
    ],
)
def test_what_the_text_shows_and_names_exists(tmp_path, facts, sample_text, text, rule, words):
    folder = course_with(tmp_path, sample_text.replace("The group meets at nine.", f"{text}\n"))
    found = [each for each in check_file(folder, facts).faults if each.rule == rule]
    assert len(found) == 1
    assert words in found[0].message
    lines = (folder / "case.md").read_text(encoding="utf-8").splitlines()
    assert lines[found[0].line - 1] == text.splitlines()[0]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("A star * alone.", True),
        ("He *left.", True),
        ("Nobody; **said that* twice.", True),
        ("**All; *most*** and ***both***, *one*, `a * b`, $a * b$ and 3 \\* 4.", False),
    ],
)
def test_a_star_that_a_reader_would_see_is_told_with_its_line(tmp_path, facts, sample_text, text, seen):
    folder = course_with(tmp_path, sample_text.replace("The group meets at nine.", f"{text}\n"))
    found = [each for each in check_file(folder, facts).faults if each.rule == "star"]
    lines = (folder / "case.md").read_text(encoding="utf-8").splitlines()
    assert [lines[each.line - 1] for each in found] == [text] * seen


def test_a_label_may_end_with_an_emphasis(tmp_path, sample_text):
    folder = course_with(
        tmp_path, re.sub(r"^- \*\*.+?\*\*", "- **Say it; *now***", sample_text, count=1, flags=re.M)
    )
    labels = [choice.label for scene in load(folder / "case.md").scenes for choice in scene.choices]
    assert labels[0] == "Say it; *now*"


def course_with(tmp_path, text):
    """A case in a course with a bibliography, a glossary and two pictures."""
    folder = tmp_path / "scenarios/cases/borrowed-login"
    folder.mkdir(parents=True)
    (folder / "case.md").write_text(text, encoding="utf-8")
    (folder / "plan.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    (folder / "large.png").write_bytes(b"x" * 500_001)
    (tmp_path / "book/reference").mkdir(parents=True)
    (tmp_path / "book/references.bib").write_text("@article{someone-2020,\n}\n", encoding="utf-8")
    glossary = "```{glossary}\ngate error\n  How often a gate errs.\n```\n"
    (tmp_path / "book/reference/glossary.md").write_text(glossary, encoding="utf-8")
    return folder


def test_good_pictures_and_names_pass_and_one_not_shown_is_a_warning(tmp_path, facts, sample_text):
    text = f"{PLAN}\n\n{{cite}}`someone-2020` {{term}}`Gate error` {{term}}`errors <gate error>`\n"
    folder = course_with(tmp_path, sample_text.replace("The group meets at nine.", text))
    report = check_file(folder, facts)
    assert report.passed, report.faults
    assert [each.message for each in report.findings if each.rule == "figure"] == [
        "no text shows the picture 'large.png'"
    ]
    assert [figure.file for figure in load(folder).figures] == ["plan.svg"]


def test_a_scene_that_reads_like_a_statute_is_a_warning(findings):
    statute = (
        "Notwithstanding the aforementioned authorisation requirements, organisational responsibilities "
        "regarding institutional confidentiality obligations necessitate comprehensive documentation of "
        "international collaborations, particularly concerning technological capabilities whose "
        "dissemination, irrespective of contractual considerations, constitutes an administratively "
        "significant notification responsibility that universities occasionally underestimate when "
        "evaluating interdisciplinary consortia, visiting researchers, electronic repositories and "
        "collaborative instrumentation agreements with industrial organisations.\n"
    )
    found = findings(("The group meets at nine.", statute))
    level = found[("reading-level", "## The morning")]
    assert level.severity == "warning"
    assert "school year" in level.message


def hub(errands, axes_read=False):
    """A hub with errands in any order."""
    condition = ", if security >= 0" if axes_read else ""
    lines = ["---", "schema: case/1", "id: hub", "title: Hub", "module: sample", "minutes: [1, 9]"]
    lines += [
        "outcomes: [E1]",
        "best: ending-out",
        "axes: {security: {from: -9, to: 9}}",
        "---",
        "## Hub",
        "",
    ]
    for number in range(errands):
        lines += [
            f"- **Errand {number}** `act, security +{number % 3}{condition}` → [x](#hub)",
            "",
            "  Done.",
            "",
        ]
    lines += ["- **Out** `open` → [x](#ending-out)", "", "  Out.", ""]
    return loads("\n".join([*lines, "## Ending: Out", "", "### Debrief", "", "{fact}`us.15cfr734.13`"]))


def test_unread_axes_do_not_multiply_states():
    assert len(explore(hub(10)).states) == 2**10 + 1


def test_too_many_states_are_refused_with_what_made_them(facts):
    report = check(hub(18), facts, TODAY, limit=5_000)
    large = [finding for finding in report.findings if finding.rule == "too-large"]
    assert len(large) == 1
    assert "more than 5,000 states: 19 once-only choices and 0 flags meet in scene 'hub'" in large[0].message
    assert large[0].line == 10 + 1


def test_the_bound_counts_what_conditions_read():
    with pytest.raises(TooManyStates, match="conditions read the axis 'security'"):
        explore(hub(10, axes_read=True), limit=500)


def test_a_walk_that_goes_astray_is_reported(tmp_path, facts):
    folder = tmp_path / "borrowed-login"
    (folder / "walks").mkdir(parents=True)
    (folder / "case.md").write_text((SAMPLE / "case.md").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "walks" / "a-clean-week.txt").write_text("3\n1  Send the wrong words\n3\n1\n1\n")
    (folder / "walks" / "a-closed-door.txt").write_text("3\n9\n")
    messages = [each.message for each in check_file(folder, facts).findings if each.rule == "walk"]
    assert any(
        "a-clean-week.txt:2: choice 1 is 'Send the link', not 'Send the wrong words'" in m for m in messages
    )
    assert any(
        "a-closed-door.txt:2: choice 9 in 'the-notebook' is none of its 3 choices" in m for m in messages
    )
    assert any("no walk shows the way to 'Somebody else's password'" in m for m in messages)


def test_line_numbers_of_front_matter_are_kept():
    case = load(SAMPLE)
    text = (SAMPLE / "case.md").read_text(encoding="utf-8").splitlines()
    for key, start in (("axes.openness", "openness:"), ("flags.told", "told:"), ("minutes", "minutes:")):
        assert text[case.lines[key] - 1].strip().startswith(start)


@pytest.mark.proof
def test_the_bound_is_reached_and_refused_without_a_limit_of_its_own(facts):
    report = check(hub(20), facts, TODAY)
    assert any("more than 200,000 states" in finding.message for finding in report.findings)


@pytest.mark.proof
def test_a_hundred_thousand_states_are_checked(facts):
    report = check(hub(16), facts, TODAY)
    assert report.figures["states"] == 2**16 + 1
