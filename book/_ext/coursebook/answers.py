"""The `{answers}` directive: short answers to the questions above it, folded until somebody wants them.

On the page it is a fold; in the live notebook too, where the same HTML works between blocks of Markdown.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

SUMMARY = "Answers, for after you have tried"


class Answers(nodes.General, nodes.Element):
    """What is folded."""


class AnswersDirective(SphinxDirective):
    """Fold the body."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Parse the body as it stands."""
        self.assert_has_content()
        fold = Answers()
        self.state.nested_parse(self.content, self.content_offset, fold)
        return [fold]


def visit_answers(self: HTML5Translator, node: Answers) -> None:
    """Open the fold."""
    self.body.append(f'<details class="answers"><summary>{SUMMARY}</summary>\n')


def depart_answers(self: HTML5Translator, node: Answers) -> None:
    """Close the fold."""
    self.body.append("</details>\n")


def setup(app: Sphinx) -> None:
    """Add the directive and its writer."""
    plain = (lambda self, node: None, lambda self, node: None)
    app.add_node(Answers, html=(visit_answers, depart_answers), text=plain, latex=plain)
    app.add_directive("answers", AnswersDirective)
