"""Tables that are made from what the book and the course hold, whenever the book is built.

`{outcome-matrix}`: where each outcome is taught, practised and assessed, with links.
`{award-table}`: what earns which record, from `exercises/awards.yml`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coursefacts import InputFault, yamltext
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from coursebook import outcomes, plan
from coursebook.outcomes import PARTS, Module, Place
from coursebook.plan import Plan, hours
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
        line = nodes.paragraph("", "", _link_to(place.docname, place.title, self.env.docname))
        if place.pieces:
            joined = ", ".join(place.pieces) if place.part == "practised" else "; ".join(place.pieces)
            line += nodes.Text(f" ({joined})")
        return line


class AwardTable(SphinxDirective):
    """Show what earns which record; the file is the institution's, and so is the table."""

    def run(self) -> list[nodes.Node]:
        """Read awards.yml and write a row for each award."""
        root = Path(self.env.srcdir).parent
        file = root / "exercises" / "awards.yml"
        self.env.note_dependency(str(file))
        try:
            awards, read = yamltext.read(file).data["awards"], plan.read(root)
        except InputFault as fault:
            warn_fault(fault, self.get_location())
            return []
        for path in plan.sources(root):
            self.env.note_dependency(str(path))
        table = nodes.table("", classes=["fact-table"])
        group = nodes.tgroup(cols=len(AWARD))
        table += group
        group += [nodes.colspec(colwidth=100 // len(AWARD)) for _ in AWARD]
        group += nodes.thead("", _row([[nodes.paragraph("", words)] for words in AWARD]))
        rows = [_row(self._cells(award_row(award, read)), first_is_head=True) for award in awards]
        group += nodes.tbody("", *rows)
        self.set_source_info(table)
        return [table]

    def _cells(self, row: list[list[tuple[str, str]]]) -> list[list[nodes.paragraph]]:
        """Write each line of each cell; a line with a page leads there."""
        return [
            [
                nodes.paragraph(
                    "", "", _link_to(page, words, self.env.docname) if page else nodes.Text(words)
                )
                for words, page in cell
            ]
            for cell in row
        ]


AWARD = ("Award", "Exercises", "Cases and quizzes, to their end", "What it asks", "Valid for")
KINDS = ("Exercise", "Case")
# The words of the file are those of records and their readers; a learner asks what it means.
ASSURANCE = {
    "self-reported": "your own word",
    "auto-graded own variant": "graded by your institution's program, on data made for you alone",
    "marked by a person": "the same, and the written part marked by a person",
    "supervised": "the same, with somebody present",
}


def award_row(award: dict[str, Any], read: Plan) -> list[list[tuple[str, str]]]:
    """Write one award: cells of lines, each with the page that it leads to or nothing.

    The time is that of the parts that the award names; lessons and labs come on top.
    """
    needs = award["needs"]
    played = [*needs.get("cases", []), *needs.get("quizzes", [])]
    parts = [part for name in (*needs["exercises"], *played) if (part := read.showing(name))]
    time = hours(sum(part.minutes for part in parts))
    asks = ASSURANCE.get(award["least_assurance"], str(award["least_assurance"]))
    return [
        [(str(award["title"]), ""), (f"about {time}", "")],
        [_named(read, name, f", {need['percent']:g} %") for name, need in needs["exercises"].items()],
        [_named(read, name) for name in played],
        [(asks, "")],
        [(period(award["valid_for"]), "")],
    ]


def _named(read: Plan, item: str, more: str = "") -> tuple[str, str]:
    """Name an item by the title of its page, without the kind, which the column says."""
    part = read.showing(item)
    if part is None:
        return f"{item}{more}", ""
    kind, colon, rest = read.full_title(part).partition(": ")
    if colon and kind in KINDS:
        return rest[:1].upper() + rest[1:] + more, part.page
    return kind + colon + rest + more, part.page


def period(iso: str) -> str:
    """Write an ISO 8601 period of years or months in words."""
    number, unit = iso[1:-1], {"Y": "year", "M": "month"}.get(iso[-1])
    if unit is None or not number.isdecimal():
        return iso
    return f"{number} {unit}{'' if number == '1' else 's'}"


def _link_to(docname: str, title: str, here: str) -> addnodes.pending_xref:
    return addnodes.pending_xref(
        "",
        nodes.inline("", title),
        refdomain="std",
        reftype="doc",
        refexplicit=True,
        reftarget=f"/{docname}",
        refdoc=here,
        refwarn=True,
    )


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
    """Add the directives."""
    app.add_directive("outcome-matrix", OutcomeMatrix)
    app.add_directive("award-table", AwardTable)
    app.connect("env-get-outdated", _outdated)
