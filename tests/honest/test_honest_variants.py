"""Honest learners keep their marks, whatever is odd about their notebooks; where stock differs is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.honest import stock, variant
from tests.honest.ours import Graded
from tests.honest.variants import VARIANTS

ALL = ("all",)
STDERR = "stock gives nothing for a test cell with a line on stderr, whoever wrote it"
ENDS = "stock ends its whole run at this file"
NO_NOTEBOOK = "stock takes no notebook of another name, and says at the end that its run has failed"

# Where stock gives honest work less than it earned: which cells, and why ours is right.
STOCK_GIVES_LESS: dict[str, tuple[tuple[str, ...], str]] = {
    "warns-in-functions": (("mean-test",), STDERR),
    "writes-to-stderr-when-called": (("mean-test",), STDERR),
    "logs-when-called": (("mean-test",), STDERR),
    "progress-bar-when-called": (("mean-test",), STDERR),
    "prints-a-traceback-when-called": (("mean-test",), STDERR),
    "numpy-warns-when-called": (("mean-test",), STDERR),
    "test-above-its-answer": (("mean-test",), "stock runs cells in the order of the submission"),
    "given-cell-deleted": (
        ("mean-test", "normalised-test", "roots-test", "load-test"),
        "stock runs the submission's own given cells, and here there are none",
    ),
    "test-deleted": (("evens-test",), "stock cannot score a test that is not in the submission"),
    "draft-above-the-answer": (ALL, ENDS),
    "test-stands-twice": (ALL, ENDS),
    "byte-order-mark": (ALL, ENDS),
    "renamed-by-the-browser": (ALL, NO_NOTEBOOK),
    "renamed-by-hand": (ALL, NO_NOTEBOOK),
    "shadows-sum": (("load-test",), "in stock the learner's names are the test's names"),
}
ENDS_STOCK = {name for name, (_, why) in STOCK_GIVES_LESS.items() if why in (ENDS, NO_NOTEBOOK)}
# Scored in full, and still for a person to look at.
LOOKED_AT = {"draft-above-the-answer": "two texts bear the name of one answer"}
POINTS = {name: variant.points_of(source) for name, source in variant.sources().items()}


def expected() -> dict[tuple[str, str, str], float]:
    """Tell what every test cell of every variant is worth."""
    return {
        (one.name, one.notebook, cell): points
        for one in VARIANTS
        for cell, points in one.expected(POINTS[one.notebook]).items()
    }


def test_variants_are_many_and_each_says_why_it_is_there():
    assert len(VARIANTS) >= 80
    assert len({one.name for one in VARIANTS}) == len(VARIANTS)
    assert all(one.reason.endswith(".") and one.reason.count(". ") == 0 for one in VARIANTS)
    assert {one.name for one in VARIANTS} >= set(STOCK_GIVES_LESS) | set(LOOKED_AT)


@pytest.mark.proof
def test_no_honest_work_loses(variants_graded: Graded):
    lost = {
        key: (cell["score"], cell["outcome"], cell["through"], cell["message"])
        for key, points in expected().items()
        if (cell := variants_graded.cells(*key[:2])[key[2]])["score"] != points
    }
    assert not lost


@pytest.mark.proof
def test_each_is_graded_and_says_how(variants_graded: Graded):
    for one in VARIANTS:
        result = variants_graded.results[one.name, one.notebook]
        assert result["status"] == ("needs-review" if one.name in LOOKED_AT else "graded"), result["reasons"]
        ways = {cell["through"] for cell in result["cells"] if cell["grade_id"] in POINTS[one.notebook]}
        # The tests of this course were written for no grader in particular; none needs the fallback but one.
        assert ways <= {"hatch", "handles"}, (one.name, ways)


@pytest.mark.proof
def test_what_a_person_marks_waits_for_a_person(variants_graded: Graded):
    cells = variants_graded.cells("as-the-course-solves-it", "signals")
    assert {name: (cells[name]["score"], cells[name]["through"]) for name in ("plan", "why", "sketch")} == {
        "plan": (None, "person"),
        "why": (None, "person"),
        "sketch": (None, "person"),
    }
    blank = variants_graded.cells("answers-left-as-given", "signals")
    assert [blank[name]["score"] for name in ("plan", "why", "sketch")] == [0, 0, None]


@pytest.mark.proof
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("renamed-by-the-browser", "the notebook was called 'signals (1).ipynb'"),
        ("test-deleted", "the cell 'evens-test' is missing"),
        ("written-answer-deleted", "the cell 'why' is missing"),
        ("test-edited", "the locked cell 'mean-test' was changed"),
        ("test-stands-twice", "the cell 'mean-test' stands 2 times"),
        ("cells-moved-up", "cells were moved"),
    ],
)
def test_what_was_moved_or_missing_is_said(variants_graded: Graded, name: str, words: str):
    reasons = variants_graded.results[name, "signals"]["reasons"]
    assert any(words in reason for reason in reasons), reasons


def differs_only_as_listed(stock_scores: stock.Scores, names: set[str]) -> None:
    """Stock gives what is due, or less where the table says so; and the table lists nothing else."""
    found: dict[str, set[str]] = {}
    for (name, notebook, cell), points in expected().items():
        if name in names and (score := stock_scores.get((name, notebook, cell))) != points:
            assert score is None or score < points, (name, cell, score)
            found.setdefault(name, set()).add(cell)
    signals = set(POINTS["signals"])
    listed = {
        name: signals if cells == ALL else set(cells)
        for name, (cells, _) in STOCK_GIVES_LESS.items()
        if name in names
    }
    assert found == listed


@pytest.mark.proof
@pytest.mark.timeout(1200)
def test_stock_agrees_on_everything(variants_course: Path):
    found = stock.autograde(variants_course, "ps1", alone=ENDS_STOCK)
    differs_only_as_listed(found, {one.name for one in VARIANTS})
