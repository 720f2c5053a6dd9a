"""The `{fact}` role, and the foot of a page that lists every source it rests on.

`` {fact}`us.4a906.a` `` writes the statement with its values filled in;
`` {fact}`us.4a906.a:qubits_min` `` writes one value. Both link to the page's foot. What was not read in the
text itself says "as reported by …", and a copy that may be overtaken says since when it was not verified.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from coursefacts import Fact, FactBook, InputFault, load
from coursefacts.phrases import host
from coursefacts.values import day
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator

from coursebook.warn import warn, warn_fault

LAW = {"control-list", "provision", "clock"}
ADVICE = (
    "This page is training, not legal advice. Rules change and depend on your case: "
    "before you act, ask your institution's export control office."
)


class FactsUnreadable(SphinxError):
    """The build stops where the facts cannot be read; each line names file, line and remedy."""

    category = "The facts cannot be read"


class FactMark(nodes.Inline, nodes.TextElement):
    """A quoted fact: its text as children, its id and how far it can be relied on as attributes."""


def facts_of(env: BuildEnvironment) -> FactBook:
    """Return the facts of this build; they are read once."""
    held = getattr(env.app, "course_facts", None)
    if held is None:
        try:
            held = load(Path(env.srcdir) / "facts")
        except InputFault as fault:
            raise FactsUnreadable(str(fault)) from None
        env.app.course_facts = held  # type: ignore[attr-defined]  # lives as long as the build
    return held


def uses(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return which page uses which facts, in order of first use."""
    if not hasattr(env, "course_uses"):
        env.course_uses = {}  # type: ignore[attr-defined]
    return env.course_uses  # type: ignore[attr-defined, no-any-return]


def note_use(env: BuildEnvironment, fact_id: str) -> bool:
    """Note that the page being read uses a fact, and so depends on its file; True the first time."""
    listed = uses(env).setdefault(env.docname, [])
    path = facts_of(env).path(fact_id)
    if path is not None:
        env.note_dependency(str(path))
    if fact_id in listed:
        return False
    listed.append(fact_id)
    return True


class FactRole(SphinxRole):
    """Quote a fact."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the quoted text as a node that knows its fact."""
        try:
            quote = facts_of(self.env).quote(self.text)
        except InputFault as fault:
            warn_fault(fault, self._where())
            return [nodes.literal(self.rawtext, self.text)], []
        first = note_use(self.env, quote.fact.id)
        mark = FactMark(self.rawtext, "", nodes.Text(quote.text))
        mark["fact"] = quote.fact.id
        mark["url"] = quote.fact.source.url
        mark["cited"] = f"{quote.fact.source.citation}, {quote.fact.source.locator}"
        mark["whole"] = quote.value_name is None
        mark["standing"] = quote.fact.label(first=first)
        return [mark], []

    def _where(self) -> Any:
        source, line = self.get_source_info()
        return f"{source}:{exact_line(Path(source), line, '`' + self.text + '`')}"


