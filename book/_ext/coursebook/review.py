"""The `{review}` and `{review-due}` directives: the questions of quizzes and lessons, spaced over the days.

The page names each quiz and where it stands; the words of a question stay on the quiz's own page, and the
script fetches them when it asks. Without the script the page is a list of links to the quizzes.
Another page may tell a reader who comes back how many questions are due.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from scenarios.engine.model import Case

PAGE = "guides/review"
"""Where the review stands; the page of each quiz then leads there."""


@dataclass(frozen=True)
class Quiz:
    """What the review knows of a quiz."""

    id: str
    title: str
    docname: str
    digest: str
    items: list[dict[str, Any]]
    inline: bool = False
    """Its questions stand in a lesson, which is what the page and the title are of."""


class ReviewMark(nodes.General, nodes.Element):
    """Stands where the review will be, until all pages are read."""


def quizzes(env: BuildEnvironment) -> dict[str, Quiz]:
    """Return the quizzes of the book by id and page: questions of one set stand in several lessons."""
    known: dict[str, Quiz] = env.__dict__.setdefault("course_quizzes", {})
    return known


def note(env: BuildEnvironment, case: Case, until: Mapping[str, str], item: str | None = None) -> None:
    """Note a quiz, or one question of it: its page, and the last day of grading where there is one."""
    found = [one for one in items(case, until) if item in (None, one["id"])]
    key = f"{case.id} {env.docname}"
    before = quizzes(env).get(key)
    if item is not None and before is not None:
        found = [*(one for one in before.items if one["id"] != item), *found]
    quizzes(env)[key] = Quiz(case.id, case.title, env.docname, case.digest, found, case.inline)


def items(case: Case, until: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the review must know of each question."""
    plain = case.logic.plain()["items"]
    return [item | ({"until": until[item["id"]]} if item["id"] in until else {}) for item in plain]


class ReviewDirective(SphinxDirective):
    """Show the review."""

    def run(self) -> list[nodes.Node]:
        """Leave a mark: the quizzes are not all read yet."""
        return [ReviewMark()]


class DueMark(nodes.General, nodes.Element):
    """Stands where the number of questions that are due will be told."""


class DueDirective(SphinxDirective):
    """Tell whoever has questions due today that they are."""

    def run(self) -> list[nodes.Node]:
        """Leave a mark: where the review stands is not known yet."""
        return [DueMark()]


def due_line(url: str) -> str:
    """Write the line; the script fills it in and shows it, and without the script it stays away."""
    return f'<p class="review-line note" hidden><a href="{escape(url)}">The review</a></p>'


def html(found: Iterable[tuple[Quiz, str]]) -> str:
    """Write the review over some quizzes, each with the address of its page."""
    found = sorted(found, key=lambda pair: (pair[0].inline, pair[0].title))
    listed = _listed((quiz, url) for quiz, url in found if not quiz.inline)
    lessons = _listed((quiz, url) for quiz, url in found if quiz.inline)
    if lessons:
        lessons = f"<details><summary>Questions inside lessons</summary>{lessons}</details>"
    data = [
        {"id": quiz.id, "title": quiz.title, "url": url, "digest": quiz.digest, "items": quiz.items}
        for quiz, url in found
    ]
    # A "</script>" or "<!--" inside a string would end the element early.
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<div class="review-root"><div class="review-all"><h2>The quizzes</h2>{listed}{lessons}</div>'
        f'<script type="application/json" class="review-quizzes">{text}</script></div>'
    )


def _listed(found: Iterable[tuple[Quiz, str]]) -> str:
    rows = "".join(
        f'<li><a href="{escape(url)}">{escape(quiz.title)}</a>'
        f" ({len(quiz.items)} question{'s' if len(quiz.items) != 1 else ''})</li>"
        for quiz, url in found
    )
    return f"<ul>{rows}</ul>" if rows else ""


def _titled(app: Sphinx, quiz: Quiz) -> Quiz:
    """Call questions of a lesson by the lesson's title."""
    return replace(quiz, title=app.env.titles[quiz.docname].astext()) if quiz.inline else quiz


def _resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for mark in list(doctree.findall(ReviewMark)):
        pairs = [
            (_titled(app, quiz), app.builder.get_relative_uri(docname, quiz.docname))
            for quiz in quizzes(app.env).values()
            if quiz.docname in app.env.found_docs
        ]
        mark.replace_self(nodes.raw("", html(pairs), format="html"))
    for place in list(doctree.findall(DueMark)):
        line = due_line(app.builder.get_relative_uri(docname, PAGE))
        place.replace_self(nodes.raw("", line, format="html"))


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    for name in [name for name, quiz in quizzes(env).items() if quiz.docname == docname]:
        del quizzes(env)[name]


def _merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    quizzes(env).update({name: quiz for name, quiz in quizzes(other).items() if quiz.docname in docnames})


def _updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the review anew when a quiz came, went or changed."""
    now = {name: repr(quiz) for name, quiz in quizzes(env).items()}
    before = env.__dict__.get("course_reviewed")
    env.__dict__["course_reviewed"] = now
    return [PAGE] if PAGE in env.found_docs and now != before else []


def setup(app: Sphinx) -> None:
    """Add the directive and what keeps it up to date."""
    app.add_node(ReviewMark)
    app.add_node(DueMark)
    app.add_directive("review", ReviewDirective)
    app.add_directive("review-due", DueDirective)
    app.connect("doctree-resolved", _resolve)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _updated)
