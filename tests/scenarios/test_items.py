"""Rules of the second edition about quizzes: what gives a key away is found, and the item is named."""

from __future__ import annotations

import re

import pytest
from coursefacts.errors import InputFault

from scenarios.engine import loads, rules_course, rules_items
from scenarios.engine.check import check, check_file

HEAD = (
    "---\nschema: case/1\nkind: quiz\nid: q\ntitle: Q\nmodule: m\nminutes: [1, 9]\noutcomes: [E5]\n"
    "rules: 2\n---\n"
)
WORDS = ["alder", "birch", "cedar", "maple", "hazel", "aspen"]


def quiz(*keys, right=None, wrong=None):
    """Six items of three options of one length; `keys` are the places of the right ones, from 0."""
    text = HEAD
    for number, key in enumerate(keys):
        text += f"\n## Tree {WORDS[number]}\n\n`outcomes E5`\n\nWhich one stands by the gate?\n\n"
        for at in range(3):
            fine = at in (key if isinstance(key, tuple) else (key,))
            label = (right if fine else wrong) or f"It is number {WORDS[(number + at) % 6]}"
            text += f"- [{'x' if fine else ' '}] {label.format(at)}\n\n  {{fact}}`us.15cfr734.13`\n\n"
    return text


def found(text, facts):
    return {each.rule: f"{each.message}; {each.remedy}" for each in check(loads(text), facts).findings
            if each.rule.startswith("item") and each.rule != "item-forms"}  # fmt: skip


EVEN = (0, 1, 2, 0, 1, 2)
FLOOD = "It is the one that was planted in the year of the flood, {}"
ECHO = {"right": "It stands by this gate {}", "wrong": "It lies on that hill {}"}


def test_items_without_cues_pass(facts):
    assert found(quiz(*EVEN), facts) == {}


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        (quiz(*EVEN, right=FLOOD), "item-length", "times as long"),
        (quiz(0, 0, 0, 0, 1, 2), "item-cues", "place 1 is right in 67% of 6 items, by chance in 33%"),
        (quiz(*EVEN, **ECHO), "item-cues", "shares most words"),
        (quiz(*EVEN, wrong="It is never number {}"), "item-absolute", "in wrong options alone"),
        (quiz((0, 1), (0, 1), (0, 2), 0, 1, 2), "item-block", "in 2 of 3 items"),
    ],
)  # fmt: skip
def test_what_gives_a_key_away_is_found(text, rule, words, facts):
    told = found(text, facts)
    assert words in told[rule]
    assert "Tree" in told[rule]


def test_an_item_with_one_form_is_found_and_each_form_is_looked_at(facts):
    """Whoever comes back to a question must meet it in another situation, and be told a source there too."""
    text, form = quiz(*EVEN), "\n### Another form\n\nWhich?\n\n- [ ] A\n\n  No.\n\n- [x] B\n\n  Yes.\n"
    head, *trees = text.split("\n## Tree")
    more = head + "\n## Tree" + f"{form}\n## Tree".join(trees)
    one, two = (check(loads(each), facts).findings for each in (text, more))
    assert [each.rule for each in one].count("item-forms") == 6
    assert [each.rule for each in two].count("item-forms") == 1, "the last question has no other form"
    lines = more.splitlines()
    named = [lines[(each.line or 0) - 1] for each in two if each.rule == "no-fact"]
    assert named == ["### Another form"] * 5


BOX = "## The box\n\n`outcomes E5`\n\nHow heavy?\n\n"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["[x=] heavy"], "'heavy' can be typed by nobody"),
        (["[x=] 4 ± much kg"], "can be typed by nobody"),
        (["[x=] 4 kg", "[ ] 5 kg"], "options to choose and answers to type"),
        (["[x=] 4 kg", "[ =] 5 g"], "answers of several kinds or units"),
        (["[x=] 4 kg", '[ =] "five"'], "answers of several kinds or units"),
        (["[ =] 4 kg"], "0 right answers to type"),
        (["[x=] 4 ± 1 kg", "[ =] 5 kg"], "answers that are the same: '4 ± 1 kg' and '5 kg'"),
        (['[x=] "The Box"', '[ =] "box"'], "answers that are the same"),
    ],
)  # fmt: skip
def test_a_slip_in_typed_answers_is_told_at_its_line(options, words):
    with pytest.raises(InputFault, match=re.escape(words)) as caught:
        loads(HEAD + BOX + "".join(f"- {each}\n\n  Because.\n\n" for each in options))
    assert caught.value.line is not None and caught.value.remedy


def test_a_quiz_of_the_first_edition_is_told_only_when_asked(facts, tmp_path):
    """In November the longest option was the key in 27 of 40 items."""
    path = tmp_path / "q" / "case.md"
    path.parent.mkdir()
    path.write_text(quiz(0, 0, 0, 0, 1, 2, right=FLOOD).replace("rules: 2\n", ""), encoding="utf-8")
    assert not any(each.rule.startswith("item") for each in check_file(path, facts).findings)
    told = [each for each in check_file(path, facts, all_rules=True).findings if each.rule.startswith("item")]
    assert any("takes the longest option" in each.message for each in told)
    assert any("always takes place 1" in each.message for each in told)
    assert {each.severity for each in told} == {"warning"}


def test_words_of_other_quizzes_give_no_key_away(facts):
    """Two quizzes whose right options share their words."""
    cue = {"right": "It has been reported in writing {}", "wrong": "It was mentioned over a coffee {}"}
    reports = []
    for name in ("one", "two"):
        case = loads(quiz(*EVEN, **cue).replace("id: q", f"id: {name}"))
        reports.append(check(case, facts))
    together = rules_course.check(reports)
    assert together is not None and not together.passed
    assert [each.message.split(" is right")[0] for each in together.faults] == [
        f"{name}: a player who knows which words are right in the other quizzes" for name in ("one", "two")
    ]


def test_ties_count_their_share():
    item = rules_items.items(loads(quiz(*EVEN)))[0]
    assert rules_items.share(lambda item, at: 0.0, item) == pytest.approx(1 / 3)
