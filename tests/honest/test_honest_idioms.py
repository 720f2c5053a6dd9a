"""Common ways to write a test: honest solutions are scored in full, wrong ones are not.

What cannot go through the hatch runs whole in the learner's room, as in stock; then the results say so, and
no record rests on it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.honest import idiom, stock
from tests.honest.ours import Graded

IDIOMS = [one for idioms in idiom.everything().values() for one in idioms]
STDERR = "numpy itself says on stderr that this function is deprecated, and stock gives nothing for stderr"
STOCK_GIVES_LESS = {"warning-asserted-by-numpy": STDERR}

# What may fall back, and why. Anything else that does is a step back.
FALLS_BACK = {
    "learner code must not decide whether a comparison holds": """
        equal-instances membership truth-and-order own-dataclass
    """,
    "what the test puts in the place of a function is not what the learner's code meets": """
        helper-of-the-learner-patched builtin-forbidden library-function-forbidden library-call-counted
    """,
    "the test and the learner's code share files, variables or names of their process": """
        environment-of-a-call file-written-by-the-learner file-written-by-the-test leaves-no-names-behind
    """,
    "the test looks into code or classes, and a stand-in's are its own": """
        names-in-the-code looks-at-the-class test-subclasses-the-learners-class own-enum own-namedtuple
    """,
    "the test asks whether two things are one, and copies never are": """
        shallow-copy-is-not-enough copy-not-view view-not-copy keeps-its-own-copy the-same-each-time
        attribute-changed-from-outside one-of-the-arguments-is-returned copied-and-pickled ring-of-lists
        closure-counter one-room-after-two
    """,
    "the test works on an object of a library that lives in the learner's room": """
        simulator-as-a-name objects-of-numpy-and-scipy draws-into-given-axes
        drawn-in-the-same-cell
    """,
    "what is lent or called lives in the other room, and changes more than its arguments there": """
        decorator-on-a-hidden-function given-function-called globals-changed-by-a-call
        object-of-a-given-cell
    """,
}


def test_idioms_are_many_and_whole():
    assert len(IDIOMS) >= 45
    assert len({one.name for one in IDIOMS}) == len(IDIOMS)
    for one in IDIOMS:
        assert one.solution and one.test and one.others and one.wrong, one.name
        assert "### BEGIN HIDDEN TESTS" in one.test or one.name == "partial-credit-by-a-loop", one.name
        assert len({one.solution, one.wrong, *one.others}) == 2 + len(one.others), one.name


@pytest.mark.proof
def test_no_honest_solution_loses(idioms_graded: Graded):
    lost = {
        (learner, one.theme, one.name): (cell["score"], cell["outcome"], cell["through"], cell["message"])
        for one in IDIOMS
        for learner in idiom.LEARNERS
        if learner != "wrong"
        and (cell := idioms_graded.cells(learner, one.theme)[one.name])["score"] != idiom.POINTS
    }
    assert not lost


@pytest.mark.proof
def test_no_wrong_solution_is_right(idioms_graded: Graded):
    gained = [
        one.name
        for one in IDIOMS
        if idioms_graded.cells("wrong", one.theme)[one.name]["score"] in (None, idiom.POINTS)
    ]
    assert not gained


@pytest.mark.proof
def test_what_falls_back_is_what_is_meant_to(idioms_graded: Graded):
    through = {one.name: idioms_graded.cells("own", one.theme)[one.name]["through"] for one in IDIOMS}
    assert set(through.values()) == {"hatch", "handles", "fallback"}
    meant = {name for names in FALLS_BACK.values() for name in names.split()}
    assert meant <= set(through)
    assert {name for name, way in through.items() if way == "fallback"} <= meant


@pytest.mark.proof
def test_a_fallback_is_said_and_no_record_rests_on_it(idioms_graded: Graded):
    for one in IDIOMS:
        result = idioms_graded.results["own", one.theme]
        said = any(f"'{one.name}'" in reason for reason in result["reasons"])
        assert said == (idioms_graded.cells("own", one.theme)[one.name]["through"] == "fallback"), one.name
        assert not result["certifiable"]


@pytest.mark.proof
@pytest.mark.timeout(1200)
def test_stock_gives_the_same(idioms_course: Path):
    found = stock.autograde(idioms_course, "idioms")
    less = set()
    for one in IDIOMS:
        for learner in idiom.LEARNERS:
            full = found[learner, one.theme, one.name] == idiom.POINTS
            if learner != "wrong" and not full:
                less.add(one.name)
            assert not (learner == "wrong" and full), one.name
    assert less == set(STOCK_GIVES_LESS)