def exact_line(path: Path, first: int, text: str) -> int:
    """Find the line on which a text stands; MyST names only the first line of its paragraph."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return first
    paragraph = enumerate(lines[first - 1 :], first)
    return next((at for at, line in paragraph if text in line), first)


def anchor(fact_id: str) -> str:
    """Return the id of a fact's entry in the page's foot."""
    return "fact-" + fact_id.replace(".", "-")


def visit_fact(self: HTML5Translator, node: FactMark) -> None:
    """A value is itself the link to its source; a whole statement is followed by a small one."""
    entry = anchor(node["fact"])
    link = f'href="#{entry}" aria-describedby="{entry}-source" data-fact="{node["fact"]}"'
    node["link"] = link
    self.body.append("<span>" if node["whole"] else f'<a class="fact" {link}>')


def depart_fact(self: HTML5Translator, node: FactMark) -> None:
    """Close the quotation and add its label."""
    if node["whole"]:
        self.body.append(
            f'</span><a class="fact-mark" {node["link"]}>§<span class="visually-hidden"> source</span></a>'
        )
    else:
        self.body.append("</a>")
    if node["standing"]:
        self.body.append(f' <span class="fact-standing">{escape(node["standing"])}</span>')


def foot(facts: FactBook, used: Iterable[str], *, law: bool | None = None, tables: bool = False) -> str:
    """Write the foot of a page: each fact's source and dates, and whom to ask.

    law: whether the page is about law; None lets its facts decide.
    tables: the page shows tables that are made of all facts together.
    """
    listed = [facts[fact_id] for fact_id in used if fact_id in facts]
    about_law = tables or any(fact.topic in LAW for fact in listed) if law is None else law
    if not listed and not about_law:
        return ""
    heading = '<h2 id="sources">Sources and dates</h2>'
    parts = ['<section class="facts" aria-labelledby="sources">']
    if listed or tables:
        # Open as it is sent, because the links must lead somewhere without a script; notes.js folds it.
        count = f' <span class="fact-count">({len(listed)})</span>' if listed else ""
        parts.append(f'<details class="sources" open><summary>{heading}{count}</summary>')
        parts.append("<ul>" + "".join(map(_entry, listed)) + "</ul>" if listed else "")
        parts.append(_tables_entry(facts) if tables and facts else "")
        parts.append("</details>")
    else:
        parts.append(heading)
    if about_law:
        parts.append(f'<p class="foot-note">{escape(ADVICE)}</p>')
    return "".join(parts) + "</section>"


def _entry(fact: Fact) -> str:
    """Write one fact: its sentence, citation and place, standing, dates, and a note where there is one."""
    source = fact.source
    standing = fact.standing[0].upper() + fact.standing[1:]
    note = f' <span class="fact-dates">{escape(fact.note)}</span>' if fact.note else ""
    return (
        f'<li id="{anchor(fact.id)}" data-review-by="{fact.review_by}" data-cited="{escape(source.locator)}">'
        f'<p class="fact-sentence">{escape(fact.text())}</p>'
        f'<p class="fact-source" id="{anchor(fact.id)}-source">{_cited(fact)} '
        f'<span class="fact-dates">{escape(standing)}. {_read(fact)}</span>{note}</p></li>'
    )


def _link(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>'


def _cited(fact: Fact) -> str:
    """Write what is cited: the official text, or who reports it and where the official text would be."""
    source = fact.source
    said = f"{source.citation}, {source.locator}"
    if fact.confidence != "reported":
        return f"{_link(source.url, said)}."
    official = f" Official address: {_link(source.url, host(source.url))}, not read." if source.copy_ else ""
    return f"As reported by {_link(source.read_at, said)}.{official}"


def _read(fact: Fact) -> str:
    """Write in which copy the text was read, of which date, when, and by when again."""
    source = fact.source
    text_of = f"text of {day(source.read_text_of)}" if source.read_text_of else "undated copy"
    if source.copy_ and fact.confidence != "reported":
        text_of = f"read in a copy at {_link(source.read_at, host(source.read_at))}: {text_of}"
    again = f"read {day(source.read_on)}; to be read again by {day(fact.review_by)}."
    return f"{text_of[0].upper()}{text_of[1:]}, {again}"


def _tables_entry(facts: FactBook) -> str:
    """Write how many facts the tables rest on, and when the first of them must be read again."""
    first = min(facts.values(), key=lambda fact: fact.review_by)
    cited = escape(f"{first.id} in the tables")
    return (
        f'<p id="fact-tables" data-review-by="{first.review_by}" data-cited="{cited}">'
        f"The tables on this page are made of the course's {len(facts)} facts. "
        f"The first of them must be read again by {day(first.review_by)} ({escape(first.id)}).</p>"
    )


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    uses(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    uses(env).update({name: used for name, used in uses(other).items() if name in docnames})


def _no_titles(app: Sphinx, doctree: nodes.document) -> None:
    """A title is copied into every table of contents, where a link in a link would be."""
    for title in doctree.findall(nodes.title):
        if any(True for _ in title.findall(FactMark)):
            warn("a fact is quoted in a heading", title, "quote it in the text below")


def setup(app: Sphinx) -> None:
    """Add the role, its writers and the book-keeping."""
    plain = (lambda self, node: None, lambda self, node: None)
    app.add_node(FactMark, html=(visit_fact, depart_fact), text=plain, latex=plain)
    app.add_role("fact", FactRole())
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("doctree-read", _no_titles)
