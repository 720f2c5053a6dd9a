"""The `{errata} LEVEL` directive: what the course taught wrongly, generated from book/errata/."""

from __future__ import annotations

from pathlib import Path

from coursefacts.errata import LEVELS, Erratum, folder_beside, load_errata
from coursefacts.errors import InputFault
from coursefacts.suggest import nearest
from coursefacts.values import day
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from coursebook.facts import anchor, facts_of, note_use
from coursebook.warn import warn, warn_fault

_PARTS = (("taught", "Taught"), ("right", "Right"), ("do", "What to do"))


class Errata(SphinxDirective):
    """Show the errata of one level."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """List them, and note the page, so that a new file is seen."""
        level = self.arguments[0].strip()
        if level not in LEVELS:
            warn(f"no level '{level}'", self.get_location(), nearest(level, LEVELS, "the levels are"))
            return []
        folder = folder_beside(Path(self.env.srcdir) / "facts")
        for path in folder.glob("*.yml"):
            self.env.note_dependency(str(path))
        _pages(self.env)[self.env.docname] = _files(self.env)
        try:
            found = load_errata(folder, facts_of(self.env))
        except InputFault as fault:
            warn_fault(fault, self.get_location())
            return []
        told = [self._told(one) for one in found if one.level == level]
        return (
            [nodes.definition_list("", *told, classes=["errata"])]
            if told
            else [nodes.paragraph("", "None so far.")]
        )

    def _told(self, one: Erratum) -> nodes.definition_list_item:
        """Write one: what it is about, how it stands, what was taught and what is right."""
        mended = f"mended in version {one.mended_in}" if one.mended_in else "not mended yet"
        term = nodes.term("", one.title, ids=[f"erratum-{one.id}"])
        how = f"{one.id} · found {day(one.date)} · {mended}"
        inside = nodes.definition("", nodes.paragraph("", how, classes=["fact-dates"]))
        for name, label in _PARTS:
            inside += nodes.paragraph("", "", nodes.strong("", f"{label}: "), nodes.Text(getattr(one, name)))
        facts = nodes.paragraph("", "", nodes.strong("", "Facts: "))
        for at, name in enumerate(one.facts):
            note_use(self.env, name)
            link = nodes.reference("", "", nodes.literal("", name), refuri=f"#{anchor(name)}", internal=True)
            facts += [nodes.Text(", "), link] if at else [link]
        inside += facts
        return nodes.definition_list_item("", term, inside)


def _files(env: BuildEnvironment) -> list[str]:
    return sorted(path.name for path in folder_beside(Path(env.srcdir) / "facts").glob("*.yml"))


def _pages(env: BuildEnvironment) -> dict[str, list[str]]:
    """The pages that show errata, and which files there were when each was read."""
    if not hasattr(env, "course_errata"):
        env.course_errata = {}  # type: ignore[attr-defined]
    return env.course_errata  # type: ignore[attr-defined, no-any-return]


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Read a page again when a file has come or gone; to depend on the folder would be to be always read."""
    files = _files(env)
    return sorted(page for page, shown in _pages(env).items() if shown != files and page not in removed)


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _pages(env).pop(docname, None)


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("errata", Errata)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-purge-doc", _purge)
