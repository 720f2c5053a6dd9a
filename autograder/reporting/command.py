"""What `autograder report` writes and prints."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from autograder.course import Course
from autograder.files import write_bytes
from autograder.reporting.figures import Report, make_report
from autograder.reporting.text import as_text
from autograder.strangers import clean_json, shown

__all__ = ["report"]


def report(
    course: Course, exercises: tuple[str, ...], files: dict[str, Path | None], *, names: bool, as_json: bool
) -> None:
    """Report on exercises, on the terminal and into files.

    files: where to write `html`, `pdf` and `png`; None for not at all.
    names: whether learners' ids stand in it.
    """
    reports = make_report(course, exercises, names=names)
    for kind, path in files.items():
        if path is not None:
            write_bytes(path, _drawn(reports, kind), 0o600 if names else 0o644)
    if as_json:
        click.echo(clean_json({"schema": "report/1", "exercises": [_told(one) for one in reports]}))
    else:
        click.echo("\n\n".join(as_text(one) for one in reports))
    blocked = [(one.exercise, *item) for one in reports for item in one.blocked.items()]
    for exercise, learner, reason in blocked:
        click.echo(shown(f"blocked  {exercise}: {learner}: {reason}; mend it in the gradebook"), err=True)
    if blocked:
        raise click.exceptions.Exit(1)


def _told(report: Report) -> dict[str, Any]:
    """Give a report's figures; whose marks are no marks is said to the instructor, and not in a report."""
    return {name: value for name, value in asdict(report).items() if name != "blocked"}


def _drawn(reports: list[Report], kind: str) -> bytes:
    if kind == "html":
        from autograder.reporting.page import as_html

        return as_html(reports).encode()
    from autograder.reporting.paper import draw

    return draw(reports, "pdf" if kind == "pdf" else "png")
