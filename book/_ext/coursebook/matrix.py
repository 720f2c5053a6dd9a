"""Tables that are made from what the book and the course hold, whenever the book is built.

`{outcome-matrix}`: where each outcome is taught, practised and assessed, with links.
`{module-overview}`: the modules that stand, with their parts and the time they take.
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

from coursebook import outcomes
from coursebook.outcomes import PARTS, Module, Place
from coursebook.tables import table_node
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


OVERVIEW = ("Module", "Lessons", "Labs", "Cases", "Quiz", "Exercise", "Time")
COUNTED = ("lesson", "lab", "case", "quiz", "exercise")


class ModuleOverview(SphinxDirective):
    """Show the modules of the table of contents, with how many parts each has and how long it takes."""

    def run(self) -> list[nodes.Node]:
        """Count the pages and write the table."""
        try:
            found = outcomes.modules(Path(self.env.srcdir).parent)
        except InputFault as fault:
            warn_fault(fault, self.get_location())
            return []
        _pages_with_matrix(self.env).add(self.env.docname)
        table = nodes.table("", nodes.title("", "The modules that stand"), classes=["fact-table"])
        group = nodes.tgroup(cols=len(OVERVIEW))
        table += group
        group += [nodes.colspec(colwidth=width) for width in (34, 11, 11, 11, 11, 11, 11)]
        group += nodes.thead("", _row([[nodes.paragraph("", words)] for words in OVERVIEW]))
        body = nodes.tbody()
        for module in found:
            link = _link_to(module.docname, module.title, self.env.docname)
            counts = [str(module.kinds.get(kind, 0)) for kind in COUNTED]
            words = [*counts, hours(module.minutes)]
            cells = [[nodes.paragraph("", "", link)], *([nodes.paragraph("", word)] for word in words)]
            body += _row(cells, first_is_head=True)
        group += body
        self.set_source_info(table)
        return [table]


class AwardTable(SphinxDirective):
    """Show what earns which record; the file is the institution's, and so is the table."""

    def run(self) -> list[nodes.Node]:
        """Read awards.yml and write a row for each award."""
        file = Path(self.env.srcdir).parent / "exercises" / "awards.yml"
        self.env.note_dependency(str(file))
        try:
            awards = yamltext.read(file).data["awards"]
        except InputFault as fault:
            warn_fault(fault, self.get_location())
            return []
        rows = [award_row(award) for award in awards]
        head = ("Award", "Exercises", "Cases and quizzes, completed", "Least assurance", "Valid for")
        table = table_node("What earns which record", head, rows)
        self.set_source_info(table)
        return [table]


def award_row(award: dict[str, Any]) -> list[str]:
    """Write one award in the words of its file."""
    needs = award["needs"]
    exercises = [f"{name}: {need['percent']:g} %" for name, need in needs["exercises"].items()]
    played = [*needs.get("cases", []), *needs.get("quizzes", [])]
    return [
        str(award["title"]),
        "\n".join(exercises),
        "\n".join(played),
        str(award["least_assurance"]),
        period(award["valid_for"]),
    ]


def period(iso: str) -> str:
    """Write an ISO 8601 period of years or months in words."""
    number, unit = iso[1:-1], {"Y": "year", "M": "month"}.get(iso[-1])
    if unit is None or not number.isdecimal():
        return iso
    return f"{number} {unit}{'' if number == '1' else 's'}"


def hours(minutes: int) -> str:
    """Write a time as people plan it: in half hours."""
    halves = round(minutes / 30)
    whole, half = divmod(max(halves, 1), 2)
    return f"{whole or ''}{'½' if half else ''} h"


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
    app.add_directive("module-overview", ModuleOverview)
    app.add_directive("award-table", AwardTable)
    app.connect("env-get-outdated", _outdated)
