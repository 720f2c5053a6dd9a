"""Code cells, tables and citations as HTML that a keyboard and a screen reader can use."""

from __future__ import annotations

from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


def visit_hidden(self: HTML5Translator, node: nodes.Element) -> None:
    """Open a fold with one name; the default prints two and labels them with a third."""
    self.body.append(f'<details class="hide"><summary>{escape(node["prompt_show"])}</summary>\n')


def depart_hidden(self: HTML5Translator, node: nodes.Element) -> None:
    """Close the fold."""
    self.body.append("</details>\n")


def visit_table(self: HTML5Translator, node: nodes.table) -> None:
    """Let a wide table scroll in its own box, so that a narrow page does not."""
    self.body.append('<div class="scroll">')
    HTML5Translator.visit_table(self, node)


def depart_table(self: HTML5Translator, node: nodes.table) -> None:
    """Close table and box."""
    HTML5Translator.depart_table(self, node)
    self.body.append("</div>\n")


def visit_citation(self: HTML5Translator, node: nodes.citation) -> None:
    """Write an entry of a bibliography as a list item; docutils gives it a role that ARIA has withdrawn."""
    HTML5Translator.visit_citation(self, node)
    self.body[-1] = self.body[-1].replace('role="doc-biblioentry"', 'role="listitem"')


def setup(app: Sphinx) -> None:
    """Replace the writers of MyST-NB's folds, of tables and of citations."""
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden, depart_hidden))
    app.add_node(nodes.table, override=True, html=(visit_table, depart_table))
    app.add_node(nodes.citation, override=True, html=(visit_citation, HTML5Translator.depart_citation))
