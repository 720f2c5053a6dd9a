"""What real assignments ask, in other words: 18 public courses of programming, numerics, data and physics.

Each idiom is a question of theirs with other names and numbers, and an own text. Cells that a record may rest
on are decided in two rooms; here that is nearly all of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.honest import idiom, stock
from tests.honest.ours import Graded

IDIOMS = [one for idioms in idiom.everything(idiom.ASSIGNMENTS).values() for one in idioms]
# Why these need one room for test and answer.
FALLS_BACK = {"written-and-read-again": "the test reads a file that the learner's code writes"}
MOST_IN_TWO_ROOMS = 0.97


def test_there_are_many_and_each_is_whole():
    assert len(IDIOMS) >= 60
    assert len({one.name for one in IDIOMS}) == len(IDIOMS)
    for one in IDIOMS:
        assert one.solution and one.others and one.wrong and "### BEGIN HIDDEN TESTS" in one.test, one.name


@pytest.mark.proof
def test_each_cell_gets_what_it_earns(assignments_graded: Graded):
    wrong = {}
    for one in IDIOMS:
        for learner in idiom.CLASS:
            cell = assignments_graded.cells(learner, one.theme)[one.name]
            full = cell["score"] == idiom.POINTS
            if cell["score"] is None or full == (learner == "wrong"):
                wrong[learner, one.theme, one.name] = (cell["score"], cell["through"], cell["message"])
    assert not wrong


@pytest.mark.proof
def test_nearly_all_are_decided_in_two_rooms(assignments_graded: Graded):
    through = {one.name: assignments_graded.cells("own", one.theme)[one.name]["through"] for one in IDIOMS}
    assert {name for name, way in through.items() if way not in {"hatch", "handles"}} == set(FALLS_BACK)
    assert len(through) - len(FALLS_BACK) >= MOST_IN_TWO_ROOMS * len(through)


@pytest.mark.proof
@pytest.mark.timeout(1200)
def test_stock_says_the_same_of_every_cell(assignments_course: Path, assignments_graded: Graded):
    found = stock.autograde(assignments_course, "idioms")
    differ = {
        (learner, one.theme, one.name): (theirs, ours)
        for one in IDIOMS
        for learner in idiom.CLASS
        if (theirs := found[learner, one.theme, one.name])
        != (ours := assignments_graded.cells(learner, one.theme)[one.name]["score"])
    }
    assert not differ
