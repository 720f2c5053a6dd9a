"""The author's guide says what the program does: its examples are read by the program itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scenarios.engine import loads
from scenarios.engine.check import check_file
from scenarios.engine.cli import main
from scenarios.engine.conditions import Vocabulary
from scenarios.engine.header import CASE_KEYS
from scenarios.engine.marks import Marks
from scenarios.engine.model import Case, ChoiceLogic, ItemLogic, Logic
from scenarios.engine.parse import parse

REPOSITORY = Path(__file__).resolve().parents[2]
GUIDE = (REPOSITORY / "scenarios/README.md").read_text(encoding="utf-8")
FORMAT = (REPOSITORY / "book/colophon/scenario-format.md").read_text(encoding="utf-8")
WORDS = Vocabulary(("security", "openness"), ("asked",), clock=True, people=("Jun",))


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL)


def test_the_head_in_the_guide_is_read():
    head, clock = blocks("yaml")
    scenes = "\n## A\n\n- **Go** → [B](#ending-b)\n\n## Ending: B\n\n### Debrief\n\nText.\n"
    draft = parse(head + scenes)
    assert draft.header.id == "the-shared-drive"
    assert set(draft.header.document.data) <= set(CASE_KEYS)
    several = re.sub(r"^clock: .*\n", clock, head, flags=re.MULTILINE)
    several = several.replace("flags:\n", "flags:\n  warned: you warned\n  reported: you reported\n")
    assert [each.at for each in parse(several + scenes).header.deadlines] == [24, 72]


def test_the_question_in_the_guide_is_read():
    (question,) = [block for block in blocks("markdown") if "outcomes" in block]
    head = "---\nschema: case/1\nkind: quiz\nid: q\ntitle: Q\nmodule: m\nminutes: 5\noutcomes: [E5]\n---\n\n"
    quiz = loads(head + question)
    assert quiz.logic.items[0].forms[0].correct == (2,)


# The table's second column also names the units and the word `if`, which are no marks by themselves.
PARTS = ("min", "h", "d", "if")
TABLE = GUIDE.split("| mark | means |")[1].split("\n\n")[0]
MARKS = [mark for mark in re.findall(r"`([^`]+)`", TABLE) if mark not in PARTS]


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_in_the_guide_is_read(mark):
    Marks().read(mark, WORDS, "h")


TEMPLATE = (REPOSITORY / "scenarios/engine/template/case.md").read_text(encoding="utf-8")
ROUTE = "if account and shared and told and logged"
NOT_INDENTED = ("\n  The run starts at eight.\n", "\nThe run starts at eight.\n")
CHANGES = {
    "a player at random reaches the best ending in 11.1% of plays": [(ROUTE, "if account and shared")],
    "'Send the password' is at least as good as every other choice at every visit, on every axis": [
        ("`open, security -2, openness +1`", "`open, security +1, openness +1`")
    ],
    "always choosing `escalate` can reach the best ending (choices 3, 3, 3, 2, 1)": [(ROUTE, "if told")],
    "no walk misses the deadline of 12 h ('late')": [
        ("takes 8 h", "takes 1 h"),
        ("takes 4 h", "takes 1 h"),
    ],
    "play stops in 'Friday' with no choice left (choices 2, 1, 1, 1)": [
        ("`else` → [A closed door]", "`else, if late` → [A closed door]")
    ],
    "the list of choices stops here": [NOT_INDENTED],
    "nothing leads to '#the-notebooks', but lines 39, 44, 50 look for '#the-notebook'": [
        ("## The notebook", "## The notebooks")
    ],
}


@pytest.mark.parametrize("complaint", CHANGES)
def test_the_checker_says_what_the_worked_example_says(complaint, tmp_path, facts):
    assert complaint in GUIDE
    text = TEMPLATE.replace("@fact@", "us.15cfr734.19").replace("@id@", "a").replace("@title@", "A")
    for old, new in CHANGES[complaint]:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "a" / "case.md"
    path.parent.mkdir()
    path.write_text(text.replace("@module@", "m"), encoding="utf-8")
    assert any(complaint in finding.message for finding in check_file(path, facts).findings)


def test_it_is_the_longest_guide():
    others = [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("book/guides/*.md")]
    assert len(GUIDE.splitlines()) > max(len(path.read_text("utf-8").splitlines()) for path in others)


@pytest.mark.parametrize("command", re.findall(r"scenarios ([a-z]+)", GUIDE + FORMAT))
def test_every_command_in_the_documents_exists(command):
    assert command in (*main.commands, "cases", "engine")


def test_the_format_names_every_key():
    for model in (Case, Logic, ChoiceLogic, ItemLogic):
        for name, field in model.model_fields.items():
            key = field.serialization_alias or name
            assert f"`{key}`" in FORMAT or f'"{key}"' in FORMAT, key
