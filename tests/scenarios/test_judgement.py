"""Rules of the second edition: what asks no judgement of a learner is found, in its scene, with a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from scenarios.engine import cues, loads, numbers, rules_course
from scenarios.engine.check import check, check_file
from scenarios.engine.cli import main
from scenarios.engine.explore import explore
from scenarios.engine.fitting import Fitting

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLE = REPOSITORY / "tests/sample_course/scenarios/cases/borrowed-login"
NEW = ("module: sample\n", "module: sample\nrules: 2\n")


@pytest.fixture(scope="module")
def sample_text():
    return (SAMPLE / "case.md").read_text(encoding="utf-8")


@pytest.fixture
def findings(sample_text, facts):
    """Edit the sample case, hold it to the second edition, and give what its rules find."""

    def run(*changes):
        text = sample_text
        for old, new in (NEW, *changes):
            assert old in text, old
            text = text.replace(old, new, 1)
        return check(loads(text), facts).findings

    return run


def fitting_of(case):
    space = explore(case)
    return Fitting(space, numbers.order(space)[0])


def said(found, rule):
    return [f"{each.message}; {each.remedy}" for each in found if each.rule == rule]


def test_a_case_of_the_first_edition_is_told_only_when_asked(sample_text, facts):
    assert check(loads(sample_text), facts).findings == []
    asked = check_file(SAMPLE, facts, all_rules=True)
    assert asked.passed and {each.severity for each in asked.findings} == {"warning"}
    assert {"deserved", "fork", "memory", "costs"} <= {each.rule for each in asked.findings}


def test_the_second_edition_faults_what_the_first_let_pass(findings):
    found = findings()
    assert {each.severity for each in found} == {"fault"}
    assert any(
        "begin a paragraph with `if …`, such as in 'The odd file'" in each for each in said(found, "memory")
    )
    assert any("'Send the link' is right and costs nobody anything" in each for each in said(found, "costs"))
    assert len(said(found, "fork")) == 2


def test_a_wrong_choice_that_leads_to_the_best_ending_is_named(findings):
    password = "`open, security -2, openness +1`"
    found = findings((password, "`open, wrong, security -2, openness +1, set account`"))
    assert any(
        "'The message': 'Send the password' is wrong and can still lead to the best ending" in each
        for each in said(found, "deserved")
    )
    spared = findings((password, "`open, harmless, security -2, openness +1, set account`"))
    assert not any("Send the password" in each for each in said(spared, "deserved"))
    lost = findings((password, "`open, wrong, security -2, openness +1`"))
    assert not any("Send the password" in each for each in said(lost, "deserved"))


def test_a_choice_that_nobody_has_judged_is_named(findings):
    found = said(findings(), "deserved")
    assert "'The message': nothing says whether 'Send the password' is right" in found[0]


def test_a_price_that_somebody_in_the_story_pays_is_a_price(findings):
    free = "`open, openness +1, set shared`"
    assert any("Send the link" in each for each in said(findings(), "costs"))
    assert not any(
        "Send the link" in each for each in said(findings((free, free[:-1] + ", costs Mika`")), "costs")
    )
    with pytest.raises(Exception, match="'Mike' is nobody of this case; did you mean 'Mika'"):
        findings((free, free[:-1] + ", costs Mike`"))


def test_labels_of_different_length_are_named_with_their_scene(findings):
    long = "Send the link, and a page on where the data lie, who made them, and what they cannot be used for"
    found = said(findings(("**Send the link**", f"**{long}**")), "labels")
    assert len(found) == 1 and "level them, first of all in" in found[0] and "'The notebook'" in found[0]


def test_a_fork_with_scenes_of_its_own_is_seen(findings):
    """Two scenes that only some players meet, from two choices of one scene."""
    own = (
        "## The call\n\nShe listens.\n\n- **Go on** → [The morning](#the-morning)\n\n"
        "## The wait\n\nNothing comes.\n\n- **Go on** → [The morning](#the-morning)\n\n## The vendor calls"
    )
    found = findings(
        ("`open, security -1` → [The morning](#the-morning)", "`open, security -1` → [x](#the-wait)"),
        ("`escalate, duty +1, takes 4 h, set told` → [The morning](#the-morning)",
         "`escalate, duty +1, takes 4 h, set told` → [x](#the-call)"),
        ("## The vendor calls", own),
    )  # fmt: skip
    assert said(found, "fork") == []


def test_a_player_who_goes_by_the_length_of_labels_is_named(findings):
    """The longest label is made the right one everywhere."""
    more = " and then write a line on what was asked, by whom, for what"
    found = findings(
        ("Ask Prof. Adeyemi to add Mika to the account tonight", "Ask Adeyemi for an account tonight" + more),
        ("**Send the link**", f"**Send the link{more}**"),
        ("who may read it**", f"who may read it{more}**"),
        ("Write the entry yourself, now**", f"Write the entry yourself, now{more}**"),
    )
    cue = [each for each in said(found, "cues") if "takes the longest label" in each]
    assert len(cue) == 1
    assert "reaches the best ending in 100% of plays" in cue[0] and "'The odd file'" in cue[0]


def test_tallies_agree_with_playing_it_out(sample_text):
    """The player who takes the longest label, once by arrays and once by hand."""
    case = loads(sample_text)
    fitting = fitting_of(case)
    player = next(one for one in cues.surface_players() if one.name == "takes the longest label")
    share = fitting.share(player.score(fitting))
    space = fitting.space
    taken = {(space.scene(int(space.source[at])), int(space.number[at])) for at in share.nonzero()[0]}
    for scene in case.scenes:
        lengths = {number: len(choice.label) for number, choice in enumerate(scene.choices, 1)}
        decided = {number for at, number in taken if at == scene.id}
        if len(scene.choices) > 1 and scene.id != "friday":
            assert decided == {number for number in lengths if lengths[number] == max(lengths.values())}


# The third choice is the right one in every scene, and each of these is an `act`.
SLOGAN = (
    ("`escalate, security +1, takes 2 h, set account`", "`act, security +1, takes 2 h, set account`"),
    ("`open, openness +1, set shared`", "`open, openness +1`"),
    ("`escalate, duty +1, takes 3 h`", "`act, duty +1, takes 3 h, set shared`"),
    ("`act, security +1, openness -1, takes 1 h`", "`restrict, security +1, openness -1, takes 1 h`"),
    ("`escalate, duty +1, takes 4 h, set told`", "`act, duty +1, takes 4 h, set told`"),
    ("`act, duty +1, takes 1 h, set logged`", "`restrict, duty +1, takes 1 h`"),
    ("`open, openness +1` → [Friday]", "`act, openness +1, set logged` → [Friday]"),
)


@pytest.mark.parametrize("name", ["always takes `act`", "always takes number 3"])
def test_a_slogan_that_wins_is_named(findings, name):
    """As in November, when two cases fell to whoever always took the third choice, or always `act`."""
    found = [each for each in said(findings(*SLOGAN), "cues") if name in each]
    assert len(found) == 1 and "in 100% of plays" in found[0]


def test_all_cases_together_are_held_to_attitudes_cues_and_names(facts, tmp_path, sample_text):
    """Two cases in which `act` wins and which share a name: told as warnings, since two show little."""
    reports = []
    for name in ("one", "another"):
        text = sample_text.replace("id: borrowed-login", f"id: {name}")
        for old, new in SLOGAN:
            text = text.replace(old, new, 1)
        (tmp_path / name).mkdir()
        (tmp_path / name / "case.md").write_text(text, encoding="utf-8")
        reports.append(check_file(tmp_path / name, facts))
    together = rules_course.check(reports, everything=True)
    assert together is not None and together.passed
    found = {each.rule: f"{each.message}; {each.remedy}" for each in together.findings}
    assert set(found) >= {"cues", "stances", "names"}
    words = [each.message for each in together.findings]
    assert any("`restrict` is the one right choice in 0%" in each for each in words)
    assert any("a player who always takes `act` decides well" in each for each in words)
    assert any("weighs surface cues as the other cases teach" in each for each in words)
    assert any("the name 'Mika' is borne in one and in another" in each for each in words)


def test_a_new_case_must_declare_the_newest_rules(tmp_path, sample_text):
    """Beside a list of older cases, one that is not on it fails."""
    folder = tmp_path / "borrowed-login"
    folder.mkdir()
    (folder / "case.md").write_text(sample_text, encoding="utf-8")
    run = lambda: CliRunner().invoke(main, ["check", "--cases", str(tmp_path)])  # noqa: E731
    assert run().exit_code == 0
    (tmp_path / "rules-1.txt").write_text("# older\nanother-one\n", encoding="utf-8")
    shown = run()
    assert shown.exit_code == 1 and "write rules: 2 in its head" in shown.output
    (tmp_path / "rules-1.txt").write_text("borrowed-login  # to be rewritten\n", encoding="utf-8")
    shown = run()
    assert shown.exit_code == 0
    assert "1 of 1 are still held to the rules of edition 1" in shown.output
    assert "'The odd file'" not in shown.output
    asked = CliRunner().invoke(main, ["check", "--all-rules", "--cases", str(tmp_path)])
    assert asked.exit_code == 0 and "warning: 'The odd file'" in asked.output
