"""One page of feedback: marks and the reasons for them first, then the learner's own work."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources
from typing import Any

from autograder.feedback import safe
from autograder.feedback.saved import came_late, with_token
from autograder.grading.master import Master
from autograder.grading.model import Result
from autograder.marks import Mark, Submission

__all__ = ["frame", "held_page", "page", "table"]

_WORDS = {
    "passed": "passed",
    "failed": "not passed",
    "error": "stopped with an error",
    "timeout": "took too long",
    "refused": "could not be scored",
    "manual": "marked by a person",
}

_PLAINER = {
    "graded without isolation": "The grader ran without isolation, so no record can rest on this result yet.",
    "practice: the course has no secret": "This was a practice variant, which earns no record.",
}


def frame(title: str, body: str, more: str = "") -> str:
    """Put a body into a page that can run nothing and load nothing.

    more: styles of its own.
    """
    style = resources.files("autograder.feedback").joinpath("page.css").read_text(encoding="utf-8") + more
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe.plain(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def held_page(title: str, result: Result) -> str:
    """Say that a hand-in could not be graded, and why."""
    reasons = "".join(f"<li>{safe.plain(reason)}</li>" for reason in result.reasons)
    body = (
        f"<h1>{safe.plain(title)}</h1>\n<p>Your hand-in could not be graded:</p>\n<ul>{reasons}</ul>\n"
        "<p>Save the notebook again, hand it in again, or ask your instructor.</p>\n"
    )
    return frame(title, body)


def page(
    title: str,
    result: Result,
    submission: Submission,
    master: Master,
    notebook: Any,
    saved: dict[str, list[Any]] | None = None,
    token: str | None = None,
    lead: str = "",
    waiting: tuple[str, str] = ("waits for a person", "wait for a person"),
) -> str:
    """Write the page of one notebook.

    notebook: the one that was run, or None when none was handed in.
    saved: the outputs in the learner's own copy, by the text of their cell.
    token: the one that the learner typed, for the cell that asks for it.
    lead: HTML of ours that stands below the score.
    waiting: what to say of a written part that has no mark yet, and of several.
    """
    marks = {mark.cell: mark for mark in submission.marks if mark.notebook == result.notebook}
    body = [
        f"<h1>{safe.plain(title)}</h1>\n",
        f"<p>{safe.plain(submission.name)}: {_total(result, submission, marks, waiting)}</p>\n",
        lead,
        _scores(result, marks, waiting[0]),
        _reasons(result),
    ]
    if notebook is not None:
        body.append("<h2>Your work</h2>\n")
        body += _cells(master, notebook, result, marks, saved or {}, token)
    return frame(title, "".join(body))


def _total(result: Result, submission: Submission, marks: dict[str, Mark], waiting: tuple[str, str]) -> str:
    """Say what was reached of what is settled, what waits, and what lateness cost."""
    settled = [mark for mark in marks.values() if not mark.pending]
    total = max(0.0, sum(mark.score for mark in settled) - submission.penalty)
    pending = [mark for mark in marks.values() if mark.pending]
    open_points = sum(mark.max_score for mark in pending)
    told = f"<strong>{total:g} of {result.max_score - open_points:g} points</strong>"
    if len(pending) == 1:
        told += f" so far; 1 written part ({open_points:g} points) {waiting[0]}"
    elif pending:
        told += f" so far; {len(pending)} written parts ({open_points:g} points) {waiting[1]}"
    if submission.late:
        told += ". It came after the due time"
        if submission.penalty:
            told += f", and {submission.penalty:g} points were taken off for that"
    return f"{told}."


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table whose first cell names its row; a head that ends in # is for numbers. Cells are HTML."""
    kinds = [' class="number"' if name.endswith("#") else "" for name in head]
    named = zip(head, kinds, strict=True)
    names = "".join(f'<th scope="col"{kind}>{safe.plain(name.rstrip("#"))}</th>' for name, kind in named)
    lines = []
    for first, *rest in rows:
        cells = "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(rest, kinds[1:], strict=True))
        lines.append(f'<tr><th scope="row">{first}</th>{cells}</tr>\n')
    body = f"<thead><tr>{names}</tr></thead>\n<tbody>\n{''.join(lines)}</tbody>"
    return f"<table>\n<caption>{safe.plain(caption)}</caption>\n{body}\n</table>\n"


def _scores(result: Result, marks: dict[str, Mark], unmarked: str) -> str:
    rows = []
    for cell in result.cells:
        mark = marks.get(cell.grade_id)
        waiting = mark is None or mark.pending
        score = "–" if waiting or mark is None else f"{mark.score:g}"
        told = unmarked if waiting else _WORDS[cell.outcome]
        if cell.message and not (mark and mark.manual is not None):
            told = f"{told}: {cell.message}"
        if mark and mark.given:
            told = f"everybody was given these points: {mark.given}"
        link = f'<a href="#{_anchor(cell.grade_id)}">{safe.plain(cell.grade_id)}</a>'
        rows.append((link, f"{score} of {cell.max_score:g}", safe.plain(told)))
    return table("Each part of the exercise", ("part", "points#", "how it went"), rows)


def _reasons(result: Result) -> str:
    items = "".join(f"<li>{safe.plain(_PLAINER.get(reason, reason))}</li>" for reason in result.reasons)
    return f"<h2>What else to know</h2>\n<ul>{items}</ul>\n" if items else ""


def _cells(
    master: Master,
    notebook: Any,
    result: Result,
    marks: dict[str, Mark],
    saved: dict[str, list[Any]],
    token: str | None,
) -> list[str]:
    """Show the notebook. A test shows what was released of it, and none of what was printed while it ran."""
    released = {
        cell.metadata["nbgrader"]["grade_id"]: cell
        for cell in master.released.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id")
    }
    told = {cell.grade_id: cell for cell in result.cells}
    parts: list[str] = []
    for cell in notebook.cells:
        data = cell.metadata.get("nbgrader", {})
        name = data.get("grade_id")
        test = name in released and not data.get("solution")
        source = released[name].source if test else cell.source
        if not data.get("solution"):
            source = with_token(source, token)
        inner = safe.markdown(source) if cell.cell_type == "markdown" else safe.code(source)
        if not test:
            inner += _put_out(cell, saved)
            for words, bundle in cell.get("attachments", {}).items():
                inner += "".join(safe.figure(kind, data, words) for kind, data in bundle.items())
        if name in told and told[name].message:
            inner += f'<p class="told">{safe.plain(told[name].message or "")}</p>'
        comment = marks[name].comment if name in marks else None
        if comment:
            inner += (
                f'<div class="told"><p class="label">From your instructor</p>{safe.markdown(comment)}</div>'
            )
        anchor = f' id="{_anchor(name)}"' if name else ""
        label = f'<p class="label">{safe.plain(name)}</p>' if name else ""
        parts.append(f'<section class="cell"{anchor}>{label}{inner}</section>\n')
    return parts


def _put_out(cell: Any, saved: dict[str, list[Any]]) -> str:
    """Show what a cell put out; of one that ran after a hidden test, what the learner's own copy says."""
    if not came_late(cell):
        return safe.outputs(cell.get("outputs", []))
    own = safe.outputs(saved.get(cell.source.strip(), []))
    return f'<p class="label">As you saved it</p>{own}' if own else ""


def _anchor(name: str) -> str:
    return "part-" + escape("".join(symbol if symbol.isalnum() else "-" for symbol in name))
