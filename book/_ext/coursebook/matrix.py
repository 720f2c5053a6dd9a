"""The `{outcome-matrix}` directive: where each outcome is taught, practised and assessed, with links."""

from __future__ import annotations

from pathlib import Path

from coursefacts import InputFault
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from coursebook import outcomes
from coursebook.outcomes import PARTS, Module, Place
from coursebook.warn import warn, warn_fault

HEAD = ("Outcome", "Taught in", "Practised in", "Assessed in")


class OutcomeMatrix(SphinxDirective):
    """Show one table for each module of the table of contents; a gap is a warning of the build."""

    def run(self) -> list[nodes.Node]:
        """Read the modules and write the tables."""
        root = Path(self.env.srcdir).parent
        try:
            found = outcomes.modules(root)
        except InputFault as fault:
            warn_fault(fault, self.get_location())
            return []
        _pages_with_matrix(self.env).add(self.env.docname)
        for module in found:
            for gap in module.gaps():
                warn(gap, self.get_location(), "see CONTRIBUTING.md, Outcomes")
        return [self._table(module) for module in found]

    def _table(self, module: Module) -> nodes.table:
        table = nodes.table("", nodes.title("", module.title), classes=["fact-table"])
        group = nodes.tgroup(cols=len(HEAD))
        table += group
        group += [nodes.colspec(colwidth=width) for width in (34, 22, 22, 22)]
        group += nodes.thead("", _row([[nodes.paragraph("", words)] for words in HEAD]))
        body = nodes.tbody()
        for code, meaning in module.outcomes.items():
            first = nodes.paragraph("", "", nodes.strong("", code), nodes.Text(f" {meaning}"))
            cells = [[self._link(place) for place in module.at(code, part)] for part in PARTS]
            body += _row([[first], *cells], first_is_head=True)
        group += body
        self.set_source_info(table)
        return table

    def _link(self, place: Place) -> nodes.paragraph:
        link = addnodes.pending_xref(
            "",
            nodes.inline("", place.title),
            refdomain="std",
            reftype="doc",
            refexplicit=True,
            reftarget=f"/{place.docname}",
            refdoc=self.env.docname,
            refwarn=True,
        )
        line = nodes.paragraph("", "", link)
        if place.pieces:
            joined = ", ".join(place.pieces) if place.part == "practised" else "; ".join(place.pieces)
            line += nodes.Text(f" ({joined})")
        return line


def _row(cells: list[list[nodes.paragraph]], *, first_is_head: bool = False) -> nodes.row:
    row = nodes.row()
    for at, cell in enumerate(cells):
        entry = nodes.entry("", *cell)
        if at == 0 and first_is_head:
            entry["classes"].append("row-head")
        row += entry
    return row


def _pages_with_matrix(env: BuildEnvironment) -> set[str]:
    if not hasattr(env, "course_matrix"):
        env.course_matrix = set()  # type: ignore[attr-defined]
    return env.course_matrix  # type: ignore[attr-defined, no-any-return]


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Read the matrix again in every build: it rests on the whole book, and takes a second."""
    return sorted(_pages_with_matrix(env) & env.found_docs - removed)


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("outcome-matrix", OutcomeMatrix)
    app.connect("env-get-outdated", _outdated)
