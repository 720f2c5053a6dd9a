"""The lines of a course's nbgrader_config.py that keep nbgrader's own tools from running what learners wrote.

Tried in a real browser (tests/autograder/test_formgrader.py): without them what a learner wrote runs in
formgrader's pages, with the instructor's sign-in; with them nothing does, and formgrader goes on working.
"""

from __future__ import annotations

from typing import Any

from autograder.course import Course

__all__ = ["FILTER", "LINES", "REFUSING", "lacking"]

FILTER = "autograder.feedback.safe.markdown"
REFUSING = "autograder.marking.caught.Refusing"

LINES = f"""\
# nbgrader's formgrader shows what learners wrote. With these two lines nothing of it runs; keep both.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {{"markdown2html": "{FILTER}"}}
# nbgrader's own `autograde`, and formgrader's button for it, would run learner code with your rights and
# write over our results. This line refuses it; `autograder grade` does the same work in closed rooms.
c.Autograde.exporter_class = "{REFUSING}"
"""


def lacking(course: Course) -> list[str]:
    """Name the lines that a course's nbgrader_config.py lacks, as they are to be written."""
    config = course.config
    shown, run = _section(config, "HTMLExporter"), _section(config, "Autograde")
    filters = shown.get("filters", {})
    found = [
        shown.get("sanitize_html") is True,
        isinstance(filters, dict) and filters.get("markdown2html") == FILTER,
        run.get("exporter_class") == REFUSING,
    ]
    wanted = [line for line in LINES.splitlines() if line.startswith("c.")]
    return [line for line, there in zip(wanted, found, strict=True) if not there]


def _section(config: Any, name: str) -> dict[str, Any]:
    """What the file sets on one class; a class that it does not name makes no entry."""
    found = config[name] if name in config else {}  # noqa: SIM401 - traitlets makes an entry on get
    return dict(found)
