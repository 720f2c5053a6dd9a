"""One style for all figures of the book, and pictures that carry their own words.

A figure is drawn on a card of the book's paper colour, so that it reads on a light and on a dark page. One
accent; what must be told apart also differs in marker, line or hatching, so it reads in grey.
"""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
from coursefacts.tables import Table
from coursefacts.values import number
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

PAPER = "#fdfcf9"
INK = "#21252a"
QUIET = "#6b7076"
RULE = "#dcd8cd"
ACCENT = "#0d6478"
WASH = "#cfe3e6"
WARN = "#a34e12"

STYLE: dict[str, Any] = {
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.labelsize": 10,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "lines.linewidth": 1.6,
    "svg.fonttype": "path",
    "svg.hashsalt": "open-by-default",
    "figure.constrained_layout.use": True,
}


@dataclass(frozen=True)
class Picture:
    """A drawn figure with a description for those who do not see it."""

    data: bytes
    kind: str
    alt: str

    def _repr_html_(self) -> str:
        text = base64.b64encode(self.data).decode()
        return f'<img src="data:image/{self.kind};base64,{text}" alt="{html.escape(self.alt)}">'

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"


def picture(
    draw: Callable[[Figure], None], alt: str, *, size: tuple[float, float] = (7.0, 3.4), raster: bool = False
) -> Picture:
    """Draw a figure in the book's style; SVG, or PNG for figures with very many marks."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=size)
        draw(figure)
        out = io.BytesIO()
        if raster:
            FigureCanvasAgg(figure)
            figure.savefig(out, format="png", dpi=144)
            return Picture(out.getvalue(), "png", alt)
        FigureCanvasSVG(figure)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return Picture(_slim(out.getvalue()), "svg+xml", alt)


def _slim(svg: bytes) -> bytes:
    """Drop what no reader sees: comments, and digits that no screen shows."""
    text = svg.decode()
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"(?<![\d.])([1-9]\d*\.\d{2})\d+", r"\1", text)
    return re.sub(r">\s+<", "><", text).encode()


@dataclass(frozen=True)
class Shown:
    """A table as a notebook shows it."""

    table: Table

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in self.table.head)
        rows = "".join(
            f'<tr><th scope="row">{html.escape(row[0])}</th>'
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in self.table.rows
        )
        caption = html.escape(self.table.caption)
        return (
            f'<div class="scroll" tabindex="0" role="group" aria-label="{caption}"><table>'
            f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def __repr__(self) -> str:
        lines = [self.table.head, *self.table.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.table.head))]
        text = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) for line in lines]
        return "\n".join([self.table.caption, *text])


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> Shown:
    """A table from anything that can be written."""
    cells = tuple(tuple(str(cell) for cell in row) for row in rows)
    return Shown(Table(caption, tuple(head), cells))


def short(value: float) -> str:
    """Write an error with three digits, as people read it."""
    return number(float(f"{value:.2e}"))
