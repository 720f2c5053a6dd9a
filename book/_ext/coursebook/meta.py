"""A page's own front matter: the `course:` block."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from coursebook.warn import warn

Kind = Literal[
    "opening", "lesson", "lab", "case", "quiz", "exercise", "checklist", "guide", "reference", "note"
]

# The word that stands above a page's title; the others need none.
SHOWN = {"lesson": "Lesson", "lab": "Lab", "case": "Case", "quiz": "Quiz", "exercise": "Exercise"}


class PageMeta(BaseModel):
    """What the front matter of a page may say under `course:`."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = "note"
    """What kind of page it is."""
    minutes: Annotated[int, Field(gt=0, le=240)] | None = None
    """How long a learner needs."""
    outcomes: list[Annotated[str, Field(pattern=r"^[A-Z]\d{1,2}$")]] = []
    """The numbers of the learning outcomes that the page serves."""
    reviewed: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    """The day on which a person last read the whole page, quoted."""
    law: bool | None = None
    """Say that the page is about law even where it quotes no fact; by default the facts decide."""
    live: bool | None = None
    """Offer the page as a live notebook; by default every page with code cells is."""


def of_page(env: BuildEnvironment, docname: str) -> PageMeta:
    """Return a page's front matter; an absent or faulty one counts as empty."""
    try:
        return PageMeta.model_validate(_plain(env.metadata.get(docname, {}).get("course")))
    except ValidationError:
        return PageMeta()


def _plain(value: Any) -> Any:
    """Undo what MyST does to nested front matter: it arrives as JSON text."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value or {}


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn about each fault in the front matter of the pages."""
    for docname in sorted(env.found_docs):
        raw = _plain(env.metadata.get(docname, {}).get("course"))
        try:
            PageMeta.model_validate(raw)
        except ValidationError as error:
            for fault in error.errors():
                where = ".".join(["course", *map(str, fault["loc"])])
                warn(f"front matter, {where}: {fault['msg']}", (docname, 1), "correct the page's first lines")


def setup(app: Sphinx) -> None:
    """Check the front matter after all pages are read."""
    app.connect("env-check-consistency", _check)
