"""Directives that show the course's plan: one order and one sum of minutes, wherever they are told.

`{way-through}`      on a module's opening: the author's list of its parts, in the order of the contents
`{start-here}`       on the front page: the first button
`{module-overview}`  the modules that stand, with their parts and the time they take
`{reading-path}`     a way through several modules that fits into a given time
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from coursefacts import InputFault
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from coursebook import plan
from coursebook.plan import NAMES, Part, Plan, PlannedModule, hours
from coursebook.warn import warn, warn_fault


class Planned(SphinxDirective):
    """A directive that shows something of the plan; a fault in the plan is told once, at its own place."""

    def run(self) -> list[nodes.Node]:
        """Read the plan, note that the page depends on it, and write."""
        root = Path(self.env.srcdir).parent
        try:
            read = plan.read(root)
        except InputFault as fault:
            warn_fault(fault, self.get_location())
            return []
        for path in plan.sources(root):
            self.env.note_dependency(str(path))
        return self.write(read)

    def write(self, read: Plan) -> list[nodes.Node]:
        """Write what the directive shows."""
        raise NotImplementedError

    def address(self, page: str) -> str:
        """Return where another page lies, as seen from this one."""
        builder = self.env.app.builder
        return builder.get_relative_uri(self.env.docname, page) if builder.format == "html" else page

    def link(self, part: Part, title: str = "") -> str:
        """Write a link to a part; the browser adds how far the reader is."""
        return f'<a href="{escape(self.address(part.page))}">{escape(title or part.title)}</a>'


class WayThrough(Planned):
    """The opening's own list of the parts: counted and timed, and in the order in which one reads on."""

    has_content = True

    def write(self, read: Plan) -> list[nodes.Node]:
        """Parse the list, check its links, add minutes to each."""
        module = read.module_of(self.env.docname)
        if module is None or module.parts[0].page != self.env.docname:
            warn("{way-through} stands on a page that opens no module", self.get_location())
            return []
        box = nodes.container(classes=["way"])
        told = f"{module.in_words()}: about {hours(module.minutes)} in all, in as many portions as you like."
        box += nodes.paragraph("", told)
        self.state.nested_parse(self.content, self.content_offset, box)
        links = [link for link in box.findall(addnodes.pending_xref) if link.get("refdomain") == "doc"]
        named = [str(link["reftarget"]) for link in links]
        wanted = [part.page for part in module.parts[1:]]
        if fault := order_fault(named, wanted):
            warn(fault, self.get_location(), "follow book/_toc.yml, or change the order there")
        for link in links:
            part = read.part(str(link["reftarget"]))
            if part is not None:
                link.replace_self(
                    [link.deepcopy(), nodes.inline("", f" ({part.minutes} min)", classes=["min"])]
                )
        return [box]


def order_fault(named: Sequence[str], wanted: Sequence[str]) -> str:
    """Say where a list of parts leaves the order of the table of contents; nothing where it does not."""
    missing = [page for page in wanted if page not in named]
    if missing:
        return f"the way through does not name {missing[0]}"
    for at, (here, there) in enumerate(zip(named, wanted, strict=False), 1):
        if here != there:
            return f"link {at} of the way through is {here}, but {there} comes next in the book"
    return f"the way through names {named[len(wanted)]} once more" if len(named) > len(wanted) else ""


class StartHere(Planned):
    """The first button of the front page; the browser turns it into *go on* for whoever has begun."""

    has_content = True

    def write(self, read: Plan) -> list[nodes.Node]:
        """Lead to the first module; other ways to begin are the directive's own words."""
        if not read.modules:
            return []
        first, time = read.modules[0].parts[0], hours(read.modules[0].minutes)
        html = (
            '<p class="start-on">'
            f'<a class="button" href="{escape(self.address(first.page))}">Begin: {escape(first.title)}</a> '
            f"<span>{first.minutes} minutes for the opening, about {time} in all</span></p>"
        )
        box = nodes.container("", nodes.raw("", html, format="html"), classes=["start"])
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


class ModuleOverview(Planned):
    """The modules of the table of contents as cards; the browser adds how far the reader is."""

    def write(self, read: Plan) -> list[nodes.Node]:
        """Write one card for each module."""
        cards = "".join(self._card(module) for module in read.modules)
        return [nodes.raw("", f'<ul class="modules">{cards}</ul>', format="html")] if cards else []

    def _card(self, module: PlannedModule) -> str:
        counted = ", ".join(
            f"{module.count(kind)} {NAMES[kind][module.count(kind) != 1]}"
            for kind in NAMES
            if kind != "checklist" and module.count(kind)
        )
        return (
            f'<li data-module="{escape(module.id)}">{self.link(module.parts[0])}'
            f"<span>{counted}</span><span>about {hours(module.minutes)}</span></li>"
        )


class ReadingPath(Planned):
    """A way through several modules, named page by page, that keeps within a time."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {"within": directives.positive_int}  # noqa: RUF012  # docutils' own form

    def write(self, read: Plan) -> list[nodes.Node]:
        """Write the pages as a list with their minutes, and the sum."""
        parts = []
        for at, name in enumerate(line.strip() for line in self.content if line.strip()):
            part = read.part(name)
            if part is None:
                warn(f"line {at + 1} of the path, '{name}', is no page of a module", self.get_location())
                continue
            parts.append(part)
        total, within = sum(part.minutes for part in parts), self.options.get("within")
        if within and not within * 0.8 <= total <= within:
            warn(f"the path takes {total} minutes, but should fill {within}", self.get_location())
        rows = "".join(
            f'<li>{self.link(part, read.full_title(part))} <span class="min">{part.minutes} min</span></li>'
            for part in parts
        )
        title = f"<strong>{escape(self.arguments[0])}</strong>"
        head = f"<p>{title} <span>{total} minutes in {len(parts)} pages</span></p>"
        return [nodes.raw("", f'<div class="path">{head}<ol>{rows}</ol></div>', format="html")]


def setup(app: Sphinx) -> None:
    """Add the directives."""
    app.add_directive("way-through", WayThrough)
    app.add_directive("start-here", StartHere)
    app.add_directive("module-overview", ModuleOverview)
    app.add_directive("reading-path", ReadingPath)
