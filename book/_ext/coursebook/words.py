"""The glossary's meanings on the pages that use its words, hidden; the page's script shows them in a card."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from coursebook.facts import FactMark

_LINK = re.compile(r'<a (?!class="headerlink")[^>]*href="[^"]*#(term-[^"]+)"')


def meaning(definition: nodes.definition) -> str:
    """Write a definition as plain text; a quoted fact keeps its label."""
    copy = definition.deepcopy()
    for mark in list(copy.findall(FactMark)):
        if mark["standing"]:
            mark += nodes.Text(f" {mark['standing']}")
    return " ".join(copy.astext().split())


def words_of(doctree: nodes.document) -> dict[str, tuple[str, str]]:
    """Find the words that a page defines: id to word and meaning."""
    found = {}
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            definition = next(iter(item.findall(nodes.definition)), None)
            told = meaning(definition) if definition is not None else ""
            for term in item.findall(nodes.term):
                if told and term["ids"]:
                    found[term["ids"][0]] = (term.astext(), told)
    return found


def words(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Return the words of the whole book, as they were when a page was last read."""
    return getattr(env, "course_words", {})


def block(env: BuildEnvironment, body: str) -> str:
    """Write the meanings that a page's links ask for."""
    known = words(env)
    used = [name for name in dict.fromkeys(_LINK.findall(body)) if name in known]
    told = (
        f'<p id="word-{name}"><strong>{escape(known[name][0])}</strong>: {escape(known[name][1])}</p>'
        for name in used
    )
    return f'<div id="words" hidden>{"".join(told)}</div>' if used else ""


def _renew(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Collect the words after reading; where one has changed, every page is written again."""
    docnames = {docname for (kind, _), (docname, _) in env.domains["std"].objects.items() if kind == "term"}
    found: dict[str, tuple[str, str]] = {}
    for docname in sorted(docnames & env.found_docs):
        found |= words_of(env.get_doctree(docname))
    if found == words(env):
        return []
    env.course_words = found  # type: ignore[attr-defined]
    return sorted(env.found_docs)


def _context(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    context["course_words"] = block(app.env, str(context.get("body", "")))


def setup(app: Sphinx) -> None:
    """Collect the words, and give each page those that it uses."""
    app.connect("env-updated", _renew)
    app.connect("html-page-context", _context)
