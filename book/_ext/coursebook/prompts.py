"""The `{prompt} SET/QUESTION` directive: a question inside a lesson, its answer folded until it is asked for.

The questions of a module's lessons stand in one quiz file that says `inline: true`, so they have the grammar,
the checker and the review of any quiz; each is shown in the lesson that it belongs to.
"""

from __future__ import annotations

from coursefacts.suggest import nearest
from docutils import nodes
from sphinx.application import Sphinx

from coursebook import review
from coursebook.cases import CaseDirective
from coursebook.facts import facts_of
from coursebook.warn import warn
from scenarios.engine.dated import graded_until
from scenarios.engine.html import single


class PromptDirective(CaseDirective):
    """Show one question; its script asks it."""

    def run(self) -> list[nodes.Node]:
        """Load the set of questions and write the pieces of this one."""
        name, _, item = self.arguments[0].strip().partition("/")
        found = self.load(name)
        if found is None:
            return []
        case, file = found
        known = [scene.id for scene in case.scenes] if case.inline else []
        if item not in known:
            warn(f"no question '{item}' in '{name}'", self.get_location(), nearest(item, known, "it has"))
            return []
        until = graded_until(case, facts_of(self.env))
        review.note(self.env, case, until, item)
        box = self.shown(single(case, item, until=until), file)
        box["classes"].append("prompt")
        return [box]


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("prompt", PromptDirective)
