"""Names and states of random generators that a room may claim, and that would do more than they say."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.rooms import outside, signatures
from autograder.rooms.bounds import Refused
from autograder.rooms.surroundings import states

KEY = np.zeros(624, dtype="u4")


def test_a_state_as_it_is_comes_back():
    now = states()
    assert outside._sound(now) == now


@pytest.mark.parametrize(
    "state",
    [
        ("MT19937", KEY, 625, 0, 0.0),
        ("MT19937", KEY, -1, 0, 0.0),
        ("MT19937", KEY, 10**9, 0, 0.0),
        ("MT19937", KEY, True, 0, 0.0),
        ("MT19937", KEY, 1, 2, 0.0),
        ("MT19937", KEY, 1, 0, None),
        ("MT19937", KEY[:600], 1, 0, 0.0),
        ("MT19937", KEY.astype("f8"), 1, 0, 0.0),
        ("MT19937", [0] * 624, 1, 0, 0.0),
        ("PCG64", KEY, 1, 0, 0.0),
    ],
    ids=lambda one: "-".join(map(str, (one[0], np.shape(one[1]), *one[2:]))),
)
def test_a_state_that_no_generator_has_is_refused(state):
    with pytest.raises(Refused):
        outside._sound({"random": None, "numpy": state})


@pytest.mark.parametrize("name", ["__\uff48atch__", "\uff49f", "x\uff3fy"])
def test_a_name_that_the_compiler_reads_as_another_is_none(name):
    assert name.isidentifier() and not signatures.identifier(name)


@pytest.mark.parametrize("name", ["größe", "θ", "число", "x_1"])
def test_names_of_every_script_stay_names(name):
    assert signatures.identifier(name)
