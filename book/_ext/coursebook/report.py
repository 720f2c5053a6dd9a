"""The `{progress-report}` directive: the page on which the browser shows all of a learner's progress."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

HTML = (
    '<div class="report-root"><p class="note">This report is made in your browser, from what it has kept, '
    "and needs JavaScript. Without it, <code>make progress</code> writes the same report from your workspace."
    "</p></div>"
)


class ProgressReport(SphinxDirective):
    """Leave the place that the script fills."""

    def run(self) -> list[nodes.Node]:
        """Write the place, with words for a reader without the script."""
        return [nodes.raw("", HTML, format="html")]


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("progress-report", ProgressReport)
