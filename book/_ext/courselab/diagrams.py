"""Diagrams of questions: one column for each law, read from top to bottom."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from courselab.figures import ACCENT, INK, PAPER, QUIET, WASH, Picture, picture

WRAP_QUESTION, WRAP_ANSWER = 25, 21
STEP = 1.5


@dataclass(frozen=True)
class Question:
    """One question of a law: what a yes leads to; a no leads on to the next question."""

    asks: str
    yes: str


@dataclass(frozen=True)
class Column:
    """A law's questions in order, and what is left when all were answered with no."""

    title: str
    questions: tuple[Question, ...]
    otherwise: str


def columns(laws: Sequence[Column]) -> Picture:
    """Draw the questions of several laws side by side."""
    rows = max(len(law.questions) for law in laws) + 1

    def draw(figure: Figure) -> None:
        for at, law in enumerate(laws):
            axes = figure.add_subplot(1, len(laws), at + 1)
            axes.set_axis_off()
            axes.set(xlim=(-0.08, 4.42), ylim=(-(rows - 1) * STEP - 0.6, 0.65))
            axes.set_title(law.title)
            for row, question in enumerate(law.questions):
                _column_row(axes, -row * STEP, question)
            _box(
                axes, 1.05, -len(law.questions) * STEP, 2.1, law.otherwise, WRAP_QUESTION, PAPER, dashed=True
            )

    words = " ".join(
        f"{law.title}. "
        + " ".join(f"{question.asks} If yes: {question.yes}." for question in law.questions)
        + f" Otherwise: {law.otherwise}."
        for law in laws
    )
    return picture(draw, words, size=(7.6, 1.05 * rows + 0.5))


def _column_row(axes: Axes, y: float, question: Question) -> None:
    """Draw a question, its yes to the right, and its no downwards."""
    _box(axes, 1.05, y, 2.1, question.asks, WRAP_QUESTION, WASH)
    _box(axes, 3.48, y, 1.7, question.yes, WRAP_ANSWER, PAPER)
    arrow = {"arrowstyle": "-|>", "color": QUIET, "lw": 1}
    axes.annotate("", (2.62, y), (2.12, y), arrowprops=arrow)
    axes.annotate("yes", (2.36, y + 0.06), ha="center", va="bottom", color=ACCENT, fontsize=8.5)
    axes.annotate("", (1.05, y - STEP + 0.44), (1.05, y - 0.44), arrowprops=arrow)
    axes.annotate("no", (1.13, y - STEP / 2), ha="left", va="center", color=ACCENT, fontsize=8.5)


def _box(
    axes: Axes, x: float, y: float, width: float, words: str, wrap: int, colour: str, *, dashed: bool = False
) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - 0.4),
            width,
            0.8,
            boxstyle="round,pad=0.02,rounding_size=0.08",
            facecolor=colour,
            edgecolor=QUIET,
            linewidth=0.8,
            linestyle="--" if dashed else "-",
        )
    )
    axes.text(x, y, textwrap.fill(words, wrap), ha="center", va="center", fontsize=8.5, color=INK)
