"""The rubric is laid out so that a marker reads one row and chooses one column."""

from __future__ import annotations

import pytest
from coursebook.rubrics import rubric_rows, sample_nodes

PARTS = [
    {"name": "Device", "points": 2, "asks": "What it is.", "anchors": {0: "Nothing.", 1: "Some.", 2: "All."}},
    {"name": "Tone", "points": 2, "asks": "Measure.", "anchors": {0: "Rude.", 2: "Fair."}},
]


def test_a_part_is_a_row_and_each_number_of_points_a_column() -> None:
    head, rows = rubric_rows({"parts": PARTS})

    assert head == ["Part", "0 points", "1 point", "2 points"]
    assert rows == [
        ["Device\nWhat it is.", "Nothing.", "Some.", "All."],
        ["Tone\nMeasure.", "Rude.", "–", "Fair."],
    ]


def test_a_sample_is_folded_and_says_its_marks() -> None:
    sample = {
        "label": "poor",
        "marks": [1, 0],
        "text": "Hi <b>you</b>,\n\nall is well.",
        "why": "No numbers.",
    }
    shown = sample_nodes(sample, PARTS)

    assert "A poor answer, 1 of 4 points" in shown[0].astext()
    assert shown[2].astext() == "Device 1, Tone 0. No numbers."
    assert shown[1].children[0].astext() == "Hi <b>you</b>,"


def test_a_sample_without_a_mark_for_each_part_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        sample_nodes({"label": "good", "marks": [2], "text": "x", "why": "y"}, PARTS)
