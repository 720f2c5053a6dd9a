"""One style for all figures of the book, and pictures that carry their own words.

A figure is drawn once, in seven colours with names; its own style sheet says what each name means on a light
and on a dark page, and the picture asks the page around it which of the two it is (in an image,
`prefers-color-scheme` is the `color-scheme` of the element that shows it). One accent; what must be told
apart also differs in marker, line or hatching, so it reads in grey.
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
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

PAPER = "#fdfcf9"
INK = "#21252a"
QUIET = "#6b7076"
RULE = "#dcd8cd"
ACCENT = "#0d6478"
WASH = "#cfe3e6"
WARN = "#a34e12"
# What each colour becomes on a dark page: the book's own dark colours, and a wash on which ink still reads.
DARK = {
    PAPER: "#16191d",
    INK: "#dfe1dc",
    QUIET: "#a6abb0",
    RULE: "#3f464e",
    ACCENT: "#7cc6d8",
    WASH: "#26464e",
    WARN: "#eab083",
}
_NAMES = {colour: f"--{'piqrawo'[place]}" for place, colour in enumerate(DARK)}

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
    """A drawn figure (SVG) with a description for those who do not see it."""

    data: bytes
    alt: str

    def _repr_html_(self) -> str:
        text = base64.b64encode(self.data).decode()
        return f'<img src="data:image/svg+xml;base64,{text}" alt="{html.escape(self.alt)}">'

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"


def picture(draw: Callable[[Figure], None], alt: str, *, size: tuple[float, float] = (7.0, 3.4)) -> Picture:
    """Draw a figure in the book's style, as SVG."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=size)
        draw(figure)
        out = io.BytesIO()
        FigureCanvasSVG(figure)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return Picture(for_both_themes(out.getvalue()), alt)


def for_both_themes(svg: bytes) -> bytes:
    """Replace the colours of a drawing by their names, and say what those mean on a light and a dark page."""
    text = _slim(svg.decode())
    for colour, name in _NAMES.items():
        text = text.replace(colour, f"var({name})")
    light = ";".join(f"{name}:{colour}" for colour, name in _NAMES.items())
    dark = ";".join(f"{_NAMES[colour]}:{other}" for colour, other in DARK.items())
    # What names no colour is black, as in any SVG: here ink.
    rules = f":root{{{light};fill:var({_NAMES[INK]})}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return re.sub(r"<svg\b[^>]*>", lambda tag: f"{tag[0]}<style>{rules}</style>", text, count=1).encode()


def _slim(text: str) -> str:
    """Drop what no reader sees: comments, and digits that no screen shows."""
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"(?<![\d.])([1-9]\d*\.\d{2})\d+", r"\1", text)
    return re.sub(r">\s+<", "><", text)


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
