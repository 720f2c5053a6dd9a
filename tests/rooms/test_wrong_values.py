"""What stands behind a failed check is told as short texts, and no method of a learner's is asked for it."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.rooms.wrong_values import wrong_values


class Loud:
    def __repr__(self):
        raise AssertionError("asked")


class Text(str):
    def __repr__(self):
        raise AssertionError("asked")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "None"),
        (True, "True"),
        (0.5000000001, "0.5"),
        (np.float64(0.1) + 0.2, "0.3"),
        (np.int64(7), "7"),
        (1 + 2j, "1+2j"),
        ("a" * 100, "'" + "a" * 59),
        (10**90, "a very large number"),
        ([1, 2.0, "x"], "[1, 2, 'x']"),
        (tuple(range(9)), "[0, 1, 2, 3, 4, 5, … (9 in all)]"),
    ],
)
def test_plain_values_read_the_same_for_equal_answers(value, said):
    assert wrong_values("assert answer == 1", ["answer"], {"answer": value}) == {"answer": said}


@pytest.mark.parametrize("value", [Loud(), Text("x"), [Loud()], {1: 2}, len, np.zeros(3)])
def test_what_is_no_plain_data_is_left_out(value):
    assert wrong_values("answer", ["answer"], {"answer": value}) == {}


def test_only_names_that_the_test_mentions_and_that_are_there():
    assert wrong_values("f(a)", ["a", "ab", "gone"], {"a": 1, "ab": 2}) == {"a": "1"}
