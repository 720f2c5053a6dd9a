"""A report in words: the line that says over what its figures are, and the table for a terminal."""

from __future__ import annotations

from autograder.reporting.figures import Item, Report
from autograder.strangers import shown

__all__ = ["HEAD", "as_text", "cells", "summary"]

HEAD = ("no.", "part", "tried#", "facility#", "discrim.#", "blank#", "waiting#")


def summary(report: Report) -> str:
    """Say over whom and over which points the figures are."""
    if report.withheld:
        return report.withheld
    told = [f"{report.learners} learners"]
    told += [f"{report.held} held"] if report.held else []
    told += [f"{report.review} to look at"] if report.review else []
    told += [f"{report.pending} wait for marks"] if report.pending else []
    told += [f"{report.picked} with an attempt that a person picked"] if report.picked else []
    line = ", ".join(told)
    of = f"{report.max_score:g}"
    if report.max_score != report.points:
        of = f"the {of} points that are settled (of {report.points:g})"
    over = "" if report.counted == report.learners else f", over the {report.counted} who are settled"
    return f"{line}; mean {report.mean:g}, median {report.median:g} of {of}{over}"


def cells(number: int, item: Item) -> tuple[str, ...]:
    """Write an item's line of the table."""
    return (
        str(number),
        shown(item.cell),
        str(item.number),
        "–" if item.facility is None else f"{item.facility:.2f}",
        "–" if item.discrimination is None else f"{item.discrimination:.2f}",
        str(item.blank),
        str(item.pending),
    )


def as_text(report: Report) -> str:
    """Write a report for the terminal."""
    lines = [f"{report.exercise}: {summary(report)}"]
    if report.withheld:
        return lines[0]
    names = [name.rstrip("#") for name in HEAD[2:]]
    lines.append(
        f"{'#':>2} {'part':24} " + " ".join(f"{n:>8}" for n in names) + "  commonest reason for lost points"
    )
    for number, item in enumerate(report.items, start=1):
        first, cell, *numbers = cells(number, item)
        reason = f"{shown(item.wrong[0].message)} ({item.wrong[0].number})" if item.wrong else "–"
        lines.append(f"{first:>2} {cell[:24]:24} " + " ".join(f"{n:>8}" for n in numbers) + f"  {reason}")
    for part in report.parts:
        mean = f"mean {part.mean:g} of {part.max_score:g} ({part.number})"
        lines.append(f"   {shown(part.cell)}, {shown(part.name)}: {mean}")
    return "\n".join(lines)
