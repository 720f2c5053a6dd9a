"""The `{fact-table} NAME` directive: a table that coursefacts makes from the facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coursefacts import FactBook, phrases, tables
from coursefacts.suggest import nearest
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from coursebook.facts import facts_of
from coursebook.stale import note_generated
from coursebook.warn import warn

NAMES: dict[str, Callable[[FactBook], tables.Table]] = {
    "control-list": tables.control_list,
    "history": tables.history,
    "enabling-items": tables.enabling_items,
    "other-items": tables.other_items,
    "definitions": tables.definitions,
    "code-map": tables.code_map,
    "differences": tables.differences,
    "provisions": tables.provisions,
    "clocks": tables.clocks,
    "cases": tables.cases,
    "sources": tables.sources,
}


def _cell(text: str) -> nodes.Element:
    """Build a cell's text; an address becomes a link, a line break begins a new line."""
    if "\n" in text:
        return nodes.line_block("", *(nodes.line("", line) for line in text.split("\n")))
    if text.startswith("https://"):
        shown = phrases.host(text).replace("/", "/\N{ZERO WIDTH SPACE}")  # a line may end here
        return nodes.paragraph("", "", nodes.reference("", shown, refuri=text))
    return nodes.paragraph("", text)


def row_of(cells: Sequence[str], *, first_is_head: bool = False) -> nodes.row:
    """Build one row of plain text cells."""
    row = nodes.row()
    for at, cell in enumerate(cells):
        entry = nodes.entry("", _cell(cell))
        if at == 0 and first_is_head:
            entry["classes"].append("row-head")
        row += entry
    return row


def table_node(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> nodes.table:
    """Build a docutils table with a caption and a head."""
    table = nodes.table("", nodes.title("", caption), classes=["fact-table"])
    group = nodes.tgroup(cols=len(head))
    table += group
    for _ in head:
        group += nodes.colspec(colwidth=100 // max(1, len(head)))
    group += nodes.thead("", row_of(head))
    group += nodes.tbody("", *[row_of(row, first_is_head=True) for row in rows])
    return table


class FactTable(SphinxDirective):
    """Show a table of facts; its name is one of those that coursefacts offers."""

    required_arguments = 1
    option_spec = {"caption": directives.unchanged}  # noqa: RUF012  # docutils' own form

    def run(self) -> list[nodes.Node]:
        """Build the table and note that the page depends on all facts."""
        name = self.arguments[0].strip()
        if name not in NAMES:
            warn(f"no table '{name}'", self.get_location(), nearest(name, NAMES, "the tables are"))
            return []
        made = NAMES[name](facts_of(self.env))
        note_generated(self.env)
        table = table_node(self.options.get("caption", made.caption), made.head, made.rows)
        self.set_source_info(table)
        return [table]


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("fact-table", FactTable)
