"""What test cells of ordinary courses do with a learner's work: each idiom comes through the hatch."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.rooms import pairs

pytestmark = pytest.mark.slow

IDIOMS = yaml.safe_load((Path(__file__).parent / "idioms.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def parent():
    names = ("numpy", "matplotlib.pyplot", "pandas", "qiskit", "qiskit_aer", "qiskit_aer.noise", "pytest")
    with pairs.parent(*names) as one:
        yield one


@pytest.mark.parametrize("idiom", IDIOMS)
def test_an_idiom_comes_through(parent, idiom):
    """First as the instructor's own solution, then with no more allowed than that has used."""
    told = IDIOMS[idiom]
    names = {"made"} | pairs.bound(told["solution"])
    own = None
    for _ in range(2):
        tested = pairs.through(
            parent, told.get("given", ""), told["solution"], told["test"], names=names, own=own
        )
        assert tested.error is None, (tested.error, tested.refused)
        assert tested.refused == []
        assert tested.lost is None
        own = tested.own
