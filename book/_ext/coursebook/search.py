"""What the search page knows besides the words of the pages: usual names, modules, and what ranks first.

Authors keep the names in book/synonyms.yml; the page's script (theme/static/search.js) does the rest.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from coursefacts import yamltext
from coursefacts.errors import InputFault
from coursefacts.suggest import nearest
from docutils import nodes
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from coursebook import meta
from coursebook.warn import warn, warn_fault
from coursebook.words import words

# Added to the score of Sphinx, whose words in a text count 5 and in a title 15.
RANKS = {"lesson": 4, "opening": 3, "lab": 3, "case": 2, "checklist": 2, "exercise": 1, "quiz": 1}
LAST = {"colophon": -30, "guides": -5}


class Synonyms(BaseModel):
    """One entry: names of a thing, and the pages that answer, best first."""

    model_config = ConfigDict(extra="forbid", strict=True)

    names: Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(min_length=1)]
    pages: Annotated[list[str], Field(min_length=1, max_length=5)]


_FORM = TypeAdapter(list[Synonyms])


def read(path: Path) -> tuple[yamltext.Document, list[Synonyms]]:
    """Read the authors' list; InputFault names the line that is not of its form."""
    document = yamltext.read(path)
    try:
        return document, _FORM.validate_python(document.data or [])
    except ValidationError as error:
        first = error.errors()[0]
        remedy = "each entry has `names: [...]` and `pages: [...]`"
        raise document.fault(first["msg"], first["loc"], remedy) from None


def place(env: BuildEnvironment, docname: str) -> str:
    """Name what a page belongs to: its module, or its part of the book."""
    folders = PurePosixPath(docname).parts[:-1]
    opening = "/".join([*folders, "index"])
    if opening != docname and opening in env.titles:
        return env.titles[opening].astext()
    return {"modules": "Module", "guides": "Guides", "reference": "Reference"}.get("".join(folders[:1]), "")


def data(env: BuildEnvironment, known: list[Synonyms]) -> str:
    """Write the search page's knowledge as JSON that may stand in a page."""
    pages = {
        name: [
            escape(place(env, name)),
            RANKS.get(meta.of_page(env, name).kind, LAST.get(name.partition("/")[0], 0)),
        ]
        for name in sorted(env.found_docs)
    }
    terms = {name: escape(word) for name, (word, _) in words(env).items()}
    told = {"pages": pages, "words": terms, "synonyms": [one.model_dump() for one in known]}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _file(app: Sphinx) -> Path:
    return Path(app.srcdir) / "synonyms.yml"


def _known(app: Sphinx) -> list[Synonyms]:
    try:
        return read(_file(app))[1] if _file(app).exists() else []
    except InputFault:
        return []  # told by _check


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of pages that are not there, and of a name that stands twice."""
    if not _file(app).exists():
        return
    try:
        document, known = read(_file(app))
    except InputFault as fault:
        warn_fault(fault)
        return
    seen: set[str] = set()
    for at, one in enumerate(known):
        for number, name in enumerate(one.names):
            where = f"{document.path}:{document.line((at, 'names', number))}"
            if name.lower() in seen:
                warn(f"the name '{name}' stands twice", where, "keep it where its pages are the better ones")
            seen.add(name.lower())
        for number, page in enumerate(one.pages):
            if page not in env.found_docs:
                where = f"{document.path}:{document.line((at, 'pages', number))}"
                warn(f"there is no page '{page}'", where, nearest(page, env.found_docs, "the pages are"))


def _depend(app: Sphinx, docname: str, source: list[str]) -> None:
    """The first page depends on the list, so that a change of it alone is built and checked."""
    if docname == app.config.root_doc and _file(app).exists():
        app.env.note_dependency(str(_file(app)))


def _context(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if pagename == "search":
        context["course_search"] = data(app.env, _known(app))


def setup(app: Sphinx) -> None:
    """Check the list, and give it to the search page."""
    app.connect("source-read", _depend)
    app.connect("env-check-consistency", _check)
    app.connect("html-page-context", _context)
