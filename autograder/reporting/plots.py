"""Three drawings of a cohort, as SVG that bears no colour of its own: page and paper each bring a style.

An item is the same number in both drawings and in the table. Nothing rests on colour alone: shares differ in
lightness, and what is blank or not yet marked bears a sign.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape
from itertools import groupby

from autograder.reporting.figures import Report

__all__ = ["PRINTED", "items", "learners", "standing_alone", "totals"]

WIDTH = 480
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 14, 44
_MOST_BARS = 15
# From how many learners on a row is too low for signs.
_MANY = 60
_STEPS = 5
# Below this a check tells good work from poor badly, by the usual rule of thumb for item analysis.
WEAK = 0.2

PRINTED = """
text { font: 14px sans-serif; fill: #1b1f24; } .axis { stroke: #1b1f24; } .bar, .dot { fill: #0b5c6b; }
.weak { fill: #ece9e0; } .in-dot { fill: #ffffff; font-size: 12px; }
.s0 { fill: #f3ead9; } .s1 { fill: #d5dccb; } .s2 { fill: #a3c4b5; }
.s3 { fill: #6ea39f; } .s4 { fill: #397d85; } .s5 { fill: #0b5c6b; }
.open { fill: none; stroke: #8a8f98; }
"""


def standing_alone(svg: str) -> str:
    """Give a drawing its own style, for programs that know no style sheet of a page."""
    at = svg.index(">") + 1
    return f"{svg[:at]}<style>{PRINTED}</style>{svg[at:]}"


def _drawing(height: float, title: str, parts: Iterator[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" role="img"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, words: str, anchor: str = "middle", kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{name}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="axis" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _box(x: float, y: float, width: float, height: float, kind: str, title: str = "") -> str:
    told = f"<title>{escape(title)}</title>" if title else ""
    size = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{kind}" {size}>{told}</rect>' if told else f'<rect class="{kind}" {size}/>'


def totals(report: Report) -> str:
    """Draw how many learners have which total."""
    height, most = 220.0, report.max_score or 1.0
    step = next(one for one in _steps() if most / one <= _MOST_BARS)
    bars = max(1, math.ceil(most / step))
    # The highest total belongs to the last bar.
    counts = [0] * bars
    for total in report.totals:
        counts[min(bars - 1, int(total // step))] += 1
    title = f"Totals of {report.counted} learners, of {most:g} points that are settled"
    return _drawing(height, title, _bars(counts, step, most, height))


def _steps() -> Iterator[float]:
    for power in range(6):
        for one in (1, 2, 5):
            yield one * 10.0**power


def _bars(counts: list[int], step: float, most: float, height: float) -> Iterator[str]:
    wide, high = (WIDTH - _LEFT - _RIGHT) / len(counts), height - _TOP - _BOTTOM
    ground = height - _BOTTOM
    for at, count in enumerate(counts):
        x, tall = _LEFT + at * wide, (high - 16) * count / max(counts)
        said = f"{count} with {at * step:g} to {min(most, (at + 1) * step):g} points"
        if count:
            yield _box(x + 1, ground - tall, wide - 2, tall, "bar", said)
            yield _text(x + wide / 2, ground - tall - 4, str(count))
    yield _line(_LEFT, ground, WIDTH - _RIGHT, ground)
    every = max(1, math.ceil(len(counts) / 8))
    for at in range(0, len(counts) + 1, every):
        yield _text(_LEFT + at * wide, ground + 17, f"{at * step:g}")
    yield _text((_LEFT + WIDTH - _RIGHT) / 2, height - 6, "points")


def items(report: Report) -> str:
    """Draw each item by how hard it was and how well it tells good work from poor."""
    height = 320.0
    known = [(at, one) for at, one in enumerate(report.items, 1) if one.discrimination is not None]
    least = min([0.0, *(one.discrimination or 0.0 for _, one in known)])
    bottom = math.floor(least * 5) / 5

    def x(facility: float) -> float:
        return _LEFT + 14 + facility * (WIDTH - _LEFT - _RIGHT - 28)

    def y(sharp: float) -> float:
        return height - _BOTTOM - (sharp - bottom) / (1 - bottom) * (height - _TOP - _BOTTOM)

    def parts() -> Iterator[str]:
        yield _box(_LEFT, y(WEAK), WIDTH - _LEFT - _RIGHT, height - _BOTTOM - y(WEAK), "weak")
        yield _line(_LEFT, y(bottom), WIDTH - _RIGHT, y(bottom)) + _line(_LEFT, y(1), _LEFT, y(bottom))
        for mark in (0.0, 0.25, 0.5, 0.75, 1.0):
            yield _text(x(mark), height - _BOTTOM + 17, f"{mark:g}")
        for mark in sorted({bottom, 0.0, 0.5, 1.0}):
            yield _text(_LEFT - 6, y(mark) + 5, f"{mark:g}", "end")
        yield _text((_LEFT + WIDTH - _RIGHT) / 2, height - 6, "hard  ←  facility  →  easy")
        yield f'<g transform="rotate(-90 14 {y((1 + bottom) / 2):.0f})">'
        yield _text(14, y((1 + bottom) / 2), "discrimination") + "</g>"
        for number, one in known:
            at = x(one.facility or 0.0), y(one.discrimination or 0.0)
            said = (
                f"{number} {one.cell}: facility {one.facility:.2f}, discrimination {one.discrimination:.2f}"
            )
            where = f'cx="{at[0]:.1f}" cy="{at[1]:.1f}"'
            yield f'<circle class="dot" {where} r="11"><title>{escape(said)}</title></circle>'
            yield _text(at[0], at[1] + 4, str(number), kind="in-dot")

    title = "Items by facility (how much of their points was reached) and discrimination"
    return _drawing(height, title, parts())


def learners(report: Report) -> str:
    """Draw each learner's share of each item, the best totals first."""
    rows, columns = len(report.rows), max(1, len(report.items))
    tall = 16.0 if rows <= _MANY else max(2.0, 960 / rows)
    left = 110.0 if any(row.learner for row in report.rows) else float(_LEFT)
    wide = min(48.0, (WIDTH - left - _RIGHT) / columns)

    def parts() -> Iterator[str]:
        for at in range(len(report.items)):
            yield _text(left + (at + 0.5) * wide, 14, str(at + 1))
            top = 22.0
            for (kind, sign), group in groupby(_shade(report, row, at) for row in range(rows)):
                many = len(list(group))
                if rows <= _MANY:
                    for line in range(many):
                        yield _box(left + at * wide + 1, top + line * tall + 1, wide - 2, tall - 2, kind)
                        yield _text(left + (at + 0.5) * wide, top + line * tall + 12, sign) if sign else ""
                else:
                    yield _box(left + at * wide, top, wide, many * tall, kind)
                top += many * tall
        if rows <= _MANY:
            for line, row in enumerate(report.rows):
                name = row.learner[:12] or f"{row.total:g}"
                yield _text(left - 6, 22 + line * tall + 13, name, "end")

    title = "Each learner's share of each item, best totals first; – is blank, ? waits for marks"
    return _drawing(26 + rows * tall, title, parts())


def _shade(report: Report, row: int, item: int) -> tuple[str, str]:
    one = report.rows[row]
    share = one.shares[item]
    if one.blank[item]:
        return "open", "–"
    if share is None:
        return "open", "?"
    return f"s{min(_STEPS, max(0, math.floor(share * _STEPS + 1e-9)))}", ""
