"""The `{case} ID` directive: a branching case or a quiz on a page.

Structure comes from the engine as HTML; every stretch of the author's words is parsed as MyST, so that
facts, terms, citations, links and formulas work in a case as on any page, and a slip in them names the case's
own file and line.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coursefacts import InputFault
from coursefacts.suggest import nearest
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from coursebook import review
from coursebook.facts import facts_of
from coursebook.warn import warn, warn_fault
from scenarios.engine import load
from scenarios.engine.dated import graded_until
from scenarios.engine.html import Piece, Words, pieces
from scenarios.engine.model import Case


class CaseDirective(SphinxDirective):
    """Show a case, whole; its script turns it into a player."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Load the case and write its pieces, in order."""
        found = self.load(self.arguments[0].strip())
        if found is None:
            return []
        case, file = found
        until = graded_until(case, facts_of(self.env))
        box = self.shown(pieces(case, heading_level=2, until=until), file)
        if case.kind == "quiz":
            review.note(self.env, case, until)
            box += self._onwards()
        return [box]

    def load(self, name: str) -> tuple[Case, Path] | None:
        """Read a case of the course; say what is wrong with its name or its file, and give None."""
        home = Path(self.env.srcdir).parent / "scenarios" / "cases"
        file = home / name / "case.md"
        if not file.is_file():
            known = [path.parent.name for path in home.glob("*/case.md")]
            warn(f"no case '{name}'", self.get_location(), nearest(name, known, "the cases are"))
            return None
        self.env.note_dependency(str(file))
        try:
            return load(file), file
        except InputFault as fault:
            warn_fault(fault, self.get_location())
            return None

    def shown(self, walk: Iterator[Piece], file: Path) -> nodes.container:
        """Write the pieces of a case, in order."""
        box = nodes.container(classes=["case"])
        for piece in walk:
            if isinstance(piece, str):
                box += nodes.raw("", piece, format="html")
            else:
                box += self._parsed(piece, file)
        return box

    def _onwards(self) -> list[nodes.Node]:
        """Lead from a quiz to the review, where the book has one."""
        holder = nodes.container()
        if review.PAGE in self.env.found_docs:
            text = (
                f"What you answered here comes back in the [review](/{review.PAGE}.md), spaced over the days."
            )
            self.state.nested_parse(StringList([text], self.env.docname), 0, holder)
        return holder.children

    def _parsed(self, words: Words, file: Path) -> list[nodes.Node]:
        """Parse a stretch of words as MyST; inline words lose the paragraph around them."""
        holder = nodes.container()
        with _speaking_of(self.state, file, words.line):
            self.state.nested_parse(StringList(words.source.splitlines(), str(file)), 0, holder)
        for image in holder.findall(nodes.image):
            # A picture lies beside its case, not beside the page.
            page = (Path(self.env.srcdir) / self.env.docname).parent
            image["uri"] = os.path.relpath(file.parent / image["uri"], page)
        if not words.inline:
            return holder.children
        return [
            inline
            for block in holder.children
            for inline in (block.children if isinstance(block, nodes.paragraph) else [block])
        ]


@contextlib.contextmanager
def _speaking_of(state: Any, file: Path, line: int) -> Iterator[None]:
    """Let messages name another file and line.

    MyST's nested parse ignores the sources of the lines that it is given; it asks the document and the state.
    """
    document = state._renderer.document
    kept = document["source"], state._lineno
    document["source"], state._lineno = str(file), line - 1
    try:
        yield
    finally:
        document["source"], state._lineno = kept


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("case", CaseDirective)
