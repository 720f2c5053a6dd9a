"""The `{case-proofs}` directive: what the checker proves of each case, with its graph, at build time."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from coursebook.facts import facts_of
from coursebook.stale import note_generated
from coursebook.tables import table_node
from scenarios.engine import drawing
from scenarios.engine.check import check_file
from scenarios.engine.findings import Report
from scenarios.engine.report import graph
from scenarios.engine.terminal import signed

HEAD = ("Ending", "At random", "Ways", "Scores")


class CaseProofs(SphinxDirective):
    """Write one section for each case of the course; quizzes have no graph."""

    def run(self) -> list[nodes.Node]:
        """Check every case and show what was found."""
        _pages(self.env)[self.env.docname] = _cases(self.env)
        note_generated(self.env)
        found: list[nodes.Node] = []
        for name in _cases(self.env):
            file = _home(self.env) / name / "case.md"
            self.env.note_dependency(str(file))
            report = check_file(file, facts_of(self.env))
            if report.read is not None and report.heat is not None:
                found.append(self._section(report))
        return found

    def _section(self, report: Report) -> nodes.section:
        section = nodes.section(ids=[f"proof-{report.case}"], names=[f"proof-{report.case}"])
        section += nodes.title("", report.title)
        figures = report.figures
        section += nodes.paragraph("", _sentence(report))
        rows = [_row(ending) for ending in figures["endings"].values()]
        section += table_node("Endings", HEAD, rows)
        assert report.read is not None and report.heat is not None
        frame = '<div class="case-graph-frame" tabindex="0" role="group" aria-label="Graph">'
        picture = f"{frame}{drawing.svg(report.read, report.heat)}</div>"
        section += _folded("Graph (it gives every ending away)", picture)
        words = f'<pre tabindex="0">{escape(graph(report.read, report.heat))}</pre>'
        section += _folded("The graph in words", words)
        self.set_source_info(section)
        return section


def _folded(summary: str, content: str) -> nodes.raw:
    html = f'<details class="case-proof"><summary>{escape(summary)}</summary>{content}</details>'
    return nodes.raw("", html, format="html")


def _sentence(report: Report) -> str:
    figures, warnings = report.figures, len(report.findings) - len(report.faults)
    verdict = "It passes every rule" if report.passed else f"It breaks {len(report.faults)} rules"
    verdict += f", with {warnings} warning{'s' if warnings > 1 else ''}" if warnings else ""
    counts = ((figures["scenes"], "scene"), (figures["decisions"], "decision"))
    scenes, decisions = (f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts)
    return (
        f"{scenes} with {decisions}; {figures['states']:,} states and {figures['paths']:,} paths, "
        f"all of them looked at. {verdict}."
    )


def _row(ending: dict[str, Any]) -> tuple[str, str, str, str]:
    scores = "\n".join(
        f"{axis.replace('_', ' ')} {signed(low)} to {signed(high)}"
        for axis, (low, high) in ending["axes"].items()
    )
    title = f"{ending['title']} (best)" if ending["best"] else str(ending["title"])
    return title, drawing.percent(ending["chance"]), f"{ending['paths']:,}", scores.replace("-", "\u2212")


def _home(env: BuildEnvironment) -> Path:
    return Path(env.srcdir).parent / "scenarios" / "cases"


def _cases(env: BuildEnvironment) -> list[str]:
    return sorted(path.parent.name for path in _home(env).glob("*/case.md"))


def _pages(env: BuildEnvironment) -> dict[str, list[str]]:
    if not hasattr(env, "course_proofs"):
        env.course_proofs = {}  # type: ignore[attr-defined]
    return env.course_proofs  # type: ignore[attr-defined, no-any-return]


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Read a page again when a case has come or gone."""
    cases = _cases(env)
    return sorted(page for page, shown in _pages(env).items() if shown != cases and page not in removed)


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _pages(env).pop(docname, None)


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("case-proofs", CaseProofs)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-purge-doc", _purge)
