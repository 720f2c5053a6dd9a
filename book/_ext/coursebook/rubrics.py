"""The `{exercise-rubric} ID` directive: how the written part is marked, by a marker or by oneself."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from coursebook.cards import ExerciseCard
from coursebook.tables import table_node


def rubric_rows(rubric: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Lay out a rubric: one row for each part, one column for each number of points."""
    parts = rubric["parts"]
    scores = sorted({score for part in parts for score in part["anchors"]})
    head = ["Part", *(f"{score} point{'' if score == 1 else 's'}" for score in scores)]
    rows = [
        [
            f"{part['name']}\n{part['asks']}",
            *(str(part["anchors"].get(score, "–")).strip() for score in scores),
        ]
        for part in parts
    ]
    return head, rows


def sample_nodes(sample: dict[str, Any], parts: list[dict[str, Any]]) -> list[nodes.Node]:
    """Fold a sample answer, with its marks and the reason for them."""
    marks = ", ".join(f"{part['name']} {mark}" for part, mark in zip(parts, sample["marks"], strict=True))
    total, most = sum(sample["marks"]), sum(part["points"] for part in parts)
    summary = f"A {sample['label']} answer, {total} of {most} points"
    quote = nodes.block_quote()
    for paragraph in str(sample["text"]).strip().split("\n\n"):
        quote += nodes.paragraph("", " ".join(paragraph.split()))
    return [
        nodes.raw("", f'<details class="sample"><summary>{escape(summary)}</summary>', format="html"),
        quote,
        nodes.paragraph("", f"{marks}. {' '.join(str(sample['why']).split())}"),
        nodes.raw("", "</details>", format="html"),
    ]


class ExerciseRubric(ExerciseCard):
    """Show an exercise's rubric with its anchors, and the sample answers folded below it."""

    has_content = False

    def _card(self, name: str, meta: dict[str, Any]) -> nodes.container:
        box = nodes.container(classes=["rubric"])
        rubric = meta["rubric"]
        head, rows = rubric_rows(rubric)
        box += table_node(f"Rubric: {rubric['points']} points", head, rows)
        for sample in meta.get("samples", []):
            box += sample_nodes(sample, rubric["parts"])
        return box


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("exercise-rubric", ExerciseRubric)
