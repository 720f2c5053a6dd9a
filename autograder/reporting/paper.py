"""A report on paper, or as one picture: the same drawings and figures as on the page, set by typst."""

from __future__ import annotations

import json
import tempfile
from importlib import resources
from pathlib import Path
from typing import Literal

from autograder.reporting import plots
from autograder.reporting.figures import Report
from autograder.reporting.page import CAPTIONS
from autograder.reporting.text import HEAD, cells, summary

__all__ = ["draw"]

_DOTS = 144


def draw(reports: list[Report], kind: Literal["pdf", "png"]) -> bytes:
    """Draw reports as `pdf`, or as one `png`. What is in them goes in as data, so no word of it is markup."""
    import typst

    layout = resources.files("autograder.reporting").joinpath("paper.typ").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told = []
        for number, report in enumerate(reports):
            told.append(_told(report) | {"drawings": f"{number}"})
            if not report.withheld:
                for what in ("totals", "items", "learners"):
                    svg = plots.standing_alone(getattr(plots, what)(report))
                    (folder / f"{number}-{what}.svg").write_text(svg, encoding="utf-8")
        (folder / "report.json").write_text(json.dumps({"kind": kind, "reports": told}), encoding="utf-8")
        (folder / "report.typ").write_text(layout, encoding="utf-8")
        return typst.compile(str(folder / "report.typ"), root=str(folder), format=kind, ppi=_DOTS)


def _told(report: Report) -> dict[str, object]:
    return {
        "exercise": report.exercise,
        "summary": summary(report),
        "withheld": report.withheld,
        "captions": CAPTIONS,
        "head": [name.rstrip("#") for name in HEAD],
        "items": [cells(number, item) for number, item in enumerate(report.items, 1)],
        "parts": [
            [one.name, one.cell, str(one.number), f"{one.mean:g} of {one.max_score:g}"]
            for one in report.parts
        ],
        "wrong": [
            {
                "item": f"{number} {item.cell}",
                "reasons": [
                    {
                        "said": f"{one.message} ({one.number})",
                        "had": "; ".join(f"{value} ({count})" for value, count in one.values),
                    }
                    for one in item.wrong
                ],
            }
            for number, item in enumerate(report.items, 1)
            if item.wrong
        ],
    }
