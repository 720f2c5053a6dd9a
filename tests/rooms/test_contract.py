"""What a learner's object may be asked: as much as the solution had at its place, and no more."""

from __future__ import annotations

import pytest

from autograder.rooms.bounds import Refused
from autograder.rooms.contract import Contract
from autograder.rooms.handles import handle_class


def thing():
    """What stands for an object of the learner's own class in the examiner's room."""
    return object.__new__(handle_class(None, "Thing", (), None))


def holding(own, value, numbers=True):
    """A contract under which the learner's name `x` has just been fetched."""
    contract = Contract({}, {id(value): 1} if numbers else {}, set())
    contract.begin(own, ["Thing"])
    contract.named("x", value, [value])
    return contract


def test_an_object_where_the_solution_had_none_is_closed_and_may_not_be_asked():
    value = thing()
    contract = holding(["name:y~thing"], value)
    assert contract.closed(value)
    assert contract.bars("get", (value, "num_qubits"))
    assert contract.bars("call", (value,))
    assert not contract.bars("len", (value,)), "going through something gives plain values only"


def test_an_object_where_the_solution_had_one_may_be_asked():
    value = thing()
    seen = holding(None, value)
    assert not seen.closed(value)
    contract = holding(seen.used, value)
    assert not contract.closed(value)
    assert not contract.bars("get", (value, "num_qubits"))


def test_a_function_where_the_solution_had_none_is_refused():
    with pytest.raises(Refused, match="a function where the solution has none"):
        holding([], thing(), numbers=False)
