"""A report as one page that stands by itself: three drawings, a table, and what went wrong."""

from __future__ import annotations

from importlib import resources

from autograder.feedback.page import frame, table
from autograder.feedback.safe import plain
from autograder.reporting import plots
from autograder.reporting.figures import Item, Report
from autograder.reporting.text import HEAD, cells, summary

__all__ = ["CAPTIONS", "as_html"]

CAPTIONS = {
    "totals": "Totals of what is settled.",
    "items": "Items by facility and discrimination; those in the shaded band tell good work from poor badly.",
    "learners": "Learners, best totals first, by items: the farther from the paper's colour, the more of the "
    "points; – is blank, ? waits for marks.",
    "table": "Tried: whose answer is not blank and whose score is settled; the figures are over these. "
    "Facility: mean share of the points. Discrimination: correlation with the rest of the score.",
}


def as_html(reports: list[Report]) -> str:
    """Write reports as one page."""
    style = resources.files("autograder.reporting").joinpath("page.css").read_text(encoding="utf-8")
    parts = ["<h1>Report on the cohort</h1>\n", *map(_section, reports)]
    return frame("Report on the cohort", "".join(parts), style)


def _section(report: Report) -> str:
    head = f"<h2>{plain(report.exercise)}</h2>\n<p>{plain(summary(report))}.</p>\n"
    if report.withheld:
        return head
    drawn = [
        _figure(plots.totals(report), CAPTIONS["totals"]),
        _figure(plots.items(report), CAPTIONS["items"]),
        table(CAPTIONS["table"], HEAD, _rows(report)),
        _figure(plots.learners(report), CAPTIONS["learners"]),
    ]
    wrong = "".join(_wrong(number, item) for number, item in enumerate(report.items, 1) if item.wrong)
    reasons = f"<h3>What went wrong</h3>\n{wrong}" if wrong else ""
    return head + "".join(drawn) + _parts(report) + reasons


def _figure(svg: str, caption: str) -> str:
    return f"<figure>{svg}<figcaption>{plain(caption)}</figcaption></figure>\n"


def _rows(report: Report) -> list[list[str]]:
    return [[plain(cell) for cell in cells(number, item)] for number, item in enumerate(report.items, 1)]


def _wrong(number: int, item: Item) -> str:
    lines = []
    for one in item.wrong:
        had = "; ".join(f"{value} ({count})" for value, count in one.values)
        values = f'<br><span class="values">They had: {plain(had)}</span>' if had else ""
        lines.append(f"<li>{plain(one.message)} ({one.number}){values}</li>\n")
    return f"<h4>{number} {plain(item.cell)}</h4>\n<ul>\n{''.join(lines)}</ul>\n"


def _parts(report: Report) -> str:
    if not report.parts:
        return ""
    rows = [
        (plain(one.name), plain(one.cell), str(one.number), f"{one.mean:g} of {one.max_score:g}")
        for one in report.parts
    ]
    head = ("part of the rubric", "answer", "marked#", "mean#")
    return "<h3>The written part</h3>\n" + table("By the parts of the rubric, as it was marked.", head, rows)
