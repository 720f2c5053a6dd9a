"""A room that ends under a notebook: once is bad luck, twice is the notebook's own doing."""

from __future__ import annotations

import json

import pytest

from autograder.course import Course
from autograder.grading import two_rooms
from autograder.grading.run import Order, grade

pytestmark = pytest.mark.slow


def logged(course):
    (line,) = (course / "results.jsonl").read_text().splitlines()
    return json.loads(line)["log"]


def test_a_room_that_somebody_else_ended_costs_no_marks_and_is_told(course, hands, monkeypatch):
    hands.put("ada", hands.notebook())
    opened = []
    run_pair = two_rooms.run_pair

    def unlucky(rehearsed, job, pair):
        opened.append(pair)
        if len(opened) == 2:  # after the course's own solution, as one of the class
            run = pair.learner.run

            def ended_before(*asked, **options):
                pair.learner.room.kill()
                return run(*asked, **options)

            monkeypatch.setattr(pair.learner, "run", ended_before)
        return run_pair(rehearsed, job, pair)

    monkeypatch.setattr(two_rooms, "run_pair", unlucky)
    (result,) = grade(Course(course), Order("greeting"))
    assert len(opened) == 3
    assert result.score == 7 and result.status == "needs-review" and not result.certifiable
    assert result.reasons == ["its room had ended early, so the notebook was run a second time"]
    assert len(logged(course)) == 1  # a person can still see that it happened


def test_a_notebook_that_ends_its_own_room_is_tried_twice_and_not_more(course, hands):
    hands.put("ada", hands.notebook(area="import os\nos._exit(1)"))
    (result,) = grade(Course(course), Order("greeting"))
    assert {cell.grade_id: cell.score for cell in result.cells}["test-half"] == 2
    assert result.score == 2 and "the room in which the notebook ran ended early" in result.reasons
    assert result.status == "needs-review" and not result.certifiable
    assert len(logged(course)) == 2
